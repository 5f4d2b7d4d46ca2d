/* lib/rpc/dispatch.c - from an HTTP request to the row of its operation */
#include "lib/rpc/dispatch.h"
#include "lib/base/clock.h"
#include "lib/base/map.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/identity.h"
#include "lib/rpc/connect.h"
#include "lib/rpc/exchange.h"
#include "lib/rpc/trace.h"

enum { BODY_MAX = 6 << 20, BODY_MAX_ANONYMOUS = 64 << 10, ID_MAX = 128 };

struct dispatch {
	struct dispatch_options options;
	struct route *rows;
	size_t count;
	struct map routes;   /* "/parlor.kv.v1.KeyValue/GetItem" */
	struct map services; /* "/parlor.kv.v1.KeyValue" */
	struct http_handler handler;
};

/* What the headers are checked for, in this order; the first that fails
 * answers. */
static void check_route(struct rpc_exchange *e)
{
	if (!e->route)
		call_fail(&e->call, E_HTTP_NOT_FOUND, "no such method '%.*s'",
			  SLICE_ARGS(e->request->path));
}

static void check_method(struct rpc_exchange *e)
{
	struct slice method = e->request->method;

	e->get = slice_is(method, "GET");
	if (!slice_is(method, "POST") && (!e->get || *e->route->allow != 'G'))
		call_fail(&e->call, E_HTTP_METHOD, "use %s", e->route->allow);
}

static void check_twice(struct rpc_exchange *e)
{
	if (e->headers.twice)
		call_fail(&e->call, E_INVALID, "more than one line '%s'",
			  e->headers.twice);
}

static const struct {
	const char *name;
	bool stream, json;
} content_types[] = {
	{ "application/proto", false, false },
	{ "application/json", false, true },
	{ "application/connect+proto", true, false },
	{ "application/connect+json", true, true },
};

/* GET names its codec in the query. */
static void check_get_codec(struct rpc_exchange *e)
{
	struct slice codec = slice_make("", 0);

	http_query_find(&e->request->mem, e->request->query, "encoding",
			&codec);
	e->json = slice_is(codec, "json");
	if (!e->json && !slice_is(codec, "proto"))
		call_fail(&e->call, E_HTTP_MEDIA_TYPE,
			  "parameter 'encoding' is neither proto nor json");
}

static void check_content_type(struct rpc_exchange *e)
{
	struct slice rest = e->headers.content_type;
	struct slice name = slice_trim(slice_cut(&rest, ';'));
	bool stream = e->route->op->flags & OP_STREAM;

	if (e->get) {
		check_get_codec(e);
		return;
	}
	for (size_t i = 0; i < sizeof(content_types) / sizeof(*content_types);
	     i++) {
		if (content_types[i].stream != stream ||
		    !slice_equal_nocase(name, slice_of(content_types[i].name)))
			continue;
		e->stream = stream;
		e->json = content_types[i].json;
		return;
	}
	call_fail(&e->call, E_HTTP_MEDIA_TYPE,
		  stream ? "use application/connect+proto or "
			   "application/connect+json"
			 : "use application/proto or application/json");
}

/* "identity" is no compression; sets e->compressed. */
static void check_encoding(struct rpc_exchange *e)
{
	struct slice name = e->stream ? e->headers.stream_encoding
				      : e->headers.content_encoding;

	if (e->get)
		http_query_find(&e->request->mem, e->request->query,
				"compression", &name);
	e->compressed = slice_equal_nocase(name, SLICE("gzip"));
	e->takes_gzip = e->stream ? e->headers.stream_gzip : e->headers.gzip;
	if (!e->compressed && name.size &&
	    !slice_equal_nocase(name, SLICE("identity")))
		call_fail(&e->call, E_UNIMPLEMENTED,
			  "unknown compression '%.*s': use gzip",
			  SLICE_ARGS(name));
}

static void check_version(struct rpc_exchange *e)
{
	struct slice version = e->headers.version;

	if (e->get && http_query_find(&e->request->mem, e->request->query,
				      "connect", &version) == 0) {
		if (!slice_is(version, "v1"))
			call_fail(&e->call, E_INVALID,
				  "parameter 'connect' is not v1");
		return;
	}
	if (version.data && !slice_is(version, "1"))
		call_fail(&e->call, E_INVALID,
			  "connect-protocol-version is not 1");
}

static void check_timeout(struct rpc_exchange *e)
{
	struct slice text = e->headers.timeout;
	uint64_t milliseconds;

	if (!text.data)
		return;
	if (text.size > CONNECT_TIMEOUT_DIGITS ||
	    slice_to_u64(text, INT64_MAX, &milliseconds) != 0)
		call_fail(&e->call, E_INVALID,
			  "connect-timeout-ms is not a number of at most %d "
			  "digits",
			  CONNECT_TIMEOUT_DIGITS);
	else
		e->call.deadline_ns =
		    e->request->started_ns + (int64_t)milliseconds * 1000000;
}

/* A header by its lower-case name, repeats joined: for a signature. */
static struct slice joined_header(void *request, const char *name)
{
	struct http_request *r = request;
	struct slice found = { 0 };

	for (size_t i = 0; i < r->headers.count; i++) {
		const struct http_header *line = &r->headers.rows[i];

		if (!slice_equal_nocase(line->name, slice_of(name)))
			continue;
		found = !found.data
			    ? line->value
			    : slice_of(arena_printf(&r->mem, "%.*s,%.*s",
						    SLICE_ARGS(found),
						    SLICE_ARGS(line->value)));
	}
	return found;
}

static struct identity_claim claim_of(struct rpc_exchange *e)
{
	return (struct identity_claim){
		.method = e->request->method,
		.path = e->request->path,
		.query = e->request->query,
		.authorization = e->headers.authorization,
		.caller = e->headers.caller,
		.header = joined_header,
		.request = e->request,
		.body_sha256 = e->headers.body_sha256,
	};
}

static void identify(struct rpc_exchange *e, const struct identity_claim *claim)
{
	struct slice bearer = SLICE("Bearer ");
	struct call *c = &e->call;

	c->principal.text = c->user.text = SLICE("anonymous");
	if (!e->options->identity)
		return;
	identity_check(e->options->identity, claim, c->now_ms, &e->request->mem,
		       &c->principal, &c->user, &e->signed_body, &c->fault);
	e->unsigned_yet = e->signed_body && !claim->body_sha256.size;
	if (c->user.kind == PRINCIPAL_USER &&
	    claim->authorization.size > bearer.size)
		c->user_token =
		    slice_make(claim->authorization.data + bearer.size,
			       claim->authorization.size - bearer.size);
}

/* May one of this kind ask for the row at all? */
static void check_principal(struct rpc_exchange *e)
{
	const struct call *c = &e->call;
	unsigned flags = e->route->op->flags;
	enum principal_kind kind = c->principal.kind;

	if (e->unsigned_yet || flags & (OP_PUBLIC | OP_TOKEN_IN_BODY) ||
	    kind == PRINCIPAL_ADMIN ||
	    (flags & OP_USER && c->user.kind == PRINCIPAL_USER) ||
	    (flags & OP_SERVICE &&
	     (kind == PRINCIPAL_SERVICE || kind == PRINCIPAL_FUNCTION)))
		return;
	if (kind == PRINCIPAL_ANONYMOUS)
		call_fail(&e->call, E_UNAUTHENTICATED, "a token is missing");
	else
		call_fail(&e->call, E_DENIED, "'%.*s' may not call '%s'",
			  SLICE_ARGS(c->principal.text), e->route->op->name);
}

static void check_identity(struct rpc_exchange *e)
{
	struct identity_claim claim = claim_of(e);

	identify(e, &claim);
}

/* The server refuses what passes body_max, whether announced or counted. */
static void check_length(struct rpc_exchange *e)
{
	e->request->body_max = e->call.principal.kind == PRINCIPAL_ANONYMOUS
				   ? e->options->body_max_anonymous
				   : e->options->body_max;
}

static void (*const checks[])(struct rpc_exchange *) = {
	check_route,	 check_method,	check_twice,   check_content_type,
	check_encoding,	 check_version, check_timeout, check_identity,
	check_principal, check_length,
};

/* A signature over the body is checked when the body is there. */
static void check_signed_body(struct rpc_exchange *e)
{
	struct identity_claim claim = claim_of(e);
	char hash[HASH_HEX];

	if (!e->signed_body)
		return;
	if (!e->unsigned_yet) {
		identity_check_body(&claim, e->request->body, &e->call.fault);
		return;
	}
	hash_sha256_hex(e->request->body, hash);
	claim.body_sha256 = slice_of(hash);
	identify(e, &claim);
	if (!call_failed(&e->call))
		check_principal(e);
}

static bool is_id(struct slice id)
{
	for (size_t i = 0; i < id.size; i++)
		if (id.data[i] <= ' ' || id.data[i] > '~')
			return false;
	return id.size && id.size <= ID_MAX;
}

static void on_close(struct http_request *request)
{
	struct rpc_exchange *e = request->user;

	e->call.closed = true;
	if (e->call.resume)
		e->call.resume(&e->call);
}

static void on_drain(struct http_request *request)
{
	struct rpc_exchange *e = request->user;

	e->call.draining = true;
	if (e->call.resume)
		e->call.resume(&e->call);
}

static void on_end(struct http_request *request, int status, uint64_t sent)
{
	struct rpc_exchange *e = request->user;

	if (e->options->over)
		e->options->over(&e->call, status, sent, e->options->over_arg);
	buffer_release(&e->plain);
	buffer_release(&e->message);
}

/* The arena was empty a moment ago: no maximum is so small. */
static struct rpc_exchange *rpc_exchange_new(const struct dispatch *d,
					     struct http_request *request)
{
	const struct dispatch_options *o = &d->options;
	struct rpc_exchange *e = arena_zalloc(&request->mem, sizeof(*e));
	struct call *c = &e->call;

	if (!e)
		abort();
	call_init(c, &request->mem);
	e->request = request;
	e->options = o;
	request_headers_read(&e->headers, &request->headers);
	c->door = &rpc_exchange_door;
	c->door_state = e;
	c->service = o->service;
	c->loop = request->loop;
	c->thread = o->thread ? o->thread(request->loop, o->service) : NULL;
	c->peer = request->peer;
	c->started_ns = request->started_ns;
	c->principal.text = c->user.text = SLICE("anonymous");
	trace_continue(e->headers.traceparent, c->trace);
	c->header_id = is_id(e->headers.request_id)
			   ? e->headers.request_id
			   : slice_make(c->trace + TRACE_SPAN, TRACE_SPAN_SIZE);
	request->user = e;
	request->on_close = on_close;
	request->on_drain = on_drain;
	request->on_end = on_end;
	return e;
}

/* Requests of `other` have an on_end of their own or none. */
static bool is_ours(const struct http_request *request)
{
	return request->on_end == on_end;
}

/* Paths of a service that is here are ours, whatever the method's name. */
static bool is_ours_by_path(const struct dispatch *d, struct slice path)
{
	const uint8_t *slash =
	    path.size ? memrchr(path.data, '/', path.size) : NULL;

	return !d->options.other ||
	       (slash &&
		map_find(&d->services,
			 slice_make(path.data, (size_t)(slash - path.data))));
}

static void begin(struct http_request *request, void *arg)
{
	const struct dispatch *d = arg;
	const struct http_handler *other = d->options.other;
	const struct route *route = map_find(&d->routes, request->path);
	struct rpc_exchange *e;

	if (!route && !is_ours_by_path(d, request->path)) {
		if (other->begin)
			other->begin(request, other->arg);
		return;
	}
	e = rpc_exchange_new(d, request);
	e->route = route;
	e->call.op = route ? route->op : NULL;
	if (route) /* the path, without its slash */
		e->call.method =
		    slice_make(request->path.data + 1, request->path.size - 1);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		checks[i](e);
		if (call_failed(&e->call)) {
			rpc_exchange_refuse(e, 0);
			return;
		}
	}
}

static void handle(struct http_request *request, void *arg)
{
	const struct dispatch *d = arg;
	const struct http_handler *other = d->options.other;
	struct rpc_exchange *e = request->user;

	if (!is_ours(request)) {
		if (other && other->handle)
			other->handle(request, other->arg);
		return;
	}
	check_signed_body(e);
	if (!call_failed(&e->call))
		rpc_exchange_decode(e);
	if (e->call.deadline_ns && clock_monotonic_ns() > e->call.deadline_ns)
		call_fail(&e->call, E_DEADLINE, "the deadline has passed");
	if (call_status(&e->call) != 0)
		rpc_exchange_refuse(e, 0);
	else
		e->route->op->handle(&e->call);
}

static int code_of_status(int status)
{
	switch (status) {
	case 408:
		return E_DEADLINE;
	case 413:
		return E_HTTP_TOO_LARGE;
	case 414:
	case 431:
		return E_EXHAUSTED;
	case 501:
		return E_UNIMPLEMENTED;
	case 503:
		return E_UNAVAILABLE;
	}
	return status < 500 ? E_INVALID : E_INTERNAL;
}

static void error(struct http_request *request, int status, const char *why,
		  void *arg)
{
	const struct dispatch *d = arg;
	const struct http_handler *other = d->options.other;
	struct rpc_exchange *e = request->user;

	if (!is_ours(request) && !is_ours_by_path(d, request->path) &&
	    other->error) {
		other->error(request, status, why, other->arg);
		return;
	}
	if (!is_ours(request))
		e = rpc_exchange_new(d, request);
	call_fail(&e->call, code_of_status(status), "%s", why);
	rpc_exchange_refuse(e, status);
}

static void add_row(struct dispatch *d, const struct op_service *service,
		    const struct op *op, struct fault *fault)
{
	struct route *row = &d->rows[d->count++];
	char path[256];
	int size =
	    snprintf(path, sizeof(path), "/%s/%s", service->name, op->name);

	row->op = op;
	row->method =
	    descriptor_method_find(d->options.descriptors,
				   slice_make(path + 1, (size_t)size - 1));
	if (!row->method ||
	    row->method->server_streams != !!(op->flags & OP_STREAM) ||
	    row->method->client_streams) {
		fault_set(fault, E_INVALID, "row '%s' fits no rpc", path + 1);
		return;
	}
	row->allow = op->flags & OP_READ && !(op->flags & OP_STREAM)
			 ? "GET, POST"
			 : "POST";
	map_put(&d->routes, slice_of(path), row);
	map_put(&d->services, slice_make(path, strlen(service->name) + 1), row);
}

static void set_defaults(struct dispatch_options *o)
{
	if (!o->body_max)
		o->body_max = BODY_MAX;
	if (!o->body_max_anonymous)
		o->body_max_anonymous = BODY_MAX_ANONYMOUS;
}

struct dispatch *dispatch_new(const struct dispatch_options *options,
			      struct fault *fault)
{
	struct dispatch *d = calloc(1, sizeof(*d));
	const struct op_service *s;
	size_t count = 0;

	if (!d)
		abort(); /* lack of memory ends the process */
	d->options = *options;
	set_defaults(&d->options);
	d->handler = (struct http_handler){ begin, handle, error, d };
	map_init(&d->routes);
	map_init(&d->services);
	for (s = options->services; s && s->name; s++)
		for (const struct op *op = s->ops; op->name; op++)
			count++;
	d->rows = calloc(count + 1, sizeof(*d->rows));
	if (!d->rows)
		abort(); /* lack of memory ends the process */
	for (s = options->services; s && s->name; s++)
		for (const struct op *op = s->ops; op->name; op++)
			if (op->doors & DOOR_CONNECT)
				add_row(d, s, op, fault);
	if (!fault->code)
		return d;
	dispatch_free(d);
	return NULL;
}

void dispatch_free(struct dispatch *d)
{
	if (!d)
		return;
	map_release(&d->routes);
	map_release(&d->services);
	free(d->rows);
	free(d);
}

const struct http_handler *dispatch_handler(struct dispatch *d)
{
	return &d->handler;
}

static bool has_row(const struct op_service *s,
		    const struct descriptor_method *m)
{
	for (const struct op *op = s->ops; op->name; op++)
		if (slice_is(m->name, op->name))
			return true;
	return false;
}

const struct descriptor_method *dispatch_missing_row(
    const struct op_service *services, const struct descriptor_set *set)
{
	const struct descriptor_method *m;

	for (size_t i = 0; (m = descriptor_method_at(set, i)); i++)
		for (const struct op_service *s = services; s->name; s++)
			if (slice_is(m->service, s->name) && !has_row(s, m))
				return m;
	return NULL;
}
