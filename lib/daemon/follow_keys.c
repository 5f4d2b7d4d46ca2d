/* lib/daemon/follow_keys.c - the users' public keys, from auth
 *
 * Asked for at the start, until the first answer more and more slowly, then
 * every five minutes and whenever a token names a key that is not there. The
 * last answer is kept beside the spool, so that a daemon can start and tell its
 * users while auth is down.
 */
#include "lib/crypto/keyset.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"

#include <errno.h>
#include <unistd.h>

enum {
	FIRST_DELAY_MS = 50,
	LAST_DELAY_MS = 250,
	REFRESH_TICKS = 300,
	TIMEOUT_MS = 3000,
};

bool follow_keys_wanted(const struct daemon_state *s)
{
	return !(s->daemon->flags & (DAEMON_NO_USERS | DAEMON_IS_ISSUER)) &&
	       state_settings(s)->issuer && state_settings(s)->user_pool_id;
}

static bool copy_path(const struct daemon_state *s, const char *end, char *out,
		      size_t size)
{
	return snprintf(out, size, "%s/%s.users.jwks%s",
			state_settings(s)->spool, s->daemon->section,
			end) < (int)size;
}

void follow_keys_load(struct daemon_state *s)
{
	struct fault fault = { 0 };
	char path[4096];

	if (!follow_keys_wanted(s) || !copy_path(s, "", path, sizeof(path)) ||
	    access(path, F_OK) < 0)
		return;
	if (keyset_load_file(s->users, path, &fault) < 0)
		log_warn("the copy of the users' keys: %s", fault.message);
}

/* Replaced whole; losing it costs nothing but a start without auth. */
static void save(const struct daemon_state *s, struct slice jwks)
{
	char path[4096], early[4096];
	FILE *file;
	bool whole;

	if (!copy_path(s, "", path, sizeof(path)) ||
	    !copy_path(s, ".new", early, sizeof(early)))
		return;
	file = fopen(early, "we");
	if (!file)
		return;
	whole = fwrite(jwks.data, 1, jwks.size, file) == jwks.size;
	whole = fclose(file) == 0 && whole;
	if (!whole || rename(early, path) < 0)
		log_warn("cannot keep the users' keys in '%s': %s", path,
			 strerror(errno));
}

static void keep(const struct daemon_state *s, struct slice jwks,
		 struct fault *fault)
{
	if (keyset_filled(s->users))
		save(s, jwks);
	else
		fault_set(fault, E_UNAVAILABLE, "auth has no key yet");
}

static void again_soon(struct follow *f)
{
	timer_set(&f->keys.soon, f->keys.delay_ms);
	if (f->keys.delay_ms < LAST_DELAY_MS)
		f->keys.delay_ms *= 2;
}

static void done(struct http_call *call)
{
	struct daemon_state *s = call->user;
	struct follow *f = &s->follow;
	struct fault fault = { 0 };

	if (call->error)
		fault_set(&fault, call->error, "auth does not answer");
	else if (call->status != 200)
		fault_set(&fault, E_UNAVAILABLE, "auth answers %d",
			  call->status);
	else if (keyset_load(s->users, call->answer, &fault) == 0)
		keep(s, call->answer, &fault);
	if (fault.code && f->keys.delay_ms)
		again_soon(f);
	else
		f->keys.delay_ms = 0;
	follower_end(&f->keys.base, &fault);
}

static void ask(struct daemon_state *s)
{
	struct follow *f = &s->follow;

	if (!follower_begin(&f->keys.base))
		return;
	f->keys.call = (struct http_call){
		.method = "GET",
		.path = f->keys.path,
		.timeout_ms = TIMEOUT_MS,
		.idempotent = true,
		.done = done,
		.user = s,
	};
	http_client_call(f->keys.client, &f->keys.call);
}

static void soon(struct timer *timer)
{
	struct follow *f = LIST_ENTRY(timer, struct follow, keys.soon);

	ask(f->keys.base.state);
}

void follow_keys(struct daemon_state *s)
{
	struct follow *f = &s->follow;

	if (f->keys.client && !f->keys.delay_ms &&
	    (keyset_wanted(s->users) || f->ticks % REFRESH_TICKS == 0))
		ask(s);
}

void follow_keys_start(struct daemon_state *s)
{
	static const struct http_client_limits limits = { .connections = 1,
							  .body = 256 * 1024 };
	struct follow *f = &s->follow;
	struct fault fault = { 0 };
	struct target *auth;

	timer_init(&f->keys.soon, s->follower.loop, soon);
	if (!follow_keys_wanted(s))
		return;
	auth = daemon_target(s, state_settings(s)->auth, &fault);
	if (!auth) {
		log_error("%s.auth: %s", s->daemon->section, fault.message);
		return;
	}
	snprintf(f->keys.path, sizeof(f->keys.path),
		 "/%s/.well-known/jwks.json", state_settings(s)->user_pool_id);
	f->keys.client =
	    http_client_new(s->follower.loop, auth, &limits, s->client_tls);
	f->keys.delay_ms = FIRST_DELAY_MS;
	ask(s);
}

void follow_keys_stop(struct daemon_state *s)
{
	struct follow *f = &s->follow;

	timer_cancel(&f->keys.soon);
	timer_release(&f->keys.soon);
	if (!f->keys.client)
		return;
	if (f->keys.base.busy)
		http_client_cancel(f->keys.client, &f->keys.call);
	http_client_free(f->keys.client);
}
