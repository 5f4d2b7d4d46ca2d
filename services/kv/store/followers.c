/* services/kv/store/followers.c - who wants to hear of a stream's news */
#include "services/kv/store/followers.h"
#include "lib/net/bell.h"

#include <stdlib.h>

struct store_follower {
	struct bell bell;
	struct list place;
	struct followers *all;
	uint32_t stream;
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

static void on_heard(struct bell *bell)
{
	struct store_follower *f =
	    LIST_ENTRY(bell, struct store_follower, bell);

	f->news(f->arg);
}

static void on_gone(struct bell *bell)
{
	free(LIST_ENTRY(bell, struct store_follower, bell));
}

struct store_follower *followers_add(struct followers *f, uint32_t stream,
				     struct loop *loop, void (*news)(void *arg),
				     void *arg)
{
	struct store_follower *follower = calloc(1, sizeof(*follower));

	if (!follower)
		abort(); /* lack of memory ends the process */
	*follower = (struct store_follower){
		.all = f,
		.stream = stream,
		.news = news,
		.arg = arg,
	};
	bell_init(&follower->bell, loop, on_heard, on_gone);
	pthread_mutex_lock(&f->lock);
	list_append(&f->list, &follower->place);
	atomic_fetch_add(&f->count, 1);
	pthread_mutex_unlock(&f->lock);
	return follower;
}

void store_unfollow(struct store_follower *follower)
{
	struct followers *f = follower->all;

	pthread_mutex_lock(&f->lock);
	list_remove(&follower->place);
	atomic_fetch_sub(&f->count, 1);
	pthread_mutex_unlock(&f->lock);
	bell_close(&follower->bell);
}

static bool is_among(uint32_t stream, const uint32_t *streams, size_t count)
{
	for (size_t i = 0; streams && i < count; i++)
		if (streams[i] == stream)
			return true;
	return !streams;
}

void followers_tell(struct followers *f, const uint32_t *streams, size_t count)
{
	if (!atomic_load(&f->count))
		return;
	pthread_mutex_lock(&f->lock);
	LIST_EACH (at, after, &f->list) {
		struct store_follower *follower =
		    LIST_ENTRY(at, struct store_follower, place);

		if (is_among(follower->stream, streams, count))
			bell_ring(&follower->bell);
	}
	pthread_mutex_unlock(&f->lock);
}
