/* lib/rpc/dispatch.h - from an HTTP request to the row of its operation
 *
 * Installs as the handler of an http_server. On the headers it finds the row,
 * checks the content type, the tokens, the principal's kind against the row and
 * the length; then it reads the body, decodes it and runs the operation. Paths
 * that no row has go to `other`, if given. Every error on a Connect path has a
 * Connect error body.
 */
#ifndef PARLOR_RPC_DISPATCH_H
#define PARLOR_RPC_DISPATCH_H

#include "lib/net/http_server.h"
#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"
#include "lib/rpc/op.h"

struct identity; /* lib/crypto/identity.h */

struct dispatch_options {
	const struct op_service *services; /* ends with an empty row */
	const struct descriptor_set *descriptors;
	const struct identity *identity;  /* NULL: everybody is anonymous */
	const struct http_handler *other; /* plain HTTP paths; may be NULL */
	/* Fetches the key that signs the credential of a SigV4 header where the
	 * identity said IDENTITY_KEY_LATER, then runs the second function on the
	 * call's loop; the call has failed where there is none. NULL: the
	 * identity has them all. */
	void (*fetch_key)(struct call *, struct slice authorization,
			  void (*then)(struct call *), void *arg);
	void *fetch_arg;
	void *service; /* call.service */
	/* call.thread of a loop; may be NULL */
	void *(*thread)(struct loop *, void *service);
	bool ignore_unknown_fields; /* in JSON */
	size_t body_max;	    /* with a token [6 MiB] */
	size_t body_max_anonymous;  /* [64 KiB] */
	/* Called when a call is over, for log and metrics; call.op is NULL
	 * where the path had no row. */
	void (*over)(const struct call *, int http_status, uint64_t sent,
		     void *arg);
	void *over_arg;
};

struct dispatch;

/* Fails (NULL, fault) when a row's rpc is not in the descriptors. */
struct dispatch *dispatch_new(const struct dispatch_options *, struct fault *);
void dispatch_free(struct dispatch *);
const struct http_handler *dispatch_handler(struct dispatch *);

/* The first rpc of these services that has no row, or NULL: for the test that
 * every service has. */
const struct descriptor_method *dispatch_missing_row(
    const struct op_service *, const struct descriptor_set *);

#endif
