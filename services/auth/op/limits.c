/* services/auth/op/limits.c - so many from an address, so many in a pool */
#include "services/auth/op/limits.h"
#include "lib/net/address.h"
#include "lib/net/throttle.h"
#include "services/auth/op/auth.h"

enum { MINUTE_MS = 60000, HOUR_MS = 3600000 };

static const struct {
	const char *what, *period;
	int64_t period_ms;
} kinds[AUTH_LIMITEDS] = {
	[AUTH_LIMITED_SIGN_INS] = { "sign-ins", "a minute", MINUTE_MS },
	[AUTH_LIMITED_SIGN_UPS] = { "sign-ups", "an hour", HOUR_MS },
	[AUTH_LIMITED_CODES] = { "codes", "an hour", HOUR_MS },
	[AUTH_LIMITED_GUESTS] = { "guests", "an hour", HOUR_MS },
};

struct auth_limits {
	struct auth_rates rates;
	struct throttle *address[AUTH_LIMITEDS], *pool[AUTH_LIMITEDS];
};

struct auth_limits *auth_limits_new(const struct auth_rates *rates)
{
	struct auth_limits *l = calloc(1, sizeof(*l));

	if (!l)
		abort(); /* lack of memory ends the process */
	l->rates = *rates;
	for (int i = 0; i < AUTH_LIMITEDS; i++) {
		l->address[i] =
		    throttle_new(rates->per_address[i], kinds[i].period_ms,
				 rates->per_address[i]);
		l->pool[i] =
		    throttle_new(rates->per_pool[i], kinds[i].period_ms,
				 rates->per_pool[i]);
	}
	return l;
}

void auth_limits_free(struct auth_limits *l)
{
	for (int i = 0; i < AUTH_LIMITEDS; i++) {
		throttle_free(l->address[i]);
		throttle_free(l->pool[i]);
	}
	free(l);
}

static void take(struct call *c, struct throttle *throttle, struct slice who,
		 enum auth_limited kind, const char *where, int64_t rate)
{
	int64_t wait_ms =
	    call_failed(c) ? 0 : throttle_take(throttle, who, c->started_ns);

	if (!wait_ms)
		return;
	call_fail(c, E_TOO_MANY_REQUESTS, "Too many %s %s: %lld %s",
		  kinds[kind].what, where, (long long)rate, kinds[kind].period);
	c->fault.retry_after_ms = (int)wait_ms;
}

int auth_limit(struct call *c, enum auth_limited kind)
{
	const struct auth_limits *l = auth_of(c)->limits;
	uint8_t room[8];

	take(c, l->address[kind], address_subscriber(c->peer, room), kind,
	     "from this address", l->rates.per_address[kind]);
	take(c, l->pool[kind], auth_pool_of(c)->id, kind, "in this user pool",
	     l->rates.per_pool[kind]);
	return call_status(c);
}
