/* lib/net/cors.c - which web pages may call */
#include "lib/net/cors.h"

#include <stdio.h>
#include <stdlib.h>

#define METHODS "GET, HEAD, POST, PUT, PATCH, DELETE"

static const struct http_header vary = { SLICE("vary"), SLICE("origin") };

static bool is_allowed(const struct cors *c, struct slice origin)
{
	for (size_t i = 0; origin.size && i < c->count; i++)
		if (strcmp(c->origins[i], "*") == 0 ||
		    slice_is(origin, c->origins[i]))
			return true;
	return false;
}

/* The arena was empty a moment ago: no maximum is so small. */
static void allow(struct http_request *r, struct slice origin)
{
	struct http_header *lines = arena_array(&r->mem, 3, sizeof(*lines));

	if (!lines)
		abort();
	lines[0] = vary;
	lines[1] = (struct http_header){ SLICE("access-control-allow-origin"),
					 origin };
	lines[2] = (struct http_header){
		SLICE("access-control-expose-headers"),
		SLICE("x-request-id, retry-after, www-authenticate, "
		      "x-amzn-requestid, x-amzn-errortype, x-amz-crc32")
	};
	r->lines = lines;
	r->line_count = 3;
}

static bool is_question(const struct http_request *r)
{
	return slice_is(r->method, "OPTIONS") &&
	       http_header_find(&r->headers, "access-control-request-method")
		   .size;
}

static void answer(const struct cors *c, struct http_request *r)
{
	char age[24];
	int size = snprintf(age, sizeof(age), "%lld",
			    (long long)(c->max_age_ms / 1000));
	const struct http_header lines[] = {
		{ SLICE("access-control-allow-methods"), SLICE(METHODS) },
		{ SLICE("access-control-allow-headers"), slice_of(c->headers) },
		{ SLICE("access-control-max-age"),
		  slice_make(age, (size_t)size) },
	};

	http_respond(r, 204, lines, 3, slice_make(NULL, 0));
}

static void refuse(struct http_request *r)
{
	const struct http_header type = { SLICE("content-type"),
					  SLICE("application/json") };

	http_respond(r, 403, &type, 1,
		     SLICE("{\"code\":\"permission_denied\","
			   "\"message\":\"origin not allowed\"}"));
}

bool cors_begin(const struct cors *c, struct http_request *r)
{
	struct slice origin = http_header_find(&r->headers, "origin");
	bool allowed = is_allowed(c, origin);

	if (c->count == 0)
		return false;
	r->lines = &vary;
	r->line_count = 1;
	if (allowed)
		allow(r, origin);
	if (!origin.size || !is_question(r))
		return false;
	if (allowed)
		answer(c, r);
	else
		refuse(r);
	return true;
}

void cors_allow_all(struct http_request *r)
{
	static const struct http_header any = {
		SLICE("access-control-allow-origin"), SLICE("*")
	};

	r->lines = &any;
	r->line_count = 1;
}
