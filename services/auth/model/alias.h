/* services/auth/model/alias.h - names by which a user signs in beside its own
 *
 * In a pool with AliasAttributes these are an address and a number that are
 * verified, and a preferred name. In one with UsernameAttributes they are an
 * address or a number, verified or not, and the account's own name is its sub.
 */
#ifndef PARLOR_AUTH_ALIAS_H
#define PARLOR_AUTH_ALIAS_H

#include "services/auth/model/pool.h"
#include "services/auth/model/user.h"

enum { AUTH_ALIASES_MAX = 3 };

struct auth_alias {
	enum auth_attribute of;
	struct slice name;
};

/* Those that the user has; returns how many. */
size_t auth_aliases_of(const struct auth_pool *, const struct auth_user *,
		       struct auth_alias out[AUTH_ALIASES_MAX]);

/* Are names of this pool's users not all there is to sign in by? */
bool auth_pool_has_aliases(const struct auth_pool *);

/* Can a new user be called so? Where the pool wants an address or a number in the
 * name's place it is noted as such. -E_PARAMETER with Cognito's words. */
int auth_alias_take_name(const struct auth_pool *, struct auth_user *,
			 struct fault *);

/* And has the user said nothing else of it? The name becomes the sub then. */
int auth_alias_settle_name(const struct auth_pool *, struct auth_user *,
			   struct fault *);

/* What a form should ask a new user for, beside a name and a password: where
 * users sign in by an address or a number one of them is the name itself. */
enum auth_wish { AUTH_WISH_NONE, AUTH_WISH_MAY, AUTH_WISH_MUST };
enum auth_wish auth_pool_wish(const struct auth_pool *, enum auth_attribute);

/* Does the pool mail a code to the user's address? And is one that comes in the
 * place of another to wait for that? */
bool auth_pool_mails_codes(const struct auth_pool *, const struct auth_user *);
void auth_pool_await_email(const struct auth_pool *, struct auth_user *,
			   const struct auth_user *before);

#endif
