/* lib/net/http_client.h - HTTP/1.1 calls to the addresses of a target
 *
 * One client per loop and target: a pool of kept connections for each address,
 * power of two choices among those that answer, an address that refuses or
 * times out is left out and tried again (after 100 ms, doubling to 10 s); when
 * all are left out, the one whose time comes first is tried all the same. A call
 * that was not sent, or is idempotent, is sent again to another address, up to
 * three times in all and within a budget of one retry in five calls. Everything
 * happens on the loop's thread.
 */
#ifndef PARLOR_NET_HTTP_CLIENT_H
#define PARLOR_NET_HTTP_CLIENT_H

#include "lib/net/http.h"
#include "lib/net/loop.h"
#include "lib/net/target.h"

struct http_client;
struct tls;

struct http_client_limits {
	size_t connections; /* per address [256]; more calls wait in a queue */
	size_t waiting;	    /* queue [4096]; full: -E_EXHAUSTED */
	size_t headers;	    /* bytes of an answer's header [32768] */
	size_t body;	    /* bytes of an answer's body [8 MiB] */
	int connect_ms;	    /* [2000] */
	int idle_ms;	    /* a kept connection closes [60000] */
};

/* A call. Made by the caller, who owns it and all it points to until `done`,
 * which comes exactly once unless the call was cancelled. */
struct http_call {
	/* in */
	const char *method;
	const char *path; /* with the query */
	const struct http_header *headers;
	size_t header_count;
	struct slice body;
	int timeout_ms; /* for all of it; 0: none */
	/* May this call be sent again on another connection when the first one
	 * broke? Never sent again once a byte of an answer came. */
	bool idempotent;
	/* streamed answers only: called with each piece instead of gathering
	 * them in `answer`; NULL gathers. Status and headers are there. */
	void (*data)(struct http_call *, struct slice piece);
	void (*done)(struct http_call *);
	void *user;
	/* out; valid during `done` (and `data`) */
	int error; /* 0, -E_UNAVAILABLE, -E_DEADLINE, -E_EXHAUSTED, -E_LOSS
		      (an answer that is no HTTP or passes the limits), -E_INVALID
		      (no request can be made of this) */
	bool sent; /* some of the request may have reached the other end */
	int status;
	struct http_headers answer_headers;
	struct http_headers answer_trailers; /* during `done` */
	struct slice answer;
	/* the client's */
	void *state;
};

struct http_client *http_client_new(struct loop *, struct target *,
				    const struct http_client_limits *,
				    struct tls *);
/* Calls on their way are forgotten: nothing of theirs is touched any more. */
void http_client_free(struct http_client *);

/* Host and Content-Length are the client's. `done` is never called from within
 * this. */
void http_client_call(struct http_client *, struct http_call *);

/* Forgets a call: `done` is not called any more. */
void http_client_cancel(struct http_client *, struct http_call *);

/* A streamed answer's pieces stop coming (but for those already read) until
 * they may go on. */
void http_client_pause(struct http_call *, bool paused);

#endif
