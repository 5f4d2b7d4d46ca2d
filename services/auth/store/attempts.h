/* services/auth/store/attempts.h - failures by name, of accounts and of none
 *
 * An item of parlor.sessions for each kind of guessing and name (in any case of
 * its letters), which expires when it means nothing any more. It says nothing
 * about whether there is an account.
 */
#ifndef PARLOR_AUTH_STORE_ATTEMPTS_H
#define PARLOR_AUTH_STORE_ATTEMPTS_H

#include "services/auth/model/lockout.h"
#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

/* All zero where there are none. */
void auth_attempts_get(struct call *, const char *kind, struct slice name,
		       struct auth_failures *out, auth_next_fn *next);

/* Those of the name, and its account as auth_users_get gets it, in one request. */
void auth_attempts_get_with_user(struct call *, const char *kind,
				 struct slice name, struct auth_failures *out,
				 struct auth_user **user, auth_next_fn *next);

/* For a transaction: there are still none. */
struct kv_write auth_attempts_none(struct call *, const char *kind,
				   struct slice name);

/* Counts one more, or the first of a new row. */
void auth_attempts_add(struct call *, const char *kind, struct slice name,
		       bool first, auth_next_fn *next);

void auth_attempts_clear(struct call *, const char *kind, struct slice name,
			 auth_next_fn *next);

#endif
