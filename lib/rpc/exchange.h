/* lib/rpc/exchange.h - an HTTP request as a call, and its outcome as HTTP
 *
 * An exchange lives in its request's arena. dispatch.c makes it on the headers
 * and checks what they say; here the message is taken out of the body and the
 * answer put into one: Connect's two codecs, unary or streamed, compressed or
 * not. Nothing of protobuf's own form is copied.
 */
#ifndef PARLOR_RPC_EXCHANGE_H
#define PARLOR_RPC_EXCHANGE_H

#include "lib/net/http_server.h"
#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"
#include "lib/rpc/dispatch.h"

/* What dispatch looks a path up for. */
struct route {
	const struct op *op;
	const struct descriptor_method *method;
	const char *allow; /* "POST", or "GET, POST" */
};

/* The header lines that matter here, found in one pass. */
struct request_headers {
	struct slice authorization, caller, body_sha256;
	struct slice content_type, content_encoding;
	struct slice version, timeout, stream_encoding;
	struct slice traceparent, request_id;
	bool gzip, stream_gzip; /* what the client takes */
	const char *twice;	/* a line that may stand once and does not */
};

void request_headers_read(struct request_headers *,
			  const struct http_headers *);

struct rpc_exchange {
	struct call call;
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

extern const struct call_door rpc_exchange_door;

/* Takes the message out of the complete request into call.request; fails the
 * call when it is malformed. */
void rpc_exchange_decode(struct rpc_exchange *);

/* Answers with the call's fault; `status` 0 is the code's own. */
void rpc_exchange_refuse(struct rpc_exchange *, int status);

#endif
