/* services/game/host/deployment.h - functions.yaml: what is deployed
 *
 * All functions at once, read and checked as a whole; a new deployment takes
 * the old one's place in one switch. Immutable once read and shared by all
 * threads, which count their references.
 */
#ifndef PARLOR_GAME_HOST_DEPLOYMENT_H
#define PARLOR_GAME_HOST_DEPLOYMENT_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/conf/setting.h"

/* A row of functions.yaml. */
struct host_function {
	const char *name;
	const char *executable; /* whole path */
	const char *rpc;	/* "parlor.game.v1.Matches/PlayMove" */
	const char *policy;	/* IAM JSON, or NULL: it may call nothing */
	int64_t memory_mb, timeout_ms, max_concurrency, keep_warm_s, queue;
};

/* An rpc that streams a function's answers: at first, and after each change of
 * an item. */
struct host_watch {
	const char *rpc;      /* "parlor.game.v1.Matches/WatchMatch" */
	const char *function; /* its name */
	const char *table, *pk, *sk;
};

/* What runs of a function now, over all threads. */
struct host_gauge {
	int templates, idle, busy; /* atomic */
};

static inline void host_gauge_add(int *gauge, int difference)
{
	__atomic_fetch_add(gauge, difference, __ATOMIC_RELAXED);
}

static inline int host_gauge_read(const int *gauge)
{
	return __atomic_load_n(gauge, __ATOMIC_RELAXED);
}

struct host_deployment {
	int references; /* atomic */
	struct arena mem;
	struct setting_list list;    /* of struct host_function */
	struct setting_list watches; /* of struct host_watch */
	struct host_gauge *gauges;   /* in the order of the list */
};

/* Its rows, for --example and the documents. */
extern const struct setting host_function_settings[];

/* Reads `file`; executables are looked for in `folder`. NULL, with file, line
 * and reason in the fault, when anything in it is wrong, a name or an rpc
 * stands twice, or an executable can't be run. */
struct host_deployment *host_deployment_read(const char *file,
					     const char *folder,
					     struct fault *);
struct host_deployment *host_deployment_hold(struct host_deployment *);
void host_deployment_release(struct host_deployment *);

static inline const struct host_function *host_deployment_at(
    const struct host_deployment *d, size_t i)
{
	return i < d->list.count
		   ? (const struct host_function *)d->list.rows + i
		   : NULL;
}

/* By name; NULL. */
const struct host_function *host_deployment_function(
    const struct host_deployment *, struct slice name);

static inline const struct host_watch *host_deployment_watch_at(
    const struct host_deployment *d, size_t i)
{
	return i < d->watches.count
		   ? (const struct host_watch *)d->watches.rows + i
		   : NULL;
}

/* By its rpc; NULL. */
const struct host_watch *host_deployment_watch(const struct host_deployment *,
					       struct slice rpc);

#endif
