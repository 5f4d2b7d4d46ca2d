/* lib/crypto/per_thread.c - a value of its own for each thread that asks */
#include "lib/crypto/per_thread.h"

#include <stdalign.h>

struct owned {
	struct list all;
	struct per_thread *home;
	alignas(max_align_t) unsigned char value[];
};

static void owned_free(struct owned *owned)
{
	if (owned->home->stop)
		owned->home->stop(owned->value);
	free(owned);
}

static void thread_ends(void *pointer)
{
	struct owned *owned = pointer;

	pthread_mutex_lock(&owned->home->lock);
	list_remove(&owned->all);
	pthread_mutex_unlock(&owned->home->lock);
	owned_free(owned);
}

void per_thread_init(struct per_thread *p, size_t size,
		     void (*start)(void *value), void (*stop)(void *value))
{
	*p = (struct per_thread){ .size = size, .start = start, .stop = stop };
	list_init(&p->all);
	pthread_mutex_init(&p->lock, NULL);
	if (pthread_key_create(&p->key, thread_ends))
		abort(); /* more than a thousand of them */
}

void per_thread_release(struct per_thread *p)
{
	pthread_key_delete(p->key);
	LIST_EACH (at, after, &p->all) {
		owned_free(LIST_ENTRY(at, struct owned, all));
	}
	pthread_mutex_destroy(&p->lock);
}

void *per_thread_get(struct per_thread *p)
{
	struct owned *owned = pthread_getspecific(p->key);

	if (owned)
		return owned->value;
	owned = calloc(1, sizeof(*owned) + p->size);
	if (!owned || pthread_setspecific(p->key, owned))
		abort(); /* lack of memory ends the process */
	owned->home = p;
	if (p->start)
		p->start(owned->value);
	pthread_mutex_lock(&p->lock);
	list_append(&p->all, &owned->all);
	pthread_mutex_unlock(&p->lock);
	return owned->value;
}
