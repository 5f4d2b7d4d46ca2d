/* services/auth/api/pool_form.h - pools and clients as messages
 *
 * A request's message is read as the type that the answer has: the fields that
 * they share have the same numbers.
 */
#ifndef PARLOR_AUTH_POOL_FORM_H
#define PARLOR_AUTH_POOL_FORM_H

#include "lib/rpc/call.h"
#include "parlor/auth/v1/pools.pb-c.h"
#include "services/auth/op/user_pools.h"

/* What the call asks for; fails it where a word is none of Cognito's. */
void form_read_pool(struct call *, struct auth_user_pool *);
void form_read_client(struct call *, struct auth_pool_client *);

/* In the call's memory; NULL when it is full. */
Parlor__Auth__V1__UserPoolType *form_pool(struct call *,
					  const struct auth_pool *);
Parlor__Auth__V1__UserPoolClientType *form_client(
    struct call *, const struct auth_pool_client *);

/* Seconds since 1970, as Cognito tells times. */
static inline double form_time(int64_t ms)
{
	return (double)ms / 1000;
}

#endif
