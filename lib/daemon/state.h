/* lib/daemon/state.h - a running daemon, as this room's files see it */
#ifndef PARLOR_DAEMON_STATE_H
#define PARLOR_DAEMON_STATE_H

#include "lib/daemon/args.h"
#include "lib/daemon/daemon.h"
#include "lib/daemon/follow.h"
#include "lib/daemon/signing_keys.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

enum { DAEMON_ADDRESS = 128, DAEMON_THREADS_MAX = 64, DAEMON_TARGETS_MAX = 64 };

enum daemon_phase { DAEMON_STARTING, DAEMON_SERVING, DAEMON_DRAINING };

/* A thread with its loop. */
struct io_thread {
	struct daemon_state *state;
	pthread_t thread;
	bool running;
	struct loop *loop;
	struct loop_turn turn;
	struct rpc_client *kv;
};

/* Settings as they were read once; all of it in the arena. They stay until the
 * daemon ends, since calls under way, pools and what the daemon made at its
 * start may still read them; a reload is rare and costs some kilobytes. */
struct generation {
	struct generation *before;
	struct arena mem;
	void *settings; /* begins with struct daemon_settings */
};

/* On the main thread, while a daemon looks at settings that are not in force
 * yet: those. */
extern _Thread_local const struct generation *settings_on_trial;

struct daemon_state {
	const struct daemon *daemon;
	struct args args;
	const char *data_dir;
	char config[4096];
	struct arena mem;		  /* of the process */
	struct setting *rows;		  /* the common ones and the daemon's */
	_Atomic(struct generation *) now; /* in force, for any thread */
	void *service;
	_Atomic int phase;

	struct caller *caller;
	struct keyset *users, *services;
	struct identity_issuer issuers[IDENTITY_ISSUERS_MAX];
	const struct daemon_issuer *issuer_rows; /* as of the start */
	size_t issuer_count;
	struct revocations *revocations;
	struct identity *identity;
	struct per_thread signing_keys; /* of who signs requests to us */
	const char *clients[2];
	struct spool *spool;
	struct tls *tls, *client_tls;
	struct target *targets[DAEMON_TARGETS_MAX];
	size_t target_count;
	struct target *kv_target;

	struct io_thread threads[DAEMON_THREADS_MAX];
	size_t thread_count;
	struct io_thread follower; /* its loop has the admin listener, too */
	sem_t started;		   /* a thread has */
	struct follow follow;

	struct dispatch *dispatch;
	struct http_handler other, inner, front;
	struct http_server *server, *admin;
	char address[DAEMON_ADDRESS], admin_address[DAEMON_ADDRESS];
	sem_t drained;
};

static inline const void *state_all_settings(const struct daemon_state *s)
{
	return settings_on_trial
		   ? settings_on_trial->settings
		   : atomic_load_explicit(&s->now, memory_order_acquire)
			 ->settings;
}

/* The part that every daemon has. */
static inline const struct daemon_settings *state_settings(
    const struct daemon_state *s)
{
	return state_all_settings(s);
}

/* ---- settings.c */

/* The common rows with this daemon's defaults, and its own behind them. */
void settings_rows(struct daemon_state *);

/* Reads and checks everything. NULL, with words, when something is wrong. */
struct generation *settings_read(struct daemon_state *, struct fault *);

/* Reads again and, unless something is wrong, puts it in force. */
int settings_reload(struct daemon_state *, struct fault *);
void settings_free(struct generation *); /* and all before */
void settings_print(struct daemon_state *, enum args_verb);

/* ---- parts.c: what is made before any thread, and freed after the last */

int parts_make(struct daemon_state *, struct fault *);
void parts_free(struct daemon_state *);

/* ---- front.c: what answers on the public listener and the admin one */

int front_open(struct daemon_state *, struct fault *);
void front_close(struct daemon_state *);

/* Is it ready, in one word, with the status that goes with it? */
const char *front_readiness(struct daemon_state *, int *status);

/* ---- thread.c */

/* Each runs its loop; returns when all serve. */
int threads_start(struct daemon_state *, struct fault *);
void threads_stop(struct daemon_state *);
/* Once all have stopped: runs what is posted to their loops. */
void threads_settle(struct daemon_state *);

/* What the daemon's thread_start returned on the calling thread. */
void *thread_own(struct loop *, void *service);

/* ---- access.c */

void access_init(const struct op_service *);
void access_over(const struct call *, int status, uint64_t sent, void *state);

/* ---- health.c */

/* Asks the admin listener of a running daemon; the exit status. */
int health_ask(const char *address);

#endif
