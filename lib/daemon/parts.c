/* lib/daemon/parts.c - what a daemon has before any thread runs
 *
 * In the order they need each other; freed in the reverse order, also when only
 * some were made.
 */
#include "lib/crypto/caller.h"
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "lib/crypto/revocations.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/net/tls.h"

#include <sched.h>

static int signing(void *arg, const struct sigv4_credential *credential,
		   uint8_t key[HASH_SIZE], struct arena *mem,
		   struct principal *principal)
{
	struct daemon_state *s = arg;

	if (!s->daemon->signing)
		return signing_keys_find(&s->signing_keys, credential, key, mem,
					 principal);
	return s->daemon->signing(s->service, credential, key, mem, principal);
}

static bool unseen(void *arg, struct slice access_key_id, struct arena *mem,
		   struct principal *principal)
{
	struct daemon_state *s = arg;

	return s->daemon->unseen(s->service, access_key_id, mem, principal);
}

/* Those whose users are accepted beside the pool's. */
static void make_issuers(struct daemon_state *s)
{
	const struct setting_list *list = &state_settings(s)->issuers;
	const struct daemon_issuer *rows = list->rows;

	s->issuer_rows = rows;
	if (s->daemon->flags & (DAEMON_NO_USERS | DAEMON_IS_ISSUER))
		return;
	for (size_t i = 0; i < list->count; i++)
		s->issuers[s->issuer_count++] = (struct identity_issuer){
			.name = rows[i].name,
			.issuer = rows[i].issuer,
			.audience = rows[i].audience,
			.keys = keyset_new(),
		};
}

static int make_identity(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *set = state_settings(s);
	bool users = !(s->daemon->flags & DAEMON_NO_USERS);
	bool issues = s->daemon->flags & DAEMON_IS_ISSUER;

	s->caller = caller_new(s->daemon->section, set->key_file, fault);
	s->users = keyset_new();
	s->services = keyset_new();
	s->revocations = revocations_new();
	if (!s->caller ||
	    keyset_load_file(s->services, set->services_keys, fault) < 0)
		return -fault->code;
	make_issuers(s);
	if (follow_issuers_load(s, fault) < 0)
		return -fault->code;
	s->clients[0] = set->client_id;
	s->identity = identity_new(&(struct identity_options){
	    .service = s->daemon->section,
	    .services = s->services,
	    .users = s->users,
	    .issuer = users ? set->issuer : NULL,
	    .clients = issues || !set->client_id ? NULL : s->clients,
	    .others = s->issuers,
	    .other_count = s->issuer_count,
	    .revocations = s->revocations,
	    .signing = s->daemon->aws_service ? signing : NULL,
	    .unseen = s->daemon->unseen ? unseen : NULL,
	    .signing_arg = s,
	    .region = set->region,
	    .sigv4_service = s->daemon->aws_service,
	});
	return 0;
}

/* Is there an https:// one beyond the suite? */
static bool asks_issuers(const struct daemon_settings *set)
{
	const struct daemon_issuer *rows = set->issuers.rows;

	for (size_t i = 0; i < set->issuers.count; i++)
		if (slice_starts(slice_of(rows[i].jwks_url), SLICE("https://")))
			return true;
	return false;
}

static int make_tls(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *set = state_settings(s);

	if (set->tls_key) {
		s->tls =
		    tls_server_new(set->tls_certificate, set->tls_key, fault);
		if (!s->tls)
			return -fault->code;
	}
	if (set->tls_authorities || asks_issuers(set)) {
		s->client_tls = tls_client_new(set->tls_authorities, fault);
		if (!s->client_tls)
			return -fault->code;
	}
	return 0;
}

static size_t processors(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0
		   ? (size_t)CPU_COUNT(&set)
		   : 1;
}

static void make_loops(struct daemon_state *s)
{
	size_t count = (size_t)state_settings(s)->threads;

	if (!count)
		count = processors();
	if (count > DAEMON_THREADS_MAX)
		count = DAEMON_THREADS_MAX;
	s->thread_count = count;
	for (size_t i = 0; i < count; i++)
		s->threads[i] =
		    (struct io_thread){ .state = s, .loop = loop_new() };
	s->follower = (struct io_thread){ .state = s, .loop = loop_new() };
}

static struct rpc_client *store_client(struct daemon_state *s,
				       struct loop *loop)
{
	return rpc_client_new(loop, s->kv_target, s->caller, "kv",
			      s->client_tls);
}

static int make_clients(struct daemon_state *s, struct fault *fault)
{
	s->kv_target = daemon_target(s, state_settings(s)->kv, fault);
	if (!s->kv_target)
		return -fault->code;
	for (size_t i = 0; i < s->thread_count; i++)
		s->threads[i].kv = store_client(s, s->threads[i].loop);
	s->follower.kv = store_client(s, s->follower.loop);
	return 0;
}

int parts_make(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *set = state_settings(s);

	make_loops(s);
	signing_keys_init(&s->signing_keys);
	s->spool = spool_open(set->spool, s->daemon->section, fault);
	if (!s->spool || make_tls(s, fault) < 0 ||
	    make_identity(s, fault) < 0 || make_clients(s, fault) < 0)
		return -fault->code;
	follow_keys_load(s);
	return 0;
}

static void free_thread(struct io_thread *t)
{
	if (t->kv)
		rpc_client_free(t->kv);
	loop_free(t->loop);
}

void parts_free(struct daemon_state *s)
{
	for (size_t i = 0; i < s->thread_count; i++)
		free_thread(&s->threads[i]);
	free_thread(&s->follower);
	for (size_t i = 0; i < s->target_count; i++)
		target_free(s->targets[i]);
	if (s->identity)
		identity_free(s->identity);
	per_thread_release(&s->signing_keys);
	if (s->revocations)
		revocations_free(s->revocations);
	for (size_t i = 0; i < s->issuer_count; i++)
		keyset_free(s->issuers[i].keys);
	if (s->services)
		keyset_free(s->services);
	if (s->users)
		keyset_free(s->users);
	if (s->caller)
		caller_free(s->caller);
	tls_free(s->client_tls);
	tls_free(s->tls);
	if (s->spool)
		spool_close(s->spool);
}

/* ---- for the callbacks ------------------------------------------------------- */

const void *daemon_settings(const struct daemon_state *s)
{
	return state_all_settings(s);
}

const char *daemon_data_dir(const struct daemon_state *s)
{
	return s->data_dir;
}

struct loop *daemon_loop(const struct daemon_state *s, size_t thread)
{
	return s->threads[thread].loop;
}

size_t daemon_threads(const struct daemon_state *s)
{
	return s->thread_count;
}

const struct caller *daemon_caller(const struct daemon_state *s)
{
	return s->caller;
}

struct identity *daemon_identity(const struct daemon_state *s)
{
	return s->identity;
}

struct keyset *daemon_user_keys(const struct daemon_state *s)
{
	return s->users;
}

struct revocations *daemon_revocations(const struct daemon_state *s)
{
	return s->revocations;
}

struct spool *daemon_spool(const struct daemon_state *s)
{
	return s->spool;
}

struct tls *daemon_tls(const struct daemon_state *s)
{
	return s->client_tls;
}

struct rpc_client *daemon_kv(struct daemon_state *s, struct loop *loop)
{
	for (size_t i = 0; i < s->thread_count; i++)
		if (s->threads[i].loop == loop)
			return s->threads[i].kv;
	return s->follower.kv;
}

struct target *daemon_target(struct daemon_state *s, const char *text,
			     struct fault *fault)
{
	struct target *t;

	if (s->target_count == DAEMON_TARGETS_MAX) {
		fault_set(fault, E_EXHAUSTED, "more than %d targets",
			  DAEMON_TARGETS_MAX);
		return NULL;
	}
	t = target_new(text, fault);
	if (t)
		s->targets[s->target_count++] = t;
	return t;
}
