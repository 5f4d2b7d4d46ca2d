/* services/game/host/host.c - where functions run */
#include "services/game/host/host.h"
#include "lib/base/map.h"
#include "services/game/host/pool.h"

#include <stdlib.h>

struct host {
	struct host_options options;
	struct list pools; /* of the deployment and of those before it */
	struct map by_name, by_rpc;	    /* pools of the deployment */
	struct host_deployment *deployment; /* held */
	uint8_t buffer[FRAME_MAX];
};

struct host *host_new(const struct host_options *options)
{
	struct host *h = calloc(1, sizeof(*h));

	if (!h)
		abort(); /* lack of memory ends the process */
	h->options = *options;
	list_init(&h->pools);
	map_init(&h->by_name);
	map_init(&h->by_rpc);
	__atomic_store_n(&options->peers[options->thread], h, __ATOMIC_RELEASE);
	return h;
}

void host_free(struct host *h)
{
	__atomic_store_n(&h->options.peers[h->options.thread], NULL,
			 __ATOMIC_RELEASE);
	LIST_EACH (at, after, &h->pools)
		host_pool_free(LIST_ENTRY(at, struct host_pool, link));
	map_release(&h->by_name);
	map_release(&h->by_rpc);
	if (h->deployment)
		host_deployment_release(h->deployment);
	free(h);
}

/* The thread's part of a number that is divided among all. */
static size_t share(const struct host *h, int64_t whole)
{
	size_t n = (size_t)whole, threads = h->options.threads;

	return n * (h->options.thread + 1) / threads -
	       n * h->options.thread / threads;
}

void host_deploy(struct host *h, struct host_deployment *d)
{
	map_release(&h->by_name);
	map_init(&h->by_name);
	map_release(&h->by_rpc);
	map_init(&h->by_rpc);
	LIST_EACH (at, after, &h->pools)
		host_pool_retire(LIST_ENTRY(at, struct host_pool, link));
	for (size_t i = 0; i < d->list.count; i++) {
		const struct host_function *f = host_deployment_at(d, i);
		struct host_pool *p =
		    host_pool_new(h, d, i, share(h, f->max_concurrency));

		list_append(&h->pools, &p->link);
		map_put(&h->by_name, slice_of(f->name), p);
		map_put(&h->by_rpc, slice_of(f->rpc), p);
	}
	if (h->deployment)
		host_deployment_release(h->deployment);
	h->deployment = host_deployment_hold(d);
}

struct host_deployment *host_deployment(const struct host *h)
{
	return h->deployment;
}

static const struct host_function *function_in(const struct map *pools,
					       struct slice key)
{
	const struct host_pool *p = map_find(pools, key);

	return p ? p->function : NULL;
}

const struct host_function *host_find(const struct host *h, struct slice name)
{
	return function_in(&h->by_name, name);
}

const struct host_function *host_find_rpc(const struct host *h,
					  struct slice rpc)
{
	return function_in(&h->by_rpc, rpc);
}

/* ---- a thread without a share of the function ------------------------------
 */

static void arrive_home(struct task *task)
{
	struct host_invocation *i =
	    LIST_ENTRY(task, struct host_invocation, hop);

	i->done = i->hop_done;
	i->done(i);
}

static void leave_for_home(struct host_invocation *i)
{
	/* the answer lies in the other thread's buffer */
	i->answer = arena_slice(i->mem, i->answer);
	if (i->mem->full)
		fault_set(&i->fault, E_EXHAUSTED,
			  "the answer is too long for the request's memory");
	i->hop.done = arrive_home;
	loop_post(i->home->options.loop, &i->hop);
}

static void arrive(struct task *task)
{
	struct host_invocation *i =
	    LIST_ENTRY(task, struct host_invocation, hop);

	host_invoke(i->guest, i);
}

/* The one thread after this one that has a share. */
static struct host *neighbour(const struct host *h, int64_t max_concurrency)
{
	for (size_t n = 1; n < h->options.threads; n++) {
		size_t at = (h->options.thread + n) % h->options.threads;
		struct host *peer =
		    __atomic_load_n(&h->options.peers[at], __ATOMIC_ACQUIRE);

		if (peer && share(peer, max_concurrency))
			return peer;
	}
	return NULL;
}

static void hand_over(struct host *h, struct host_invocation *i,
		      int64_t max_concurrency)
{
	i->home = h;
	i->guest = neighbour(h, max_concurrency);
	if (!i->guest) {
		fault_set(&i->fault, E_UNAVAILABLE,
			  "the function's thread is not up");
		i->done(i);
		return;
	}
	i->hop_done = i->done;
	i->done = leave_for_home;
	i->hop.done = arrive;
	loop_post(i->guest->options.loop, &i->hop);
}

void host_invoke(struct host *h, struct host_invocation *i)
{
	struct host_pool *p = map_find(&h->by_name, i->function);

	list_init(&i->queue);
	if (p && p->cap) {
		host_pool_invoke(p, i);
	} else if (p && !i->home) {
		hand_over(h, i, p->function->max_concurrency);
	} else {
		fault_set(&i->fault, E_MISSING, "no function '%.*s'",
			  SLICE_ARGS(i->function));
		i->done(i);
	}
}

const struct host_options *host_options(const struct host *h)
{
	return &h->options;
}

uint8_t *host_buffer(struct host *h)
{
	return h->buffer;
}
