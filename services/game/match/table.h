/* services/game/match/table.h - reading and writing matches through the host
 *
 * Each function here may call the store and fail the event; what the store
 * refuses for reasons that are none of the player's becomes `internal`, with
 * the reason in the log.
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

/* The stored match. -E_MISSING fails the event as not_found. */
int table_load(struct event *, const char *match_id, struct match *);

/* The match that this request of the user's made or joined within the last
 * day; NULL if none, or the event failed. */
const char *table_request(struct event *, const char *request_id);

enum table_saved {
	TABLE_SAVED,
	TABLE_REPEATED, /* the request had made or joined a match before */
	TABLE_BEATEN,	/* the match has changed meanwhile: load it again */
	TABLE_FAILED,	/* and the event with it */
};

/* Writes what follows from the match's last event, all or nothing: the match on
 * condition of its version, each player's view, who waits, and at the end
 * results and records. */
enum table_saved table_save(struct event *, const struct match *);

#endif
