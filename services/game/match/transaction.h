/* services/game/match/transaction.h - writes that happen all or not at all
 *
 * They are gathered one by one and sent at once. A write may have a condition,
 * which knows what it means when it does not hold.
 */
#ifndef PARLOR_GAME_TRANSACTION_H
#define PARLOR_GAME_TRANSACTION_H

#include "services/game/match/table.h"

#include "parlor/kv/v1/kv.pb-c.h"

enum { TRANSACTION_MAX = 32 }; /* writes */

enum saved {
	SAVED,
	SAVE_REPEATED, /* the request had made or joined a match before */
	SAVE_BEATEN,   /* something has changed meanwhile: read it again */
	SAVE_FAILED,   /* and the event with it */
};

struct transaction {
	struct event *e;
	Parlor__Kv__V1__TransactWriteItem *writes[TRANSACTION_MAX];
	enum saved
	    broken[TRANSACTION_MAX]; /* what each one's condition means */
	size_t count;
};

struct condition {
	const char *expression;
	struct slice values; /* none if empty */
	enum saved broken;
};

struct update {
	const char *expression;
	const char *reserved; /* attribute it calls by "#" and its name */
	struct slice values;  /* the condition's too */
};

/* Rows, keys and values are bytes of items. `condition` may be NULL. */
void transaction_put(struct transaction *, struct slice row,
		     const struct condition *);
void transaction_delete(struct transaction *, struct slice key,
			const struct condition *);
void transaction_update(struct transaction *, struct slice key,
			const struct update *, const struct condition *);

/* Sends what was gathered. */
enum saved transaction_commit(struct transaction *);

#endif
