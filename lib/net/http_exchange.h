/* lib/net/http_exchange.h - inside the client: peers, connections, exchanges
 *
 * A peer is an address of the target; it has connections, idle or busy with one
 * exchange each; an exchange is a call on its way, perhaps its second one.
 */
#ifndef PARLOR_NET_HTTP_EXCHANGE_H
#define PARLOR_NET_HTTP_EXCHANGE_H

#include <event2/event_struct.h> /* first: it has a LIST_ENTRY for itself */

#include "lib/net/deadline.h"
#include "lib/net/http_client.h"
#include "lib/net/http_parser.h"
#include "lib/net/stream.h"

#include <event2/event.h>

struct http_client {
	struct loop *loop;
	struct target *target;
	struct tls *tls;
	struct http_client_limits limits;
	struct http_scan_limits scan_limits;
	struct deadlines deadlines;
	unsigned version; /* of the target, that `peers` are from */
	struct peer **peers;
	size_t peer_count;
	struct list waiting; /* exchanges without a connection */
	size_t waiting_count;
	struct list failed; /* exchanges to be told */
	struct list open;   /* all connections */
	struct list closed; /* those that are to be freed */
	struct event later; /* frees and tells them, in the loop's next turn */
	unsigned retries;   /* left in the budget, in fifths */
	uint64_t random;
};

struct peer {
	struct target_address address;
	bool listed;	  /* the target still names it */
	struct list idle; /* connections, the last used first */
	size_t open, busy;
	unsigned failures;    /* in a row */
	int64_t out_until_ms; /* left out */
};

struct exchange {
	struct http_client *client;
	struct http_call *call;
	struct wire *wire; /* NULL while it waits */
	struct deadline deadline;
	struct list queue; /* waiting or failed */
	bool waits;	   /* in the first */
	const struct peer *last;
	int attempts;
};

/* A connection of ours. */
struct wire {
	struct http_client *client;
	struct peer *peer;
	struct exchange *exchange; /* NULL: idle */
	struct list open, idle;
	struct stream stream;
	struct event readable, writable;
	struct deadline deadline; /* of connecting, or of being idle */
	struct arena mem;	  /* the answer's header */
	struct buffer in, out, body;
	struct slice unsent; /* of the call's body */
	struct http_head head;
	struct http_scan scan;
	struct http_chunks chunks;
	uint64_t left;
	enum { WIRE_CONNECT, WIRE_HEAD, WIRE_BODY } phase;
	bool fresh;    /* nothing was written yet */
	bool used;     /* it carried an answer before */
	bool answered; /* a byte came for this exchange */
	unsigned interim;
};

/* http_client.c */

/* Finds a connection for it, or a place in the queue, or fails it. */
void exchange_start(struct exchange *);
/* The call is over: `done` runs, at once or in the loop's next turn. */
void exchange_done(struct exchange *);
void exchange_fail(struct exchange *, int error);
/* Its connection broke: another time, or failed. */
void exchange_broken(struct exchange *, bool answered);
/* A connection is free, or there may be one: who waits goes on. */
void client_go_on(struct http_client *);

/* http_peer.c */

/* Takes the target's list, at first and when it has changed. */
void peers_load(struct http_client *);
void peers_update(struct http_client *);
void peers_free(struct http_client *);
/* The better of two; not `other` if there is another. NULL: there is none. */
struct peer *peer_choose(struct http_client *, const struct peer *other);
void peer_failed(struct peer *);
void peer_works(struct peer *);
/* Frees it if nothing needs it any more. */
void peer_release(struct peer *);

/* http_wire.c */

/* Takes an idle connection of the peer or opens one. Returns 0,
 * -E_UNAVAILABLE, or -E_EXHAUSTED when it has as many as it may. */
int wire_take(struct exchange *, struct peer *);
/* Closes and leaves all lists but that of the closed: whoever is above us on the
 * stack may still look at it. */
void wire_close(struct wire *);
static inline bool wire_is_closed(const struct wire *w)
{
	return w->stream.fd < 0;
}
void wires_free_closed(struct http_client *);
/* The exchange is given up. */
void wire_abandon(struct wire *);

#endif
