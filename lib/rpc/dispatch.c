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
	struct map targets;  /* "DynamoDB_20120810.GetItem" */
	struct http_handler handler;
};

/* What every request is checked for beside its door's own, in this order; the
 * first that fails answers. */
static void check_twice(struct rpc_exchange *e)
{
	if (e->headers.twice)
		call_fail(&e->call, E_INVALID, "more than one line '%s'",
			  e->headers.twice);
}

/* A header by its lower-case name, repeats joined: for a signature. */
static struct slice joined_header(void *request, struct slice name)
{
	struct http_request *r = request;
	struct slice found = { 0 };

	for (size_t i = 0; i < r->headers.count; i++) {
		const struct http_header *line = &r->headers.rows[i];

		if (line->name.size != name.size ||
		    !slice_equal_nocase(line->name, name))
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
	e->unsigned_yet =
	    e->signed_body && c->principal.kind == PRINCIPAL_ANONYMOUS;
	if (c->user.kind == PRINCIPAL_USER &&
	    slice_starts(claim->authorization, bearer))
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
	    (flags & OP_USER && (c->user.kind == PRINCIPAL_USER ||
				 c->user.kind == PRINCIPAL_KEY)) ||
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
	bool anonymous = e->call.principal.kind == PRINCIPAL_ANONYMOUS;

	/* who signs without the body's hash has named a key that we know,
	 * unless it is fetched */
	e->request->body_max =
	    anonymous && (!e->unsigned_yet || e->options->fetch_key)
		? e->options->body_max_anonymous
		: e->options->body_max;
}

/* The door's own: is it a request of that protocol? */
static void check_form(struct rpc_exchange *e)
{
	e->door->check(e);
}

static void (*const checks[])(struct rpc_exchange *) = {
	check_form, check_twice, check_identity, check_principal, check_length,
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
	if (e->unsigned_yet)
		call_fail(&e->call, E_UNAVAILABLE,
			  "the signature cannot be checked");
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

/* AWS's clients name the operation in a header, whatever its service. */
static bool is_aws(const struct dispatch *d, struct slice path)
{
	return d->targets.count && slice_is(path, "/");
}

/* And finds the row, if there is one. */
static void choose_door(const struct dispatch *d, struct rpc_exchange *e)
{
	bool aws = is_aws(d, e->request->path);
	struct slice name = aws ? e->headers.target : e->request->path;

	e->door = aws ? &aws_door : &connect_door;
	e->call.door = &e->door->call;
	if (!name.size)
		return;
	e->route = map_find(aws ? &d->targets : &d->routes, name);
	if (e->route) {
		e->call.op = e->route->op;
		e->call.method = slice_of(e->route->path + 1);
	}
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
	choose_door(d, e);
	c->door_state = e;
	c->service = o->service;
	c->loop = request->loop;
	c->thread = o->thread ? o->thread(request->loop, o->service) : NULL;
	c->peer = request->peer;
	c->host = request->host;
	c->started_ns = request->started_ns;
	c->principal.text = c->user.text = SLICE("anonymous");
	trace_continue(e->headers.traceparent, c->trace);
	c->header_id = is_id(e->headers.request_id)
			   ? e->headers.request_id
			   : slice_make(c->trace + TRACE_SPAN, TRACE_SPAN_SIZE);
	request->secret = c->op && c->op->flags & OP_SECRET;
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

	return !d->options.other || is_aws(d, path) ||
	       (slash &&
		map_find(&d->services,
			 slice_make(path.data, (size_t)(slash - path.data))));
}

static void begin(struct http_request *request, void *arg)
{
	const struct dispatch *d = arg;
	const struct http_handler *other = d->options.other;
	struct rpc_exchange *e;

	if (!is_ours_by_path(d, request->path)) {
		if (other->begin)
			other->begin(request, other->arg);
		return;
	}
	e = rpc_exchange_new(d, request);
	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++) {
		checks[i](e);
		if (call_failed(&e->call)) {
			e->door->refuse(e, 0);
			return;
		}
	}
}

static void check_message(const struct rpc_exchange *e, struct call *c)
{
	const struct op_service *service = e->route->service;

	if (!call_failed(c) && service->check)
		service->check(c, e->route->method->input);
}

/* The request is complete, and so is what is known of its signer. */
static void serve(struct call *c)
{
	struct rpc_exchange *e = c->door_state;

	if (!call_failed(c))
		check_signed_body(e);
	if (!call_failed(c))
		e->door->decode(e);
	if (c->deadline_ns && clock_monotonic_ns() > c->deadline_ns)
		call_fail(c, E_DEADLINE, "the deadline has passed");
	check_message(e, c);
	if (call_status(c) != 0)
		e->door->refuse(e, 0);
	else
		c->op->handle(c);
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
	if (e->unsigned_yet && d->options.fetch_key)
		d->options.fetch_key(&e->call, e->headers.authorization, serve,
				     d->options.fetch_arg);
	else
		serve(&e->call);
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
	call_fail(&e->call, connect_code_of_refusal(status), "%s", why);
	e->door->refuse(e, status);
}

static void add_row(struct dispatch *d, const struct op_service *service,
		    const struct op *op, struct fault *fault)
{
	struct route *row = &d->rows[d->count++];
	char *path = row->path, target[ROUTE_PATH];

	snprintf(path, ROUTE_PATH, "/%s/%s", service->name, op->name);
	row->op = op;
	row->service = service;
	row->method =
	    descriptor_method_find(d->options.descriptors, slice_of(path + 1));
	if (!row->method ||
	    row->method->server_streams != !!(op->flags & OP_STREAM) ||
	    row->method->client_streams) {
		fault_set(fault, E_INVALID, "row '%s' fits no rpc", path + 1);
		return;
	}
	row->allow = op->flags & OP_READ && !(op->flags & OP_STREAM)
			 ? "GET, POST"
			 : "POST";
	if (op->doors & DOOR_CONNECT) {
		map_put(&d->routes, slice_of(path), row);
		map_put(&d->services,
			slice_make(path, strlen(service->name) + 1), row);
	}
	if (op->doors & DOOR_AWS && service->aws) {
		snprintf(target, sizeof(target), "%s.%s", service->aws,
			 op->name);
		map_put(&d->targets, slice_of(target), row);
	}
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
	map_init(&d->targets);
	for (s = options->services; s && s->name; s++)
		for (const struct op *op = s->ops; op->name; op++)
			count++;
	d->rows = calloc(count + 1, sizeof(*d->rows));
	if (!d->rows)
		abort(); /* lack of memory ends the process */
	for (s = options->services; s && s->name; s++)
		for (const struct op *op = s->ops; op->name; op++)
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
	map_release(&d->targets);
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
