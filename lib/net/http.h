/* lib/net/http.h - what a message of HTTP/1.1 is made of, for both ends
 *
 * The room: threads' loops, sockets plain and under TLS, HTTP/1.1 as a server
 * and as a client, and where services are found. It knows no protocol above
 * HTTP and calls lib/base alone. Headers whose names end in connection and
 * exchange are its own affair.
 */
#ifndef PARLOR_NET_HTTP_H
#define PARLOR_NET_HTTP_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/slice.h"

enum { HTTP_HEADERS_MAX = 100 };

struct http_header {
	struct slice name, value; /* as they came, value without blanks */
};

struct http_headers {
	struct http_header *rows;
	size_t count;
};

/* The first header of that name in any case; an empty slice with null data
 * when there is none. */
struct slice http_header_find(const struct http_headers *, const char *name);

/* The value of a cookie that the request brought, the first of its name; null
 * data when there is none. */
struct slice http_cookie_find(const struct http_headers *, const char *name);

/* Can it stand in a header line? Not with CR, LF or NUL in it. */
bool http_is_clean(struct slice);

/* Is `word` a member of the comma-separated list, in any case? */
bool http_list_has(struct slice list, const char *word);

/* Does an Accept-Encoding, such as "br, gzip;q=0.5", take this one? */
bool http_takes(struct slice list, const char *encoding);

/* The reason phrase of a status, "" if unknown. */
const char *http_reason(int status);

/* Decodes %XX in a copy from the arena, NUL behind it; -E_INVALID on a bad
 * escape or on NUL. `plus` turns '+' into a space, as in queries. */
int http_percent_decode(struct arena *, struct slice in, bool plus,
			struct slice *out);

/* Walks the parameters of a query as they are written, undecoded; an absent
 * "=" gives an empty value. False at the end. */
bool http_query_next(struct slice *query, struct slice *name,
		     struct slice *value);

/* The value of a query parameter, decoded; -E_MISSING when it is not there,
 * -E_INVALID on a bad escape. */
int http_query_find(struct arena *, struct slice query, const char *name,
		    struct slice *value);

#endif
