/* lib/crypto/snapshot.h - a value that is replaced whole while others read it
 *
 * The value is immutable (or only grows in ways its readers allow for) and
 * counted. Each reader keeps one reference and sees by a number, without a
 * lock, whether it was replaced; only then it takes the lock for an instant. So
 * a reader's value never goes away under it.
 */
#ifndef PARLOR_CRYPTO_SNAPSHOT_H
#define PARLOR_CRYPTO_SNAPSHOT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* The first member of what is shared. */
struct snapshot_value {
	atomic_int references;
	void (*free)(struct snapshot_value *);
};

struct snapshot {
	pthread_mutex_t lock;
	_Atomic uint64_t version; /* 0: nothing yet */
	struct snapshot_value *value;
};

/* One reader's, on one thread; begins cleared. */
struct snapshot_reader {
	uint64_t version;
	struct snapshot_value *value;
};

void snapshot_init(struct snapshot *);
void snapshot_release(struct snapshot *);

/* Takes over the value, whose `free` is set. Writers take turns by themselves.
 */
void snapshot_replace(struct snapshot *, struct snapshot_value *);

/* Brings the reader up to date. True when it has a new value; the value is NULL
 * until there was one. */
bool snapshot_read(struct snapshot *, struct snapshot_reader *);
void snapshot_reader_release(struct snapshot_reader *);

/* One more reference for a writer; give back with snapshot_drop. */
struct snapshot_value *snapshot_hold(struct snapshot *);
void snapshot_drop(struct snapshot_value *);

#endif
