/* services/game/parts.c - how parlor-game is put together, and taken apart */
#include "services/game/parts.h"
#include "services/game/api/api.h"
#include "services/game/event/follower.h"
#include "services/game/host/filter.h"
#include "services/game/op/game.h"
#include "services/game/store/policies.h"

#include <stdlib.h>

enum { ROWS_MAX = 4 * 1024 * 1024, FOLLOWERS_MAX = 16 };

/* call.service, and what is behind it. */
struct parts {
	struct game game; /* first: it is what operations see */
	struct host_filters filters;
	struct host_deployment *deployment; /* the main thread's */
	struct policies *policies;	    /* the first thread's, as below */
	struct follower *followers[FOLLOWERS_MAX]; /* of tables with watches */
	size_t follower_count;
	struct loop *first;
	struct arena mem; /* the operations' rows */
};

/* A deployment on its way to a thread. */
struct switch_over {
	struct task task;
	struct host *host;
	struct parts *parts; /* NULL but for the first thread */
	struct rpc_client *kv;
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
	api_deployment_check(d, descriptor_set_parlor(), fault);
	host_deployment_release(d);
	return -fault->code;
}

void parts_stop(void *game)
{
	struct parts *p = parts_of(game);

	if (p->deployment)
		host_deployment_release(p->deployment);
	watches_free(p->game.watches);
	arena_release(&p->mem);
	free(p);
}

void *parts_start(struct daemon_state *s, struct fault *fault)
{
	const struct game_settings *settings = daemon_settings(s);
	struct parts *p = calloc(1, sizeof(*p));

	if (!p)
		abort(); /* lack of memory ends the process */
	arena_init(&p->mem, ROWS_MAX);
	p->game = (struct game){
		.spool = daemon_spool(s),
		.watches = watches_new((size_t)settings->watches,
				       (size_t)settings->watches_per_user),
		.threads = daemon_threads(s),
		.hosts = arena_array(&p->mem, daemon_threads(s),
				     sizeof(struct host *)),
	};
	p->first = daemon_loop(s, 0);
	p->deployment = read_deployment(settings, fault);
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

static bool is_followed(const struct parts *p, const char *table)
{
	for (size_t i = 0; i < p->follower_count; i++)
		if (strcmp(follower_table(p->followers[i]), table) == 0)
			return true;
	return false;
}

/* On the first thread: what its watches need is followed from now on. */
static void follow_tables(struct parts *p, const struct host_deployment *d,
			  struct rpc_client *kv)
{
	const struct host_watch *w;

	for (size_t i = 0; (w = host_deployment_watch_at(d, i)); i++)
		if (p->follower_count < FOLLOWERS_MAX &&
		    !is_followed(p, w->table))
			p->followers[p->follower_count++] =
			    follower_new(p->first, kv, p->game.watches,
					 w->table);
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
		follow_tables(p, p->deployment, daemon_kv(s, loop));
	}
	return t;
}

void parts_thread_stop(void *game, void *thread)
{
	struct parts *p = parts_of(game);
	struct game_thread *t = thread;

	if (t->loop == p->first) {
		policies_free(p->policies);
		while (p->follower_count)
			follower_free(p->followers[--p->follower_count]);
	}
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
	if (s->parts) {
		policies_store(s->parts->policies, s->deployment);
		follow_tables(s->parts, s->deployment, s->kv);
	}
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
	s->parts = thread == 0 ? p : NULL;
	s->kv = daemon_kv(state, daemon_loop(state, thread));
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
