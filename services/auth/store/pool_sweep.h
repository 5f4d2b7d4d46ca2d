/* services/auth/store/pool_sweep.h - all that a deleted pool has left behind
 *
 * Users and their sessions, groups, attempts, codes, keys and clients: the tables
 * are gone through a page at a time, so that nobody waits for the whole. One that
 * starts begins again, and should two do it side by side there is no harm: what
 * has been deleted is deleted no further time. Events stay until they expire: the
 * log can be added to and read, and nothing else.
 */
#ifndef PARLOR_AUTH_STORE_POOL_SWEEP_H
#define PARLOR_AUTH_STORE_POOL_SWEEP_H

#include "services/auth/model/pool.h"
#include "services/auth/store/kv.h"

enum { AUTH_SWEEP_KEY_MAX = 4096 };

/* Whose, and how far: zeroed but for the id at the beginning. */
struct auth_pool_sweep {
	char pool_id[AUTH_POOL_ID_MAX + 1];
	size_t table;
	/* of the last page's end, in the store's form; empty: none yet */
	uint8_t after[AUTH_SWEEP_KEY_MAX];
	size_t after_size;
	bool done;
};

/* The next page. */
void auth_pool_sweep(struct call *, struct auth_pool_sweep *,
		     auth_next_fn *next);

#endif
