/* services/auth/web/fields.h - what pages ask of a user, by the pool's rules */
#ifndef PARLOR_AUTH_FIELDS_H
#define PARLOR_AUTH_FIELDS_H

#include "services/auth/web/page.h"

/* What a new user is asked for, and has said of itself. */
struct web_fields {
	struct web_row rows[AUTH_ATTRIBUTES]; /* for field.html */
	struct auth_change said[AUTH_ATTRIBUTES];
	size_t count, said_count;
	bool wrong; /* one or several; their rows say why */
};

/* Reads them, and makes them the page's rows; unless the form has been
 * `answered` nothing is wrong with it. NULL, and answered, when there is no
 * memory left. */
const struct web_fields *web_fields_read(struct web *, bool answered);

/* Says how the name is labelled by which users sign in: as that of an account
 * to be, if it is `new`, and so has no aliases yet. */
void web_say_name(struct web *, bool new);

#endif
