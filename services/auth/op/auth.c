/* services/auth/op/auth.c - what all operations of the pool share */
#include "services/auth/op/auth.h"
#include "services/auth/op/client_secret.h"

enum { RETRY_MS = 1000, MARGIN = 60 /* seconds, for clocks that differ */ };

struct work {
	struct task task;
	struct call *call;
	void (*run)(struct call *);
	void (*next)(struct call *);
};

/* Nobody waits for the work of a client that has gone meanwhile, or of a daemon
 * that ends. */
static void work_run(struct task *task)
{
	struct work *work = (struct work *)task;

	if (work->call->closed || atomic_load(&auth_of(work->call)->ending))
		call_fail(work->call, E_UNAVAILABLE, "nobody waits for it");
	else
		work->run(work->call);
}

static void work_done(struct task *task)
{
	struct work *work = (struct work *)task;

	work->next(work->call);
}

struct argon_cost auth_hash_cost(const struct call *c)
{
	const struct auth_rules *rules = auth_rules_of(c);

	return (struct argon_cost){
		.memory = (uint32_t)(rules->hash_memory / 1024),
		.passes = (uint32_t)rules->hash_passes,
		.lanes = (uint32_t)rules->hash_lanes,
	};
}

static void work_on(struct pool *pool, struct call *c,
		    void (*run)(struct call *), void (*next)(struct call *))
{
	struct work *work = arena_zalloc(c->mem, sizeof(*work));

	if (work) {
		work->task.run = work_run;
		work->task.done = work_done;
		work->call = c;
		work->run = run;
		work->next = next;
		if (!pool_submit(pool, c->loop, &work->task))
			return;
		call_fail(c, E_TOO_MANY_REQUESTS, "Too many requests");
		c->fault.retry_after_ms = RETRY_MS;
	}
	call_status(c);
	next(c);
}

void auth_work(struct call *c, void (*run)(struct call *),
	       void (*next)(struct call *))
{
	work_on(auth_of(c)->pool, c, run, next);
}

void auth_sign(struct call *c, void (*run)(struct call *),
	       void (*next)(struct call *))
{
	work_on(auth_of(c)->signers, c, run, next);
}

int auth_required(struct call *c, const char *name, const char *pattern,
		  struct slice value)
{
	if (value.size)
		return 0;
	return call_fail(c, E_PARAMETER,
			 "1 validation error detected: Value at '%s' failed to "
			 "satisfy constraint: Member must satisfy regular "
			 "expression pattern: %s",
			 name, pattern);
}

int auth_missing_check(struct call *c, const struct auth_user *user)
{
	if (!user && auth_rules_of(c)->tells_missing)
		call_fail(c, E_USER_MISSING, "User does not exist.");
	return -c->fault.code;
}

int auth_client_prove(struct call *c, struct slice client_id,
		      struct slice secret)
{
	struct slice own = { 0 };

	if (!auth_client_check(c, client_id))
		own = auth_client_secret_open(c, auth_client_of(c));
	if (call_failed(c))
		return -c->fault.code;
	if (slice_equal_secret(own, secret))
		return 0;
	return call_fail(c, E_OAUTH_CLIENT,
			 own.size ? "client_secret: is not the client's"
				  : "client_secret: the client has none");
}

int auth_lockout_check(struct call *c, const struct auth_failures *failures)
{
	if (call_failed(c))
		return -c->fault.code;
	if (auth_lockout_end(failures) <= c->now_ms)
		return 0;
	return call_fail(c, E_NOT_AUTHORIZED, "Password attempts exceeded");
}

int64_t auth_last_expiry(const struct call *c)
{
	return auth_now(c) + AUTH_ACCESS_SECONDS_MAX + MARGIN;
}

int64_t auth_void_before(const struct call *c, const struct auth_user *user)
{
	int64_t now = auth_now(c), last = user->signed_out_at;

	return (last > now ? last : now) + 1;
}
