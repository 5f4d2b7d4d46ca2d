/* lib/rpc/connect.c - the Connect protocol's own bytes: errors and envelopes */
#include "lib/rpc/connect.h"
#include "lib/base/quote.h"
#include "lib/net/http_server.h"
#include "lib/rpc/base64.h"
#include "lib/rpc/json.h"
#include "lib/rpc/json_text.h"
#include "lib/wire/wire.h"

#include <inttypes.h>

static const char EXCEPTION[] = "parlor.options.v1.Exception";

enum { ERROR_MAX = 4 << 20, DETAILS_MAX = 100 };

static void put_debug(struct buffer *out, const struct descriptor_message *m,
		      struct slice value)
{
	struct fault ignored = { 0 };
	size_t before = buffer_size(out);

	buffer_put_text(out, ",\"debug\":");
	if (json_from_message(m, value, 0, out, &ignored) != 0)
		buffer_truncate(out, before);
}

static void put_detail(struct buffer *out, const char *type, struct slice value,
		       const struct descriptor_set *set, bool first)
{
	const struct descriptor_message *m =
	    set ? descriptor_message_find(set, slice_of(type)) : NULL;

	buffer_put_text(out, first ? ",\"details\":[" : ",");
	buffer_put_text(out, "{\"type\":");
	buffer_put_quoted(out, slice_of(type));
	buffer_put_text(out, ",\"value\":\"");
	base64_put(out, value, false);
	buffer_put_byte(out, '"');
	if (m)
		put_debug(out, m, value);
	buffer_put_byte(out, '}');
}

/* The bytes of an Exception message, of at most 127 letters. */
static struct slice exception(const char *name, uint8_t out[130])
{
	size_t size = strlen(name);

	out[0] = 1 << 3 | WIRE_BYTES;
	out[1] = (uint8_t)size;
	memcpy(out + 2, name, size);
	return slice_make(out, size + 2);
}

static void put_details(struct buffer *out, const struct fault *fault,
			const struct descriptor_set *set)
{
	const char *aws = fault_row(fault->code)->aws;
	bool first = true;
	uint8_t room[130];

	if (*aws) {
		put_detail(out, EXCEPTION, exception(aws, room), set, first);
		first = false;
	}
	for (const struct fault_detail *d = fault->details; d; d = d->next) {
		if (*aws && strcmp(d->type, EXCEPTION) == 0)
			continue; /* passed on from another daemon */
		put_detail(out, d->type, d->value, set, first);
		first = false;
	}
	if (!first)
		buffer_put_byte(out, ']');
}

static void put_error(struct buffer *out, const struct fault *fault,
		      bool details, const struct descriptor_set *set)
{
	buffer_put_text(out, "{\"code\":\"");
	buffer_put_text(out, fault_row(fault->code)->connect);
	buffer_put_byte(out, '"');
	if (fault->message[0]) {
		buffer_put_text(out, ",\"message\":");
		buffer_put_quoted(out, slice_of(fault->message));
	}
	if (details)
		put_details(out, fault, set);
	buffer_put_byte(out, '}');
}

void connect_put_error(struct buffer *out, const struct fault *fault,
		       const struct descriptor_set *set)
{
	size_t before = buffer_size(out);

	put_error(out, fault, true, set);
	if (!out->failed)
		return;
	/* rather without details than cut in their middle */
	out->failed = false;
	buffer_truncate(out, before);
	put_error(out, fault, false, set);
}

void connect_put_end(struct buffer *out, const struct fault *fault,
		     const struct descriptor_set *set)
{
	buffer_put_byte(out, '{');
	if (fault->code) {
		buffer_put_text(out, "\"error\":");
		connect_put_error(out, fault, set);
	}
	if (fault->code && fault->retry_after_ms)
		buffer_printf(out, ",\"metadata\":{\"retry-after\":[\"%d\"]}",
			      (fault->retry_after_ms + 999) / 1000);
	buffer_put_byte(out, '}');
}

/* The code whose row has both names; else one with Connect's. */
static int code_of(struct slice connect, struct slice aws)
{
	for (int code = E_NONE + 1; aws.size && code < E_COUNT; code++)
		if (slice_is(connect, fault_row(code)->connect) &&
		    slice_is(aws, fault_row(code)->aws))
			return code;
	return fault_from_connect(connect);
}

static struct slice exception_name(struct slice message)
{
	struct wire_field f;

	while (wire_next(&message, &f) == 1)
		if (f.number == 1 && f.type == WIRE_BYTES)
			return f.bytes;
	return slice_make("", 0);
}

static struct fault_detail *read_detail(struct json_text *t)
{
	struct fault_detail *detail = arena_zalloc(t->scratch, sizeof(*detail));
	struct slice type = slice_make("", 0), value = type;
	bool first = true;
	uint8_t *bytes;
	size_t size = 0;

	json_open(t, '{');
	while (json_more(t, '}', &first)) {
		struct slice name = json_name(t);

		if (slice_is(name, "type"))
			type = json_take_string(t);
		else if (slice_is(name, "value"))
			value = json_take_string(t);
		else
			json_skip(t);
	}
	bytes = arena_alloc(t->scratch, base64_bytes_max(value.size));
	if (!detail || !bytes || base64_read(value, bytes, &size) != 0) {
		json_fail(t, E_INVALID, "not base64");
		return NULL;
	}
	detail->type = arena_copy(t->scratch, type.data, type.size);
	detail->value = slice_make(bytes, size);
	return detail->type ? detail : NULL;
}

/* Returns AWS's name of the error, if one of the details says it. */
static struct slice read_details(struct json_text *t,
				 const struct fault_detail **list)
{
	struct slice aws = slice_make("", 0);
	bool first = true;

	for (int i = 0; json_more(t, ']', &first) && i < DETAILS_MAX; i++) {
		struct fault_detail *detail = read_detail(t);

		if (!detail)
			break;
		if (strcmp(detail->type, EXCEPTION) == 0)
			aws = exception_name(detail->value);
		*list = detail;
		list = (const struct fault_detail **)&detail->next;
	}
	return aws;
}

int connect_read_error(struct slice json, struct arena *mem,
		       struct fault *fault)
{
	struct fault syntax = { 0 };
	struct json_text t = { .begin = json.data,
			       .at = json.data,
			       .end = json.data + json.size,
			       .scratch = mem,
			       .fault = &syntax };
	struct slice code = slice_make("", 0), message = code, aws = code;
	const struct fault_detail *details = NULL;
	bool first = true;

	json_open(&t, '{');
	while (json_more(&t, '}', &first)) {
		struct slice name = json_name(&t);

		if (slice_is(name, "code")) {
			code = json_take_string(&t);
		} else if (slice_is(name, "message")) {
			message = json_take_string(&t);
		} else if (slice_is(name, "details")) {
			json_open(&t, '[');
			aws = read_details(&t, &details);
		} else {
			json_skip(&t);
		}
	}
	json_finish(&t);
	if (syntax.code || !code.size)
		return -E_INVALID;
	fault_set(fault, code_of(code, aws), "%.*s", SLICE_ARGS(message));
	fault->details = details;
	return 0;
}

int connect_read_end(struct slice json, struct arena *mem, struct fault *fault)
{
	struct fault syntax = { 0 };
	struct json_text t = { .begin = json.data,
			       .at = json.data,
			       .end = json.data + json.size,
			       .scratch = mem,
			       .fault = &syntax };
	struct slice error = slice_make("", 0);
	bool first = true;

	json_open(&t, '{');
	while (json_more(&t, '}', &first)) {
		bool found = slice_is(json_name(&t), "error");
		const uint8_t *from = t.at;

		json_skip(&t);
		if (found)
			error = slice_make(from, (size_t)(t.at - from));
	}
	json_finish(&t);
	if (syntax.code)
		return -E_INVALID;
	return error.size ? connect_read_error(error, mem, fault) : 0;
}

struct code_row {
	int status, code;
};

static int code_in(const struct code_row *rows, size_t count, int status,
		   int otherwise)
{
	for (size_t i = 0; i < count; i++)
		if (rows[i].status == status)
			return rows[i].code;
	return otherwise;
}

int connect_code_of_status(int status)
{
	static const struct code_row rows[] = {
		{ 400, E_INTERNAL },	{ 401, E_UNAUTHENTICATED },
		{ 403, E_DENIED },	{ 404, E_UNIMPLEMENTED },
		{ 429, E_UNAVAILABLE }, { 502, E_UNAVAILABLE },
		{ 503, E_UNAVAILABLE }, { 504, E_UNAVAILABLE },
	};

	return code_in(rows, sizeof(rows) / sizeof(*rows), status, E_UNKNOWN);
}

int connect_code_of_refusal(int status)
{
	static const struct code_row rows[] = {
		{ 408, E_DEADLINE },	  { 413, E_HTTP_TOO_LARGE },
		{ 414, E_EXHAUSTED },	  { 431, E_EXHAUSTED },
		{ 501, E_UNIMPLEMENTED }, { 503, E_UNAVAILABLE },
	};

	return code_in(rows, sizeof(rows) / sizeof(*rows), status,
		       status < 500 ? E_INVALID : E_INTERNAL);
}

void connect_refuse(struct http_request *request, const struct fault *fault,
		    int status, const struct http_header *more, size_t count,
		    const struct descriptor_set *set)
{
	struct http_header headers[CONNECT_MORE_HEADERS + 3];
	struct buffer body;
	char seconds[16];

	if (!status)
		status = fault_row(fault->code)->status;
	if (count)
		memcpy(headers, more, count * sizeof(*more));
	headers[count++] = (struct http_header){ SLICE("content-type"),
						 SLICE("application/json") };
	if (status == 401)
		headers[count++] =
		    (struct http_header){ SLICE("www-authenticate"),
					  SLICE("Bearer") };
	if (fault->retry_after_ms) {
		snprintf(seconds, sizeof(seconds), "%d",
			 (fault->retry_after_ms + 999) / 1000);
		headers[count++] = (struct http_header){ SLICE("retry-after"),
							 slice_of(seconds) };
	}
	buffer_init(&body, ERROR_MAX);
	connect_put_error(&body, fault, set);
	http_respond(request, status, headers, count, buffer_slice(&body));
	buffer_release(&body);
}

void connect_put_envelope(struct buffer *out, unsigned flags, size_t size)
{
	uint8_t head[ENVELOPE_SIZE] = { (uint8_t)flags, (uint8_t)(size >> 24),
					(uint8_t)(size >> 16),
					(uint8_t)(size >> 8), (uint8_t)size };

	buffer_put(out, head, sizeof(head));
}

size_t connect_envelope_size(const uint8_t d[ENVELOPE_SIZE], unsigned *flags)
{
	*flags = d[0];
	return (size_t)d[1] << 24 | (size_t)d[2] << 16 | (size_t)d[3] << 8 |
	       d[4];
}

int connect_next_envelope(struct slice *rest, size_t max, unsigned *flags,
			  struct slice *message)
{
	const uint8_t *d = rest->data;
	unsigned first;
	size_t size;

	if (rest->size < ENVELOPE_SIZE)
		return 0;
	size = connect_envelope_size(d, &first);
	if (size > max)
		return -E_INVALID;
	if (rest->size - ENVELOPE_SIZE < size)
		return 0;
	*flags = first;
	*message = slice_make(d + ENVELOPE_SIZE, size);
	*rest =
	    slice_make(message->data + size, rest->size - ENVELOPE_SIZE - size);
	return 1;
}
