/* lib/rpc/request_headers.c - the header lines that matter to a call */
#include "lib/rpc/exchange.h"

static const struct {
	const char *name;
	size_t size, offset;
} rows[] = {
#define ROW(name, field)                                    \
	{                                                   \
		name, sizeof(name) - 1,                     \
		    offsetof(struct request_headers, field) \
	}
	ROW("authorization", authorization),
	ROW("parlor-caller", caller),
	ROW("x-amz-content-sha256", body_sha256),
	ROW("content-type", content_type),
	ROW("content-encoding", content_encoding),
	ROW("connect-protocol-version", version),
	ROW("connect-timeout-ms", timeout),
	ROW("connect-content-encoding", stream_encoding),
	ROW("traceparent", traceparent),
	ROW("x-request-id", request_id),
	ROW("x-amz-target", target),
#undef ROW
};

static void note(struct request_headers *h, const struct http_header *line)
{
	struct slice *place;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		if (rows[i].size != line->name.size ||
		    !slice_equal_nocase(line->name,
					slice_make(rows[i].name, rows[i].size)))
			continue;
		place = (struct slice *)(void *)((char *)h + rows[i].offset);
		if (place->data)
			h->twice = rows[i].name;
		*place = line->value;
		return;
	}
	/* connect-kotlin repeats these */
	if (slice_equal_nocase(line->name, SLICE("accept-encoding")))
		h->gzip = h->gzip || http_takes(line->value, "gzip");
	else if (slice_equal_nocase(line->name,
				    SLICE("connect-accept-encoding")))
		h->stream_gzip =
		    h->stream_gzip || http_takes(line->value, "gzip");
}

void request_headers_read(struct request_headers *h,
			  const struct http_headers *headers)
{
	*h = (struct request_headers){ 0 };
	for (size_t i = 0; i < headers->count; i++)
		note(h, &headers->rows[i]);
}
