/* services/auth/store/guests.h - accounts that have one sign-in and no password
 *
 * A guest is an item of parlor.users and its only session. Both expire at the
 * same second, which moves on while the guest comes back, so one never outlives
 * the other. When the guest has signed up its item gives way to one that names
 * the successor, and expires when the guest would have: with the last token that
 * has the old name. Each change here is one transaction.
 */
#ifndef PARLOR_AUTH_GUESTS_H
#define PARLOR_AUTH_GUESTS_H

#include "services/auth/model/session.h"
#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

/* Stores both. */
void auth_guests_create(struct call *, const struct auth_user *,
			const struct auth_session *, auth_next_fn *next);

/* Lets both expire at `expires_at` (seconds). No failure when the guest has
 * been deleted or has signed up meanwhile: then nothing is to be kept. */
void auth_guests_keep(struct call *, const struct auth_user *,
		      const struct auth_session *, int64_t expires_at,
		      auth_next_fn *next);

/* Confirms the account whose code was right and that has the guest's sub, and
 * puts it in the guest's place. What the guest signed out of stays so. Fails with
 * E_CODE_EXPIRED when one of the two has changed since it was read, and as
 * auth_users_confirm does. */
void auth_guests_succeed(struct call *, const struct auth_user *guest,
			 const struct auth_user *successor,
			 const struct auth_user *before, auth_next_fn *next);

#endif
