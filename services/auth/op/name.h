/* services/auth/op/name.h - the account that is meant by a name
 *
 * Where a pool's users sign in by aliases, too, what they type is the account's
 * own name from the first step of an operation on: codes, failures and locks go by
 * that. It costs the other pools nothing.
 */
#ifndef PARLOR_AUTH_NAME_H
#define PARLOR_AUTH_NAME_H

#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

/* Puts the own name of the account in its place, then runs `next`. Of a name that
 * nobody has stays the name, or where names are subs one that looks like one,
 * always the same. */
void auth_name_resolve(struct call *, struct slice *name, auth_next_fn *next);

/* Can a new account be called so? Before and behind what is said of it; its name
 * is the pool's to choose where users sign in by something else. -E_PARAMETER. */
int auth_name_take(struct call *, struct auth_user *);
int auth_name_settle(struct call *, struct auth_user *);

/* Lets go of the user's address and number, as far as they are verified, whoever
 * else signs in by them. */
void auth_name_seize(struct call *, const struct auth_user *,
		     auth_next_fn *next);

#endif
