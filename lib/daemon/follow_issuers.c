/* lib/daemon/follow_issuers.c - the keys of other issuers of users' tokens
 *
 * Those in a file are read at the start and by SIGHUP. Those under a URL are
 * asked for at the start, every hour, and when a token names a key that is not
 * there, but not more than once a minute: anybody can make up such a token.
 */
#include "lib/crypto/keyset.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"

enum { REFRESH_TICKS = 3600, LEAST_TICKS = 60, TIMEOUT_MS = 10000 };

int follow_issuers_load(struct daemon_state *s, struct fault *fault)
{
	for (size_t i = 0; i < s->issuer_count; i++) {
		const char *file = s->issuer_rows[i].jwks_file;

		if (file && keyset_load_file(s->issuers[i].keys, file, fault))
			return -fault->code;
	}
	return 0;
}

static void done(struct http_call *call)
{
	struct issuer_follower *f = call->user;
	struct fault fault = { 0 };

	if (call->error)
		fault_set(&fault, call->error, "the issuer does not answer");
	else if (call->status != 200)
		fault_set(&fault, E_UNAVAILABLE, "the issuer answers %d",
			  call->status);
	else
		keyset_load(f->keys, call->answer, &fault);
	follower_end(&f->base, &fault);
}

static bool is_due(const struct issuer_follower *f, int64_t ticks)
{
	int64_t since = ticks - f->asked;

	if (!f->asked || since >= REFRESH_TICKS)
		return true;
	return since >= LEAST_TICKS &&
	       (!keyset_filled(f->keys) || keyset_wanted(f->keys));
}

void follow_issuers(struct daemon_state *s)
{
	for (size_t i = 0; i < s->issuer_count; i++) {
		struct issuer_follower *f = &s->follow.issuers[i];

		if (!f->client || !is_due(f, s->follow.ticks) ||
		    !follower_begin(&f->base))
			continue;
		f->asked = s->follow.ticks;
		f->call = (struct http_call){
			.method = "GET",
			.path = f->path,
			.timeout_ms = TIMEOUT_MS,
			.idempotent = true,
			.done = done,
			.user = f,
		};
		http_client_call(f->client, &f->call);
	}
}

/* "https://HOST[:PORT]/PATH" into an address with its port, and the path. */
static bool split(const char *url, char *address, size_t size, char *path,
		  size_t path_size)
{
	bool tls = slice_starts(slice_of(url), SLICE("https://"));
	size_t scheme = tls ? strlen("https://") : strlen("http://");
	size_t host;

	if (!tls && !slice_starts(slice_of(url), SLICE("http://")))
		return false;
	host = strcspn(url + scheme, "/");
	snprintf(address, size, "%.*s%s", (int)(scheme + host), url,
		 memchr(url + scheme, ':', host) ? ""
		 : tls				 ? ":443"
						 : ":80");
	snprintf(path, path_size, "%s",
		 url[scheme + host] ? url + scheme + host : "/");
	return host > 0;
}

static void start(struct daemon_state *s, size_t i)
{
	static const struct http_client_limits limits = { .connections = 1,
							  .body = 256 * 1024 };
	const struct daemon_issuer *issuer = &s->issuer_rows[i];
	struct issuer_follower *f = &s->follow.issuers[i];
	struct fault fault = { 0 };
	struct target *target = NULL;
	char address[512];

	follower_init(&f->base, s, issuer->name);
	f->keys = s->issuers[i].keys;
	if (!issuer->jwks_url)
		return;
	if (split(issuer->jwks_url, address, sizeof(address), f->path,
		  sizeof(f->path)))
		target = daemon_target(s, address, &fault);
	else
		fault_set(&fault, E_INVALID, "'%s' is no URL",
			  issuer->jwks_url);
	if (target)
		f->client = http_client_new(s->follower.loop, target, &limits,
					    s->client_tls);
	else
		log_error("%s.issuers: %s: %s", s->daemon->section,
			  issuer->name, fault.message);
}

void follow_issuers_start(struct daemon_state *s)
{
	for (size_t i = 0; i < s->issuer_count; i++)
		start(s, i);
}

void follow_issuers_stop(struct daemon_state *s)
{
	for (size_t i = 0; i < s->issuer_count; i++) {
		struct issuer_follower *f = &s->follow.issuers[i];

		if (f->client && f->base.busy)
			http_client_cancel(f->client, &f->call);
		if (f->client)
			http_client_free(f->client);
		arena_release(&f->base.mem);
	}
}
