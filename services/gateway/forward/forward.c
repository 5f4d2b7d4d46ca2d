/* services/gateway/forward/forward.c - a request's way to its back end and back
 */
#include "lib/base/clock.h"
#include "lib/crypto/caller.h"
#include "lib/crypto/identity.h"
#include "lib/net/address.h"
#include "services/gateway/forward/exchange.h"
#include "services/gateway/map/rest.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	MESSAGE_MAX = 64 << 20, /* of a REST request, from its JSON */
	REQUEST_ID_MAX = 128,
	TIMEOUT_DIGITS = 10,
	OWN_HEADERS = 8,
	RETRY_MS = 1000, /* the hint when there is no room */
};

struct forward_thread {
	struct http_client *clients[BACKENDS_MAX];
	size_t count;
	size_t calls, streams; /* under way */
	struct list exchanges; /* those under way */
	struct snapshot_reader site;
};

/* A request's thread finds its own without a look-up. */
static _Thread_local struct forward_thread *own;

struct forward_thread *forward_thread_new(struct forward *f, struct loop *loop)
{
	struct forward_thread *t = calloc(1, sizeof(*t));
	const struct plan *plan = atomic_load(&f->plan);
	const struct http_client_limits limits = {
		/* so nothing queues */
		.connections = plan->concurrency + plan->streams,
		.body = MESSAGE_MAX,
	};

	if (!t)
		abort();
	list_init(&t->exchanges);
	for (; t->count < f->backend_count; t->count++)
		t->clients[t->count] =
		    http_client_new(loop, f->backends[t->count].target, &limits,
				    f->tls);
	own = t;
	return t;
}

static bool streams(const struct exchange *e)
{
	return e->match.route->method->server_streams;
}

static size_t *counter(struct exchange *e)
{
	return streams(e) ? &e->thread->streams : &e->thread->calls;
}

static void begin_call(struct exchange *e)
{
	++*counter(e);
	e->under_way = true;
	list_append(&e->thread->exchanges, &e->place);
}

static void end_call(struct exchange *e)
{
	--*counter(e);
	e->under_way = false;
	list_remove(&e->place);
}

/* Answers without the back end. */
static void give_up(struct exchange *e, int code, const char *why)
{
	const struct route *route = e->match.route;

	http_client_cancel(e->thread->clients[route->options.backend],
			   &e->call);
	end_call(e);
	fault_set(&e->fault, code, "%s", why);
	exchange_refuse(e, 0);
}

/* What outlasted the drain is answered before its clients go. */
void forward_thread_free(struct forward_thread *t)
{
	struct exchange *e;

	while ((e = LIST_FIRST(&t->exchanges, struct exchange, place)))
		give_up(e, E_UNAVAILABLE, "the gateway stops");
	for (size_t i = 0; i < t->count; i++)
		http_client_free(t->clients[i]);
	snapshot_reader_release(&t->site);
	free(t);
}

/* ---- on the headers: each check may fail or answer it ----------------------
 */

/* What is no route may be a page. */
static bool check_page(struct exchange *e)
{
	struct http_request *r = e->request;
	const struct site_page *page =
	    e->match.connect ? NULL : site_find(e->site, r);

	if (!page)
		return false;
	if (slice_is(r->method, "GET") || slice_is(r->method, "HEAD")) {
		exchange_page(e, page);
		e->answered = true;
	}
	snprintf(e->match.allow, sizeof(e->match.allow), "GET, HEAD");
	return true;
}

static void check_route(struct exchange *e)
{
	const struct http_request *r = e->request;
	int result = route_find(e->plan->routes, r->method, r->path, &e->match);

	if (result == -E_HTTP_NOT_FOUND && check_page(e))
		result = e->answered ? 0 : -E_HTTP_METHOD;
	if (result == -E_HTTP_NOT_FOUND)
		fault_set(&e->fault, E_HTTP_NOT_FOUND, "no such path '%.*s'",
			  SLICE_ARGS(r->path));
	else if (result == -E_HTTP_METHOD && !slice_is(r->method, "OPTIONS"))
		fault_set(&e->fault, E_HTTP_METHOD, "use %s", e->match.allow);
}

static void check_options(struct exchange *e)
{
	const struct http_header allow = { SLICE("allow"),
					   slice_of(e->match.allow) };

	if (!slice_is(e->request->method, "OPTIONS"))
		return;
	e->answered = true;
	http_respond(e->request, 204, &allow, 1, slice_make(NULL, 0));
}

static void check_twice(struct exchange *e)
{
	if (e->headers.twice)
		fault_set(&e->fault, E_INVALID, "more than one line '%s'",
			  e->headers.twice);
}

static void check_timeout(struct exchange *e)
{
	const struct route *route = e->match.route;
	int64_t allowed = streams(e)
			      ? INT32_MAX /* until the client has enough */
			      : route->options.timeout_ms;
	struct slice text = e->headers.timeout;
	uint64_t asked;

	if (text.data) {
		if (text.size > TIMEOUT_DIGITS ||
		    slice_to_u64(text, INT64_MAX, &asked) != 0)
			fault_set(&e->fault, E_INVALID,
				  "connect-timeout-ms is not a number of at "
				  "most %d digits",
				  TIMEOUT_DIGITS);
		else if ((int64_t)asked < allowed)
			allowed = (int64_t)asked;
	}
	e->deadline_ns = e->request->started_ns + allowed * 1000000;
}

static void throttle(struct exchange *e, struct throttle *t, struct slice who,
		     const char *whose)
{
	int64_t wait_ms = throttle_take(t, who, e->request->started_ns);

	if (!wait_ms)
		return;
	fault_set(&e->fault, E_EXHAUSTED, "too many requests of this %s",
		  whose);
	e->fault.retry_after_ms = (int)wait_ms;
}

static void check_address(struct exchange *e)
{
	uint8_t room[8];

	throttle(e, e->plan->per_address,
		 address_subscriber(e->request->peer, room), "address");
}

static void check_token(struct exchange *e)
{
	const struct http_request *r = e->request;
	const struct identity_claim claim = {
		.method = r->method,
		.path = r->path,
		.query = r->query,
		.authorization = e->headers.authorization,
	};
	bool anybody = e->match.route->options.anybody;
	struct principal user;
	bool signed_body = false;

	/* what another kind of back end wants to see is none of our business */
	if (anybody && !slice_starts(claim.authorization, SLICE("Bearer ")))
		return;
	identity_check(e->forward->identity, &claim, e->now_ms,
		       &e->request->mem, &e->principal, &user, &signed_body,
		       &e->fault);
	if (e->fault.code || anybody || e->principal.kind == PRINCIPAL_USER)
		return;
	fault_set(&e->fault, E_UNAUTHENTICATED, "a token is missing");
}

static void check_user(struct exchange *e)
{
	if (e->principal.kind == PRINCIPAL_USER)
		throttle(e, e->plan->per_user, e->principal.text, "user");
}

static void check_length(struct exchange *e)
{
	e->request->body_max = e->principal.kind == PRINCIPAL_ANONYMOUS
				   ? e->plan->body_max_anonymous
				   : e->plan->body_max;
}

static void (*const checks[])(struct exchange *) = {
	check_route,   check_options, check_twice, check_timeout,
	check_address, check_token,   check_user,  check_length,
};

/* ---- the call --------------------------------------------------------------
 */

static void add(struct http_call *call, struct http_header *rows,
		const char *name, struct slice value)
{
	rows[call->header_count++] =
	    (struct http_header){ slice_of(name), value };
}

/* Whose lines are these? Ours alone for REST: what the client's say of its JSON
 * is not true of our message. */
static void put_headers(struct exchange *e, int remaining_ms)
{
	const struct http_request *r = e->request;
	struct http_call *call = &e->call;
	struct http_header *rows =
	    arena_alloc(&e->request->mem,
			(r->headers.count + OWN_HEADERS) * sizeof(*rows));
	const char *audience =
	    e->forward->backends[e->match.route->options.backend].name;
	size_t token;

	if (!rows) {
		fault_set(&e->fault, E_EXHAUSTED, "request too large");
		return;
	}
	call->headers = rows;
	if (!e->match.route->rest) {
		call->header_count = headers_of_request(&r->headers, rows);
	} else {
		add(call, rows, "content-type", SLICE("application/proto"));
		add(call, rows, "connect-protocol-version", SLICE("1"));
		if (e->headers.authorization.size)
			add(call, rows, "authorization",
			    e->headers.authorization);
	}
	add(call, rows, "x-request-id", e->request_id);
	add(call, rows, "traceparent", slice_make(e->trace, TRACE_SIZE - 1));
	snprintf(e->timeout, sizeof(e->timeout), "%d", remaining_ms);
	add(call, rows, "connect-timeout-ms", slice_of(e->timeout));
	token = caller_token(e->forward->caller, audience, slice_make(NULL, 0),
			     e->now_ms, e->token, sizeof(e->token));
	if (token)
		add(call, rows, "parlor-caller", slice_make(e->token, token));
}

static void put_body(struct exchange *e)
{
	struct http_request *r = e->request;

	if (!slice_is(r->method, "GET"))
		e->call.body = r->body;
	if (!e->match.route->rest)
		return;
	buffer_init(&e->message, MESSAGE_MAX);
	rest_read(&e->match, r, &e->message, &e->fault);
	e->call.body = buffer_slice(&e->message);
}

/* A GET of Connect's has its message in the query. */
static void put_line(struct exchange *e)
{
	const struct http_request *r = e->request;
	const struct route *route = e->match.route;

	e->call.method = "POST";
	e->call.path = route->path;
	if (route->rest || !slice_is(r->method, "GET"))
		return;
	e->call.method = "GET";
	e->call.path = arena_printf(&e->request->mem, "%s?%.*s", route->path,
				    SLICE_ARGS(r->query));
	if (!e->call.path)
		fault_set(&e->fault, E_EXHAUSTED, "request too large");
}

static void on_done(struct http_call *call)
{
	struct exchange *e = call->user;

	end_call(e);
	exchange_answer(e);
}

/* A call that brings one answer goes on without its client, who may only have
 * closed his side; a stream would go on for ever. */
static void on_close(struct http_request *r)
{
	struct exchange *e = r->user;

	if (e->under_way && streams(e))
		give_up(e, E_CANCELED, "the client went away");
}

static void stop_stream(struct exchange *e)
{
	give_up(e, E_UNAVAILABLE, "the gateway stops");
}

/* A stream would never let the gateway stop; its client goes on elsewhere. */
static void on_drain(struct http_request *r)
{
	struct exchange *e = r->user;

	if (!e->under_way || !streams(e))
		return;
	e->draining = true;
	if (exchange_is_between(e))
		stop_stream(e);
}

static void on_piece(struct http_call *call, struct slice piece)
{
	struct exchange *e = call->user;

	exchange_piece(e, piece);
	if (e->draining && exchange_is_between(e))
		stop_stream(e);
}

static void send_call(struct exchange *e)
{
	const struct route *route = e->match.route;

	exchange_bill(e);
	e->call.idempotent = route->method->no_side_effects;
	e->call.data = streams(e) ? on_piece : NULL;
	e->call.done = on_done;
	e->call.user = e;
	begin_call(e);
	http_client_call(e->thread->clients[route->options.backend], &e->call);
}

/* Is there time and room? Rather refused at once than late. */
static int admit(struct exchange *e)
{
	int64_t remaining_ms =
	    (e->deadline_ns - clock_monotonic_ns()) / 1000000;

	if (remaining_ms <= 0)
		fault_set(&e->fault, E_DEADLINE, "the deadline has passed");
	if (*counter(e) >=
	    (streams(e) ? e->plan->streams : e->plan->concurrency)) {
		fault_set(&e->fault, E_EXHAUSTED, "too many %s under way",
			  streams(e) ? "streams" : "calls");
		e->fault.retry_after_ms = RETRY_MS;
	}
	e->call.timeout_ms = (int)remaining_ms;
	return e->call.timeout_ms;
}

/* ---- the handler -----------------------------------------------------------
 */

static void on_end(struct http_request *r, int status, uint64_t sent)
{
	struct exchange *e = r->user;

	exchange_over(e, status, sent);
	buffer_release(&e->message);
}

static bool is_id(struct slice id)
{
	for (size_t i = 0; i < id.size; i++)
		if (id.data[i] <= ' ' || id.data[i] > '~')
			return false;
	return id.size && id.size <= REQUEST_ID_MAX;
}

/* The arena was empty a moment ago: no maximum is so small. */
static struct exchange *exchange_new(struct http_request *r, struct forward *f)
{
	struct exchange *e = arena_zalloc(&r->mem, sizeof(*e));

	if (!e)
		abort();
	e->request = r;
	e->forward = f;
	e->thread = own;
	e->plan = atomic_load_explicit(&f->plan, memory_order_acquire);
	snapshot_read(&f->site, &own->site);
	e->site = (const struct site *)own->site.value;
	e->now_ms = clock_wall_ms();
	e->principal.text = SLICE("anonymous");
	headers_find(&r->headers, &e->headers);
	trace_continue(e->headers.traceparent, e->trace);
	e->request_id =
	    is_id(e->headers.request_id)
		? e->headers.request_id
		: slice_make(e->trace + TRACE_SPAN, TRACE_SPAN_SIZE);
	r->user = e;
	r->on_close = on_close;
	r->on_drain = on_drain;
	r->on_end = on_end;
	return e;
}

static void begin(struct http_request *r, void *arg)
{
	struct exchange *e = exchange_new(r, arg);

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		checks[i](e);
		if (e->answered)
			return;
		if (e->fault.code) {
			exchange_refuse(e, 0);
			return;
		}
	}
}

static void handle(struct http_request *r, void *arg)
{
	struct exchange *e = r->user;
	int remaining_ms = admit(e);

	(void)arg;
	if (!e->fault.code)
		put_body(e);
	if (!e->fault.code)
		put_line(e);
	if (!e->fault.code)
		put_headers(e, remaining_ms);
	if (e->fault.code)
		exchange_refuse(e, 0);
	else
		send_call(e);
}

static void error(struct http_request *r, int status, const char *why,
		  void *arg)
{
	struct exchange *e = r->user ? r->user : exchange_new(r, arg);

	fault_set(&e->fault, connect_code_of_refusal(status), "%s", why);
	exchange_refuse(e, status);
}

const struct http_handler forward_handler = { begin, handle, error, NULL };
