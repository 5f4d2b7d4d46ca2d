/* services/auth/store/users.h - accounts, as items of parlor.users
 *
 * Each function runs the operation's next function when it is through. Where an
 * account is asked for, *out is set before: NULL when there is none, or the
 * call has failed. It lives as long as the call.
 *
 * A guest who has signed up leaves an item under the guest's name that names its
 * successor, so that tokens and sessions with the old name find the account. An
 * alias is such an item, too (account.h).
 */
#ifndef PARLOR_AUTH_USERS_H
#define PARLOR_AUTH_USERS_H

#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

#define AUTH_USERS "parlor.users"

/* In front of names, behind what the pool's begin with (kv_pool_prefix). */
#define AUTH_USERS_PREFIX "user#"

/* The account's key and whole item, for writes that change more than it. */
ProtobufCBinaryData auth_users_key(struct call *, struct slice username);
void auth_users_put_key(struct call *, struct buffer *item,
			struct slice username);
ProtobufCBinaryData auth_users_item(struct call *, const struct auth_user *);

/* The account of an item, in the call's memory; NULL when that is full. */
struct auth_user *auth_users_read(struct call *, struct slice item);

/* Goes on with an item that was found at auth_users_key, or none. */
void auth_users_take(struct call *, struct slice item, struct auth_user **out,
		     auth_next_fn *next);

/* By name; by a guest's also the account that it has become, by an alias the one
 * that has it. */
void auth_users_get(struct call *, struct slice username,
		    struct auth_user **out, auth_next_fn *next);

/* The name of the account that is meant by this one, itself or an alias; empty:
 * there is none. */
void auth_users_resolve(struct call *, struct slice name, struct slice *out,
			auth_next_fn *next);

/* Fails with E_USER_EXISTS where the name is taken, E_ALIAS_EXISTS where an alias
 * is. What the same guest signed up
 * for and did not confirm is replaced: the address may have been wrong. */
void auth_users_create(struct call *, const struct auth_user *,
		       auth_next_fn *next);

/* Stores what is kept of a password, where that of `before` is kept, and the
 * account's status that goes with it. Fails with E_ABORTED where it has changed
 * since. */
void auth_users_set_password(struct call *, const struct auth_user *,
			     struct slice before, auth_next_fn *next);

/* Stores what the user says, and whether the address is verified, in place of
 * what was said `before`. Fails with E_ABORTED where that has changed since, with
 * E_ALIAS_EXISTS where somebody else signs in by it. */
void auth_users_set_attributes(struct call *, const struct auth_user *,
			       const struct auth_user *before,
			       auth_next_fn *next);

/* Stores the status alone; or whether the account is disabled. */
void auth_users_set_status(struct call *, const struct auth_user *,
			   auth_next_fn *next);
void auth_users_set_disabled(struct call *, const struct auth_user *,
			     bool disabled, auth_next_fn *next);

/* A secret that no app has shown a code of yet, sealed. */
void auth_users_put_totp(struct call *, const struct auth_user *,
			 auth_next_fn *next);

/* It has, of the user's step: from now on it is the secret, and asked for when
 * it is to be `enabled` at once. */
void auth_users_verify_totp(struct call *, const struct auth_user *,
			    bool enabled, auth_next_fn *next);

/* Notes that a code of that step was good; fails with E_CODE_EXPIRED when one of
 * it, or of a later one, has been before. */
void auth_users_use_totp(struct call *, const struct auth_user *,
			 int64_t code_step, auth_next_fn *next);

/* Which second factors are asked for from now on? */
void auth_users_set_mfa(struct call *, const struct auth_user *,
			auth_next_fn *next);

/* A new confirmation code for one who is not confirmed yet; fails with
 * E_PARAMETER for others. */
void auth_users_set_code(struct call *, const struct auth_user *,
			 auth_next_fn *next);

/* Counts a try at the code before it is compared, so that guesses made side by
 * side are counted too. NULL when there is no code to be tried (any more). */
void auth_users_try_code(struct call *, struct slice username,
			 struct auth_user **out, auth_next_fn *next);

/* Confirms the account, and its address if that is verified now, which it may not
 * have been `before`; fails with E_CODE_EXPIRED when the code is another one by
 * now, with E_ALIAS_EXISTS as above. */
void auth_users_confirm(struct call *, const struct auth_user *,
			const struct auth_user *before, auth_next_fn *next);

/* The same as a write among others, without the aliases. */
struct kv_write auth_users_confirmation(struct call *,
					const struct auth_user *);

#endif
