/* services/kv/op/get_signing_key.c - what a daemon checks signatures with */
#include "services/kv/op/get_signing_key.h"
#include "services/kv/access/access.h"
#include "services/kv/op/access_keys.h"
#include "services/kv/op/kv.h"

enum { DAY = 8 };

/* Those of a quarter of an hour ago and hence: a clock may be off so much. */
static bool is_day_of_now(struct slice day, int64_t now_ms)
{
	char early[SIGV4_DATE], late[SIGV4_DATE];

	sigv4_date(now_ms - SIGV4_SKEW_MS, early);
	sigv4_date(now_ms + SIGV4_SKEW_MS, late);
	return slice_equal(day, slice_make(early, DAY)) ||
	       slice_equal(day, slice_make(late, DAY));
}

static int check(struct call *c, const struct sigv4_credential *scope)
{
	const struct principal *p = &c->principal;

	if (p->kind != PRINCIPAL_SERVICE ||
	    !access_stands_for(p->service, scope->service))
		return call_fail(c, E_DENIED,
				 "'%.*s' does not stand for the service '%.*s'",
				 SLICE_ARGS(p->text),
				 SLICE_ARGS(scope->service));
	if (!slice_is(scope->region, kv_of(c)->region))
		return call_fail(c, E_INVALID, "Region: is not '%s'",
				 kv_of(c)->region);
	if (!is_day_of_now(scope->day, c->now_ms))
		return call_fail(c, E_INVALID, "Date: is not today");
	return 0;
}

void kv_get_signing_key(struct call *c, struct signing_key_request *k)
{
	int result;

	if (check(c, &k->scope))
		return;
	result = access_keys_derive(kv_of(c)->access_keys, &k->scope, k->key,
				    c->mem, &k->principal);
	if (result)
		call_fail(c, -result,
			  result == -E_ACCESS_KEY
			      ? "there is no such access key"
			      : "the access key's secret cannot be opened");
	call_status(c);
}
