/* clients/cli/raw.c - any operation, with its request as JSON */
#include "clients/cli/ask.h"
#include "clients/cli/command.h"
#include "clients/cli/endpoints.h"
#include "lib/wire/wire.h"

#include <stdio.h>

enum { REQUEST_MAX = 16 << 20 };

#define KV_SERVICE "parlor.kv.v1.KeyValue"
#define AUTH_SERVICE "parlor.auth.v1.UserPool"

/* Who serves a package, and as whom it is asked when no profile is named. */
static const struct package {
	const char *prefix;
	enum endpoint at;
	enum ask_as as;
} packages[] = {
	{ "parlor.kv.", AT_KV, ASK_AS_ADMIN },
	{ "parlor.auth.", AT_AUTH, ASK_AS_NOBODY },
	{ "parlor.game.", AT_GATEWAY, ASK_AS_PLAYER },
	{ "parlor.gateway.", AT_GATEWAY, ASK_AS_ADMIN },
	{ "parlor.function.", AT_GAME, ASK_AS_ADMIN },
};

static const struct package *package_of(const struct descriptor_method *method)
{
	for (size_t i = 0; i < sizeof(packages) / sizeof(*packages); i++)
		if (slice_starts(method->service, slice_of(packages[i].prefix)))
			return &packages[i];
	return NULL;
}

/* The argument, or standard input for "-". */
static int request_text(struct cli *c, const char *argument,
			struct buffer *text)
{
	if (strcmp(argument, "-") != 0) {
		buffer_put_text(text, argument);
		return 0;
	}
	for (;;) {
		uint8_t piece[65536];
		size_t got = fread(piece, 1, sizeof(piece), stdin);

		buffer_put(text, piece, got);
		if (got < sizeof(piece))
			break;
	}
	if (ferror(stdin) || text->failed)
		return cli_misuse(c, "cannot read standard input");
	return 0;
}

/* The settings' own pool, where one is asked for and none was named. */
static void add_pool(struct cli *c, const struct descriptor_method *method,
		     struct buffer *request)
{
	const struct descriptor_field *field =
	    descriptor_field_by_json_only(method->input, SLICE("UserPoolId"));
	struct slice rest = buffer_slice(request);
	struct wire_field f;

	if (!field || endpoints_need(c) || !c->endpoints.user_pool_id)
		return;
	while (wire_next(&rest, &f) > 0)
		if (f.number == field->number)
			return;
	wire_put_bytes(request, field->number,
		       slice_of(c->endpoints.user_pool_id));
}

/* How a command takes its JSON, and whether it is an administrator's. */
struct manner {
	unsigned flags;
	bool admin;
};

static int ask_json(struct cli *c, const struct descriptor_method *method,
		    struct slice json, const struct manner *manner)
{
	const struct package *package = package_of(method);
	struct buffer request;
	struct ask ask = { 0 };
	int result;

	buffer_init(&request, REQUEST_MAX);
	result = json_to_message(method->input, json, manner->flags, &c->mem,
				 &request, &c->fault);
	if (result != 0)
		c->fault.code = E_PARAMETER; /* the argument's own fault */
	ask.at = package->at;
	ask.method =
	    arena_printf(&c->mem, "%.*s/%.*s", SLICE_ARGS(method->service),
			 SLICE_ARGS(method->name));
	ask.as = manner->admin ? ASK_AS_ADMIN : package->as;
	if (c->profile_name)
		ask.as = ASK_AS_PLAYER;
	c->tells_exception = result == 0;
	add_pool(c, method, &request);
	if (result == 0)
		result = ask_bytes(c, &ask, buffer_slice(&request));
	buffer_release(&request);
	return result;
}

static int call_method(struct cli *c, const char *path, const char *argument,
		       const struct manner *manner)
{
	const struct descriptor_method *method =
	    descriptor_method_find(descriptor_set_parlor(), slice_of(path));
	struct buffer json;
	int result;

	if (!method || !package_of(method))
		return cli_misuse(c, "there is no operation '%s'", path);
	if (method->client_streams || method->server_streams)
		return cli_misuse(c, "'%s' streams, which this command can't",
				  path);
	buffer_init(&json, REQUEST_MAX);
	result = request_text(c, argument, &json);
	if (result == 0)
		result = ask_json(c, method, buffer_slice(&json), manner);
	buffer_release(&json);
	if (result != 0)
		return result;
	return cli_print_json(c,
			      arena_copy(&c->mem, method->output->name.data,
					 method->output->name.size),
			      manner->flags);
}

/* AWS's form of JSON, for one of its services. */
static int call_aws(struct cli *c, const char *service)
{
	return call_method(
	    c, arena_printf(&c->mem, "%s/%s", service, cli_argument(c, 0)),
	    cli_argument(c, 1) ? cli_argument(c, 1) : "{}",
	    &(struct manner){ .flags = JSON_AWS, .admin = true });
}

int kv(struct cli *c)
{
	return call_aws(c, KV_SERVICE);
}

int auth_keys_rotate(struct cli *c)
{
	const char *pool = cli_argument(c, 0);

	return call_method(c, AUTH_SERVICE "/RotateSigningKeys",
			   pool ? arena_printf(&c->mem,
					       "{\"UserPoolId\": \"%s\"}", pool)
				: "{}",
			   &(struct manner){ .flags = JSON_AWS,
					     .admin = true });
}

int auth(struct cli *c)
{
	return call_aws(c, AUTH_SERVICE);
}

int call(struct cli *c)
{
	const char *path = cli_argument(c, 0);

	/* a leading slash is how it stands in a URL */
	return call_method(c, *path == '/' ? path + 1 : path,
			   cli_argument(c, 1), &(struct manner){ 0 });
}

const char *command_service(const struct command *row)
{
	if (row->run == kv)
		return KV_SERVICE;
	return row->run == auth ? AUTH_SERVICE : NULL;
}
