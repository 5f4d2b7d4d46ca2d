/* lib/rpc/exchange.h - an HTTP request as a call, and its outcome as HTTP
 *
 * An exchange lives in its request's arena. dispatch.c makes it on the headers
 * and asks its door what they say; the door takes the message out of the body
 * and puts the answer into one. A door translates and never decides. Connect's
 * (exchange.c) has two codecs, unary or streamed, compressed or not, and copies
 * nothing of protobuf's own form; AWS's is aws.c.
 */
#ifndef PARLOR_RPC_EXCHANGE_H
#define PARLOR_RPC_EXCHANGE_H

#include "lib/net/http_server.h"
#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"
#include "lib/rpc/dispatch.h"

enum { ROUTE_PATH = 256 };

/* What dispatch looks a path or a target up for. */
struct route {
	const struct op *op;
	const struct op_service *service;
	const struct descriptor_method *method;
	const char *allow;     /* "POST", or "GET, POST" */
	char path[ROUTE_PATH]; /* "/parlor.kv.v1.KeyValue/PutItem" */
};

/* The header lines that matter here, found in one pass. */
struct request_headers {
	struct slice authorization, caller, body_sha256;
	struct slice content_type, content_encoding;
	struct slice version, timeout, stream_encoding;
	struct slice traceparent, request_id;
	struct slice target;	/* x-amz-target */
	bool gzip, stream_gzip; /* what the client takes */
	const char *twice;	/* a line that may stand once and does not */
};

void request_headers_read(struct request_headers *,
			  const struct http_headers *);

struct rpc_exchange;

/* A protocol in front of the operations. */
struct rpc_door {
	struct call_door call; /* how answers go out */
	/* Is it a request of this protocol, for a route? Fails the call. */
	void (*check)(struct rpc_exchange *);
	/* Takes the message out of the complete request into call.request;
	 * fails the call when it is malformed. */
	void (*decode)(struct rpc_exchange *);
	/* Answers with the call's fault; `status` 0 is the code's own. */
	void (*refuse)(struct rpc_exchange *, int status);
};

extern const struct rpc_door connect_door, aws_door;

struct rpc_exchange {
	struct call call;
	const struct rpc_door *door;
	struct http_request *request;
	const struct dispatch_options *options;
	const struct route *route; /* NULL: the path has none */
	struct request_headers headers;
	bool get, json;
	bool stream;	   /* the content type is a stream's */
	bool compressed;   /* the body is gzip */
	bool takes_gzip;   /* the answer may be */
	bool begun;	   /* a streamed answer */
	bool unsigned_yet; /* the signature waits for the body */
	bool signed_body;  /* the body must have the hash that was signed */
	struct buffer plain, message; /* decompressed; from JSON */
};

/* connect_request.c: the door's check. */
void connect_check(struct rpc_exchange *);

enum { ANSWER_MAX = 64 << 20 };

/* The body without its compression; empty, and failed, when that is bad. */
struct slice rpc_exchange_decompress(struct rpc_exchange *, struct slice);

/* The bytes compressed in `room`, where the client takes that and it is worth
 * it: then *compressed. */
struct slice rpc_exchange_compress(const struct rpc_exchange *, struct slice,
				   struct buffer *room, bool *compressed);

#endif
