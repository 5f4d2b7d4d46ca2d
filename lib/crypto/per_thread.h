/* lib/crypto/per_thread.h - a value of its own for each thread that asks
 *
 * Made at a thread's first look, freed when the thread ends or with its owner,
 * whichever comes first. Looking takes no lock after the first time.
 */
#ifndef PARLOR_CRYPTO_PER_THREAD_H
#define PARLOR_CRYPTO_PER_THREAD_H

#include "lib/base/list.h"

#include <pthread.h>
#include <stddef.h>

struct per_thread {
	pthread_key_t key;
	pthread_mutex_t lock; /* over `all` */
	struct list all;
	size_t size;
	void (*start)(void *value); /* given cleared; may be NULL */
	void (*stop)(void *value);
};

void per_thread_init(struct per_thread *, size_t size,
		     void (*start)(void *value), void (*stop)(void *value));

/* Stops and frees every value; no thread may look any more. */
void per_thread_release(struct per_thread *);

/* The calling thread's value. */
void *per_thread_get(struct per_thread *);

#endif
