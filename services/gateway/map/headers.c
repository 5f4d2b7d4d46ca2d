/* services/gateway/map/headers.c - which header lines go on */
#include "services/gateway/map/headers.h"

/* What becomes of a line. */
enum {
	NOT_ASKED = 1 << 0,    /* stays behind on the way in */
	NOT_ANSWERED = 1 << 1, /* and on the way out */
	HOP = NOT_ASKED | NOT_ANSWERED,
};

#define FOUND(field) (1 + offsetof(struct headers_found, field))

static const struct row {
	struct slice name;
	unsigned flags;
	size_t found; /* where headers_find puts it */
} rows[] = {
	{ SLICE("te"), HOP, 0 },
	{ SLICE("date"), NOT_ANSWERED, 0 },
	{ SLICE("host"), NOT_ASKED, 0 },
	{ SLICE("expect"), NOT_ASKED, 0 },
	{ SLICE("origin"), NOT_ASKED, 0 },
	{ SLICE("trailer"), HOP, 0 },
	{ SLICE("upgrade"), HOP, 0 },
	{ SLICE("connection"), HOP, 0 },
	{ SLICE("keep-alive"), HOP, 0 },
	{ SLICE("traceparent"), NOT_ASKED, FOUND(traceparent) },
	{ SLICE("x-request-id"), HOP, FOUND(request_id) },
	{ SLICE("authorization"), 0, FOUND(authorization) },
	{ SLICE("content-length"), HOP, 0 },
	{ SLICE("proxy-connection"), HOP, 0 },
	{ SLICE("transfer-encoding"), HOP, 0 },
	{ SLICE("connect-timeout-ms"), NOT_ASKED, FOUND(timeout) },
	{ SLICE("proxy-authenticate"), HOP, 0 },
	{ SLICE("proxy-authorization"), HOP, 0 },
};

static const struct row *find_row(struct slice name)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].name.size == name.size &&
		    slice_equal_nocase(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static bool has_prefix(struct slice name, struct slice prefix)
{
	return name.size >= prefix.size &&
	       slice_equal_nocase(slice_make(name.data, prefix.size), prefix);
}

/* Who is calling, and which pages may, is said by the suite's own alone. */
static bool is_ours(struct slice name)
{
	return has_prefix(name, SLICE("parlor-")) ||
	       has_prefix(name, SLICE("access-control-"));
}

void headers_find(const struct http_headers *headers, struct headers_found *f)
{
	*f = (struct headers_found){ 0 };
	for (size_t i = 0; i < headers->count; i++) {
		const struct row *row = find_row(headers->rows[i].name);
		struct slice *place;

		if (!row || !row->found)
			continue;
		place = (struct slice *)(void *)((char *)f + row->found - 1);
		if (place->data)
			f->twice = (const char *)row->name.data;
		*place = headers->rows[i].value;
	}
}

/* The lists of all Connection lines; usually empty or "keep-alive". */
static bool is_named(const struct http_headers *headers, struct slice name)
{
	for (size_t i = 0; i < headers->count; i++) {
		struct slice list = headers->rows[i].value;

		if (!slice_equal_nocase(headers->rows[i].name,
					SLICE("connection")))
			continue;
		while (list.size)
			if (slice_equal_nocase(
				slice_trim(slice_cut(&list, ',')), name))
				return true;
	}
	return false;
}

/* Does a Connection line name more than the usual? */
static bool names_others(const struct http_headers *headers)
{
	for (size_t i = 0; i < headers->count; i++)
		if (slice_equal_nocase(headers->rows[i].name,
				       SLICE("connection")) &&
		    !slice_equal_nocase(headers->rows[i].value,
					SLICE("keep-alive")) &&
		    !slice_equal_nocase(headers->rows[i].value, SLICE("close")))
			return true;
	return false;
}

static size_t copy(const struct http_headers *headers, unsigned flag,
		   struct http_header *out)
{
	bool named = names_others(headers);
	size_t count = 0;

	for (size_t i = 0; i < headers->count; i++) {
		struct slice name = headers->rows[i].name;
		const struct row *row = find_row(name);

		if ((row && row->flags & flag) || is_ours(name) ||
		    (named && is_named(headers, name)))
			continue;
		out[count++] = headers->rows[i];
	}
	return count;
}

size_t headers_of_request(const struct http_headers *headers,
			  struct http_header *out)
{
	return copy(headers, NOT_ASKED, out);
}

size_t headers_of_answer(const struct http_headers *headers,
			 struct http_header *out)
{
	return copy(headers, NOT_ANSWERED, out);
}
