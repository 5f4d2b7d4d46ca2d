/* services/auth/op/limits.h - so many from an address, so many in a pool
 *
 * Guessing is slowed by name (lockout.h); this bounds who asks for many names,
 * and what all together may cost. Token buckets, which each replica has of its
 * own: after a quiet time all of a period's may come at once. An IPv6 network of
 * 64 bits counts as an address. Refreshing is not limited.
 */
#ifndef PARLOR_AUTH_LIMITS_H
#define PARLOR_AUTH_LIMITS_H

#include "lib/rpc/call.h"

enum auth_limited {
	AUTH_LIMITED_SIGN_INS, /* each proof of a secret, a minute */
	AUTH_LIMITED_SIGN_UPS, /* an hour, as the others */
	AUTH_LIMITED_CODES,    /* that are asked for and mailed */
	AUTH_LIMITED_GUESTS,
	AUTH_LIMITEDS,
};

/* 0: no limit. */
struct auth_rates {
	int64_t per_address[AUTH_LIMITEDS], per_pool[AUTH_LIMITEDS];
};

struct auth_limits;

struct auth_limits *auth_limits_new(const struct auth_rates *);
void auth_limits_free(struct auth_limits *);

/* Counts one of the call's address and pool. Fails the call with
 * TooManyRequestsException and a hint where there have been too many. Returns as
 * call_status. */
int auth_limit(struct call *, enum auth_limited);

#endif
