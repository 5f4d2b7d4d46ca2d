/* services/game/op/invoke.c - a function is invoked for a caller */
#include "services/game/op/invoke.h"
#include "lib/base/clock.h"
#include "lib/meter/spool.h"
#include "services/game/op/game.h"

struct invoke {
	struct call *call;
	const struct host_function *function;
	struct host_deployment *deployment; /* held: it may be replaced */
	game_invoked_fn *done;
	struct host_invocation invocation;
};

/* "PlayMove" of "parlor.game.v1.Matches/PlayMove". */
static const char *method_of(const struct host_function *f)
{
	return strchr(f->rpc, '/') + 1;
}

static void bill(const struct invoke *i)
{
	const struct game *g = i->call->service;
	const struct host_invocation *done = &i->invocation;
	const struct principal *user = &i->call->user;
	char principal[128];
	struct spool_key key = {
		.resource = slice_of(i->function->name),
		.cost_tag = slice_of(done->cost_tag),
		.operation = method_of(i->function),
		.unit = "Invocations",
		.hour = done->now_ms / 3600000,
	};

	snprintf(principal, sizeof(principal), "function:%s",
		 i->function->name);
	key.principal = slice_of(principal);
	if (user->kind == PRINCIPAL_USER)
		key.user = user->text;
	spool_add(g->spool, &key, 1);
	key.unit = "ByteMilliseconds";
	spool_add(g->spool, &key, done->duration_ms * done->memory_bytes);
}

static void on_done(struct host_invocation *invocation)
{
	struct invoke *i = invocation->user;

	struct host_deployment *deployment = i->deployment;

	if (invocation->duration_ms > 0)
		bill(i);
	i->done(i->call, invocation);
	host_deployment_release(deployment);
}

void game_invoke(struct call *c, struct arena *mem,
		 const struct host_function *f, struct slice payload,
		 game_invoked_fn *done)
{
	struct game_thread *t = c->thread;
	struct invoke *i = arena_zalloc(mem, sizeof(*i));

	if (!i) {
		call_end(c);
		return;
	}
	c->log_resource = f->name;
	i->call = c;
	i->function = f;
	i->deployment = host_deployment_hold(host_deployment(t->host));
	i->done = done;
	i->invocation = (struct host_invocation){
		.function = slice_of(f->name),
		.request_id = c->header_id,
		.payload = payload,
		.user_token = c->user_token,
		.traceparent = c->trace,
		.now_ms = clock_wall_ms(),
		.remaining_ms = call_remaining_ms(c, 0),
		.mem = mem,
		.done = on_done,
		.user = i,
	};
	if (c->user.kind == PRINCIPAL_USER) {
		i->invocation.sub = c->user.sub;
		i->invocation.username = c->user.username;
		i->invocation.groups = c->user.groups;
	}
	host_invoke(t->host, &i->invocation);
}
