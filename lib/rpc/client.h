/* lib/rpc/client.h - calling an operation of another daemon
 *
 * Connect over lib/net's client, protobuf codec. One per loop and service. It
 * adds this daemon's caller token, the user's token, traceparent and the
 * remaining deadline; it reads Connect errors back into the fault.
 */
#ifndef PARLOR_RPC_CLIENT_H
#define PARLOR_RPC_CLIENT_H

#include "lib/net/http_client.h"
#include "lib/net/loop.h"
#include "lib/rpc/call.h"

struct caller; /* lib/crypto/caller.h: this daemon's own identity */
struct rpc_client;

/* `caller` may be NULL: then no service speaks (the command line). */
struct rpc_client *rpc_client_new(struct loop *, struct target *,
				  const struct caller *, const char *audience,
				  struct tls *);
void rpc_client_free(struct rpc_client *);

enum { RPC_MORE_HEADERS = 8 };

/* An outgoing call: the caller's until `done`, which comes exactly once, and
 * not before rpc_client_call has returned. */
struct rpc_call {
	/* in */
	const char *method;		 /* "parlor.kv.v1.KeyValue/PutItem" */
	const ProtobufCMessage *request; /* or, if NULL, request_bytes */
	struct slice request_bytes;
	struct slice user_token; /* to pass on; may be empty */
	/* "function:NAME" on whose behalf this daemon speaks; may be empty */
	struct slice on_behalf;
	const char *traceparent; /* may be NULL */
	int timeout_ms;		 /* passed on; 0: none */
	bool idempotent;	 /* may be sent again on another address */
	struct arena *mem;	 /* for request and answer */
	const struct http_header *headers; /* more of them: a signature's */
	size_t header_count;		   /* at most RPC_MORE_HEADERS */
	void (*done)(struct rpc_call *);
	/* streams: each message; NULL for unary */
	void (*message)(struct rpc_call *, struct slice);
	void *user;
	/* out */
	struct fault fault; /* code E_NONE when all is well */
	/* unary: bytes in `mem`; unpack with message_unpack */
	struct slice answer;
	/* the client's */
	struct http_call http;
	struct timer unsent; /* for one that could not be made */
	void *state;
};

void rpc_client_call(struct rpc_client *, struct rpc_call *);

/* Forgets a call: `done` is not called any more. Also from `message`. */
void rpc_client_cancel(struct rpc_client *, struct rpc_call *);

#endif
