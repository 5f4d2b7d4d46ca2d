/* services/gateway/guard/cors.c - which web pages may call */
#include "services/gateway/guard/cors.h"

static bool is_allowed(const struct cors *c, struct slice origin)
{
	for (size_t i = 0; origin.size && i < c->count; i++)
		if (strcmp(c->origins[i], "*") == 0 ||
		    slice_is(origin, c->origins[i]))
			return true;
	return false;
}

static struct http_header line(const char *name, struct slice value)
{
	return (struct http_header){ slice_of(name), value };
}

size_t cors_headers(const struct cors *c, struct slice origin,
		    struct http_header *out)
{
	size_t count = 0;

	if (c->count == 0)
		return 0;
	out[count++] = line("vary", SLICE("origin"));
	if (!is_allowed(c, origin))
		return count;
	out[count++] = line("access-control-allow-origin", origin);
	out[count++] = line("access-control-expose-headers",
			    SLICE("x-request-id, retry-after, "
				  "www-authenticate"));
	return count;
}

bool cors_is_preflight(const struct http_request *r)
{
	return slice_is(r->method, "OPTIONS") &&
	       http_header_find(&r->headers, "origin").size &&
	       http_header_find(&r->headers, "access-control-request-method")
		   .size;
}

void cors_answer(const struct cors *c, struct http_request *r,
		 const char *verbs)
{
	struct slice origin = http_header_find(&r->headers, "origin");
	struct http_header headers[CORS_PREFLIGHT_HEADERS];
	size_t count = cors_headers(c, origin, headers);

	if (!is_allowed(c, origin)) {
		http_respond(r, 403, headers, count,
			     SLICE("{\"code\":\"permission_denied\","
				   "\"message\":\"origin not allowed\"}"));
		return;
	}
	headers[count++] =
	    line("access-control-allow-methods", slice_of(verbs));
	headers[count++] =
	    line("access-control-allow-headers", slice_of(c->headers));
	headers[count++] = line("access-control-max-age", slice_of(c->max_age));
	http_respond(r, 204, headers, count, slice_make(NULL, 0));
}
