/* clients/cli/connection.c - calls to a daemon, one after the other */
#include "clients/cli/connection.h"
#include "lib/net/tls.h"

struct connection {
	struct connection *next;
	const char *base_url, *host;
	struct target *target;
	struct tls *tls;
	struct rpc_client *client;
};

/* "HOST:PORT", with "https://" in front where TLS is wanted. */
static const char *target_text(struct cli *c, const char *base_url)
{
	struct slice rest = slice_of(base_url), plain = SLICE("http://");

	while (rest.size > 0 && rest.data[rest.size - 1] == '/')
		rest.size--;
	if (slice_starts(rest, plain))
		rest =
		    slice_make(rest.data + plain.size, rest.size - plain.size);
	return arena_copy(&c->life, rest.data, rest.size);
}

static struct connection *connection_open(struct cli *c, const char *base_url)
{
	struct connection *made = arena_zalloc(&c->life, sizeof(*made));
	const char *text = target_text(c, base_url);
	const char *scheme = text ? strstr(text, "://") : NULL;

	if (!made || !text)
		return NULL;
	made->base_url = base_url;
	made->host = scheme ? scheme + 3 : text;
	if (scheme)
		made->tls = tls_client_new(NULL, &c->fault);
	if (!scheme || made->tls)
		made->target = target_new(text, &c->fault);
	if (!made->target) {
		tls_free(made->tls);
		return NULL;
	}
	if (!c->loop)
		c->loop = loop_new();
	made->client =
	    rpc_client_new(c->loop, made->target, NULL, NULL, made->tls);
	made->next = c->connections;
	c->connections = made;
	return made;
}

struct connection *connection_to(struct cli *c, const char *base_url)
{
	for (struct connection *at = c->connections; at; at = at->next)
		if (strcmp(at->base_url, base_url) == 0)
			return at;
	return connection_open(c, base_url);
}

const char *connection_host(const struct connection *connection)
{
	return connection->host;
}

static void call_done(struct rpc_call *call)
{
	struct cli *c = call->user;

	loop_stop(c->loop);
}

void connection_call(struct cli *c, struct connection *connection,
		     struct rpc_call *call)
{
	call->user = c;
	call->mem = &c->mem;
	call->done = call_done;
	rpc_client_call(connection->client, call);
	loop_run(c->loop);
}

void connections_release(struct cli *c)
{
	for (struct connection *at = c->connections; at; at = at->next) {
		rpc_client_free(at->client);
		target_free(at->target);
		tls_free(at->tls);
	}
	c->connections = NULL;
	if (c->loop)
		loop_free(c->loop);
	c->loop = NULL;
}
