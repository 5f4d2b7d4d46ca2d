/* services/auth/store/user_list.h - the pool's users, some at a time */
#ifndef PARLOR_AUTH_USER_LIST_H
#define PARLOR_AUTH_USER_LIST_H

#include "services/auth/model/user_filter.h"
#include "services/auth/store/kv.h"

struct auth_user_page {
	/* in */
	const struct auth_user_filter *wanted;
	struct slice after; /* `last` of the page before; empty: the first */
	size_t limit;
	/* out */
	const struct auth_user **rows;
	size_t count;
	struct slice last; /* where to go on, as text; empty: that was all */
	int turns;	   /* the file's own */
};

/* Those that are wanted, in no order that means something, but always the same.
 * There may be fewer than the limit, and yet more to come. */
void auth_users_list(struct call *, struct auth_user_page *,
		     auth_next_fn *next);

#endif
