/* clients/cli/ask.h - asking a daemon for an operation
 *
 * Connect with protobuf over HTTP: a message goes out, a message or a fault
 * comes back. A player's token is refreshed by itself, before it ends or when
 * it is refused. A daemon that can't be reached is asked again for as long as
 * patience lasts, which is safe for reads and for what carries a request id.
 */
#ifndef PARLOR_CLI_ASK_H
#define PARLOR_CLI_ASK_H

#include "clients/cli/cli.h"

#include <protobuf-c/protobuf-c.h>

enum { ASK_PATIENCE_MS = 3000, ASK_FOREVER = -1 };

enum ask_as {
	ASK_AS_NOBODY,
	ASK_AS_PLAYER, /* of the run's profile */
	ASK_AS_ADMIN,  /* signed with the administrator's key */
};

struct ask {
	enum endpoint at;
	const char *method; /* "parlor.kv.v1.KeyValue/GetItem" */
	enum ask_as as;
	int patience_ms; /* 0: once; ASK_FOREVER */
};

/* For protobuf-c's fields, which nobody writes through. */
static inline char *ask_text(const char *text)
{
	return (char *)(uintptr_t)text;
}

/* The answer's bytes in c->answer. 0, or the fault's code: -E_UNAVAILABLE when
 * nobody answered. */
int ask_bytes(struct cli *, const struct ask *, struct slice request);

/* The same with messages: the answer unpacked, or NULL. */
void *ask_message(struct cli *, const struct ask *,
		  const ProtobufCMessage *request,
		  const ProtobufCMessageDescriptor *answer);

/* A detail of the run's fault, unpacked; NULL when it has none of that type. */
void *ask_detail(struct cli *, const ProtobufCMessageDescriptor *);

/* A request id nobody else has. */
const char *ask_request_id(struct cli *);

#endif
