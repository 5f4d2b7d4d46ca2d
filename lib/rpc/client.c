/* lib/rpc/client.c - calling an operation of another daemon */
#include "lib/rpc/client.h"
#include "lib/base/clock.h"
#include "lib/crypto/caller.h"
#include "lib/rpc/connect.h"
#include "lib/wire/message.h"

enum {
	OWN_HEADERS = 6,
	TOKEN_MAX = 2048,
	MESSAGE_MAX = 8 << 20,
};

struct rpc_client {
	struct loop *loop;
	struct http_client *http;
	const struct caller *caller;
	const char *audience;
};

/* What the client keeps with a call, in the call's memory. */
struct state {
	struct rpc_client *client;
	struct http_header headers[OWN_HEADERS + RPC_MORE_HEADERS];
	size_t count;
	struct buffer pieces; /* of a stream, or of its error */
	bool ended;	      /* the last envelope has come */
};

struct rpc_client *rpc_client_new(struct loop *loop, struct target *target,
				  const struct caller *caller,
				  const char *audience, struct tls *tls)
{
	struct rpc_client *client = calloc(1, sizeof(*client));

	if (!client)
		abort(); /* lack of memory ends the process */
	client->loop = loop;
	client->http = http_client_new(loop, target, NULL, tls);
	client->caller = caller;
	client->audience = audience;
	return client;
}

void rpc_client_free(struct rpc_client *client)
{
	if (!client)
		return;
	http_client_free(client->http);
	free(client);
}

static void add(struct state *s, struct slice name, struct slice value)
{
	s->headers[s->count++] = (struct http_header){ name, value };
}

static void add_tokens(struct rpc_call *call, struct state *s)
{
	const struct rpc_client *client = s->client;
	char *token;
	size_t size;

	if (call->user_token.size)
		add(s, SLICE("authorization"),
		    slice_of(arena_printf(call->mem, "Bearer %.*s",
					  SLICE_ARGS(call->user_token))));
	if (!client->caller)
		return;
	token = arena_alloc(call->mem, TOKEN_MAX);
	size = !token ? 0
		      : caller_token(client->caller, client->audience,
				     call->on_behalf, clock_wall_ms(), token,
				     TOKEN_MAX);
	add(s, SLICE("parlor-caller"), slice_make(token, size));
}

static void add_headers(struct rpc_call *call, struct state *s)
{
	add(s, SLICE("content-type"),
	    call->message ? SLICE("application/connect+proto")
			  : SLICE("application/proto"));
	add(s, SLICE("connect-protocol-version"), SLICE("1"));
	if (call->timeout_ms)
		add(s, SLICE("connect-timeout-ms"),
		    slice_of(arena_printf(call->mem, "%d", call->timeout_ms)));
	if (call->traceparent)
		add(s, SLICE("traceparent"), slice_of(call->traceparent));
	add_tokens(call, s);
	for (size_t i = 0; i < call->header_count && i < RPC_MORE_HEADERS; i++)
		s->headers[s->count++] = call->headers[i];
}

/* The request's bytes, in an envelope for a stream. */
static struct slice body_of(struct rpc_call *call)
{
	struct slice message = call->request
				   ? message_pack(call->request, call->mem)
				   : call->request_bytes;
	struct buffer envelope;
	struct slice body;

	if (!call->message)
		return message;
	buffer_init(&envelope, ENVELOPE_SIZE + message.size);
	connect_put_envelope(&envelope, 0, message.size);
	buffer_put_slice(&envelope, message);
	body = arena_slice(call->mem, buffer_slice(&envelope));
	buffer_release(&envelope);
	return body;
}

static void read_error_body(struct rpc_call *call, struct slice body)
{
	int status = call->http.status;

	if (connect_read_error(body, call->mem, &call->fault) != 0)
		fault_set(&call->fault, connect_code_of_status(status),
			  "%s: HTTP status %d", call->method, status);
}

static void read_retry_after(struct rpc_call *call)
{
	uint64_t seconds;

	if (slice_to_u64(http_header_find(&call->http.answer_headers,
					  "retry-after"),
			 86400, &seconds) == 0)
		call->fault.retry_after_ms = (int)seconds * 1000;
}

static void check_content_type(struct rpc_call *call)
{
	struct slice type =
	    http_header_find(&call->http.answer_headers, "content-type");

	if (!slice_is(type, call->message ? "application/connect+proto"
					  : "application/proto"))
		fault_set(&call->fault, E_INTERNAL,
			  "%s: answered with content type '%.*s'", call->method,
			  SLICE_ARGS(type));
}

static void read_unary(struct rpc_call *call)
{
	check_content_type(call);
	call->answer = arena_slice(call->mem, call->http.answer);
}

static void read_status(struct rpc_call *call, struct state *s)
{
	if (call->http.status != 200) {
		read_error_body(call, call->message ? buffer_slice(&s->pieces)
						    : call->http.answer);
		read_retry_after(call);
	} else if (!call->message) {
		read_unary(call);
	} else if (!s->ended) {
		fault_set(&call->fault, E_UNAVAILABLE,
			  "%s: the stream broke off", call->method);
	}
}

/* Hands the outcome to the caller. */
static void finish(struct rpc_call *call)
{
	if (call->mem->full)
		fault_set(&call->fault, E_EXHAUSTED,
			  "%s: it takes over %zu bytes", call->method,
			  call->mem->max);
	call->state = NULL;
	call->done(call);
}

static void done(struct http_call *http)
{
	struct rpc_call *call = http->user;
	struct state *s = call->state;

	if (http->error)
		fault_set(&call->fault, -http->error, "%s: %s", call->method,
			  http->error == -E_DEADLINE
			      ? "no answer in time"
			      : "no answer from the service");
	else if (!call->fault.code)
		read_status(call, s);
	buffer_release(&s->pieces);
	finish(call);
}

static void finish_unsent(struct timer *timer)
{
	struct rpc_call *call = LIST_ENTRY(timer, struct rpc_call, unsent);

	timer_release(timer);
	finish(call);
}

static void read_end(struct rpc_call *call, struct state *s,
		     struct slice message)
{
	s->ended = true;
	if (connect_read_end(message, call->mem, &call->fault) != 0)
		fault_set(&call->fault, E_INTERNAL,
			  "%s: the stream's end is malformed", call->method);
}

/* Hands on what is whole. The call may be cancelled from its `message`. */
static void read_envelopes(struct rpc_call *call, struct state *s)
{
	struct slice rest = buffer_slice(&s->pieces), message;
	unsigned flags;
	int more = 0;

	while (call->state == s && !s->ended &&
	       (more = connect_next_envelope(&rest, MESSAGE_MAX, &flags,
					     &message)) == 1) {
		if (flags & ENVELOPE_COMPRESSED)
			more = -E_INVALID;
		else if (flags & ENVELOPE_END)
			read_end(call, s, message);
		else
			call->message(call, message);
		if (more < 0)
			break;
	}
	if (call->state != s)
		return;
	if (more < 0)
		fault_set(&call->fault, E_INTERNAL, "%s: malformed envelope",
			  call->method);
	buffer_consume(&s->pieces, buffer_size(&s->pieces) - rest.size);
}

static void data(struct http_call *http, struct slice piece)
{
	struct rpc_call *call = http->user;
	struct state *s = call->state;

	if (http->status == 200)
		check_content_type(call);
	if (call->fault.code || s->ended)
		return;
	buffer_put_slice(&s->pieces, piece);
	if (s->pieces.failed)
		fault_set(&call->fault, E_INTERNAL,
			  "%s: a message of over %d bytes", call->method,
			  MESSAGE_MAX);
	else if (http->status == 200)
		read_envelopes(call, s);
}

/* Everything of the request that takes memory; NULL when there is not enough. */
static struct state *prepare(struct rpc_client *client, struct rpc_call *call)
{
	struct state *s = arena_zalloc(call->mem, sizeof(*s));

	if (!s)
		return NULL;
	s->client = client;
	buffer_init(&s->pieces, 2 * MESSAGE_MAX);
	add_headers(call, s);
	call->http = (struct http_call){
		.method = "POST",
		.path = arena_printf(call->mem, "/%s", call->method),
		.headers = s->headers,
		.header_count = s->count,
		.body = body_of(call),
		.timeout_ms = call->timeout_ms,
		.idempotent = call->idempotent,
		.data = call->message ? data : NULL,
		.done = done,
		.user = call,
	};
	return call->mem->full ? NULL : s;
}

void rpc_client_call(struct rpc_client *client, struct rpc_call *call)
{
	fault_clear(&call->fault);
	call->answer = slice_make(NULL, 0);
	call->unsent = (struct timer){ 0 };
	call->state = prepare(client, call);
	if (call->state) {
		http_client_call(client->http, &call->http);
		return;
	}
	timer_init(&call->unsent, client->loop, finish_unsent);
	timer_set(&call->unsent, 0);
}

void rpc_client_cancel(struct rpc_client *client, struct rpc_call *call)
{
	struct state *s = call->state;

	if (!s) {
		timer_release(&call->unsent);
		return;
	}
	call->state = NULL;
	buffer_release(&s->pieces);
	http_client_cancel(client->http, &call->http);
}
