/* services/kv/store/followers.h - who wants to hear of a stream's news
 *
 * Few, and of few streams; where nobody follows, telling costs one load. Any
 * thread tells; a follower is added and taken away on its own loop's thread.
 */
#ifndef PARLOR_KV_STORE_FOLLOWERS_H
#define PARLOR_KV_STORE_FOLLOWERS_H

#include "services/kv/store/store.h"

#include <pthread.h>
#include <stdatomic.h>

struct followers {
	pthread_mutex_t lock; /* of the list */
	struct list list;
	atomic_size_t count;
};

void followers_init(struct followers *);
/* After all of them have gone. */
void followers_release(struct followers *);

struct store_follower *followers_add(struct followers *, uint32_t stream,
				     struct loop *, void (*news)(void *arg),
				     void *arg);

/* Tells those of these streams; of all when `streams` is NULL. */
void followers_tell(struct followers *, const uint32_t *streams, size_t count);

#endif
