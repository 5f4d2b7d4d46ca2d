/* services/gateway/forward/forward.h - a request's way to its back end and back
 *
 * On the headers: route, throttles, token, length. On the
 * complete body: room, the rpc's message, the call. What comes back goes out as
 * it is, or as JSON for REST. Every error has Connect's body, on every path, so
 * that no client has to know who refused it.
 *
 * The room: the only one that calls; it asks the others what to do.
 */
#ifndef PARLOR_GATEWAY_FORWARD_H
#define PARLOR_GATEWAY_FORWARD_H

#include "lib/crypto/snapshot.h"
#include "lib/net/http_client.h"
#include "lib/net/http_server.h"
#include "services/gateway/forward/plan.h"

struct caller;
struct identity;
struct spool;

enum { BACKENDS_MAX = 32 };

/* Who does it: a name for the settings, the audience of our token there. */
struct backend {
	const char *name;
	const char *address; /* as it was configured */
	struct target *target;
};

/* Made at the start, the same until the end but for plan and site. */
struct forward {
	_Atomic(struct plan *) plan;
	struct snapshot site; /* what no route answers */
	struct identity *identity;
	const struct caller *caller;
	struct spool *spool;
	struct tls *tls;
	struct backend backends[BACKENDS_MAX];
	size_t backend_count;
};

/* What a thread has: a client for each back end. On its own thread. */
struct forward_thread;
struct forward_thread *forward_thread_new(struct forward *, struct loop *);
void forward_thread_free(struct forward_thread *);

/* For requests on threads that have a forward_thread; its arg is the struct
 * forward. */
extern const struct http_handler forward_handler;

#endif
