/* lib/daemon/follow.h - what a daemon keeps up with, a second behind at most
 *
 * All of it happens on one thread beside those that serve: the users' keys from
 * auth and other issuers, revocations from the store, usage to the store, and targets' files.
 * Each follower has at most one call under way; one that fails is made again at
 * the next second, and said once.
 */
#ifndef PARLOR_DAEMON_FOLLOW_H
#define PARLOR_DAEMON_FOLLOW_H

#include "lib/crypto/identity.h"
#include "lib/meter/spool.h"
#include "lib/net/http_client.h"
#include "lib/net/loop.h"
#include "lib/rpc/client.h"

struct daemon_state;

/* One kind of thing that is followed: its memory, and how it went. */
struct follower {
	struct daemon_state *state;
	const char *what; /* for the log: "revocations" */
	struct arena mem; /* of the call under way */
	bool busy, failing;
};

/* Another issuer's keys. */
struct issuer_follower {
	struct follower base;
	struct http_client *client;
	struct http_call call;
	struct keyset *keys;
	int64_t asked; /* tick of the last call; 0: none yet */
	char path[256];
};

struct follow {
	struct timer tick;
	int64_t ticks;
	struct rpc_client *kv;
	struct {
		struct follower base;
		struct http_client *client;
		struct http_call call;
		struct timer soon; /* until the first keys are there */
		int64_t delay_ms;
		char path[256];
	} keys;
	struct issuer_follower issuers[IDENTITY_ISSUERS_MAX];
	struct {
		struct follower base;
		struct rpc_call call;
		int64_t seen_ms;     /* the newest one's time */
		struct buffer after; /* sort key of the last one of a page */
	} revoked;
	struct {
		struct follower base;
		struct rpc_call call;
		struct spool_batch batch;
	} usage;
};

/* On the follower's thread. */
void follow_start(struct daemon_state *);
void follow_stop(struct daemon_state *);

/* Each second; each does nothing while its call is under way. */
void follow_keys(struct daemon_state *);	/* follow_keys.c */
void follow_revocations(struct daemon_state *); /* follow_revocations.c */
void follow_usage(struct daemon_state *);	/* follow_usage.c */

void follow_issuers(struct daemon_state *); /* follow_issuers.c */

void follow_issuers_start(struct daemon_state *);
void follow_issuers_stop(struct daemon_state *);

/* Reads the files of other issuers' keys. Returns 0 or -E_…, with words. */
int follow_issuers_load(struct daemon_state *, struct fault *);

void follow_keys_start(struct daemon_state *);
void follow_keys_stop(struct daemon_state *);

/* Does this daemon take users' tokens that another one signs? */
bool follow_keys_wanted(const struct daemon_state *);

/* The copy of the users' keys that the last run left, if any. */
void follow_keys_load(struct daemon_state *);

void follower_init(struct follower *, struct daemon_state *, const char *what);

/* A call begins, or has ended: logs the first failure and the first success. */
bool follower_begin(struct follower *);
void follower_end(struct follower *, const struct fault *);

#endif
