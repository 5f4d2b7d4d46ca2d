/* services/kv/store/followers.c - who wants to hear that a table has changed */
#include "services/kv/store/followers.h"

#include <stdlib.h>

struct store_follower {
	struct task task;
	struct list place;
	struct followers *all; /* NULL: it was taken away while told */
	uint32_t table;
	bool told; /* the task is on its way */
	void (*news)(void *arg);
	void *arg;
};

void followers_init(struct followers *f)
{
	if (pthread_mutex_init(&f->lock, NULL) != 0)
		abort();
	list_init(&f->list);
	atomic_init(&f->count, 0);
}

void followers_release(struct followers *f)
{
	pthread_mutex_destroy(&f->lock);
}

static void on_told(struct task *task)
{
	struct store_follower *follower =
	    LIST_ENTRY(task, struct store_follower, task);

	if (!follower->all) {
		free(follower);
		return;
	}
	pthread_mutex_lock(&follower->all->lock);
	follower->told = false;
	pthread_mutex_unlock(&follower->all->lock);
	follower->news(follower->arg);
}

struct store_follower *followers_add(struct followers *f, uint32_t table,
				     struct loop *loop, void (*news)(void *arg),
				     void *arg)
{
	struct store_follower *follower = calloc(1, sizeof(*follower));

	if (!follower)
		abort(); /* lack of memory ends the process */
	*follower = (struct store_follower){
		.task = { .loop = loop, .done = on_told },
		.all = f,
		.table = table,
		.news = news,
		.arg = arg,
	};
	pthread_mutex_lock(&f->lock);
	list_append(&f->list, &follower->place);
	atomic_fetch_add(&f->count, 1);
	pthread_mutex_unlock(&f->lock);
	return follower;
}

void store_unfollow(struct store_follower *follower)
{
	struct followers *f = follower->all;
	bool told;

	pthread_mutex_lock(&f->lock);
	list_remove(&follower->place);
	atomic_fetch_sub(&f->count, 1);
	told = follower->told;
	pthread_mutex_unlock(&f->lock);
	follower->all = NULL;
	if (!told)
		free(follower);
}

static bool is_among(uint32_t table, const uint32_t *tables, size_t count)
{
	for (size_t i = 0; tables && i < count; i++)
		if (tables[i] == table)
			return true;
	return !tables;
}

void followers_tell(struct followers *f, const uint32_t *tables, size_t count)
{
	if (!atomic_load(&f->count))
		return;
	pthread_mutex_lock(&f->lock);
	LIST_EACH (at, after, &f->list) {
		struct store_follower *follower =
		    LIST_ENTRY(at, struct store_follower, place);

		if (follower->told || !is_among(follower->table, tables, count))
			continue;
		follower->told = true;
		loop_post(follower->task.loop, &follower->task);
	}
	pthread_mutex_unlock(&f->lock);
}
