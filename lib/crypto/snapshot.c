/* lib/crypto/snapshot.c - a value that is replaced whole while others read it
 */
#include "lib/crypto/snapshot.h"

#include <stddef.h>

void snapshot_init(struct snapshot *s)
{
	pthread_mutex_init(&s->lock, NULL);
	atomic_init(&s->version, 0);
	s->value = NULL;
}

void snapshot_drop(struct snapshot_value *value)
{
	if (value && atomic_fetch_sub(&value->references, 1) == 1)
		value->free(value);
}

void snapshot_release(struct snapshot *s)
{
	snapshot_drop(s->value);
	pthread_mutex_destroy(&s->lock);
}

void snapshot_replace(struct snapshot *s, struct snapshot_value *value)
{
	struct snapshot_value *old;

	atomic_init(&value->references, 1);
	pthread_mutex_lock(&s->lock);
	old = s->value;
	s->value = value;
	atomic_fetch_add(&s->version, 1);
	pthread_mutex_unlock(&s->lock);
	snapshot_drop(old);
}

struct snapshot_value *snapshot_hold(struct snapshot *s)
{
	struct snapshot_value *value;

	pthread_mutex_lock(&s->lock);
	value = s->value;
	if (value)
		atomic_fetch_add(&value->references, 1);
	pthread_mutex_unlock(&s->lock);
	return value;
}

bool snapshot_read(struct snapshot *s, struct snapshot_reader *reader)
{
	struct snapshot_value *old = reader->value;

	if (atomic_load_explicit(&s->version, memory_order_acquire) ==
	    reader->version)
		return false;
	pthread_mutex_lock(&s->lock);
	reader->value = s->value;
	reader->version = atomic_load(&s->version);
	atomic_fetch_add(&reader->value->references, 1);
	pthread_mutex_unlock(&s->lock);
	snapshot_drop(old);
	return true;
}

void snapshot_reader_release(struct snapshot_reader *reader)
{
	snapshot_drop(reader->value);
	*reader = (struct snapshot_reader){ 0 };
}
