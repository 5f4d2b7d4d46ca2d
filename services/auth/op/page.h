/* services/auth/op/page.h - lists in pieces
 *
 * A page's token is the place of the last row on it (its name), as text of the
 * alphabet that fits in a URL: nothing is remembered of a list that is being
 * read.
 */
#ifndef PARLOR_AUTH_OP_PAGE_H
#define PARLOR_AUTH_OP_PAGE_H

#include "services/auth/op/auth.h"

enum { AUTH_PAGE_MAX = 60 };

struct auth_page {
	bool limited;
	int64_t limit;	    /* in, where it is limited */
	struct slice token; /* in: null for the first page; out: the next's */
	/* read out of them */
	size_t rows;
	struct slice after;
};

/* Fails with E_PARAMETER when the limit is none of 0 to 60, or the token is none
 * of ours. A limit of 0 is none. */
int auth_page_read(struct call *, struct auth_page *);

/* The next page begins behind that place. */
void auth_page_go_on(struct call *, struct auth_page *, struct slice last);

#endif
