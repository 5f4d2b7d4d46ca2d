/* lib/net/http_client.c - HTTP/1.1 calls to the addresses of a target */
#include "lib/net/http_exchange.h"

#include "lib/base/clock.h"
#include "lib/base/random.h"

#include <stdlib.h>

enum {
	ATTEMPTS = 3,
	RETRY_COST = 5, /* calls that pay for one retry */
	RETRIES_MAX = 100 * RETRY_COST,
	RETRIES_FIRST = 20 * RETRY_COST,
	ANSWER_LINE = 8192,
};

/* ---- exchanges -------------------------------------------------------------
 */

static void leave_queue(struct exchange *e)
{
	if (e->waits)
		e->client->waiting_count--;
	e->waits = false;
	list_remove(&e->queue);
}

static void exchange_free(struct exchange *e)
{
	deadline_leave(&e->deadline);
	leave_queue(e);
	e->call->state = NULL;
	free(e);
}

void exchange_done(struct exchange *e)
{
	struct http_call *call = e->call;

	exchange_free(e);
	call->done(call);
}

void exchange_fail(struct exchange *e, int error)
{
	leave_queue(e);
	deadline_set(&e->client->deadlines, &e->deadline, 0);
	e->call->error = error;
	e->call->answer = slice_make(NULL, 0);
	e->wire = NULL;
	list_append(&e->client->failed, &e->queue);
	event_active(&e->client->later, EV_TIMEOUT, 0);
}

/* One at a time: `done` may call, cancel or fail others. */
static void on_later(evutil_socket_t fd, short what, void *arg)
{
	struct http_client *c = arg;
	struct exchange *e = LIST_FIRST(&c->failed, struct exchange, queue);

	(void)fd;
	(void)what;
	wires_free_closed(c);
	if (e)
		exchange_done(e);
	if (!list_empty(&c->failed))
		event_active(&c->later, EV_TIMEOUT, 0);
}

static void exchange_wait(struct exchange *e)
{
	struct http_client *c = e->client;

	if (c->waiting_count >= c->limits.waiting) {
		exchange_fail(e, -E_EXHAUSTED);
		return;
	}
	c->waiting_count++;
	e->waits = true;
	list_append(&c->waiting, &e->queue);
}

/* May it be tried once more? Takes from the budget. */
static bool may_retry(const struct exchange *e)
{
	struct http_client *c = e->client;

	if (e->attempts >= ATTEMPTS || c->retries < RETRY_COST ||
	    (e->call->sent && !e->call->idempotent))
		return false;
	c->retries -= RETRY_COST;
	return true;
}

void exchange_start(struct exchange *e)
{
	int result;

	peers_update(e->client);
	do {
		struct peer *peer = peer_choose(e->client, e->last);

		if (!peer)
			break;
		e->attempts++;
		e->last = peer;
		result = wire_take(e, peer);
		if (result == 0)
			return;
		if (result == -E_EXHAUSTED) {
			e->attempts--;
			exchange_wait(e);
			return;
		}
	} while (may_retry(e));
	exchange_fail(e, -E_UNAVAILABLE);
}

void exchange_broken(struct exchange *e, bool answered)
{
	e->wire = NULL;
	if (!answered && may_retry(e))
		exchange_start(e);
	else
		exchange_fail(e, -E_UNAVAILABLE);
}

void client_go_on(struct http_client *c)
{
	struct exchange *e;

	while ((e = LIST_FIRST(&c->waiting, struct exchange, queue))) {
		leave_queue(e);
		exchange_start(e);
		if (e->waits)
			break;
	}
}

static void on_deadline(struct deadline *deadline)
{
	struct exchange *e = LIST_ENTRY(deadline, struct exchange, deadline);
	struct wire *wire = e->wire;

	if (wire) {
		e->wire = NULL;
		wire_abandon(wire);
	}
	exchange_fail(e, -E_DEADLINE);
}

/* ---- calls -----------------------------------------------------------------
 */

static bool can_be_sent(const struct http_call *call)
{
	struct slice method = slice_of(call->method);
	struct slice path = slice_of(call->path);

	for (size_t i = 0; i < path.size; i++)
		if (path.data[i] <= ' ' || path.data[i] >= 0x7f)
			return false;
	for (size_t i = 0; i < call->header_count; i++)
		if (!http_is_clean(call->headers[i].name) ||
		    !http_is_clean(call->headers[i].value))
			return false;
	return path.size && method.size && http_is_clean(method);
}

void http_client_call(struct http_client *c, struct http_call *call)
{
	struct exchange *e = calloc(1, sizeof(*e));

	if (!e)
		abort();
	e->client = c;
	e->call = call;
	list_init(&e->queue);
	deadline_join(&c->deadlines, &e->deadline, on_deadline);
	call->state = e;
	call->error = 0;
	call->status = 0;
	call->sent = false;
	call->answer = slice_make(NULL, 0);
	call->answer_headers = (struct http_headers){ 0 };
	call->answer_trailers = (struct http_headers){ 0 };
	if (c->retries < RETRIES_MAX)
		c->retries++;
	if (!can_be_sent(call)) {
		exchange_fail(e, -E_INVALID);
		return;
	}
	if (call->timeout_ms)
		deadline_set(&c->deadlines, &e->deadline,
			     clock_monotonic_ms() + call->timeout_ms);
	exchange_start(e);
}

void http_client_cancel(struct http_client *c, struct http_call *call)
{
	struct exchange *e = call->state;
	struct wire *wire = e ? e->wire : NULL;

	(void)c;
	if (!e)
		return;
	exchange_free(e);
	if (wire)
		wire_abandon(wire);
}

void http_client_pause(struct http_call *call, bool paused)
{
	struct exchange *e = call->state;

	if (!e || !e->wire || e->wire->phase == WIRE_CONNECT)
		return;
	if (paused)
		event_del(&e->wire->readable);
	else
		event_add(&e->wire->readable, NULL);
}

/* ---- the client ------------------------------------------------------------
 */

static struct http_client_limits with_defaults(struct http_client_limits l)
{
	if (!l.connections)
		l.connections = 256;
	if (!l.waiting)
		l.waiting = 4096;
	if (!l.headers)
		l.headers = 32768;
	if (!l.body)
		l.body = 8 << 20;
	if (!l.connect_ms)
		l.connect_ms = 2000;
	if (!l.idle_ms)
		l.idle_ms = 60000;
	return l;
}

struct http_client *http_client_new(struct loop *loop, struct target *target,
				    const struct http_client_limits *limits,
				    struct tls *tls)
{
	struct http_client *c = calloc(1, sizeof(*c));

	if (!c)
		abort();
	c->loop = loop;
	c->target = target;
	c->tls = tls;
	c->limits =
	    with_defaults(limits ? *limits : (struct http_client_limits){ 0 });
	c->scan_limits = (struct http_scan_limits){
		.line = ANSWER_LINE,
		.headers = c->limits.headers,
		.count = HTTP_HEADERS_MAX,
	};
	deadlines_init(&c->deadlines, loop);
	list_init(&c->waiting);
	list_init(&c->failed);
	list_init(&c->open);
	list_init(&c->closed);
	evtimer_assign(&c->later, loop_base(loop), on_later, c);
	c->retries = RETRIES_FIRST;
	random_bytes(&c->random, sizeof(c->random));
	c->random |= 1;
	peers_load(c);
	return c;
}

void http_client_free(struct http_client *c)
{
	if (!c)
		return;
	LIST_EACH (at, after, &c->open)
		wire_close(LIST_ENTRY(at, struct wire, open));
	wires_free_closed(c);
	/* the connections have left them, the exchanges are there */
	LIST_EACH (at, after, &c->deadlines.members) {
		struct deadline *d = LIST_ENTRY(at, struct deadline, members);

		free(LIST_ENTRY(d, struct exchange, deadline));
	}
	peers_free(c);
	event_del(&c->later);
	deadlines_release(&c->deadlines);
	free(c);
}
