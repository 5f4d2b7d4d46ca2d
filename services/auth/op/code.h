/* services/auth/op/code.h - confirmation codes: six digits for a day
 *
 * Kept sealed and not hashed: a million hashes are tried in a second by whoever
 * reads the store.
 */
#ifndef PARLOR_AUTH_CODE_H
#define PARLOR_AUTH_CODE_H

#include "services/auth/model/user.h"
#include "services/auth/op/auth.h"
#include "services/auth/store/codes.h"

/* Draws a code for the user, sets code and code_expires. */
void auth_code_draw(struct call *, struct auth_user *, char code[AUTH_CODE]);

/* Is it the user's code, now? -E_CODE_MISMATCH or -E_CODE_EXPIRED. */
int auth_code_check(struct call *, const struct auth_user *, struct slice code);

/* The same for a code that was asked for by a name and for a purpose: made sealed,
 * and compared. */
void auth_code_make(struct call *, const char *purpose, struct slice name,
		    char code[AUTH_CODE], struct auth_code *);
int auth_code_compare(struct call *, const char *purpose, struct slice name,
		      const struct auth_code *, struct slice code);

/* Fails with E_CODE_MISMATCH. */
int auth_code_refuse(struct call *);

/* Where a code would have gone: the same for the same name each time, so that
 * nobody learns which names have an account. NULL when the arena is full. */
const char *auth_code_nowhere(struct call *, struct slice name);

#endif
