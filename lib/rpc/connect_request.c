/* lib/rpc/connect_request.c - what a Connect request's headers must say */
#include "lib/rpc/connect.h"
#include "lib/rpc/exchange.h"

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

void connect_check(struct rpc_exchange *e)
{
	static void (*const checks[])(struct rpc_exchange *) = {
		check_route,	check_method,  check_content_type,
		check_encoding, check_version, check_timeout,
	};

	for (size_t i = 0; i < sizeof(checks) / sizeof(*checks); i++)
		if (!call_failed(&e->call))
			checks[i](e);
}
