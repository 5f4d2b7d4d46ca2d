/* lib/net/http_connection.h - inside the server: a thread's part, a connection
 *
 * A shard is what a server has on one loop; a connection belongs to one. What
 * happens to a connection within a turn of the loop (bytes came, the handler
 * answered, a deadline passed) only notes it as touched; at the end of the turn
 * each touched one is brought up to date: next requests, one write, its
 * deadline, its end. So a connection is never freed under its handler's feet.
 */
#ifndef PARLOR_NET_HTTP_CONNECTION_H
#define PARLOR_NET_HTTP_CONNECTION_H

#include <event2/event_struct.h> /* first: it has a LIST_ENTRY for itself */

#include "lib/base/map.h"
#include "lib/net/address.h"
#include "lib/net/deadline.h"
#include "lib/net/http_parser.h"
#include "lib/net/http_server.h"
#include "lib/net/stream.h"

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>

struct http_server {
	struct http_limits limits;
	struct http_scan_limits scan_limits;
	const struct http_handler *handler;
	struct tls *tls;
	atomic_size_t connections;
	pthread_mutex_t lock; /* of what is below */
	struct list shards;
	struct list addresses; /* that were bound */
	struct map per_address;
	/* draining */
	atomic_bool draining;
	atomic_size_t undrained; /* shards */
	void (*drained)(void *);
	void *drained_arg;
};

enum { HTTP_DATE = 29 };

struct shard {
	struct list shards; /* the server's */
	struct http_server *server;
	struct loop *loop;
	struct loop_turn turn;
	struct list listeners;
	struct deadlines deadlines; /* all connections are members */
	struct list touched;
	struct event again; /* when a turn leaves some touched */
	struct task drain;
	size_t connections;
	bool drain_begun, drain_over;
	int64_t now_ms; /* monotonic, of this turn */
	time_t date_second;
	char date[HTTP_DATE + 1];
};

enum phase {
	PHASE_IDLE,   /* no byte of a request yet */
	PHASE_HEADER, /* some */
	PHASE_BODY,   /* `begin` was called */
	PHASE_WAIT,   /* `handle` (or `error`) was called */
	PHASE_SKIP,   /* answered; the rest of the body is thrown away */
	PHASE_LINGER, /* no more to say: what still comes is thrown away, so
			 that our last words are not lost with a reset */
	PHASE_DEAD,   /* to be freed at the turn's end */
};

enum answer { ANSWER_NONE, ANSWER_BEGUN, ANSWER_DONE };

struct connection {
	struct http_request request;
	struct shard *shard;
	struct stream stream;
	struct event readable, writable;
	struct deadline deadline;
	struct list touched;
	struct buffer in, out, body;
	struct http_scan scan;
	struct http_chunks chunks;
	enum http_framing framing;
	uint64_t left;	     /* of a body by length */
	int64_t phase_until; /* monotonic ms; 0: for ever */
	int64_t progress_ms; /* when writing last moved */
	uint64_t sent;	     /* of this answer */
	int status;
	unsigned writes; /* of a stream since its handler was called */
	enum phase phase;
	enum answer answer;
	bool reading;	 /* its event is there */
	bool ended;	 /* the other end says no more */
	bool shut;	 /* we said no more */
	bool close;	 /* after this answer */
	bool processing; /* below us on the stack */
	bool head;	 /* the answer has no body: HEAD */
	bool chunked;	 /* the answer is */
	bool crowded;	 /* the handler was told to wait for `drained` */
	bool trimmed;	 /* idle, and its memory given back */
	bool secret;	 /* one of its requests held a secret */
	bool sending;	 /* out has waited since progress_ms */
	void (*drained)(struct http_request *);
	struct address address;
	char peer[64];
};

static inline struct connection *connection_of(struct http_request *r)
{
	return LIST_ENTRY(r, struct connection, request);
}

/* http_connection.c */

/* Takes over an accepted socket. */
void connection_new(struct shard *, int fd, const struct address *);
/* Notes that it must be looked at when the turn ends. */
void connection_touch(struct connection *);
/* Would an answer now leave a body behind that is not worth reading? Then the
 * connection closes. */
bool connection_leaves_body(const struct connection *);
/* Its socket is lost, or not worth keeping. */
void connection_drop(struct connection *);
/* The server drains: takes a request that came just before, or leaves. */
void connection_drain(struct connection *);
/* Brings a touched connection up to date; may free it. */
void connection_turn(struct connection *);
/* Frees a dropped one, answered or not. */
void connection_abandon(struct connection *);

/* http_answer.c */

/* Writes what waits, and `more` behind it. False when the socket is lost. */
bool connection_flush(struct connection *, struct slice more);
/* Lets a streaming handler write again when there is room. */
void answer_go_on(struct connection *);
/* What stands behind "Date: " now, HTTP_DATE bytes. */
const char *answer_date(struct shard *);
/* Answers in plain words, "why" and a newline. */
void answer_plainly(struct connection *, int status, const char *why);

/* http_listener.c */

/* Opens a listener on the shard's loop; as http_server_listen. */
int listener_open(struct shard *, const char *text, char *real,
		  size_t real_size, struct fault *why);
/* Forgets a connection in the limits. */
void listener_forget(struct http_server *, const struct address *);
/* Takes what waits in the backlogs, then closes the listeners. */
void listeners_close(struct shard *);
/* Lets go of the addresses; removes socket files. */
void listener_forget_addresses(struct http_server *);

/* http_server.c */

/* Has the shard's last connection gone while it drains? Then says so. */
void shard_drained(struct shard *);

#endif
