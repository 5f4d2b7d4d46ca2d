/* clients/cli/ask.c - asking a daemon for an operation */
#include "clients/cli/ask.h"
#include "clients/cli/connection.h"
#include "clients/cli/endpoints.h"
#include "clients/cli/profile.h"
#include "clients/cli/signature.h"
#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/wire/message.h"

#include <errno.h>
#include <stdio.h>

enum {
	TIMEOUT_MS = 15000,
	PAUSE_MS = 100, /* before asking again; doubles up to PAUSE_MAX_MS */
	PAUSE_MAX_MS = 2000,
};

/* ---- one request ------------------------------------------------------------------ */

static int add_identity(struct cli *c, const struct ask *ask,
			const struct connection *connection,
			const struct profile *profile, struct slice body,
			struct rpc_call *call)
{
	if (ask->as == ASK_AS_PLAYER)
		call->user_token = slice_of(profile->access_token);
	if (ask->as != ASK_AS_ADMIN)
		return 0;
	call->headers =
	    signature_make(c, ask->at == AT_AUTH ? "cognito-idp" : "dynamodb",
			   arena_printf(&c->mem, "/%s", ask->method), body,
			   connection_host(connection));
	call->header_count = call->headers ? SIGNATURE_HEADERS : 0;
	return -c->fault.code;
}

static int ask_once(struct cli *c, const struct ask *ask, struct slice body,
		    const struct profile *profile)
{
	struct connection *connection =
	    connection_to(c, c->endpoints.base[ask->at]);
	struct rpc_call call = { .method = ask->method,
				 .request_bytes = body,
				 .timeout_ms = TIMEOUT_MS };

	if (!connection ||
	    add_identity(c, ask, connection, profile, body, &call) != 0)
		return -c->fault.code;
	connection_call(c, connection, &call);
	c->fault = call.fault;
	if (call.http.error) {
		fault_clear(&c->fault);
		cli_fail(c, call.http.error, "%s cannot be reached",
			 c->endpoints.base[ask->at]);
	}
	c->answer = call.answer;
	return -c->fault.code;
}

/* With a player's token that is refreshed once if it was refused. */
static int ask_signed_in(struct cli *c, const struct ask *ask,
			 struct slice body)
{
	struct profile profile = { 0 };
	int result;

	if (ask->as == ASK_AS_PLAYER && profile_fresh(c, &profile) != 0)
		return -c->fault.code;
	result = ask_once(c, ask, body, &profile);
	if (result != -E_UNAUTHENTICATED || ask->as != ASK_AS_PLAYER)
		return result;
	fault_clear(&c->fault);
	if (profile_refresh(c, &profile) != 0)
		return -c->fault.code;
	return ask_once(c, ask, body, &profile);
}

/* ---- with patience ----------------------------------------------------------------- */

static void pause_for(int milliseconds)
{
	struct timespec left = { milliseconds / 1000,
				 milliseconds % 1000 * 1000000L };

	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

int ask_bytes(struct cli *c, const struct ask *ask, struct slice request)
{
	int64_t began = clock_monotonic_ms();
	int pause = PAUSE_MS;

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	for (;;) {
		int result = ask_signed_in(c, ask, request);

		if ((result != -E_UNAVAILABLE && result != -E_DEADLINE) ||
		    (ask->patience_ms != ASK_FOREVER &&
		     clock_monotonic_ms() - began + pause > ask->patience_ms))
			return result;
		if (ask->patience_ms == ASK_FOREVER && pause == PAUSE_MS)
			fprintf(stderr, "%s; trying again\n", c->fault.message);
		fault_clear(&c->fault);
		pause_for(pause);
		pause = pause * 2 < PAUSE_MAX_MS ? pause * 2 : PAUSE_MAX_MS;
	}
}

void *ask_message(struct cli *c, const struct ask *ask,
		  const ProtobufCMessage *request,
		  const ProtobufCMessageDescriptor *answer)
{
	if (ask_bytes(c, ask, message_pack(request, &c->mem)) != 0)
		return NULL;
	return message_unpack(answer, c->answer, &c->mem, &c->fault);
}

void *ask_detail(struct cli *c, const ProtobufCMessageDescriptor *type)
{
	struct fault malformed = { 0 };

	for (const struct fault_detail *d = c->fault.details; d; d = d->next)
		if (strcmp(d->type, type->name) == 0)
			return message_unpack(type, d->value, &c->mem,
					      &malformed);
	return NULL;
}

const char *ask_request_id(struct cli *c)
{
	char id[33];

	random_text(id, sizeof(id) - 1, "0123456789abcdef");
	return arena_copy(&c->mem, id, sizeof(id) - 1);
}
