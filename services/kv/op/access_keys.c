/* services/kv/op/access_keys.c - the secrets that sign administrators' calls
 */
#include "services/kv/op/access_keys.h"
#include "lib/base/clock.h"
#include "lib/base/map.h"
#include "lib/crypto/seal.h"
#include "lib/item/item.h"
#include "services/kv/store/store.h"

enum { ACCESS_TABLE = 4, KEYS_MEMORY = 16 << 20, ITEM_MAX = 4096 };

#define HASH_KEY SLICE("access-key")

struct access_keys {
	struct store *store;
	struct seal *seal;
	struct arena mem;
	struct map sealed; /* id to its struct slice, in `mem` */
};

static void remember(struct access_keys *k, struct slice id,
		     struct slice sealed)
{
	struct slice *copy = arena_alloc(&k->mem, sizeof(*copy));

	if (!copy)
		abort(); /* nobody has so many administrators */
	*copy = arena_slice(&k->mem, sealed);
	map_put(&k->sealed, id, copy);
}

/* ---- reading ---------------------------------------------------------------
 */

static enum store_visit visit(struct store_read *r, size_t i, struct slice item)
{
	(void)i;
	remember(r->arg, item_find_text(item, ITEM_S, "sk"),
		 item_find_text(item, ITEM_B, "sealed"));
	return STORE_NEXT;
}

static void visited(struct store_read *r)
{
	loop_stop(r->loop);
}

static int load(struct access_keys *k, struct fault *why)
{
	const struct store_partition part = { ACCESS_TABLE, HASH_KEY };
	const struct store_range all = { 0 };
	struct store_read read = {
		.visit = visit, .done = visited, .arg = k, .loop = loop_new()
	};

	store_query(k->store, &part, &all, &read);
	loop_run(read.loop);
	loop_free(read.loop);
	if (read.fault.code)
		*why = read.fault;
	return -read.fault.code;
}

struct access_keys *access_keys_open(struct store *store, struct seal *seal,
				     struct fault *why)
{
	struct access_keys *k = calloc(1, sizeof(*k));

	if (!k)
		abort(); /* lack of memory ends the process */
	k->store = store;
	k->seal = seal;
	arena_init(&k->mem, KEYS_MEMORY);
	map_init(&k->sealed);
	if (load(k, why) == 0)
		return k;
	access_keys_free(k);
	return NULL;
}

void access_keys_free(struct access_keys *k)
{
	if (!k)
		return;
	map_release(&k->sealed);
	arena_release(&k->mem);
	seal_free(k->seal);
	free(k);
}

int access_keys_find(const struct access_keys *k, struct slice id, char *secret,
		     size_t secret_size, struct arena *mem,
		     struct principal *principal)
{
	const struct slice *sealed = map_find(&k->sealed, id);
	struct slice opened;
	char *text;

	if (!sealed)
		return -E_ACCESS_KEY;
	if (seal_open(k->seal, *sealed, id, mem, &opened) < 0 ||
	    opened.size >= secret_size)
		return -E_LOSS;
	memcpy(secret, opened.data, opened.size);
	secret[opened.size] = '\0';
	explicit_bzero((void *)opened.data, opened.size);
	text = arena_printf(mem, "admin:%.*s", SLICE_ARGS(id));
	*principal = (struct principal){ .kind = PRINCIPAL_ADMIN,
					 .text = slice_of(text) };
	return 0;
}

/* ---- importing -------------------------------------------------------------
 */

static int decide(struct store_write *w, struct arena *mem,
		  const struct slice *have, struct store_change *out)
{
	(void)mem;
	if (have[0].data)
		return 0;
	out[0].kind = STORE_PUT;
	out[0].item = *(const struct slice *)w->arg;
	return 0;
}

static void written(struct store_write *w)
{
	loop_stop(w->loop);
}

/* Waits; only the beginning may do so. */
static int put(struct access_keys *k, struct slice id, struct slice item,
	       struct fault *why)
{
	const struct store_key key = { .part = { ACCESS_TABLE, HASH_KEY },
				       .sort = id };
	struct arena mem;
	struct store_write w = { .keys = &key,
				 .key_count = 1,
				 .now_ms = clock_wall_ms(),
				 .decide = decide,
				 .done = written,
				 .arg = &item,
				 .loop = loop_new(),
				 .mem = &mem };

	arena_init(&mem, 1 << 20);
	do { /* deciding twice puts it once */
		if (store_write(k->store, &w) == 0)
			loop_run(w.loop);
	} while (w.outcome == STORE_UNKNOWN && !w.fault.code);
	arena_release(&mem);
	loop_free(w.loop);
	if (w.fault.code)
		*why = w.fault;
	return -w.fault.code;
}

int access_keys_import(struct access_keys *k, struct slice id,
		       struct slice secret, struct fault *why)
{
	struct slice sealed;
	struct buffer item;
	int result;

	if (map_find(&k->sealed, id))
		return 0;
	sealed = seal_close(k->seal, secret, id, &k->mem);
	buffer_init(&item, ITEM_MAX);
	item_put_i64(&item, "created", clock_wall_ms() / 1000);
	item_put_text(&item, "pk", ITEM_S, HASH_KEY);
	item_put_text(&item, "sealed", ITEM_B, sealed);
	item_put_text(&item, "sk", ITEM_S, id);
	if (item.failed)
		result = fault_set(why, E_INVALID,
				   "the access key is longer than %d bytes",
				   ITEM_MAX);
	else
		result = put(k, id, buffer_slice(&item), why);
	buffer_release(&item);
	if (result == 0)
		remember(k, id, sealed);
	return result;
}
