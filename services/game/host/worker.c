/* services/game/host/worker.c - a function's worker, seen from the host */
#include "services/game/host/worker.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/function/failure.h"
#include "lib/function/keystream.h"
#include "lib/meter/log.h"
#include "lib/wire/message.h"
#include "services/game/host/call.h"
#include "services/game/host/pool.h"

#include "parlor/function/v1/event.pb-c.h"

#include <event2/event.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct host_function *function_of(const struct host_worker *w)
{
	return w->pool->function;
}

/* Sends what the socket takes now; the rest when it is writable again. */
static void push(struct host_worker *w)
{
	int sent = 1;

	do {
		struct slice piece = frame_piece(w->message, w->sent);

		sent = frame_send_piece(w->socket, &w->head, piece, -1,
					MSG_DONTWAIT);
		if (sent == 1)
			w->sent += piece.size;
	} while (sent == 1 && w->sent < w->message.size);
	/* a worker that has gone shows when its socket is read */
	if (sent == 0)
		event_add(w->writable, NULL);
}

static void send_message(struct host_worker *w, enum frame_kind kind,
			 uint32_t number, struct slice message)
{
	w->head = (struct frame){ kind, number, (uint32_t)message.size };
	w->message = message;
	w->sent = 0;
	push(w);
}

/* ---- what a worker says -------------------------------------------------- */

/* Each handler returns 0, or -E_INVALID when the worker broke the rules. */

/* An event is over only when its call is, and when all of it was read. */
static bool may_end(const struct host_worker *w)
{
	return !w->invocation->called && w->sent >= w->message.size;
}

static int take_answer(struct host_worker *w, uint32_t number,
		       struct slice message)
{
	if (!may_end(w) || number > 1)
		return -E_INVALID;
	w->invocation->final = number == 1;
	w->invocation->answer = message;
	host_pool_finished(w->pool, w);
	return 0;
}

static int take_failure(struct host_worker *w, uint32_t number,
			struct slice message)
{
	struct host_invocation *i = w->invocation;

	(void)number;
	if (!may_end(w))
		return -E_INVALID;
	failure_unpack(message, i->mem, &i->fault);
	i->handled = true;
	host_pool_finished(w->pool, w);
	return 0;
}

static void call_over(struct host_invocation *i, bool refused,
		      struct slice message)
{
	send_message(i->worker, refused ? FRAME_REFUSAL : FRAME_RESULT,
		     i->calls, message);
}

static int take_call(struct host_worker *w, uint32_t number,
		     struct slice message)
{
	struct host_invocation *i = w->invocation;

	if (i->called || number != ++i->calls)
		return -E_INVALID;
	return host_call_begin(w->pool->host, i, message, call_over);
}

static int take_log(struct host_worker *w, uint32_t number,
		    struct slice message)
{
	struct host_invocation *i = w->invocation;

	(void)number;
	if (message.size > FRAME_LOG_MAX || ++i->log_lines > FRAME_LOG_LINES)
		return -E_INVALID;
	log_info("function %s, request %.*s: %.*s", function_of(w)->name,
		 SLICE_ARGS(i->request_id), SLICE_ARGS(message));
	return 0;
}

static int take_cost_tag(struct host_worker *w, uint32_t number,
			 struct slice message)
{
	(void)number;
	return host_call_tag(w->invocation, message);
}

static int take(struct host_worker *w, const struct frame *head,
		struct slice message)
{
	static int (*const handlers[])(struct host_worker *, uint32_t,
				       struct slice) = {
		[FRAME_ANSWER] = take_answer,
		[FRAME_FAILURE] = take_failure,
		[FRAME_CALL] = take_call,
		[FRAME_LOG] = take_log,
		[FRAME_COST_TAG] = take_cost_tag,
	};

	if (head->kind >= sizeof(handlers) / sizeof(*handlers) ||
	    !handlers[head->kind])
		return -E_INVALID;
	return handlers[head->kind](w, head->number, message);
}

/* ---- its socket -----------------------------------------------------------
 */

static void fail(struct host_worker *w, const char *why)
{
	if (w->invocation)
		fault_set(&w->invocation->fault, E_FUNCTION_CRASHED,
			  "function '%s' %s", function_of(w)->name, why);
	host_pool_failed(w->pool, w);
}

static void on_readable(evutil_socket_t socket, short what, void *arg)
{
	struct host_worker *w = arg;
	uint8_t *buffer = host_pool_buffer(w->pool);
	int got = frame_receive(socket, buffer, MSG_DONTWAIT);
	int result = -E_INVALID;
	struct frame head;
	struct slice message;

	(void)what;
	if (got == -E_ABORTED)
		return;
	if (got == 0) {
		fail(w, "ended without an answer");
		return;
	}
	if (got > 0 && w->invocation)
		result = frame_take(&w->reader, w->invocation->mem,
				    slice_make(buffer, (size_t)got), &head,
				    &message);
	if (result == 1)
		result = take(w, &head, message);
	if (result < 0)
		fail(w, "broke the rules of its socket and was ended");
}

static void on_writable(evutil_socket_t socket, short what, void *arg)
{
	(void)socket;
	(void)what;
	push(arg);
}

static void on_timeout(struct timer *timer)
{
	struct host_worker *w = LIST_ENTRY(timer, struct host_worker, timer);
	struct host_invocation *i = w->invocation;

	if (i->hurried)
		fault_set(&i->fault, E_DEADLINE,
			  "the caller's time was over before function '%s' "
			  "answered",
			  function_of(w)->name);
	else
		fault_set(&i->fault, E_FUNCTION_TIMEOUT,
			  "function '%s' took more than its timeout_ms, %lld",
			  function_of(w)->name,
			  (long long)function_of(w)->timeout_ms);
	host_pool_failed(w->pool, w);
}

struct host_worker *host_worker_new(struct host_pool *pool, uint32_t number,
				    int socket)
{
	struct host_worker *w = calloc(1, sizeof(*w));
	struct event_base *base = host_pool_base(pool);

	if (!w)
		abort(); /* lack of memory ends the process */
	w->pool = pool;
	w->number = number;
	w->socket = socket;
	list_init(&w->link);
	timer_init(&w->timer, host_pool_loop(pool), on_timeout);
	w->readable =
	    event_new(base, socket, EV_READ | EV_PERSIST, on_readable, w);
	w->writable = event_new(base, socket, EV_WRITE, on_writable, w);
	if (!w->readable || !w->writable || event_add(w->readable, NULL) != 0)
		abort(); /* lack of memory ends the process */
	return w;
}

/* ---- an event -------------------------------------------------------------
 */

static char *text(struct arena *mem, struct slice s)
{
	return s.size ? arena_copy(mem, s.data, s.size) : NULL;
}

static struct slice pack_event(const struct host_function *f,
			       const struct host_invocation *i, int left_ms)
{
	Parlor__Function__V1__Event e = PARLOR__FUNCTION__V1__EVENT__INIT;
	uint8_t seed[KEYSTREAM_SEED];

	random_bytes(seed, sizeof(seed));
	e.function_name = (char *)(uintptr_t)f->name;
	e.method = (char *)(uintptr_t)f->rpc;
	e.request_id = text(i->mem, i->request_id);
	e.sub = text(i->mem, i->sub);
	e.username = text(i->mem, i->username);
	e.groups = text(i->mem, i->groups);
	e.has_time_ms = e.has_remaining_ms = e.has_seed = e.has_payload = true;
	e.time_ms = i->now_ms;
	e.remaining_ms = left_ms;
	e.seed.data = seed;
	e.seed.len = sizeof(seed);
	e.payload.data = (uint8_t *)(uintptr_t)i->payload.data;
	e.payload.len = i->payload.size;
	return message_pack(&e.base, i->mem);
}

void host_worker_begin(struct host_worker *w, struct host_invocation *i)
{
	int64_t now = clock_monotonic_ns();
	int64_t left_ms = function_of(w)->timeout_ms;
	struct slice event;

	i->attempts++;
	i->calls = 0;
	i->hurried = i->deadline_ns && i->deadline_ns - now < left_ms * 1000000;
	if (i->hurried)
		left_ms = (i->deadline_ns - now) / 1000000;
	if (left_ms < 1)
		left_ms = 1;
	event = pack_event(function_of(w), i, (int)left_ms);
	w->invocation = i;
	i->worker = w;
	i->started_ns = now;
	i->call_until_ns = now + left_ms * 1000000;
	if (i->mem->full || event.size > FRAME_MESSAGE_MAX) {
		/* its end comes from the loop, as every event's */
		fault_set(&i->fault, E_EXHAUSTED,
			  "the request is too long for a function");
		timer_set(&w->timer, 0);
		return;
	}
	timer_set(&w->timer, left_ms);
	send_message(w, FRAME_EVENT, 0, event);
}

void host_worker_free(struct host_worker *w)
{
	list_remove(&w->link);
	timer_release(&w->timer);
	event_free(w->readable);
	event_free(w->writable);
	close(w->socket);
	free(w);
}
