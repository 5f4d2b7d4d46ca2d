/* services/auth/store/account.h - an account and its aliases, in one write
 *
 * An alias is an item under the other name that names the account as its
 * successor (users.h), so that no name has two owners. Whatever changes what a
 * user signs in by changes these items in the same transaction.
 */
#ifndef PARLOR_AUTH_STORE_ACCOUNT_H
#define PARLOR_AUTH_STORE_ACCOUNT_H

#include "services/auth/model/alias.h"
#include "services/auth/store/transaction.h"

/* A step to gather writes in; as kv_step_new. */
struct kv_step *account_step_new(struct call *,
				 void (*answered)(struct kv_step *),
				 auth_next_fn *next);

void account_add(struct kv_step *, const struct kv_write *);

/* By which the aliases of `before` (NULL: a new account) become those of `after`
 * (NULL: it goes). */
void account_add_aliases(struct kv_step *, const struct auth_user *before,
			 const struct auth_user *after);

/* All of it, or nothing. */
void account_send(struct kv_step *);

/* For `answered`, as kv_next; an alias that somebody has fails the call with
 * E_ALIAS_EXISTS, or with E_USER_EXISTS where it stands in the name's place and the
 * account is new. */
void account_next(struct kv_step *, int code, const char *words);

#endif
