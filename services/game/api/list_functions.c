/* services/game/api/list_functions.c - what is deployed, and what runs of it */
#include "services/game/api/api.h"
#include "services/game/op/game.h"

#include "parlor/function/v1/functions.pb-c.h"

typedef Parlor__Function__V1__FunctionConfiguration Configuration;

static void fill(Configuration *row, const struct host_function *f,
		 const struct host_gauge *gauge)
{
	parlor__function__v1__function_configuration__init(row);
	row->function_name = (char *)(uintptr_t)f->name;
	row->rpc = (char *)(uintptr_t)f->rpc;
	row->has_memory_size = row->has_timeout_ms = true;
	row->memory_size = (int32_t)f->memory_mb;
	row->timeout_ms = (int32_t)f->timeout_ms;
	row->has_max_concurrency = row->has_template_running = true;
	row->max_concurrency = (int32_t)f->max_concurrency;
	row->template_running = host_gauge_read(&gauge->templates) > 0;
	row->has_workers_idle = row->has_workers_busy = true;
	row->workers_idle = host_gauge_read(&gauge->idle);
	row->workers_busy = host_gauge_read(&gauge->busy);
}

void api_list_functions(struct call *c)
{
	Parlor__Function__V1__ListFunctionsResponse answer =
	    PARLOR__FUNCTION__V1__LIST_FUNCTIONS_RESPONSE__INIT;
	const struct game_thread *t = c->thread;
	const struct host_deployment *d = host_deployment(t->host);
	size_t count = d->list.count;
	Configuration *rows = arena_array(c->mem, count + 1, sizeof(*rows));

	answer.functions =
	    arena_array(c->mem, count + 1, sizeof(Configuration *));
	for (size_t i = 0; rows && answer.functions && i < count; i++) {
		fill(&rows[i], host_deployment_at(d, i), &d->gauges[i]);
		answer.functions[answer.n_functions++] = &rows[i];
	}
	call_reply(c, &answer.base);
}
