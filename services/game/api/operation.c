/* services/game/api/operation.c - an operation that a function serves */
#include "services/game/api/api.h"
#include "services/game/op/game.h"
#include "services/game/op/invoke.h"

static void on_invoked(struct call *c, const struct host_invocation *i)
{
	c->fault = i->fault;
	call_reply_bytes(c, i->answer);
}

void api_operation(struct call *c)
{
	const struct game_thread *t = c->thread;
	const struct host_function *f = host_find_rpc(t->host, c->method);

	if (f) {
		game_invoke(c, c->mem, f, c->request, on_invoked);
		return;
	}
	call_fail(c, E_UNIMPLEMENTED, "no function serves '%.*s'",
		  SLICE_ARGS(c->method));
	call_end(c);
}
