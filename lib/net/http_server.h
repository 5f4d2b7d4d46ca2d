/* lib/net/http_server.h - HTTP/1.1 for a daemon's listeners
 *
 * A server hands each request to its handler on the thread of its connection:
 * `begin` when the headers are there and before any of the body is read, then
 * `handle` when the body is complete. The handler answers from either, at once
 * or later, exactly once; requests on a connection are answered one after the
 * other. What could be read in two ways (RFC 9112, sections 3, 5, 6 and 11) is
 * refused with 400 and the connection closed, before a handler sees it.
 *
 * A request is owned by the server. It stays until it has been answered and,
 * when the connection closed first, until the handler did so all the same.
 */
#ifndef PARLOR_NET_HTTP_SERVER_H
#define PARLOR_NET_HTTP_SERVER_H

#include "lib/base/fault.h"
#include "lib/net/http.h"
#include "lib/net/loop.h"

#include <sys/socket.h>

struct http_server;
struct http_request;

/* What bounds a connection; 0 takes the default in brackets. */
struct http_limits {
	size_t line;	     /* request line, bytes [8192]; longer: 414 */
	size_t headers;	     /* all header lines, bytes [32768]; more: 431 */
	size_t header_count; /* [100]; more: 431 */
	size_t body;	     /* what `begin` may allow, bytes [6 MiB] */
	size_t arena;	     /* a request's memory, bytes [64 MiB] */
	size_t output;	     /* answer bytes waiting on a slow reader [1 MiB] */
	int header_ms; /* for the whole header, from its first byte [10000] */
	int body_ms;   /* for the whole body [60000] */
	int idle_ms;   /* between requests [75000] */
	int write_ms;  /* without progress while writing [30000] */
	size_t connections; /* per server, over its threads [10000] */
	size_t connections_per_address; /* [0: no limit] */
};

struct http_request {
	struct arena mem;    /* all that is made for this request */
	struct loop *loop;   /* the thread it lives on */
	struct slice method; /* "GET" */
	struct slice path;   /* raw, as sent, without the query */
	struct slice query;  /* raw, without '?' */
	struct slice host;   /* the Host header */
	struct http_headers headers;
	struct slice body;	      /* complete when `handle` runs */
	struct http_headers trailers; /* of a chunked body */
	size_t body_max;	      /* begin may set it, up to limits.body */
	bool secret;		      /* begin may set it: no copy is left */
	bool has_body;		      /* one was announced */
	bool expects;		      /* the client waits for 100 (Continue) */
	int minor;		      /* HTTP/1.minor */
	const char *peer;	      /* the client's address as text; "unix" */
	/* begin may set them: of its answer, beside those given with it */
	const struct http_header *lines;
	size_t line_count;
	bool tls;
	int64_t started_ns; /* monotonic, at its first byte */
	bool closed;	    /* the client has gone; still answer, once */
	void *user;	    /* the handler's */
	/* Called once when the client goes away before the answer is made: its
	 * connection is lost, or it closed its side (it may still read then).
	 * Before `handle` has been called it also means that all is over: who
	 * began something in `begin` stops it and does not answer. */
	void (*on_close)(struct http_request *);
	/* Called once when the server drains before the answer is complete: a
	 * stream without an end of its own should end soon. */
	void (*on_drain)(struct http_request *);
	/* Called once when all is over, answered or not, before mem is reset:
	 * status and bytes are final. For the access log. */
	void (*on_end)(struct http_request *, int status, uint64_t sent);
};

struct http_handler {
	/* Headers are complete. Answer now, or return and get the body. A
	 * status of the limits (413 and the like) is answered through `error`.
	 */
	void (*begin)(struct http_request *, void *arg);
	/* The body is complete (or there is none). */
	void (*handle)(struct http_request *, void *arg);
	/* Makes the answer, at once, for a request that the server itself
	 * refuses with `status` after its first line was read (the headers may
	 * be missing); NULL for a plain text one. What `begin` began is to be
	 * given up. */
	void (*error)(struct http_request *, int status, const char *why,
		      void *arg);
	void *arg;
};

struct tls; /* lib/net/tls.h */

/* `tls` may be NULL; unix sockets go without. The server serves the listeners
 * added to it, on every loop that they were added for. */
struct http_server *http_server_new(const struct http_limits *,
				    const struct http_handler *, struct tls *);

/* Opens a listener on this loop: "127.0.0.1:8080", "[::1]:8080" (port 0 picks
 * one), or "unix:/path". With several loops call it once for each: they share
 * the port by SO_REUSEPORT. `bound` (64 bytes or more, may be NULL) takes the
 * address with its real port. Returns 0 or -E_UNAVAILABLE with words in `why`.
 */
int http_server_listen(struct http_server *, struct loop *, const char *address,
		       char *bound, size_t bound_size, struct fault *why);

/* Stops accepting; idle connections close, busy ones after their answer, which
 * carries "Connection: close". Any thread, once. `drained` runs on the loop of
 * the last connection, or at once when there is none; the server is not to be
 * freed in there. */
void http_server_drain(struct http_server *, void (*drained)(void *), void *);

/* When its loops have stopped, or on its only loop: closes what is left. A
 * request that is still unanswered ends (on_end with status 0). */
void http_server_free(struct http_server *);
size_t http_server_connections(const struct http_server *);

/* The whole answer. The body is copied or sent before this returns. Date,
 * Content-Length and Connection are the server's. A body is not sent to HEAD.
 */
void http_respond(struct http_request *, int status,
		  const struct http_header *headers, size_t count,
		  struct slice body);

/* An answer piece by piece, chunked: begin, any number of writes, end. A write
 * returns the bytes that still wait; past limits.output stop until `drained`
 * (called on the loop's thread) says there is room. `trailers` may be NULL. */
void http_respond_begin(struct http_request *, int status,
			const struct http_header *headers, size_t count,
			void (*drained)(struct http_request *));
size_t http_respond_write(struct http_request *, struct slice);
/* Should it stop writing, so that `drained` will come? Past limits.output, and
 * also when it has written much at once: others want their turn. */
bool http_respond_crowded(const struct http_request *);
void http_respond_end(struct http_request *, const struct http_header *trailers,
		      size_t count);

#endif
