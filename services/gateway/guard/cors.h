/* services/gateway/guard/cors.h - which web pages may call
 *
 * Browsers ask before they let a page of another origin call us; who asks from
 * elsewhere is let through and told nothing. Tokens travel in a header that a
 * page must set itself, so credentials are never allowed and an answer depends
 * on the origin alone.
 */
#ifndef PARLOR_GATEWAY_CORS_H
#define PARLOR_GATEWAY_CORS_H

#include "lib/net/http_server.h"

struct cors {
	const char *const *origins; /* "https://example.com"; "*": any */
	size_t count;
	const char *headers; /* that a page may send: a list */
	const char *max_age; /* seconds a browser may remember it */
};

enum { CORS_HEADERS = 3, CORS_PREFLIGHT_HEADERS = 6 };

/* The lines for an answer to a request from `origin` (empty: none), at most
 * CORS_HEADERS; returns how many. */
size_t cors_headers(const struct cors *, struct slice origin,
		    struct http_header *out);

/* Is the request a browser's question? */
bool cors_is_preflight(const struct http_request *);

/* Answers it for a path with these verbs: 204, or 403 for other origins. */
void cors_answer(const struct cors *, struct http_request *, const char *verbs);

#endif
