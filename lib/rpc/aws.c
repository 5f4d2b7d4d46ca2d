/* lib/rpc/aws.c - the door of AWS's SDKs: JSON under x-amz-target
 *
 * `POST /` with the operation's name in a header; the message is JSON in AWS's
 * form, an error an object with __type. In JSON 1.0 errors that AWS's own
 * framework makes have its name spaces, the service's exceptions those of its
 * model.
 */
#include "lib/base/quote.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/sigv4.h"
#include "lib/rpc/exchange.h"
#include "lib/rpc/json.h"

#include <zlib.h>

enum { HEADERS_MAX = 6 };

#define SERVICE "com.amazon.coral.service#"
#define VALIDATE "com.amazon.coral.validate#"
#define AVAILABILITY "com.amazon.coral.availability#"

static const struct form {
	const char *content_type;
	bool spaces;	 /* names have their name spaces */
	bool checksum;	 /* x-amz-crc32 */
	bool error_type; /* x-amzn-errortype */
	bool open;	 /* public operations are without a signature */
	bool plain;	 /* JSON under its own name is taken, too */
} forms[] = {
	[AWS_JSON_1_0] = { .content_type = "application/x-amz-json-1.0",
			   .spaces = true,
			   .checksum = true,
			   .plain = true },
	[AWS_JSON_1_1] = { .content_type = "application/x-amz-json-1.1",
			   .error_type = true,
			   .open = true },
};

/* How an error differs from an exception of the service's own model. */
static const struct manner {
	const char *space;
	enum { SAYS_message, SAYS_Message, SAYS_NOTHING } says;
} manners[E_COUNT] = {
	[E_INVALID] = { VALIDATE, SAYS_message },
	[E_RANGE] = { VALIDATE, SAYS_message },
	[E_SERIALIZATION] = { SERVICE, SAYS_Message },
	[E_UNIMPLEMENTED] = { SERVICE, SAYS_NOTHING },
	[E_HTTP_TOO_LARGE] = { SERVICE, SAYS_message },
	[E_DENIED] = { SERVICE, SAYS_Message },
	[E_UNAUTHENTICATED] = { SERVICE, SAYS_message },
	[E_SIGNATURE] = { SERVICE, SAYS_message },
	[E_INCOMPLETE_SIGNATURE] = { SERVICE, SAYS_message },
	[E_ACCESS_KEY] = { SERVICE, SAYS_message },
	[E_TOKEN_EXPIRED] = { SERVICE, SAYS_message },
	[E_TOKEN_REVOKED] = { SERVICE, SAYS_message },
	[E_EXHAUSTED] = { AVAILABILITY, SAYS_message },
	[E_UNAVAILABLE] = { AVAILABILITY, SAYS_message },
	[E_TRANSACTION_CANCELED] = { NULL, SAYS_Message },
	[E_IDEMPOTENT_MISMATCH] = { NULL, SAYS_Message },
};

/* ---- the request -----------------------------------------------------------
 */

/* The route's service; where there is no route, the first that has this door. */
static const struct op_service *service_of(const struct rpc_exchange *e)
{
	const struct op_service *s = e->options->services;

	if (e->route)
		return e->route->service;
	while (!s->aws)
		s++;
	return s;
}

static const struct form *form_of(const struct rpc_exchange *e)
{
	return &forms[service_of(e)->aws_form];
}

/* Is the message JSON under its own name? So is its answer then. */
static bool is_plain(const struct rpc_exchange *e, struct slice type)
{
	return form_of(e)->plain &&
	       slice_equal_nocase(type, SLICE("application/json"));
}

static struct slice content_type(const struct rpc_exchange *e)
{
	struct slice rest = e->headers.content_type;

	return slice_trim(slice_cut(&rest, ';'));
}

static bool is_ours(const struct rpc_exchange *e)
{
	struct slice type = content_type(e);

	return e->route && slice_is(e->request->method, "POST") &&
	       (slice_equal_nocase(type, slice_of(form_of(e)->content_type)) ||
		is_plain(e, type));
}

/* Does it say who asks? */
static void check_claim(struct rpc_exchange *e)
{
	struct slice authorization = e->headers.authorization;

	if (sigv4_check_query(e->request->query, authorization,
			      &e->call.fault) == 0 &&
	    !identity_claimed(authorization) && !e->headers.caller.size)
		call_fail(&e->call, E_UNAUTHENTICATED,
			  "Request is missing Authentication Token");
}

/* Requests that AWS would not know as one of its own are unknown operations.
 * Where no signature is needed none is looked at: some SDKs sign nonetheless. */
static void check(struct rpc_exchange *e)
{
	struct slice encoding = e->headers.content_encoding;

	e->takes_gzip = e->headers.gzip;
	e->compressed = slice_equal_nocase(encoding, SLICE("gzip"));
	if (!is_ours(e))
		call_fail(&e->call, E_UNIMPLEMENTED, "no such operation");
	else if (encoding.size && !e->compressed &&
		 !slice_equal_nocase(encoding, SLICE("identity")))
		call_fail(&e->call, E_SERIALIZATION,
			  "unknown compression '%.*s': use gzip",
			  SLICE_ARGS(encoding));
	else if (form_of(e)->open && e->route->op->flags & OP_PUBLIC)
		e->headers.authorization = (struct slice){ 0 };
	else
		check_claim(e);
}

static void decode(struct rpc_exchange *e)
{
	struct slice json = e->request->body;
	struct fault fault = { 0 };

	if (e->compressed)
		json = rpc_exchange_decompress(e, json);
	if (call_failed(&e->call))
		return;
	buffer_init(&e->message, e->options->body_max);
	e->message.wipes = e->request->secret;
	json_to_message(e->route->method->input, json,
			JSON_AWS | JSON_IGNORE_UNKNOWN, e->call.mem,
			&e->message, &fault);
	if (fault.code)
		call_fail(&e->call,
			  fault.code == E_INVALID ? E_SERIALIZATION
						  : fault.code,
			  "%s", fault.message);
	e->call.request = buffer_slice(&e->message);
}

/* ---- the answer ------------------------------------------------------------
 */

/* The exception's name, bare. */
static const char *exception_of(const struct rpc_exchange *e)
{
	int code = e->call.fault.code;
	const char *name = fault_row(code)->aws;

	for (const struct aws_name *n = service_of(e)->aws_names; n && n->name;
	     n++)
		if (n->code == code)
			return n->name;
	return *name ? name : "InternalServerError";
}

static void respond(struct rpc_exchange *e, int status, struct slice body)
{
	struct http_header headers[HEADERS_MAX];
	const struct form *form = form_of(e);
	const struct fault *fault = &e->call.fault;
	struct buffer gzip = { 0 };
	char sum[SLICE_U64], seconds[SLICE_U64];
	size_t count = 0;
	bool compressed;

	body = rpc_exchange_compress(e, body, &gzip, &compressed);
	headers[count++] =
	    (struct http_header){ SLICE("content-type"),
				  is_plain(e, content_type(e))
				      ? SLICE("application/json")
				      : slice_of(form->content_type) };
	headers[count++] = (struct http_header){ SLICE("x-amzn-requestid"),
						 e->call.header_id };
	if (form->checksum)
		headers[count++] = (struct http_header){
			SLICE("x-amz-crc32"),
			slice_of_u64(crc32(0, body.data, (uInt)body.size), sum)
		};
	if (form->error_type && fault->code)
		headers[count++] =
		    (struct http_header){ SLICE("x-amzn-errortype"),
					  slice_of(exception_of(e)) };
	if (compressed)
		headers[count++] =
		    (struct http_header){ SLICE("content-encoding"),
					  SLICE("gzip") };
	if (fault->retry_after_ms)
		headers[count++] = (struct http_header){
			SLICE("retry-after"),
			slice_of_u64(((uint64_t)fault->retry_after_ms + 999) /
					 1000,
				     seconds)
		};
	http_respond(e->request, status, headers, count, body);
	buffer_release(&gzip);
}

/* A detail's members stand beside __type: they are the exception's own. */
static void put_detail(struct buffer *out, const struct rpc_exchange *e,
		       const struct fault_detail *detail)
{
	const struct descriptor_message *m =
	    descriptor_message_find(e->options->descriptors,
				    slice_of(detail->type));
	struct fault ignored = { 0 };
	struct buffer json;
	struct slice object;

	buffer_init(&json, ANSWER_MAX);
	if (m &&
	    !json_from_message(m, detail->value, JSON_AWS, &json, &ignored)) {
		object = buffer_slice(&json);
		if (object.size > 2) /* not {} */
			buffer_put_byte(out, ',');
		buffer_put(out, object.data + 1, object.size - 2);
	}
	buffer_release(&json);
}

static void put_error(struct buffer *out, const struct rpc_exchange *e)
{
	static const char *const words[] = { "message", "Message" };
	const struct fault *fault = &e->call.fault;
	const struct manner *manner =
	    &manners[form_of(e)->spaces ? fault->code : E_NONE];
	const char *space = manner->space;

	if (!space)
		space = e->route ? e->route->service->aws_exceptions : SERVICE;
	buffer_printf(out, "{\"__type\":\"%s%s\"",
		      form_of(e)->spaces ? space : "", exception_of(e));
	for (const struct fault_detail *d = fault->details; d; d = d->next)
		put_detail(out, e, d);
	if (manner->says != SAYS_NOTHING) {
		buffer_printf(out, ",\"%s\":", words[manner->says]);
		buffer_put_quoted(out, slice_of(fault->message));
	}
	buffer_put_byte(out, '}');
}

static void refuse(struct rpc_exchange *e, int status)
{
	struct buffer body;

	buffer_init(&body, ANSWER_MAX);
	put_error(&body, e);
	if (!status)
		status = fault_row(e->call.fault.code)->aws_status;
	respond(e, status, buffer_slice(&body));
	buffer_release(&body);
}

static void answer(struct call *c, struct slice message)
{
	struct rpc_exchange *e = c->door_state;
	struct fault fault = { 0 };
	struct buffer json;

	buffer_init(&json, ANSWER_MAX);
	if (!call_failed(c) &&
	    json_from_message(e->route->method->output, message,
			      JSON_AWS | (c->brief ? 0 : JSON_ALWAYS), &json,
			      &fault) != 0)
		call_fail(c, E_INTERNAL, "cannot write the answer: %s",
			  fault.message);
	if (call_failed(c))
		refuse(e, 0);
	else
		respond(e, 200, buffer_slice(&json));
	buffer_release(&json);
}

const struct rpc_door aws_door = {
	.call = { .answer = answer },
	.check = check,
	.decode = decode,
	.refuse = refuse,
};
