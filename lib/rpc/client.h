/* lib/rpc/client.h - calling an operation of another daemon
 *
 * Connect over lib/net's client, protobuf codec. One per loop and service. It
 * adds this daemon's caller token, the user's token, traceparent and the
 * remaining deadline; it reads Connect errors back into the fault.
 */
#ifndef PARLOR_RPC_CLIENT_H
#define PARLOR_RPC_CLIENT_H

#include "lib/net/http_client.h"
#include "lib/rpc/call.h"

struct caller; /* lib/crypto/caller.h: this daemon's own identity */
struct rpc_client;

struct rpc_client *rpc_client_new(struct loop *, struct target *,
				  const struct caller *, const char *audience,
				  struct tls *);
void rpc_client_free(struct rpc_client *);

/* An outgoing call: the caller's until `done`, which comes exactly once. */
struct rpc_call {
	/* in */
	const char *method;		 /* "parlor.kv.v1.KeyValue/PutItem" */
	const ProtobufCMessage *request; /* or, if NULL, request_bytes */
	struct slice request_bytes;
	struct slice user_token; /* to pass on; may be empty */
	/* "function:NAME" on whose behalf this daemon speaks; may be empty */
	struct slice on_behalf;
	const char *traceparent; /* may be NULL */
	int timeout_ms;
	bool idempotent;   /* may be sent again on another address */
	struct arena *mem; /* for the answer */
	void (*done)(struct rpc_call *);
	/* streams: each message; NULL for unary */
	void (*message)(struct rpc_call *, struct slice);
	void *user;
	/* out */
	struct fault fault;  /* code E_NONE when all is well */
	struct slice answer; /* bytes in `mem`; unpack with message_unpack */
	struct http_call http;
	void *state;
};

void rpc_client_call(struct rpc_client *, struct rpc_call *);
void rpc_client_cancel(struct rpc_client *, struct rpc_call *);

#endif
