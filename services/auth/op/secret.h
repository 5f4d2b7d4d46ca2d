/* services/auth/op/secret.h - a password: kept, compared, never told
 *
 * Kept is its Argon2id hash and, where a client may prove it by SRP, a verifier,
 * sealed: a bare one is cheaper to guess against than the hash. Both take their
 * time: on the pool. For a name without an account, or an account without a
 * password, the same work is done.
 */
#ifndef PARLOR_AUTH_SECRET_H
#define PARLOR_AUTH_SECRET_H

#include "services/auth/model/password.h"
#include "services/auth/op/auth.h"
#include "services/auth/srp/srp.h"

/* Does the pool take a new password, of the field of that name? Fails the call
 * with Cognito's words if not. */
int auth_password_allowed(struct call *, const char *field,
			  struct slice password);

/* Sets what is kept of the user's new password. Fails the call with
 * E_PASSWORD_HISTORY where the pool does not want it again. */
void auth_password_keep(struct call *, struct auth_user *,
			struct slice password);

/* Draws one that the pool takes. */
enum { AUTH_PASSWORD_DRAWN = 100 };
void auth_password_draw(struct call *, char out[AUTH_PASSWORD_DRAWN]);

/* A password that somebody else has chosen has to be changed, before long; one
 * that is the user's own confirms the account. */
void auth_password_lend(const struct call *, struct auth_user *);
void auth_password_confirm(struct auth_user *);

/* Is it? `user` may be NULL. */
bool auth_password_is(struct call *, const struct auth_user *,
		      struct slice password);

/* Has the account what the flows that are allowed need, and nothing else? */
bool auth_verifier_fits(struct call *, const struct auth_user *);

/* Sets what SRP needs of a right password. */
void auth_verifier_keep(struct call *, struct auth_user *,
			struct slice password);

/* By what the password of this name is proved. Whoever has none has a salt all
 * the same, always the same one, and a verifier that no password fits. Everything
 * in the call's memory. */
struct auth_verifier {
	struct srp_user user;
	uint8_t salt[SRP_SALT], number[SRP_NUMBER];
	bool real;
};
void auth_verifier_get(struct call *, const struct auth_user *,
		       struct slice username, struct auth_verifier *);

#endif
