/* services/game/host/pool.c - the processes of one function on one thread */
#include "services/game/host/pool.h"
#include "lib/base/clock.h"
#include "lib/meter/log.h"
#include "services/game/host/call.h"
#include "services/game/host/spawn.h"
#include "services/game/host/template.h"
#include "services/game/host/worker.h"

#include <unistd.h>

enum { START_PAUSE_MS = 1000, QUEUE_RETRY_MS = 100 };

static struct host_worker *worker_at(struct list *link)
{
	return LIST_ENTRY(link, struct host_worker, link);
}

/* ---- workers ----------------------------------------------------------------
 */

/* What can't be started isn't tried again for a moment. */
static void pause_starts(struct host_pool *p)
{
	p->refuse_until_ns = clock_monotonic_ns() + START_PAUSE_MS * 1000000ll;
}

static void drop_template(struct host_pool *p)
{
	if (!p->template)
		return;
	if (!host_template_ready(p->template))
		pause_starts(p);
	host_template_free(p->template);
	p->template = NULL;
	host_gauge_add(&p->gauge->templates, -1);
}

static int start_template(struct host_pool *p, uint32_t number, int socket,
			  struct fault *fault)
{
	if (clock_monotonic_ns() < p->refuse_until_ns) {
		fault->retry_after_ms = START_PAUSE_MS;
		return fault_set(fault, E_UNAVAILABLE,
				 "function '%s' cannot be started",
				 p->function->name);
	}
	p->template = host_template_start(p, number, socket, fault);
	if (p->template) {
		host_gauge_add(&p->gauge->templates, 1);
		return 0;
	}
	log_error("function %s: %s", p->function->name, fault->message);
	pause_starts(p);
	return -fault->code;
}

/* Orders a worker with that socket, of a new template if there is none or the
 * one there was has died and nobody has said so yet. */
static int order_worker(struct host_pool *p, uint32_t number, int socket,
			struct fault *fault)
{
	if (p->template && host_template_fork(p->template, number, socket) == 0)
		return 0;
	drop_template(p);
	return start_template(p, number, socket, fault);
}

/* Orders a new worker; it may be given an event at once. NULL, with words, when
 * there can't be one. */
static struct host_worker *grow(struct host_pool *p, struct fault *fault)
{
	struct host_worker *w;
	int pair[2], result;

	if (host_socket_pair(pair, fault) != 0)
		return NULL;
	result = order_worker(p, ++p->last_number, pair[1], fault);
	close(pair[1]);
	if (result != 0) {
		close(pair[0]);
		return NULL;
	}
	w = host_worker_new(p, p->last_number, pair[0]);
	w->idle_since_ns = clock_monotonic_ns();
	p->workers++;
	list_append(&p->idle, &w->link);
	host_gauge_add(&p->gauge->idle, 1);
	return w;
}

/* A worker that leaves, whatever it was doing. */
static void shrink(struct host_pool *p, struct host_worker *w)
{
	host_gauge_add(w->invocation ? &p->gauge->busy : &p->gauge->idle, -1);
	p->workers--;
	host_worker_free(w);
}

static struct host_worker *latest_idle(struct host_pool *p)
{
	return list_empty(&p->idle) ? NULL : worker_at(p->idle.prev);
}

static void make_busy(struct host_pool *p, struct host_worker *w)
{
	list_remove(&w->link);
	list_append(&p->busy, &w->link);
	host_gauge_add(&p->gauge->idle, -1);
	host_gauge_add(&p->gauge->busy, 1);
}

static void make_idle(struct host_pool *p, struct host_worker *w)
{
	w->invocation = NULL;
	w->idle_since_ns = clock_monotonic_ns();
	list_remove(&w->link);
	list_append(&p->idle, &w->link);
	host_gauge_add(&p->gauge->busy, -1);
	host_gauge_add(&p->gauge->idle, 1);
	timer_cancel(&w->timer);
}

/* ---- going down to nothing --------------------------------------------------
 */

/* Frees a retired pool once nothing of it is left. Nobody may touch the pool
 * after it. */
static void settle(struct host_pool *p)
{
	if (p->retired && !p->workers && !p->waiters)
		host_pool_free(p);
}

static void end_idle(struct host_pool *p, int64_t unused_since_ns)
{
	LIST_EACH (at, after, &p->idle)
		if (worker_at(at)->idle_since_ns <= unused_since_ns)
			shrink(p, worker_at(at));
}

static void set_warm(struct host_pool *p, int64_t milliseconds)
{
	if (p->warm_set)
		return;
	p->warm_set = true;
	timer_set(&p->warm, milliseconds + 1);
}

static void on_warm_over(struct timer *timer)
{
	struct host_pool *p = LIST_ENTRY(timer, struct host_pool, warm);
	int64_t keep_ns = p->function->keep_warm_s * 1000000000;
	int64_t now = clock_monotonic_ns(), left_ns = keep_ns;

	p->warm_set = false;
	end_idle(p, now - keep_ns);
	if (!p->workers) {
		drop_template(p);
		return;
	}
	/* the first idle worker is the one whose turn comes next */
	if (!list_empty(&p->idle))
		left_ns -= now - worker_at(p->idle.next)->idle_since_ns;
	set_warm(p, left_ns / 1000000);
}

/* ---- events -----------------------------------------------------------------
 */

static void stop_waiting(struct host_pool *p, struct host_invocation *i)
{
	list_remove(&i->queue);
	timer_release(&i->patience);
	p->waiters--;
}

static void on_patience_over(struct timer *timer)
{
	struct host_invocation *i =
	    LIST_ENTRY(timer, struct host_invocation, patience);
	struct host_pool *p = i->pool;

	stop_waiting(p, i);
	fault_set(&i->fault, E_DEADLINE,
		  "function '%s' had no worker free in the caller's time",
		  p->function->name);
	i->done(i);
	settle(p);
}

static void wait_for_worker(struct host_pool *p, struct host_invocation *i)
{
	int64_t patience_ms = p->function->timeout_ms;

	if ((int64_t)p->waiters >= p->function->queue) {
		i->fault.retry_after_ms = QUEUE_RETRY_MS;
		fault_set(&i->fault, E_EXHAUSTED,
			  "function '%s' has %zu workers busy (its "
			  "max_concurrency) and %zu events waiting (its queue)",
			  p->function->name, p->workers, p->waiters);
		i->done(i);
		return;
	}
	if (i->remaining_ms && i->remaining_ms < patience_ms)
		patience_ms = i->remaining_ms;
	list_append(&p->waiting, &i->queue);
	p->waiters++;
	timer_init(&i->patience, host_pool_loop(p), on_patience_over);
	timer_set(&i->patience, patience_ms);
}

static void begin(struct host_pool *p, struct host_worker *w,
		  struct host_invocation *i)
{
	make_busy(p, w);
	i->memory_bytes = p->function->memory_mb * 1024 * 1024;
	host_worker_begin(w, i);
}

/* Gives those who wait what there is to give. */
static void serve_waiting(struct host_pool *p)
{
	struct fault fault = { 0 };

	while (p->waiters) {
		struct host_invocation *i =
		    LIST_FIRST(&p->waiting, struct host_invocation, queue);
		struct host_worker *w = latest_idle(p);

		if (!w && p->workers < p->cap)
			w = grow(p, &fault);
		if (!w && p->workers)
			return;
		stop_waiting(p, i);
		if (w) {
			begin(p, w, i);
			continue;
		}
		/* nobody is left whose end would call us again */
		i->fault = fault;
		i->done(i);
	}
}

/* Gives the event a worker, of those idle or a new one, or lets it wait. */
static void assign(struct host_pool *p, struct host_invocation *i,
		   struct host_worker *w)
{
	if (!w && p->workers < p->cap && !p->waiters) {
		w = grow(p, &i->fault);
		if (!w && !p->workers) {
			i->done(i);
			return;
		}
		fault_clear(&i->fault);
	}
	if (w)
		begin(p, w, i);
	else
		wait_for_worker(p, i);
}

void host_pool_invoke(struct host_pool *p, struct host_invocation *i)
{
	i->pool = p;
	if (i->remaining_ms)
		i->deadline_ns =
		    clock_monotonic_ns() + (int64_t)i->remaining_ms * 1000000;
	assign(p, i, p->waiters ? NULL : latest_idle(p));
}

static void conclude(struct host_invocation *i)
{
	host_call_cancel(i);
	i->worker = NULL;
	i->ran_ns += clock_monotonic_ns() - i->started_ns;
	i->duration_ms = (i->ran_ns + 999999) / 1000000;
	i->done(i);
}

void host_pool_finished(struct host_pool *p, struct host_worker *w)
{
	struct host_invocation *i = w->invocation;

	make_idle(p, w);
	set_warm(p, p->function->keep_warm_s * 1000);
	conclude(i);
	serve_waiting(p);
	if (p->retired)
		end_idle(p, INT64_MAX);
	settle(p);
}

/* Is there another worker to try? */
static bool try_again(struct host_pool *p, struct host_invocation *i,
		      bool was_running)
{
	i->crashes += was_running;
	if (i->fault.code != E_FUNCTION_CRASHED || i->wrote || p->retired ||
	    i->crashes >= HOST_CRASHES_MAX || i->attempts >= HOST_ATTEMPTS_MAX)
		return false;
	host_call_cancel(i);
	i->ran_ns += clock_monotonic_ns() - i->started_ns;
	i->worker = NULL;
	i->cost_tag[0] = '\0';
	fault_clear(&i->fault);
	/* on a new one: those that idle may be as dead and not know it yet */
	if (p->workers >= p->cap && !list_empty(&p->idle))
		shrink(p, worker_at(p->idle.next));
	assign(p, i, NULL);
	return true;
}

void host_pool_failed(struct host_pool *p, struct host_worker *w)
{
	struct host_invocation *i = w->invocation;
	bool was_running = w->process != 0;

	if (i && was_running && i->fault.code == E_FUNCTION_CRASHED)
		log_warn("function %s, request %.*s: worker %d: %s",
			 p->function->name, SLICE_ARGS(i->request_id),
			 (int)w->process, i->fault.message);
	/* one that is not forked yet will find its socket closed */
	if (w->process > 0 && p->template)
		host_template_end(p->template, w->process);
	shrink(p, w);
	if (i && !try_again(p, i, was_running))
		conclude(i);
	serve_waiting(p);
	set_warm(p, p->function->keep_warm_s * 1000);
	settle(p);
}

void host_pool_forked(struct host_pool *p, uint32_t number, pid_t process)
{
	struct list *lists[] = { &p->idle, &p->busy };

	for (size_t i = 0; i < 2; i++)
		LIST_EACH (at, after, lists[i])
			if (worker_at(at)->number == number)
				worker_at(at)->process = process;
}

void host_pool_template_gone(struct host_pool *p, bool ready)
{
	p->template = NULL;
	host_gauge_add(&p->gauge->templates, -1);
	if (!ready)
		pause_starts(p);
	/* its workers go with it, and their sockets will tell */
	serve_waiting(p);
	settle(p);
}

/* ---- life -------------------------------------------------------------------
 */

struct host_pool *host_pool_new(struct host *host, struct host_deployment *d,
				size_t index, size_t cap)
{
	struct host_pool *p = calloc(1, sizeof(*p));

	if (!p)
		abort(); /* lack of memory ends the process */
	p->host = host;
	p->deployment = host_deployment_hold(d);
	p->function = host_deployment_at(d, index);
	p->gauge = &d->gauges[index];
	p->cap = cap;
	if (asprintf(&p->principal, "function:%s", p->function->name) < 0)
		abort(); /* lack of memory ends the process */
	list_init(&p->link);
	list_init(&p->idle);
	list_init(&p->busy);
	list_init(&p->waiting);
	timer_init(&p->warm, host_pool_loop(p), on_warm_over);
	return p;
}

void host_pool_retire(struct host_pool *p)
{
	p->retired = true;
	end_idle(p, INT64_MAX);
	settle(p);
}

/* Nobody hears of these events any more. */
static void forget_events(struct host_pool *p)
{
	LIST_EACH (at, after, &p->waiting)
		stop_waiting(p, LIST_ENTRY(at, struct host_invocation, queue));
	LIST_EACH (at, after, &p->busy) {
		host_call_cancel(worker_at(at)->invocation);
		shrink(p, worker_at(at));
	}
}

void host_pool_free(struct host_pool *p)
{
	forget_events(p);
	end_idle(p, INT64_MAX);
	drop_template(p);
	list_remove(&p->link);
	timer_release(&p->warm);
	host_deployment_release(p->deployment);
	free(p->principal);
	free(p);
}

struct event_base *host_pool_base(const struct host_pool *p)
{
	return loop_base(host_pool_loop(p));
}

struct loop *host_pool_loop(const struct host_pool *p)
{
	return host_options(p->host)->loop;
}

const struct host_filters *host_pool_filters(const struct host_pool *p)
{
	return host_options(p->host)->filters;
}

uint8_t *host_pool_buffer(const struct host_pool *p)
{
	return host_buffer(p->host);
}
