/* tests/bench/pool_ask.h - operations of a user pool, one at a time
 *
 * In JSON over a unix socket of parlor-auth's, by http_ask.h. Texts of an answer
 * are found by their names: none of those that are asked for has a quote in it.
 */
#ifndef PARLOR_BENCH_POOL_ASK_H
#define PARLOR_BENCH_POOL_ASK_H

#include "tests/support/http_ask.h"

#include <stdarg.h>

enum { POOL_ASK_TEXT = 8192 };

__attribute__((format(printf, 3, 4))) static inline void pool_ask(
    struct http_ask *a, const char *operation, const char *format, ...)
{
	static _Thread_local char body[POOL_ASK_TEXT],
	    request[POOL_ASK_TEXT + 256];
	va_list values;
	int size;

	va_start(values, format);
	vsnprintf(body, sizeof(body), format, values);
	va_end(values);
	size = snprintf(request, sizeof(request),
			"POST /parlor.auth.v1.UserPool/%s HTTP/1.1\r\n"
			"Host: bench\r\nContent-Type: application/json\r\n"
			"Content-Length: %zu\r\n\r\n%s",
			operation, strlen(body), body);
	if (!http_ask_bytes(a, slice_make(request, (size_t)size))) {
		fprintf(stderr, "%s: the connection was closed\n", operation);
		exit(2);
	}
}

/* The text of that name in the answer; "" when there is none. */
static inline void pool_ask_text(const struct http_ask *a, const char *name,
				 char out[POOL_ASK_TEXT])
{
	char wanted[64];
	const char *at;

	snprintf(wanted, sizeof(wanted), "\"%s\":\"", name);
	at = strstr((const char *)a->body.data, wanted);
	snprintf(out, POOL_ASK_TEXT, "%.*s",
		 at ? (int)strcspn(at + strlen(wanted), "\"") : 0,
		 at ? at + strlen(wanted) : "");
}

#endif
