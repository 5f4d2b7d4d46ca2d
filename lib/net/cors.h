/* lib/net/cors.h - which web pages may call
 *
 * Browsers ask before they let a page of another origin call us; who asks from
 * elsewhere is let through and told nothing. Tokens travel in a header that a
 * page must set itself, so credentials are never allowed and an answer depends
 * on the origin alone. The question is answered without a token, for any path:
 * what a method may do there is said by the request itself.
 */
#ifndef PARLOR_NET_CORS_H
#define PARLOR_NET_CORS_H

#include "lib/net/http_server.h"

struct cors {
	const char *const *origins; /* "https://example.com"; "*": any */
	size_t count;
	const char *headers; /* that a page may send: a list */
	int64_t max_age_ms;  /* how long a browser may remember it */
};

/* On a request's headers: lets a page of an allowed origin read its answer. The
 * browser's question is answered: 204, or 403 to other origins; then true. */
bool cors_begin(const struct cors *, struct http_request *);

/* For what is public anyway: pages of any origin may read the answer. */
void cors_allow_all(struct http_request *);

#endif
