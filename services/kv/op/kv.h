/* services/kv/op/kv.h - what every operation of parlor-kv is served with
 *
 * The room: one file per operation (or family), each the story of it without
 * bytes, HTTP or engine; beside them the catalog of tables, what a principal
 * may do, and what is billed. Operations call the store, decide with model,
 * expr, usage and access, and are called by api.
 */
#ifndef PARLOR_KV_OP_KV_H
#define PARLOR_KV_OP_KV_H

#include "lib/crypto/snapshot.h"
#include "lib/rpc/call.h"

struct access_keys;
struct capacity;
struct catalog;
struct index_builder;
struct remover;
struct spool;
struct store;

/* call.service; made at start. */
struct kv {
	struct store *store;
	struct catalog *catalog;
	struct capacity *capacity; /* NULL: no limits (tests) */
	struct access_keys *access_keys;
	struct index_builder *index_builder; /* NULL: none is built (tests) */
	struct remover *remover;	     /* NULL: nothing expires (tests) */
	struct spool *spool; /* NULL: reads are not billed (tests) */
	const char *region;
	bool any_access_key; /* unknown ones are administrators' */
	const char *prices;  /* the price sheet's file, or NULL */
};

/* call.thread. */
struct kv_thread {
	struct snapshot_reader catalog;
};

static inline struct kv *kv_of(const struct call *c)
{
	return c->service;
}

/* Hours since 1970 of a call: what its usage is counted under. */
static inline int64_t kv_hour(const struct call *c)
{
	return c->now_ms / 3600000;
}

#endif
