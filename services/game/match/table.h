/* services/game/match/table.h - reading matches through the host
 *
 * Each function here may call the store and fail the event.
 */
#ifndef PARLOR_GAME_TABLE_H
#define PARLOR_GAME_TABLE_H

#include "lib/function/function.h"
#include "services/game/match/rows.h"

/* One item; empty when it is not there, or the event failed. `projection` may
 * be NULL: all of it. */
struct slice table_get(struct event *, struct slice key,
		       const char *projection);

/* The items of a partition whose sort key begins with `sk_prefix`, at most
 * `limit`, from the one behind `after` (a key, or empty). Sets *more to the key
 * of the last one if others follow. NULL once the event failed. */
struct table_query {
	const char *pk, *sk_prefix;
	int limit;
	bool backward;
	struct slice after;
	/* out */
	const ProtobufCBinaryData *items;
	size_t count;
	struct slice more;
};
int table_query(struct event *, struct table_query *);

/* The stored match; false when there is none, or the event failed. */
bool table_find(struct event *, const char *match_id, struct match *);

/* The same; -E_MISSING fails the event as not_found. */
int table_load(struct event *, const char *match_id, struct match *);

/* The match that this request of the user's made or joined within the last
 * day; NULL if none, or the event failed. */
const char *table_request(struct event *, const char *request_id);

/* Fails the event because of what the store said. Players do not see what went
 * wrong between us and the store, but whether it helps to try again: also when
 * nobody knows what became of a write, since the repeat of a request finds out.
 * Reasons that are none of theirs are `internal`, and in the log. */
int table_fail(struct event *, const struct fault *store);

#endif
