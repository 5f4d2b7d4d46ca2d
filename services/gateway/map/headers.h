/* services/gateway/map/headers.h - which header lines go on
 *
 * End-to-end lines do, in both directions. Lines about one connection, those a
 * Connection line names, those the other end makes itself, and everything that
 * begins with "parlor-" do not: nobody outside states who he is. Nor do a
 * browser's Origin and what a back end says of it: the gateway's pages are the
 * gateway's business.
 */
#ifndef PARLOR_GATEWAY_HEADERS_H
#define PARLOR_GATEWAY_HEADERS_H

#include "lib/net/http.h"

/* The lines that a service needs of a request beside those passed on. */
struct headers_found {
	struct slice traceparent, request_id, authorization;
	struct slice timeout; /* connect-timeout-ms */
	const char *twice;    /* one of them stands there more than once */
};

/* Finds them in one pass. */
void headers_find(const struct http_headers *, struct headers_found *);

/* Copies the lines of a request (of an answer) that go on to `out`, which has
 * room for all; returns how many. Of a request, not those of headers_found but
 * authorization. */
size_t headers_of_request(const struct http_headers *, struct http_header *out);
size_t headers_of_answer(const struct http_headers *, struct http_header *out);

#endif
