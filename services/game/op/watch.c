/* services/game/op/watch.c - a function's answer, again whenever it changes */
#include "services/game/op/watch.h"
#include "lib/base/map.h"
#include "lib/base/random.h"
#include "services/game/op/game.h"
#include "services/game/op/invoke.h"

enum { RUN_MEMORY = 16 << 20 };

/* Lives in the call's memory, and goes with it. */
struct watching {
	struct call *call;
	const char *function;
	struct watch *watch;
	struct arena mem;      /* of one run */
	uint64_t key[2], said; /* what was sent last, by its hash */
	bool has_said;
	bool running;
	bool stale;   /* the item has changed since the run began */
	bool crowded; /* the reader has enough for now */
	bool ended;
};

static void run(struct watching *);

static void release(void *arg)
{
	struct watching *w = arg;

	if (w->watch)
		watch_free(w->watch);
	arena_release(&w->mem);
}

/* Once no run is under way. */
static void end(struct watching *w)
{
	w->ended = true;
	w->call->resume = NULL;
	if (!w->running)
		call_end(w->call);
}

static void go_on(struct watching *w)
{
	if (w->stale && !w->running && !w->crowded && !w->ended)
		run(w);
}

static void on_changed(void *arg)
{
	struct watching *w = arg;

	w->stale = true;
	go_on(w);
}

static void on_resume(struct call *c)
{
	struct watching *w = c->state;

	w->crowded = false;
	if (c->draining)
		call_fail(c, E_UNAVAILABLE, "the function host stops");
	if (c->draining || c->closed)
		end(w);
	else
		go_on(w);
}

/* An empty answer says that nothing is new. */
static bool is_news(struct watching *w, struct slice answer)
{
	uint64_t hash = map_hash(w->key, answer);
	bool news = answer.size && !(w->has_said && hash == w->said);

	if (news) {
		w->said = hash;
		w->has_said = true;
	}
	return news;
}

static void on_ran(struct call *c, const struct host_invocation *i)
{
	struct watching *w = c->state;

	w->running = false;
	if (i->fault.code)
		c->fault = i->fault;
	else if (!w->ended && is_news(w, i->answer))
		w->crowded = call_send_bytes(c, i->answer) > 0;
	if (w->ended || c->fault.code || i->final)
		end(w);
	else
		go_on(w);
}

static void run(struct watching *w)
{
	struct call *c = w->call;
	const struct game_thread *t = c->thread;
	const struct host_function *f =
	    host_find(t->host, slice_of(w->function));

	if (!f) {
		call_fail(c, E_UNIMPLEMENTED, "no function '%s'", w->function);
		end(w);
		return;
	}
	arena_release(&w->mem);
	w->running = true;
	w->stale = false;
	game_invoke(c, &w->mem, f, c->request, on_ran);
}

void game_watch(struct call *c, const char *function,
		const struct watch_item *item)
{
	const struct game *g = c->service;
	struct watching *w = arena_zalloc(c->mem, sizeof(*w));

	if (!w || !arena_at_end(c->mem, release, w)) {
		call_end(c);
		return;
	}
	arena_init(&w->mem, RUN_MEMORY);
	random_bytes(w->key, sizeof(w->key));
	w->call = c;
	w->function = arena_copy(c->mem, function, strlen(function));
	w->watch = watches_add(g->watches, item, c->user.sub, c->loop,
			       on_changed, w, &c->fault);
	if (call_status(c) != 0) {
		call_end(c);
		return;
	}
	c->state = w;
	c->resume = on_resume;
	run(w);
}
