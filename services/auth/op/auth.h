/* services/auth/op/auth.h - what all operations of the pool share
 *
 * This room tells the story of each operation, step by step: a function reads
 * or writes the store and names the next one. What an operation knows between
 * its steps is the struct of its header, which the door makes in the call's
 * memory (call.state): in, out, and its own. Its `done` runs exactly once, on
 * the call's loop, also when the call has failed. Texts of refusals are
 * Cognito's.
 */
#ifndef PARLOR_AUTH_AUTH_H
#define PARLOR_AUTH_AUTH_H

#include "lib/conf/setting.h"
#include "lib/net/loop.h"
#include "lib/rpc/call.h"
#include "services/auth/model/factor.h"
#include "services/auth/model/lockout.h"
#include "services/auth/model/password.h"
#include "services/auth/model/pool.h"
#include "services/auth/op/argon.h"
#include "services/auth/op/limits.h"
#include "services/auth/token/mint.h"

#include <stdatomic.h>

struct auth_mailer;
struct auth_pools;
struct auth_post;
struct identity;
struct keyset;
struct revocations;
struct seal;
struct web_look;

/* Settings that may change while the pool is served. */
struct auth_rules {
	bool password_flow, srp_flow, choice_flow, admin_flow; /* are allowed */
	bool no_refresh_flow, no_guest_flow;		       /* are not */
	bool tells_missing;   /* that a user does not exist */
	int64_t challenge_ms; /* in which it is answered; 0: three minutes */
	bool upper, lower, digit, symbol;
	int64_t password_min;
	struct auth_mfa_rules mfa;
	bool rotates;	  /* refresh tokens, where the client can */
	int64_t grace_ms; /* in which one is still good after that */
	int64_t access_ms, id_ms, refresh_ms; /* how long tokens live */
	int64_t temporary_ms;		      /* and passwords, to be changed */
	int64_t guest_ms;		      /* and guests, unused */
	int64_t audit_ms;		      /* how long events are kept */
	int64_t key_ms;	     /* and signing keys, until the next one is made */
	int64_t hash_memory; /* bytes */
	int64_t hash_passes, hash_lanes, hash_threads, hash_queue;
	struct setting_list callback_urls, logout_urls; /* of texts */
	struct setting_list oauth_scopes;		/* that apps may ask */
};

/* A pool while it is served: what its tokens are signed with and told by. */
struct auth_realm {
	const char *issuer, *pool_id;
	struct auth_keyring *keyring;
	struct keyset *verifier; /* the same keys' public halves */
	const struct identity *identity;
};

/* call.service. */
struct auth {
	_Atomic(const struct auth_rules *) rules;
	/* the settings' own pool and client */
	struct auth_realm home_realm;
	struct auth_pool home_pool;
	struct auth_client home_client;
	struct auth_scope home;
	const char *region;
	struct auth_pools *pools; /* beside them */
	struct revocations *revocations;
	struct seal *seal;
	struct pool *pool;    /* hashes, behind all else */
	struct pool *signers; /* what only signs */
	_Atomic(const struct auth_post *) post;
	struct pool *mail; /* one thread, for what leaves by it */
	struct auth_mailer *mailer;
	_Atomic(const struct web_look *) look; /* of our pages */
	void *(*thread)(void); /* the calling thread's call.thread */
	struct auth_limits *limits;
	atomic_bool ending; /* nobody waits any more */
};

static inline struct auth *auth_of(const struct call *c)
{
	return c->service;
}

/* The pool and the client that the call is about: the settings' own until a
 * check below has found another's. */
static inline const struct auth_scope *auth_scope_of(const struct call *c)
{
	return c->scope ? c->scope : &auth_of(c)->home;
}

static inline struct auth_realm *auth_realm_of(const struct call *c)
{
	return auth_scope_of(c)->realm;
}

static inline const struct auth_pool *auth_pool_of(const struct call *c)
{
	return auth_scope_of(c)->pool;
}

static inline const struct auth_client *auth_client_of(const struct call *c)
{
	return auth_scope_of(c)->client;
}

/* Their rules as they are now. */
static inline const struct auth_rules *auth_rules_of(const struct call *c)
{
	const struct auth_rules *rules = auth_scope_of(c)->rules;

	return rules ? rules : atomic_load(&auth_of(c)->rules);
}

static inline int64_t auth_now(const struct call *c)
{
	return c->now_ms / 1000;
}

/* What a new password's hash costs. */
struct argon_cost auth_hash_cost(const struct call *);

/* Runs `run` on the pool, then `next` on the call's loop. When the queue is full
 * the call fails with TooManyRequestsException and a hint, and `next` runs; so it
 * does, with the call failed, where the client goes before its turn comes. */
void auth_work(struct call *, void (*run)(struct call *),
	       void (*next)(struct call *));

/* The same for what only signs: it doesn't wait for passwords' hashes, so that who
 * is signed in goes on while all the world signs in. */
void auth_sign(struct call *, void (*run)(struct call *),
	       void (*next)(struct call *));

/* A field that must not be empty. -E_PARAMETER with Cognito's words, which name
 * the pattern that it should have matched, if it is. */
int auth_required(struct call *, const char *name, const char *pattern,
		  struct slice value);

#define AUTH_TOKEN_PATTERN "[A-Za-z0-9-_=.]+"

/* Could somebody have that name? */
static inline bool auth_username_is_good(struct slice username)
{
	struct fault ignored = { 0 };

	return !auth_username_check(username, &ignored);
}

/* Finds the client and its pool, which the call is about from now on; where it is
 * about a pool already, among that one's. -E_MISSING with Cognito's words if there
 * is none. */
int auth_client_check(struct call *, struct slice client_id);

/* And does it prove it, by its secret, or by none where it has none?
 * E_OAUTH_CLIENT. */
int auth_client_prove(struct call *, struct slice client_id,
		      struct slice secret);

/* The same of a pool, without a client. */
int auth_pool_check(struct call *, struct slice pool_id);

/* The same of the pool whose token this says it is, if there is one: what it says
 * is not proved yet. */
void auth_token_scope(struct call *, struct slice token);

/* Has the call's pool a client that proves passwords by SRP? */
bool auth_srp_is_used(const struct call *);

/* The realm of the pool of that id, held as long as the arena's contents; NULL:
 * there is none. */
const struct auth_realm *auth_realm_find(struct auth *, struct arena *,
					 struct slice pool_id);

/* Is there no such user, and may the client's users know? E_USER_MISSING then; and
 * what the call failed with before. */
int auth_missing_check(struct call *, const struct auth_user *);

/* Is a name with these failures shut out? E_NOT_AUTHORIZED with Cognito's words
 * then. */
int auth_lockout_check(struct call *, const struct auth_failures *);

/* The second (since 1970) at which every access token made until now, by whatever
 * client, will have expired: a revocation is needed no longer than that. */
int64_t auth_last_expiry(const struct call *);

/* Tokens issued before this second are void once the user has signed out of
 * everything now: those of this very second are meant too, and those of the next
 * one that were given out since a sign-out in this one. */
int64_t auth_void_before(const struct call *, const struct auth_user *);

#endif
