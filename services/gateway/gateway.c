/* services/gateway/gateway.c - the gateway as the skeleton sees it */
#include "services/gateway/gateway.h"
#include "lib/rpc/call.h"
#include "parlor/gateway/v1/gateway.pb-c.h"
#include "services/gateway/forward/forward.h"
#include "services/gateway/settings.h"

#include <stdatomic.h>

static void open_backends(struct forward *f, struct daemon_state *state,
			  struct fault *fault)
{
	const struct gateway_settings *s = daemon_settings(state);
	int count = gateway_settings_backends(s, f->backends, fault);

	for (int i = 0; i < count && !fault->code; i++) {
		struct backend *b = &f->backends[i];
		struct fault why;

		/* settings may be read anew: these stay */
		fault_clear(&why);
		b->name = strdup(b->name);
		b->address = strdup(b->address);
		if (!b->name || !b->address)
			abort();
		f->backend_count++;
		b->target = daemon_target(state, b->address, &why);
		if (!b->target)
			fault_set(fault, why.code, "target '%s': %s", b->name,
				  why.message);
	}
}

static void make_site(struct forward *f, const struct gateway_settings *s,
		      struct fault *fault)
{
	struct site *site = gateway_settings_site(s, fault);

	if (site)
		snapshot_replace(&f->site, site_value(site));
}

void *gateway_start(struct daemon_state *state, struct fault *fault)
{
	struct forward *f = calloc(1, sizeof(*f));

	if (!f)
		abort();
	f->identity = daemon_identity(state);
	f->caller = daemon_caller(state);
	f->spool = daemon_spool(state);
	f->tls = daemon_tls(state);
	snapshot_init(&f->site);
	open_backends(f, state, fault);
	make_site(f, daemon_settings(state), fault);
	if (!fault->code)
		atomic_store(&f->plan,
			     gateway_settings_plan(daemon_settings(state),
						   daemon_threads(state),
						   fault));
	if (!fault->code)
		return f;
	gateway_stop(f);
	return NULL;
}

void *gateway_thread_start(struct daemon_state *state, void *service,
			   struct loop *loop)
{
	(void)state;
	return forward_thread_new(service, loop);
}

void gateway_thread_stop(void *service, void *thread)
{
	(void)service;
	forward_thread_free(thread);
}

/* Threads have a client for each back end, so those change with a start only. */
static int check_backends(const struct forward *f,
			  const struct gateway_settings *s, struct fault *fault)
{
	struct backend now[BACKENDS_MAX];
	int count = gateway_settings_backends(s, now, fault);
	bool same = (size_t)count == f->backend_count;

	for (int i = 0; same && i < count; i++)
		same = strcmp(now[i].name, f->backends[i].name) == 0 &&
		       strcmp(now[i].address, f->backends[i].address) == 0;
	if (!same)
		fault_set(fault, E_INVALID,
			  "gateway.targets: a target's address changes with "
			  "the next start (or use file:PATH)");
	return -fault->code;
}

int gateway_reload(struct daemon_state *state, void *service,
		   struct fault *fault)
{
	const struct gateway_settings *s = daemon_settings(state);
	struct forward *f = service;
	struct plan *plan;

	if (check_backends(f, s, fault) != 0)
		return -fault->code;
	plan = gateway_settings_plan(s, daemon_threads(state), fault);
	if (!plan)
		return -fault->code;
	make_site(f, s, fault);
	if (fault->code) {
		plan_free(plan);
		return -fault->code;
	}
	plan->before = atomic_load(&f->plan);
	atomic_store(&f->plan, plan);
	return 0;
}

void gateway_stop(void *service)
{
	struct forward *f = service;
	struct plan *plan = atomic_load(&f->plan);

	while (plan) {
		struct plan *before = plan->before;

		plan_free(plan);
		plan = before;
	}
	for (size_t i = 0; i < f->backend_count; i++) {
		free((char *)f->backends[i].name);
		free((char *)f->backends[i].address);
	}
	snapshot_release(&f->site);
	free(f);
}

static void get_routes(struct call *c)
{
	struct forward *f = c->service;
	const struct route_table *routes = atomic_load(&f->plan)->routes;
	Parlor__Gateway__V1__GetRoutesResponse answer =
	    PARLOR__GATEWAY__V1__GET_ROUTES_RESPONSE__INIT;
	size_t count = route_table_count(routes);
	Parlor__Gateway__V1__Route *rows =
	    arena_array(c->mem, count, sizeof(*rows));

	answer.items =
	    arena_array(c->mem, count, sizeof(Parlor__Gateway__V1__Route *));
	for (size_t i = 0; rows && answer.items && i < count; i++) {
		const struct route *route = route_table_at(routes, i);

		parlor__gateway__v1__route__init(&rows[i]);
		rows[i].route_key = (char *)route->key;
		rows[i].method = (char *)route->rpc;
		rows[i].target = (char *)route->options.target;
		answer.items[answer.n_items++] = &rows[i];
	}
	if (call_status(c) != 0)
		call_end(c);
	else
		call_reply(c, &answer.base);
}

static const struct op operations[] = {
	{ "GetRoutes", get_routes, OP_READ | OP_SERVICE, DOOR_CONNECT, NULL },
	{ 0 }
};

const struct op_service gateway_services[] = {
	{ .name = "parlor.gateway.v1.Gateway", .ops = operations }, { 0 }
};
