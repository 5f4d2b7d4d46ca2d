/* services/game/event/watches.c - who waits for an item of the store to change
 */
#include "services/game/event/watches.h"
#include "lib/base/buffer.h"
#include "lib/base/map.h"
#include "lib/net/bell.h"

#include <pthread.h>
#include <stdlib.h>

enum { KEY_MAX = 4096 };

/* Those that wait for the same item, or are the same user's. */
struct group {
	struct list members;
	size_t count;
};

struct watch {
	struct bell bell;
	struct list of_item;
	struct watches *all;
	struct group *item, *user;
	struct slice item_key, user_key; /* behind the struct */
	void (*changed)(void *arg);
	void *arg;
};

struct watches {
	pthread_mutex_t lock; /* of all */
	struct map items, users;
	struct map refused; /* table: why, as text */
	size_t count, max, max_per_user;
};

struct watches *watches_new(size_t max, size_t max_per_user)
{
	struct watches *all = calloc(1, sizeof(*all));

	if (!all || pthread_mutex_init(&all->lock, NULL) != 0)
		abort(); /* lack of memory ends the process */
	map_init(&all->items);
	map_init(&all->users);
	map_init(&all->refused);
	all->max = max;
	all->max_per_user = max_per_user;
	return all;
}

void watches_free(struct watches *all)
{
	struct slice table;
	void *why;

	for (size_t at = 0; map_next(&all->refused, &at, &table, &why);)
		free(why);
	map_release(&all->refused);
	map_release(&all->items);
	map_release(&all->users);
	pthread_mutex_destroy(&all->lock);
	free(all);
}

/* Table, pk and sk, each with its end. */
static void put_key(struct buffer *key, const struct watch_item *item)
{
	const struct slice parts[] = { item->table, item->pk, item->sk };

	buffer_init(key, KEY_MAX);
	for (size_t i = 0; i < 3; i++) {
		buffer_put_slice(key, parts[i]);
		buffer_put_byte(key, 0);
	}
}

static struct group *join(struct map *groups, struct slice key)
{
	struct group *g = map_find(groups, key);

	if (!g) {
		g = calloc(1, sizeof(*g));
		if (!g)
			abort(); /* lack of memory ends the process */
		list_init(&g->members);
		map_put(groups, key, g);
	}
	g->count++;
	return g;
}

static void leave(struct map *groups, struct slice key, struct group *g)
{
	if (--g->count)
		return;
	map_remove(groups, key);
	free(g);
}

/* ---- telling ---------------------------------------------------------------
 */

static void on_heard(struct bell *bell)
{
	struct watch *w = LIST_ENTRY(bell, struct watch, bell);

	w->changed(w->arg);
}

static void on_gone(struct bell *bell)
{
	free(LIST_ENTRY(bell, struct watch, bell));
}

static void tell(const struct group *g)
{
	LIST_EACH (at, after, &g->members)
		bell_ring(&LIST_ENTRY(at, struct watch, of_item)->bell);
}

void watches_changed(struct watches *all, const struct watch_item *item)
{
	const struct group *g;
	struct buffer key;

	put_key(&key, item);
	pthread_mutex_lock(&all->lock);
	g = map_find(&all->items, buffer_slice(&key));
	if (g)
		tell(g);
	pthread_mutex_unlock(&all->lock);
	buffer_release(&key);
}

void watches_all_changed(struct watches *all, struct slice table)
{
	struct slice key;
	void *group;

	pthread_mutex_lock(&all->lock);
	for (size_t at = 0; map_next(&all->items, &at, &key, &group);)
		if (slice_equal(slice_cut(&key, '\0'), table))
			tell(group);
	pthread_mutex_unlock(&all->lock);
}

void watches_refuse(struct watches *all, const char *table, const char *why)
{
	char *text = why ? strdup(why) : NULL;

	if (why && !text)
		abort(); /* lack of memory ends the process */
	pthread_mutex_lock(&all->lock);
	free(text ? map_put(&all->refused, slice_of(table), text)
		  : map_remove(&all->refused, slice_of(table)));
	pthread_mutex_unlock(&all->lock);
}

/* ---- coming and going ------------------------------------------------------
 */

static struct slice keep(uint8_t **at, struct slice text)
{
	struct slice copy = slice_make(*at, text.size);

	if (text.size)
		memcpy(*at, text.data, text.size);
	*at += text.size;
	return copy;
}

static struct watch *watch_new(struct slice item_key, struct slice user,
			       struct loop *loop)
{
	struct watch *w = calloc(1, sizeof(*w) + item_key.size + user.size);
	uint8_t *at = (uint8_t *)(w + 1);

	if (!w)
		abort(); /* lack of memory ends the process */
	w->item_key = keep(&at, item_key);
	w->user_key = keep(&at, user);
	bell_init(&w->bell, loop, on_heard, on_gone);
	return w;
}

static void check(const struct watches *all, struct slice table,
		  struct slice user, struct fault *fault)
{
	const struct group *theirs = map_find(&all->users, user);
	const char *refused = map_find(&all->refused, table);

	if (refused)
		fault_set(fault, E_UNAVAILABLE,
			  "table '%.*s' cannot be watched: %s",
			  SLICE_ARGS(table), refused);
	else if (all->count >= all->max)
		fault_set(fault, E_EXHAUSTED,
			  "%zu watches are open here (game.watches)", all->max);
	else if (theirs && theirs->count >= all->max_per_user)
		fault_set(fault, E_EXHAUSTED,
			  "%zu watches of this user are open here "
			  "(game.watches_per_user)",
			  all->max_per_user);
}

struct watch *watches_add(struct watches *all, const struct watch_item *item,
			  struct slice user, struct loop *loop,
			  void (*changed)(void *arg), void *arg,
			  struct fault *fault)
{
	struct watch *w = NULL;
	struct buffer key;

	put_key(&key, item);
	if (key.failed)
		fault_set(fault, E_INVALID,
			  "the watched item's key is too long");
	pthread_mutex_lock(&all->lock);
	check(all, item->table, user, fault);
	if (!fault->code) {
		w = watch_new(buffer_slice(&key), user, loop);
		w->all = all;
		w->changed = changed;
		w->arg = arg;
		w->item = join(&all->items, w->item_key);
		w->user = join(&all->users, w->user_key);
		list_append(&w->item->members, &w->of_item);
		all->count++;
	}
	pthread_mutex_unlock(&all->lock);
	buffer_release(&key);
	return w;
}

void watch_free(struct watch *w)
{
	struct watches *all = w->all;

	pthread_mutex_lock(&all->lock);
	list_remove(&w->of_item);
	leave(&all->items, w->item_key, w->item);
	leave(&all->users, w->user_key, w->user);
	all->count--;
	pthread_mutex_unlock(&all->lock);
	bell_close(&w->bell);
}
