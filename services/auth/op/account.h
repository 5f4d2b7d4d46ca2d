/* services/auth/op/account.h - what ends a user's sign-ins, or the user
 *
 * Whoever asks for it: the user, or an administrator. Each runs `next` on the
 * call's loop; the call may have failed.
 */
#ifndef PARLOR_AUTH_ACCOUNT_H
#define PARLOR_AUTH_ACCOUNT_H

#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

/* Voids all tokens, of all sign-ins. */
void auth_account_sign_out(struct call *, const struct auth_user *,
			   auth_next_fn *next);

/* The same, and deletes the account, which leaves its groups. */
void auth_account_delete(struct call *, const struct auth_user *,
			 auth_next_fn *next);

#endif
