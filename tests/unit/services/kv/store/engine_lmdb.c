/* tests/unit/services/kv/store/engine_lmdb.c - what only this engine meets: a
 * full queue, a full map, a second process, two partition keys of one hash */
#include "services/kv/store/row.h"
#include "services/kv/store/writer.h"
#include "tests/unit/services/kv/store/stage.h"

#include <semaphore.h>

static int setup(void **state)
{
	*state = stage_new(false, NULL);
	return 0;
}

static int teardown(void **state)
{
	stage_free(*state);
	return 0;
}

static void test_one_process(void **state)
{
	const struct stage *s = *state;
	struct fault why;

	fault_clear(&why);
	assert_null(store_open_lmdb(s->dir, STAGE_MAP, NULL, &why));
	assert_int_equal(why.code, E_UNAVAILABLE);
	assert_non_null(strstr(why.message, "another process serves"));
}

/* ---- a full queue ----------------------------------------------------------
 */

enum { SUBMITTED = WRITER_QUEUE_MAX + 100 };

static sem_t hold;
static int answered;

static int decide_holding(struct store_write *w, struct arena *mem,
			  const struct slice *have, struct store_change *out)
{
	(void)mem;
	(void)have;
	(void)out;
	if (w->arg)
		while (sem_wait(&hold) != 0)
			;
	return 0;
}

static void count_answer(struct store_write *w)
{
	if (++answered == WRITER_QUEUE_MAX)
		loop_stop(w->loop);
}

static void test_full_queue(void **state)
{
	struct stage *s = *state;
	const struct store_key key = stage_key(1, "p", "a");
	struct store_write *writes = calloc(SUBMITTED, sizeof(*writes));
	struct arena *mem = calloc(SUBMITTED, sizeof(*mem));
	int taken = 0;

	assert_true(writes && mem);
	sem_init(&hold, 0, 0);
	answered = 0;
	for (int i = 0; i < SUBMITTED; i++) {
		arena_init(&mem[i], 1 << 16);
		writes[i] = (struct store_write){ .keys = &key,
						  .key_count = 1,
						  .decide = decide_holding,
						  .done = count_answer,
						  .arg = i ? NULL : &hold,
						  .loop = s->loop,
						  .mem = &mem[i] };
		if (store_write(s->store, &writes[i]) == 0)
			taken++;
		else
			assert_int_equal(writes[i].fault.code, E_EXHAUSTED);
	}
	assert_int_equal(taken, WRITER_QUEUE_MAX);
	sem_post(&hold);
	loop_run(s->loop); /* all that were taken are answered */
	stage_put(s, key, "there is room again");
	for (int i = 0; i < SUBMITTED; i++)
		arena_release(&mem[i]);
	sem_destroy(&hold);
	free(mem);
	free(writes);
}

/* ---- a full map ------------------------------------------------------------
 */

static int decide_large(struct store_write *w, struct arena *mem,
			const struct slice *have, struct store_change *out)
{
	enum { LARGE = 256 << 10 };
	char *item = arena_zalloc(mem, LARGE);

	(void)w;
	(void)have;
	out[0].kind = STORE_PUT;
	out[0].item = slice_make(item, LARGE);
	return 0;
}

static void test_full_map(void **state)
{
	struct stage *s = *state;
	const struct store_key small = stage_key(1, "small", "");
	struct store_write w;
	struct arena mem;
	char name[16];
	int rows = 0;

	stage_put(s, small, "1");
	do {
		struct store_key key;

		snprintf(name, sizeof(name), "%d", rows++);
		key = stage_key(1, name, "");
		arena_init(&mem, 1 << 20);
		w = (struct store_write){ .keys = &key,
					  .key_count = 1,
					  .decide = decide_large,
					  .loop = s->loop,
					  .mem = &mem };
		stage_settle(s->store, &w, false);
		arena_release(&mem);
	} while (!w.fault.code && rows < 2000);
	assert_int_equal(w.outcome, STORE_FAILED);
	assert_int_equal(w.fault.code, E_EXHAUSTED);
	assert_true(store_healthy(s->store));
	stage_expect("still read", stage_get(s, &small, 1), "1");
	for (int i = 0; i < 10; i++) {
		snprintf(name, sizeof(name), "%d", i);
		stage_delete(s, stage_key(1, name, ""));
	}
	stage_put(s, small, "2");
	stage_expect("and written", stage_get(s, &small, 1), "2");
}

/* ---- rows of one hash ------------------------------------------------------
 */

static struct row_key make_key(size_t size)
{
	struct row_key key = { .size = size };

	memset(key.bytes, 'k', size);
	return key;
}

static void test_same_hash(void **state)
{
	static const size_t sizes[] = { 30, 510, 511, 900 };
	struct lmdb lmdb;
	struct lmdb_txn t;
	struct fault why;
	char dir[] = "/tmp/parlor-store-XXXXXX", path[64];

	(void)state;
	fault_clear(&why);
	assert_non_null(mkdtemp(dir));
	assert_int_equal(lmdb_open(&lmdb, dir, STAGE_MAP, &why), 0);
	for (size_t i = 0; i < 4; i++) {
		struct row_key key = make_key(sizes[i]);

		lmdb_begin(&lmdb, &t);
		row_put(&t, &key, SLICE("one"), SLICE("1"));
		assert_int_equal(t.error, 0);
		assert_null(row_find(&t, &key, SLICE("two")).data);
		row_put(&t, &key, SLICE("two"), SLICE("2"));
		assert_int_equal(lmdb_commit(&t), MDB_CORRUPTED);
	}
	lmdb_close(&lmdb);
	snprintf(path, sizeof(path), "%s/data.mdb", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/lock.mdb", dir);
	unlink(path);
	rmdir(dir);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_one_process, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_full_queue, setup,
						teardown),
		cmocka_unit_test_setup_teardown(test_full_map, setup, teardown),
		cmocka_unit_test(test_same_hash),
	};

	return cmocka_run_group_tests_name("engine_lmdb", tests, NULL, NULL);
}
