/* services/game/event/watches.h - who waits for an item of the store to change
 *
 * A watch waits for one item, by its table and key. All of a process's stand in
 * one registry, over all its threads; whoever hears of a change looks them up
 * there, and each is told on its own loop, once for any number of changes until
 * it has been told. So many may be open, and so many of one user.
 *
 * The room: what happens to functions without a caller's asking. It knows no
 * function and no message of the game; it calls the store through lib/rpc.
 */
#ifndef PARLOR_GAME_WATCHES_H
#define PARLOR_GAME_WATCHES_H

#include "lib/base/fault.h"
#include "lib/net/loop.h"

struct watches;
struct watch;

struct watches *watches_new(size_t max, size_t max_per_user);
/* After all watches have gone. */
void watches_free(struct watches *);

/* An item of a table whose key is `pk` and `sk`, texts both. */
struct watch_item {
	struct slice table, pk, sk;
};

/* On its loop's thread; all of it is copied. NULL, with words, when there are
 * too many (which limit) or the table's changes can't be had (why). */
struct watch *watches_add(struct watches *, const struct watch_item *,
			  struct slice user, struct loop *,
			  void (*changed)(void *arg), void *arg,
			  struct fault *);
/* On its loop's thread: `changed` is not called any more. */
void watch_free(struct watch *);

/* Any thread: tells those of an item; of all items of a table. */
void watches_changed(struct watches *, const struct watch_item *);
void watches_all_changed(struct watches *, struct slice table);

/* Any thread: the table's changes can't be had, for good as it seems, so nobody
 * is to wait for them; NULL: they can. */
void watches_refuse(struct watches *, const char *table, const char *why);

#endif
