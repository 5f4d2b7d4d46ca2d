/* services/game/parts.c - how parlor-game is put together, and taken apart */
#include "services/game/parts.h"
#include "services/game/api/api.h"
#include "services/game/host/filter.h"
#include "services/game/op/game.h"
#include "services/game/store/policies.h"

#include <stdlib.h>

enum { ROWS_MAX = 4 * 1024 * 1024 };

/* call.service, and what is behind it. */
struct parts {
	struct game game; /* first: it is what operations see */
	struct host_filters filters;
	struct host_deployment *deployment; /* the main thread's */
	struct policies *policies;	    /* the first thread's */
	struct loop *first;
	struct arena mem; /* the operations' rows */
};

/* A deployment on its way to a thread. */
struct switch_over {
	struct task task;
	struct host *host;
	struct policies *policies; /* NULL but for the first thread */
	struct host_deployment *deployment;
};

static struct parts *parts_of(void *game)
{
	return game;
}

static struct host_deployment *read_deployment(const void *settings,
					       struct fault *fault)
{
	const struct game_settings *s = settings;

	return host_deployment_read(s->functions, s->functions_dir, fault);
}

int parts_check(const void *settings, struct fault *fault)
{
	struct host_deployment *d = read_deployment(settings, fault);

	if (!d)
		return -fault->code;
	host_deployment_release(d);
	return 0;
}

void parts_stop(void *game)
{
	struct parts *p = parts_of(game);

	if (p->deployment)
		host_deployment_release(p->deployment);
	arena_release(&p->mem);
	free(p);
}

void *parts_start(struct daemon_state *s, struct fault *fault)
{
	struct parts *p = calloc(1, sizeof(*p));

	if (!p)
		abort(); /* lack of memory ends the process */
	arena_init(&p->mem, ROWS_MAX);
	p->game = (struct game){
		.spool = daemon_spool(s),
		.threads = daemon_threads(s),
		.hosts = arena_array(&p->mem, daemon_threads(s),
				     sizeof(struct host *)),
	};
	p->first = daemon_loop(s, 0);
	p->deployment = read_deployment(daemon_settings(s), fault);
	if (p->deployment && host_filters_init(&p->filters, fault) == 0 &&
	    api_services_init(p->deployment, descriptor_set_parlor(), &p->mem,
			      fault) == 0)
		return p;
	parts_stop(p);
	return NULL;
}

static size_t thread_number(const struct daemon_state *s,
			    const struct loop *loop)
{
	size_t number = 0;

	while (daemon_loop(s, number) != loop)
		number++;
	return number;
}

void *parts_thread_start(struct daemon_state *s, void *game, struct loop *loop)
{
	struct parts *p = parts_of(game);
	struct game_thread *t = calloc(1, sizeof(*t));

	if (!t)
		abort(); /* lack of memory ends the process */
	t->loop = loop;
	t->routes[0] =
	    (struct host_route){ "parlor.kv.v1.KeyValue", daemon_kv(s, loop) };
	t->host = host_new(&(struct host_options){
	    .loop = loop,
	    .thread = thread_number(s, loop),
	    .threads = p->game.threads,
	    .peers = p->game.hosts,
	    .filters = &p->filters,
	    .descriptors = descriptor_set_parlor(),
	    .routes = t->routes,
	});
	host_deploy(t->host, p->deployment);
	if (loop == p->first) {
		p->policies = policies_new(loop, daemon_kv(s, loop));
		policies_store(p->policies, p->deployment);
	}
	return t;
}

void parts_thread_stop(void *game, void *thread)
{
	struct parts *p = parts_of(game);
	struct game_thread *t = thread;

	if (t->loop == p->first)
		policies_free(p->policies);
	host_free(t->host);
	free(t);
}

bool parts_ready(void *game)
{
	const struct parts *p = parts_of(game);

	return p->policies && policies_stored(p->policies);
}

static void on_switch(struct task *task)
{
	struct switch_over *s = LIST_ENTRY(task, struct switch_over, task);

	host_deploy(s->host, s->deployment);
	if (s->policies)
		policies_store(s->policies, s->deployment);
	host_deployment_release(s->deployment);
	free(s);
}

static void post_switch(struct daemon_state *state, struct parts *p,
			size_t thread)
{
	struct switch_over *s = calloc(1, sizeof(*s));

	if (!s)
		abort(); /* lack of memory ends the process */
	s->task.done = on_switch;
	s->host = p->game.hosts[thread];
	s->policies = thread == 0 ? p->policies : NULL;
	s->deployment = host_deployment_hold(p->deployment);
	loop_post(daemon_loop(state, thread), &s->task);
}

int parts_reload(struct daemon_state *state, void *game, struct fault *fault)
{
	struct parts *p = parts_of(game);
	struct host_deployment *d =
	    read_deployment(daemon_settings(state), fault);

	if (!d || api_services_check(d, descriptor_set_parlor(), fault) != 0) {
		if (d)
			host_deployment_release(d);
		return -fault->code;
	}
	host_deployment_release(p->deployment);
	p->deployment = d;
	for (size_t i = 0; i < p->game.threads; i++)
		post_switch(state, p, i);
	return 0;
}
