/* tests/unit/services/kv/store/contract.c - what every engine must do
 *
 * All that store.h promises, on LMDB and on the fault engine over it. A seed
 * for the faults may be given: contract [SEED].
 */
#include "tests/unit/services/kv/store/stage.h"

#include <pthread.h>

static const char *seed;

static int setup_lmdb(void **state)
{
	*state = stage_new(false, seed);
	return 0;
}

static int setup_fault(void **state)
{
	*state = stage_new(true, seed);
	return 0;
}

static int teardown(void **state)
{
	stage_free(*state);
	return 0;
}

/* ---- one item --------------------------------------------------------------
 */

static void test_items(void **state)
{
	struct stage *s = *state;
	const struct store_key keys[] = {
		stage_key(1, "anna", "a"), stage_key(1, "anna", "b"),
		stage_key(1, "ben", "a"),  stage_key(2, "anna", "a"),
		stage_key(1, "anna", ""),
	};

	stage_put(s, keys[0], "1");
	stage_put(s, keys[1], "2");
	stage_put(s, keys[2], "3");
	stage_put(s, keys[4], "");
	stage_expect("each under its own key", stage_get(s, keys, 5),
		     "1 2 3 - ");
	stage_put(s, keys[0], "a longer one than the first");
	stage_delete(s, keys[1]);
	stage_delete(s, keys[3]);
	stage_expect("replaced and deleted", stage_get(s, keys, 4),
		     "a longer one than the first - 3 -");
}

/* ---- deciding --------------------------------------------------------------
 */

/* Puts "1" to every key, unless one is there. */
static int decide_if_absent(struct store_write *w, struct arena *mem,
			    const struct slice *have, struct store_change *out)
{
	struct store_usage *usage = arena_zalloc(mem, sizeof(*usage));

	*usage = (struct store_usage){ .principal = SLICE("user:1"),
				       .resource = SLICE("table"),
				       .operation = SLICE("Put"),
				       .unit = SLICE("Units"),
				       .hour = 5,
				       .quantity = 2 };
	w->usage = usage;
	w->usage_count = 1;
	w->token_answer = SLICE("made");
	for (size_t i = 0; i < w->key_count; i++) {
		out[i].kind = STORE_PUT;
		out[i].item = SLICE("1");
		if (have[i].data)
			return fault_set(&w->fault, E_CONDITION,
					 "key %zu: %.*s", i,
					 SLICE_ARGS(have[i]));
	}
	return 0;
}

static struct store_write make_if_absent(struct stage *s, struct arena *mem,
					 const struct store_key *keys,
					 size_t count)
{
	return (struct store_write){ .keys = keys,
				     .key_count = count,
				     .token = stage_token(mem),
				     .now_ms = STAGE_NOW_MS,
				     .decide = decide_if_absent,
				     .loop = s->loop,
				     .mem = mem };
}

static void test_refused(void **state)
{
	struct stage *s = *state;
	const struct store_key keys[] = { stage_key(1, "p", "a"),
					  stage_key(1, "p", "b") };
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	stage_put(s, keys[1], "there");
	w = make_if_absent(s, &mem, keys, 2);
	stage_settle(s->store, &w, false);
	assert_int_equal(w.outcome, STORE_DONE);
	assert_int_equal(w.fault.code, E_CONDITION);
	assert_string_equal(w.fault.message, "key 1: there");
	stage_expect("nothing is written", stage_get(s, keys, 2), "- there");
	stage_delete(s, keys[1]);
	stage_settle(s->store, &w, false); /* its token was not kept either */
	assert_int_equal(w.fault.code, 0);
	stage_expect("both are written", stage_get(s, keys, 2), "1 1");
	arena_release(&mem);
}

static void test_own_tokens(void **state)
{
	struct stage *s = *state;
	const struct store_key key = stage_key(1, "p", "a");
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	for (int i = 0; i < 50; i++) {
		w = make_if_absent(s, &mem, &key, 1);
		w.own_token = true;
		stage_settle(s->store, &w, false);
		assert_int_equal(w.fault.code, 0); /* nor after "unknown" */
		stage_delete(s, key);
	}
	arena_release(&mem);
}

static void test_tokens(void **state)
{
	struct stage *s = *state;
	const struct store_key key = stage_key(1, "p", "a");
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	w = make_if_absent(s, &mem, &key, 1);
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, 0);
	w.now_ms += 599999;
	stage_settle(s->store, &w, false);
	assert_int_equal(w.outcome, STORE_REPEATED);
	assert_int_equal(w.fault.code, 0);
	assert_true(slice_is(w.token_answer, "made"));
	w.token_hash[7] = 1;
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, E_IDEMPOTENT_MISMATCH);
	w.now_ms += 1;
	stage_settle(s->store, &w, false); /* ten minutes have passed */
	assert_int_equal(w.fault.code, E_CONDITION);
	arena_release(&mem);
}

/* ---- transactions ----------------------------------------------------------
 */

static void test_transaction(void **state)
{
	struct stage *s = *state;
	const struct store_key keys[] = { stage_key(1, "p", "a"),
					  stage_key(1, "q", "a"),
					  stage_key(2, "p", "a") };
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	stage_put(s, keys[2], "there");
	w = make_if_absent(s, &mem, keys, 3);
	stage_settle(s->store, &w, true);
	assert_int_equal(w.fault.code, E_CONDITION);
	stage_expect("nothing", stage_get(s, keys, 3), "- - there");
	stage_delete(s, keys[2]);
	w = make_if_absent(s, &mem, keys, 3);
	stage_settle(s->store, &w, true);
	assert_int_equal(w.fault.code, 0);
	stage_expect("all", stage_get(s, keys, 3), "1 1 1");
	arena_release(&mem);
}

/* Several threads move money between accounts; the sum stays. */
enum { ACCOUNTS = 8, MOVERS = 4, MOVES = 60, MONEY = 100 };

static const char *const account_names[ACCOUNTS] = { "0", "1", "2", "3",
						     "4", "5", "6", "7" };

struct mover {
	struct stage *stage;
	unsigned random;
	pthread_t thread;
};

static int64_t number(struct slice s)
{
	char text[32];

	snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(s));
	return strtoll(text, NULL, 10);
}

static int decide_move(struct store_write *w, struct arena *mem,
		       const struct slice *have, struct store_change *out)
{
	(void)w;
	for (int i = 0; i < 2; i++) {
		char *text =
		    arena_printf(mem, "%lld",
				 (long long)number(have[i]) + (i ? 1 : -1));

		out[i].kind = STORE_PUT;
		out[i].item = slice_of(text);
	}
	return 0;
}

static void check_sum(struct stage *s, struct loop *loop)
{
	struct store_key keys[ACCOUNTS];
	struct stage_text t;
	int64_t sum = 0;
	char *text, *at;

	for (int i = 0; i < ACCOUNTS; i++)
		keys[i] = stage_key(3, account_names[i], "");
	stage_text_init(&t, loop, 0);
	store_get(s->store, keys, ACCOUNTS, &t.read);
	text = at = stage_text_end(&t);
	for (int i = 0; i < ACCOUNTS; i++)
		sum += strtoll(at, &at, 10);
	assert_int_equal(sum, ACCOUNTS * MONEY);
	free(text);
}

static void *move_money(void *arg)
{
	struct mover *m = arg;
	struct loop *loop = loop_new();

	for (int i = 0; i < MOVES; i++) {
		unsigned from = m->random++ % ACCOUNTS;
		unsigned to =
		    (from + 1 + (unsigned)i % (ACCOUNTS - 1)) % ACCOUNTS;
		const struct store_key keys[] = {
			stage_key(3, account_names[from], ""),
			stage_key(3, account_names[to], ""),
		};
		struct arena mem;
		struct store_write w;

		arena_init(&mem, 1 << 20);
		w = (struct store_write){ .keys = keys,
					  .key_count = 2,
					  .token = stage_token(&mem),
					  .now_ms = STAGE_NOW_MS,
					  .decide = decide_move,
					  .loop = loop,
					  .mem = &mem };
		stage_settle(m->stage->store, &w, true);
		assert_int_equal(w.fault.code, 0);
		arena_release(&mem);
		check_sum(m->stage, loop);
	}
	loop_free(loop);
	return NULL;
}

static void test_concurrent(void **state)
{
	struct stage *s = *state;
	struct mover movers[MOVERS];

	for (int i = 0; i < ACCOUNTS; i++)
		stage_put(s, stage_key(3, account_names[i], ""), "100");
	for (unsigned i = 0; i < MOVERS; i++) {
		movers[i] = (struct mover){ .stage = s, .random = i };
		pthread_create(&movers[i].thread, NULL, move_money, &movers[i]);
	}
	for (int i = 0; i < MOVERS; i++)
		pthread_join(movers[i].thread, NULL);
	check_sum(s, s->loop);
}

/* ---- order of writes -------------------------------------------------------
 */

enum { LETTERS = 26 };

struct letter {
	struct store_write write;
	struct arena mem;
	char letter;
	int *open;
};

static int decide_append(struct store_write *w, struct arena *mem,
			 const struct slice *have, struct store_change *out)
{
	const struct letter *l = w->arg;
	char *text =
	    arena_printf(mem, "%.*s%c", SLICE_ARGS(have[0]), l->letter);

	out[0].kind = STORE_PUT;
	out[0].item = slice_of(text);
	return 0;
}

static void letter_done(struct store_write *w)
{
	const struct letter *l = w->arg;

	if (--*l->open == 0)
		loop_stop(w->loop);
}

static void test_order(void **state)
{
	struct stage *s = *state;
	static struct letter letters[LETTERS];
	const struct store_key key = stage_key(1, "word", "");
	int open = LETTERS;
	char *word;

	for (int i = 0; i < LETTERS; i++) {
		struct letter *l = &letters[i];

		*l =
		    (struct letter){ .letter = (char)('a' + i), .open = &open };
		arena_init(&l->mem, 1 << 20);
		l->write = (struct store_write){ .keys = &key,
						 .key_count = 1,
						 .decide = decide_append,
						 .done = letter_done,
						 .arg = l,
						 .loop = s->loop,
						 .mem = &l->mem };
		assert_int_equal(store_write(s->store, &l->write), 0);
	}
	loop_run(s->loop);
	word = stage_get(s, &key, 1);
	for (size_t i = 1; word[i]; i++) /* unknown ones may be missing */
		assert_true(word[i - 1] < word[i]);
	for (int i = 0; i < LETTERS; i++) {
		if (letters[i].write.outcome == STORE_DONE)
			assert_non_null(strchr(word, letters[i].letter));
		arena_release(&letters[i].mem);
	}
	free(word);
}

/* ---- ranges ----------------------------------------------------------------
 */

static const struct {
	const char *name, *low, *high;
	bool low_in, high_in;
	const char *after;
	size_t limit;
	const char *forward, *backward;
} ranges[] = {
	{ "all", NULL, NULL, 0, 0, NULL, 0, "a ab b c ca", "ca c b ab a" },
	{ "from, with", "ab", NULL, 1, 0, NULL, 0, "ab b c ca", "ca c b ab" },
	{ "from, without", "ab", NULL, 0, 0, NULL, 0, "b c ca", "ca c b" },
	{ "to, with", NULL, "c", 0, 1, NULL, 0, "a ab b c", "c b ab a" },
	{ "to, without", NULL, "c", 0, 0, NULL, 0, "a ab b", "b ab a" },
	{ "between", "aa", "bb", 1, 1, NULL, 0, "ab b", "b ab" },
	{ "one", "b", "b", 1, 1, NULL, 0, "b", "b" },
	{ "nothing between", "ca", "a", 1, 1, NULL, 0, "", "" },
	{ "a limit", NULL, NULL, 0, 0, NULL, 2, "a ab", "ca c" },
	{ "behind b", NULL, NULL, 0, 0, "b", 0, "c ca", "ab a" },
	{ "behind one that is gone", "a", NULL, 1, 0, "bb", 0, "c ca",
	  "b ab a" },
	{ "behind with bounds", "ab", "c", 1, 1, "b", 0, "c", "ab" },
};

static struct store_range make_range(size_t i, const char *hash_key)
{
	struct store_range range = {
		.low = slice_of(ranges[i].low),
		.high = slice_of(ranges[i].high),
		.low_inclusive = ranges[i].low_in,
		.high_inclusive = ranges[i].high_in,
	};

	if (ranges[i].after) {
		range.after.hash_key = slice_of(hash_key);
		range.after.sort = slice_of(ranges[i].after);
	}
	return range;
}

static void test_query(void **state)
{
	static const char *const rows[] = { "c", "a", "ca", "ab", "b" };
	struct stage *s = *state;
	const struct store_partition part = { 1, SLICE("p") };

	for (size_t i = 0; i < 5; i++)
		stage_put(s, stage_key(1, "p", rows[i]), rows[i]);
	stage_put(s, stage_key(1, "o", "b"), "another partition's");
	stage_put(s, stage_key(1, "q", "b"), "another partition's");
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
		struct store_range range = make_range(i, "p");

		stage_expect(ranges[i].name,
			     stage_query(s, part, range, ranges[i].limit),
			     ranges[i].forward);
		range.backward = true;
		stage_expect(ranges[i].name,
			     stage_query(s, part, range, ranges[i].limit),
			     ranges[i].backward);
	}
}

/* Keys that LMDB cannot take whole: the same first 1000 bytes. */
static void test_long_keys(void **state)
{
	enum { LONG = 1000 };
	static const char *const ends[] = { "c", "", "ca", "ab", "b", "a" };
	static char sorts[6][LONG + 4];
	struct stage *s = *state;
	const struct store_partition part = { 1, SLICE("p") };
	struct store_key keys[6];
	struct store_range range = { .low = slice_of(sorts[3]),
				     .low_inclusive = true };

	for (size_t i = 0; i < 6; i++) {
		memset(sorts[i], 'x', LONG);
		snprintf(sorts[i] + LONG, 4, "%s", ends[i]);
		keys[i] = stage_key(1, "p", sorts[i]);
		stage_put(s, keys[i], ends[i]);
	}
	stage_put(s, stage_key(1, "p", "a"), "before");
	stage_put(s, stage_key(1, "p", "y"), "behind");
	stage_expect("each", stage_get(s, keys, 6), "c  ca ab b a");
	range.low = slice_of(sorts[3]);
	stage_expect("from ab", stage_query(s, part, range, 0),
		     "ab b c ca behind");
	range.backward = true;
	stage_expect("from ab, backward", stage_query(s, part, range, 0),
		     "behind ca c b ab");
	stage_put(s, keys[4], "another b");
	stage_delete(s, keys[0]);
	stage_delete(s, keys[1]);
	stage_expect("some", stage_get(s, keys, 6), "- - ca ab another b a");
	range = (struct store_range){
		.after = { .hash_key = part.hash_key,
			   .sort = slice_of(sorts[3]) },
	};
	stage_expect("behind ab", stage_query(s, part, range, 0),
		     "another b ca behind");
	range.backward = true;
	stage_expect("before ab", stage_query(s, part, range, 0), "a before");
	for (size_t i = 0; i < 6; i++)
		stage_delete(s, keys[i]);
	stage_expect("none", stage_get(s, keys, 6), "- - - - - -");
}

/* ---- indexes ---------------------------------------------------------------
 */

enum { INDEX = 9 };

/* Puts an item whose index row has the sort key of its value. */
static void put_indexed(struct stage *s, const char *sort, struct slice was,
			struct slice now)
{
	const struct store_index_row before = {
		.index = INDEX | STORE_INDEX,
		.hash_key = SLICE("board"),
		.sort = was,
		.item = slice_of(sort),
	};
	struct store_index_row after = before;
	struct store_change change = { .kind = STORE_PUT,
				       .item = now,
				       .before = &before,
				       .before_count = was.data ? 1 : 0,
				       .now = &after,
				       .now_count = now.data ? 1 : 0 };

	after.sort = now;
	if (!now.data)
		change.kind = STORE_DELETE;
	stage_change(s, stage_key(1, "p", sort), &change);
}

static void test_index(void **state)
{
	struct stage *s = *state;
	const struct slice none = { 0 };
	const struct store_partition part = { INDEX | STORE_INDEX,
					      SLICE("board") };
	struct store_range range = { 0 };

	/* in the order that the index must have */
	put_indexed(s, "1", none, SLICE(""));
	put_indexed(s, "3", none, SLICE("\0\1"));
	put_indexed(s, "2", none, SLICE("\0"));
	put_indexed(s, "5", none, SLICE("ab"));
	put_indexed(s, "4", none, SLICE("a"));
	put_indexed(s, "6", none, SLICE("b"));
	stage_expect("in order", stage_query(s, part, range, 0), "1 2 3 4 5 6");
	range.high = SLICE("a");
	stage_expect("without its end", stage_query(s, part, range, 0),
		     "1 2 3");
	range.high_inclusive = true;
	range.backward = true;
	stage_expect("with its end", stage_query(s, part, range, 0), "4 3 2 1");
	put_indexed(s, "4", SLICE("a"), SLICE("c"));
	put_indexed(s, "1", SLICE(""), none);
	put_indexed(s, "2", SLICE("\0"), SLICE("\0"));
	range = (struct store_range){ .low = SLICE("\0") };
	stage_expect("moved and deleted", stage_query(s, part, range, 0),
		     "3 5 6 4");
	range.low_inclusive = true;
	stage_expect("with its beginning", stage_query(s, part, range, 0),
		     "2 3 5 6 4");
}

/* A row may come and go beside an item that stays. */
static void test_index_of_kept(void **state)
{
	static const struct store_index_row row = {
		.index = INDEX | STORE_INDEX,
		.hash_key = { (const uint8_t *)"board", 5 },
		.sort = { (const uint8_t *)"a", 1 },
		.item = { (const uint8_t *)"row", 3 },
	};
	struct stage *s = *state;
	const struct store_key key = stage_key(1, "p", "a");
	const struct store_partition part = { INDEX | STORE_INDEX,
					      SLICE("board") };
	const struct store_range range = { 0 };

	stage_put(s, key, "item");
	stage_change(s, key,
		     &(struct store_change){
			 .kind = STORE_KEEP, .now = &row, .now_count = 1 });
	stage_expect("the row", stage_query(s, part, range, 0), "row");
	stage_expect("the item", stage_get(s, &key, 1), "item");
	stage_change(s, key,
		     &(struct store_change){ .kind = STORE_KEEP,
					     .before = &row,
					     .before_count = 1 });
	stage_expect("no row", stage_query(s, part, range, 0), "");
	stage_expect("still", stage_get(s, &key, 1), "item");
}

static void test_index_ties(void **state)
{
	static const char *const sorts[] = { "1", "2", "3", "4", "5" };
	struct stage *s = *state;
	const struct store_partition part = { INDEX | STORE_INDEX,
					      SLICE("board") };
	struct store_range range = { 0 };
	char *all, *seen, one[2] = "";

	for (size_t i = 0; i < 5; i++)
		put_indexed(s, sorts[i], slice_make(NULL, 0), SLICE("same"));
	all = stage_query(s, part, range, 0);
	assert_int_equal(strlen(all), 9);
	for (size_t i = 0; i < 5; i++) { /* page by page, one row each */
		seen = stage_query(s, part, range, 1);
		assert_int_equal(seen[0], all[2 * i]);
		one[0] = seen[0];
		range.after = (struct store_place){
			.hash_key = SLICE("board"),
			.sort = SLICE("same"),
			.base_hash_key = SLICE("p"),
			.base_sort = slice_of(one),
		};
		free(seen);
	}
	stage_expect("no more", stage_query(s, part, range, 1), "");
	free(all);
}

/* Asks for each row's item, which is there unless its sort key is "gone". */
static enum store_visit visit_fetching(struct store_read *r, size_t i,
				       struct slice item)
{
	struct stage_text *t = r->arg;

	if (i == STORE_FETCHED)
		return stage_visit(r, i, item);
	buffer_put_slice(&t->text, SLICE(" <"));
	buffer_put_slice(&t->text, item);
	buffer_put_byte(&t->text, '>');
	r->fetch = stage_key(1, "p", slice_is(item, "3") ? "gone" : "2");
	return slice_is(item, "1") ? STORE_NEXT : STORE_FETCH;
}

static void test_fetch(void **state)
{
	struct stage *s = *state;
	const struct store_partition part = { INDEX | STORE_INDEX,
					      SLICE("board") };
	const struct store_range range = { 0 };
	const struct store_scan scan = { .table = INDEX | STORE_INDEX,
					 .segments = 1 };
	struct stage_text t;

	put_indexed(s, "1", slice_make(NULL, 0), SLICE("a"));
	put_indexed(s, "2", slice_make(NULL, 0), SLICE("b"));
	put_indexed(s, "3", slice_make(NULL, 0), SLICE("c"));
	put_indexed(s, "4", slice_make(NULL, 0), SLICE("d"));
	stage_text_init(&t, s->loop, 0);
	t.read.visit = visit_fetching;
	store_query(s->store, &part, &range, &t.read);
	stage_expect("beside their rows", stage_text_end(&t),
		     " <1> <2> b <3> - <4> b");
	stage_text_init(&t, s->loop, 2);
	t.read.visit = visit_fetching;
	store_scan(s->store, &scan, &t.read);
	stage_expect("in a scan, until it is enough", stage_text_end(&t),
		     " <1> <2> b <3> -");
}

/* ---- scans, counts, drops --------------------------------------------------
 */

enum { ROWS = 60 };

static void put_rows(struct stage *s, uint32_t table)
{
	char name[16];

	for (int i = 0; i < ROWS; i++) {
		snprintf(name, sizeof(name), "%d", i);
		stage_put(s, stage_key(table, name, "s"), name);
	}
}

/* Ticks off the rows of a scan's part, three a page; how many there were. */
static int tick(struct stage *s, struct store_scan scan, bool *there)
{
	int rows = 0;

	for (;;) {
		char *page = stage_scan(s, scan, 3), *at = page, *last = NULL;

		while (at && *at) {
			long row = strtol(at, NULL, 10);

			assert_false(there[row]);
			there[row] = true;
			rows++;
			last = at;
			at = strchr(at, ' ');
			at = at ? at + 1 : NULL;
		}
		free((void *)scan.after.hash_key.data);
		if (!last) {
			free(page);
			return rows;
		}
		scan.after.hash_key = slice_of(strdup(last));
		scan.after.sort = SLICE("s");
		assert_true(store_scan_has(&scan, scan.after.hash_key));
		free(page);
	}
}

static void test_scan(void **state)
{
	struct stage *s = *state;
	static const uint32_t segments[] = { 1, 2, 7 };

	put_rows(s, 4);
	stage_put(s, stage_key(3, "0", "s"), "0");
	stage_put(s, stage_key(5, "0", "s"), "0");
	for (size_t i = 0; i < 3; i++) {
		bool there[ROWS] = { 0 };
		int rows = 0;

		for (uint32_t at = 0; at < segments[i]; at++)
			rows +=
			    tick(s,
				 (struct store_scan){ .table = 4,
						      .segment = at,
						      .segments = segments[i] },
				 there);
		assert_int_equal(rows, ROWS);
	}
}

static struct store_size size_of(struct stage *s, uint32_t table)
{
	struct store_size size = { .table = table };
	struct stage_text t;

	stage_text_init(&t, s->loop, 0);
	store_sizes(s->store, &size, 1, &t.read);
	free(stage_text_end(&t));
	return size;
}

/* Of a partition, with its local rows. */
static int64_t bytes_of(struct stage *s, const char *hash_key)
{
	struct store_size size = { .table = 1, .hash_key = slice_of(hash_key) };
	struct stage_text t;

	stage_text_init(&t, s->loop, 0);
	store_sizes(s->store, &size, 1, &t.read);
	free(stage_text_end(&t));
	return size.bytes;
}

static void put_counted(struct stage *s, const char *hash_key, const char *sort,
			const char *was, const char *now)
{
	const struct store_index_row before[] = {
		{ INDEX | STORE_INDEX, slice_of(hash_key), slice_of(was),
		  slice_of(was), true },
		{ (INDEX + 1) | STORE_INDEX, SLICE("board"), slice_of(was),
		  slice_of(was), false },
	};
	const struct store_index_row after[] = {
		{ INDEX | STORE_INDEX, slice_of(hash_key), slice_of(now),
		  slice_of(now), true },
		{ (INDEX + 1) | STORE_INDEX, SLICE("board"), slice_of(now),
		  slice_of(now), false },
	};

	stage_change(s, stage_key(1, hash_key, sort),
		     &(struct store_change){ .kind =
						 now ? STORE_PUT : STORE_DELETE,
					     .item = slice_of(now),
					     .before = before,
					     .before_count = was ? 2 : 0,
					     .now = after,
					     .now_count = now ? 2 : 0,
					     .counted = true });
}

static void test_counted(void **state)
{
	struct stage *s = *state;

	put_counted(s, "p", "1", NULL, "1234567");
	put_counted(s, "p", "2", NULL, "123");
	put_counted(s, "q", "1", NULL, "1");
	assert_int_equal(bytes_of(s, "p"), 20);
	assert_int_equal(bytes_of(s, "q"), 2);
	put_counted(s, "p", "1", "1234567", "12");
	put_counted(s, "q", "1", "1", NULL);
	assert_int_equal(bytes_of(s, "p"), 10);
	assert_int_equal(bytes_of(s, "q"), 0);
	assert_int_equal(bytes_of(s, "nobody"), 0);
}

static int decide_drop(struct store_write *w, struct arena *mem,
		       const struct slice *have, struct store_change *out)
{
	static const uint32_t tables[] = { 4, INDEX | STORE_INDEX };

	(void)mem;
	(void)have;
	(void)out;
	w->drops = tables;
	w->drop_count = 2;
	return 0;
}

static void test_sizes_and_drop(void **state)
{
	struct stage *s = *state;
	const struct store_key key = stage_key(0, "catalog", "");
	struct arena mem;
	struct store_write w;

	put_rows(s, 4);
	stage_put(s, stage_key(4, "0", "s"), "four");
	stage_delete(s, stage_key(4, "1", "s"));
	put_indexed(s, "1", slice_make(NULL, 0), SLICE("x"));
	assert_int_equal(size_of(s, 4).rows, ROWS - 1);
	assert_int_equal(size_of(s, 4).bytes, 10 + 2 * 50 + 3 - 1);
	assert_int_equal(size_of(s, INDEX | STORE_INDEX).rows, 1);
	arena_init(&mem, 1 << 20);
	w = make_if_absent(s, &mem, &key, 1);
	w.decide = decide_drop;
	stage_settle(s->store, &w, false);
	while (size_of(s, 4).rows || size_of(s, INDEX | STORE_INDEX).rows)
		usleep(1000);
	stage_expect(
	    "gone",
	    stage_scan(s, (struct store_scan){ .table = 4, .segments = 1 }, 0),
	    "");
	assert_int_equal(size_of(s, 1).rows, 1);
	arena_release(&mem);
}

/* ---- the ledger ------------------------------------------------------------
 */

struct ledger_text {
	struct store_ledger_read read;
	size_t limit, seen;
	uint8_t last[STORE_LEDGER_KEY];
	int64_t total, hours;
};

static enum store_visit visit_usage(struct store_ledger_read *r,
				    struct slice key,
				    const struct store_usage *u)
{
	struct ledger_text *t = r->arg;

	assert_true(u->hour >= r->from_hour && u->hour < r->to_hour);
	memcpy(t->last, key.data, sizeof(t->last));
	t->total += u->quantity;
	t->hours += u->hours;
	return ++t->seen == t->limit ? STORE_ENOUGH : STORE_NEXT;
}

static void ledger_done(struct store_ledger_read *r)
{
	assert_int_equal(r->fault.code, 0);
	loop_stop(r->loop);
}

static void read_ledger(struct stage *s, struct ledger_text *t, int64_t from,
			int64_t to)
{
	t->seen = 0;
	t->total = t->hours = 0;
	t->read = (struct store_ledger_read){ .now_ms = t->read.now_ms,
					      .from_hour = from,
					      .to_hour = to,
					      .after = t->read.after,
					      .visit = visit_usage,
					      .done = ledger_done,
					      .arg = t,
					      .loop = s->loop };
	assert_int_equal(store_usage_read(s->store, &t->read), 0);
	loop_run(s->loop);
}

static void expect_ledger(struct stage *s, int64_t from, int64_t to,
			  size_t rows, int64_t total)
{
	struct ledger_text t = { 0 };

	read_ledger(s, &t, from, to);
	assert_int_equal(t.seen, rows);
	assert_int_equal(t.total, total);
}

static void test_ledger(void **state)
{
	static const char *const sorts[] = { "a", "b", "c" };
	struct stage *s = *state;
	struct arena mem;

	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < 3; i++) {
		struct store_key key = stage_key(1, "p", sorts[i]);
		struct store_write w = make_if_absent(s, &mem, &key, 1);

		stage_settle(s->store, &w, false);
		stage_settle(s->store, &w, false); /* a repeat is free */
		w.token = stage_token(&mem);
		stage_settle(s->store, &w, false); /* a refusal too, here */
		assert_int_equal(w.fault.code, E_CONDITION);
	}
	expect_ledger(s, 0, 100, 1, 6);
	expect_ledger(s, 5, 6, 1, 6);
	expect_ledger(s, 0, 5, 0, 0);
	expect_ledger(s, 6, 100, 0, 0);
	arena_release(&mem);
}

static void put_totals(struct stage *s, const char *epoch,
		       const struct store_usage *rows, size_t count)
{
	struct store_totals totals = { .daemon = SLICE("gateway"),
				       .epoch = slice_of(epoch),
				       .rows = rows,
				       .count = count };
	struct store_write w = { .done = stage_stop,
				 .loop = s->loop,
				 .now_ms = STAGE_NOW_MS };

	do {
		assert_int_equal(store_usage_put(s->store, &totals, &w), 0);
		loop_run(s->loop);
	} while (w.outcome == STORE_UNKNOWN);
	assert_int_equal(w.fault.code, 0);
}

static void test_spool(void **state)
{
	struct stage *s = *state;
	struct store_usage rows[] = {
		{ .principal = SLICE("user:1"), .hour = 7, .quantity = 10 },
		{ .principal = SLICE("user:2"), .hour = 7, .quantity = 5 },
		{ .principal = SLICE("user:2"),
		  .hour = 8,
		  .quantity = 1,
		  .cost_tag = SLICE("match") },
	};
	struct ledger_text t = { .limit = 1 };
	int64_t total = 0;

	put_totals(s, "one", rows, 3);
	expect_ledger(s, 0, 100, 3, 16);
	put_totals(s, "one", rows, 3); /* a repeat */
	expect_ledger(s, 0, 100, 3, 16);
	rows[0].quantity = 12;
	put_totals(s, "one", rows, 1); /* growth, of one row */
	rows[0].quantity = 11;
	put_totals(s, "one", rows, 2); /* one that was overtaken */
	expect_ledger(s, 0, 100, 3, 18);
	put_totals(s, "two", rows, 2); /* another epoch counts anew */
	expect_ledger(s, 0, 100, 3, 34);
	for (int i = 0; i < 3; i++) { /* row by row */
		read_ledger(s, &t, 0, 100);
		assert_int_equal(t.seen, 1);
		total += t.total;
		t.read.after = slice_make(t.last, sizeof(t.last));
	}
	read_ledger(s, &t, 0, 100);
	assert_int_equal(t.seen, 0);
	assert_int_equal(total, 34);
}

/* ---- storage and old rows --------------------------------------------------
 */

enum { HOUR_MS = 3600000, FIRST_HOUR = 100, DAY = 24 };

static void expect_at(struct stage *s, int64_t now_ms, int64_t from, int64_t to,
		      size_t rows, int64_t total)
{
	struct ledger_text t = { .read = { .now_ms = now_ms } };

	read_ledger(s, &t, from, to);
	assert_int_equal(t.seen, rows);
	assert_int_equal(t.total, total);
}

/* Puts into table 4 or deletes there, and has its storage counted. */
static int decide_metered(struct store_write *w, struct arena *mem,
			  const struct slice *have, struct store_change *out)
{
	static const struct store_metered metered = {
		4, { (const uint8_t *)"four", 4 }
	};

	w->metered = &metered;
	w->metered_count = 1;
	return stage_decide_put(w, mem, have, out);
}

/* `second` counts from the first hour. */
static void write_at(struct stage *s, int64_t second, store_decide_fn *decide,
		     struct store_change change)
{
	const struct store_key key = stage_key(4, "p", "s");
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	w = (struct store_write){ .keys = &key,
				  .key_count = 1,
				  .token = stage_token(&mem),
				  .now_ms = FIRST_HOUR * HOUR_MS +
					    second * 1000 + 999,
				  .decide = decide,
				  .arg = &change,
				  .loop = s->loop,
				  .mem = &mem };
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, 0);
	arena_release(&mem);
}

static void put_at(struct stage *s, int64_t second, const char *item)
{
	write_at(s, second, decide_metered,
		 (struct store_change){ .kind =
					    *item ? STORE_PUT : STORE_DELETE,
					.item = slice_of(item) });
}

static void test_storage(void **state)
{
	struct stage *s = *state;
	const int64_t at = FIRST_HOUR, begin = at * HOUR_MS;

	put_at(s, 0, "12345");
	put_at(s, 100, "1234567890");
	put_at(s, 90, "1234567"); /* from a clock that is late */
	put_at(s, 200, "1234567890");
	expect_at(s, begin + 300 * 1000, at, at + 1, 1,
		  5 * 100 + 7 * 100 + 10 * 100);
	put_at(s, 3600 + 50, "");
	expect_at(s, begin + 3 * HOUR_MS, at, at + 1, 1,
		  5 * 100 + 7 * 100 + 10 * 3400);
	expect_at(s, begin + 3 * HOUR_MS, at + 1, at + 9, 1, 10 * 50);
	put_at(s, 3 * 3600, "1234567");
	expect_at(s, begin + 3 * HOUR_MS, at + 2, at + 9, 0, 0);
	store_close(s->store);
	stage_open(s);
	expect_at(s, begin + 5 * HOUR_MS + 10 * 1000, at + 3, at + 9, 3,
		  7 * (3600 + 3600 + 10));
	write_at(s, 5 * 3600 + 20, decide_drop, (struct store_change){ 0 });
	expect_at(s, begin + 9 * HOUR_MS, at + 5, at + 9, 1, 7 * 20);
	/* another table's is not counted */
	stage_put(s, stage_key(9, "p", "s"), "12345");
	expect_at(s, begin + 9 * HOUR_MS, at + 6, at + 9, 0, 0);
}

static void test_rollup(void **state)
{
	struct stage *s = *state;
	/* 1 January 2024: hours of two days of a month, and of the next */
	const int64_t at = 473352, next = at + 31 * DAY;
	struct store_usage rows[] = {
		{ .principal = SLICE("a"), .hour = at, .quantity = 1 },
		{ .principal = SLICE("a"), .hour = at + 1, .quantity = 2 },
		{ .principal = SLICE("b"), .hour = at + 1, .quantity = 4 },
		{ .principal = SLICE("a"), .hour = at + 23, .quantity = 8 },
		{ .principal = SLICE("a"), .hour = at + 29, .quantity = 16 },
		{ .principal = SLICE("a"), .hour = next + 5, .quantity = 32 },
	};
	const struct {
		int64_t days, from, to;
		size_t rows;
		int64_t total, hours;
	} steps[] = {
		{ 40, at, at + DAY, 4, 15, 4 },
		{ 41, at, at + DAY, 2, 15, 2 * DAY },
		{ 42, at + DAY, next, 1, 16, DAY },
		{ 80, at, next + DAY, 4, 63, 4 * DAY },
		{ 432, at, next, 2, 31, 2 * 31 * DAY },
		{ 432, next, next + DAY, 1, 32, DAY },
		{ 461, at, next + DAY, 3, 63, 2 * 31 * DAY + 29 * DAY },
	};
	struct ledger_text t = { 0 };

	put_totals(s, "one", rows, 6);
	for (size_t i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
		t.read.now_ms = (at + steps[i].days * DAY) * HOUR_MS;
		do /* it goes on beside the reads */
			read_ledger(s, &t, steps[i].from, steps[i].to);
		while (t.seen > steps[i].rows || t.hours != steps[i].hours);
		assert_int_equal(t.seen, steps[i].rows);
		assert_int_equal(t.total, steps[i].total);
	}
	rows[1].quantity += 64; /* what comes late */
	put_totals(s, "one", rows, 6);
	expect_at(s, 0, at, at + 1, 2, 31 + 64);
}

/* ---- changes ---------------------------------------------------------------
 */

enum { TABLE = 5, STREAM = 6, LATER_MS = STAGE_NOW_MS + STORE_RETENTION_MS };

/* Puts an item and keeps its name as the record of that. */
static void put_recorded(struct stage *s, uint32_t stream, const char *name,
			 int64_t now_ms)
{
	const struct store_key key = stage_key(TABLE, name, "");
	const struct store_change change = { .kind = STORE_PUT,
					     .item = SLICE("1"),
					     .stream = stream,
					     .record = slice_of(name) };
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	w = (struct store_write){ .keys = &key,
				  .key_count = 1,
				  .token = stage_token(&mem),
				  .now_ms = now_ms,
				  .decide = stage_decide_put,
				  .arg = (void *)&change,
				  .loop = s->loop,
				  .mem = &mem };
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, 0);
	arena_release(&mem);
}

/* A read of changes: their records as text, and where each shard stands. */
struct records {
	struct store_changes read;
	size_t limit, seen;
	char text[1024];
	uint64_t sequence; /* of the last one */
	uint64_t last[STORE_SHARDS];
};

static enum store_visit visit_record(struct store_changes *c,
				     const struct store_record *record)
{
	struct records *r = c->arg;
	size_t used = strlen(r->text);

	assert_true(record->shard < STORE_SHARDS);
	assert_true(record->sequence > r->last[record->shard]);
	r->last[record->shard] = r->sequence = record->sequence;
	snprintf(r->text + used, sizeof(r->text) - used, "%s%.*s",
		 used ? " " : "", SLICE_ARGS(record->bytes));
	return ++r->seen == r->limit ? STORE_ENOUGH : STORE_NEXT;
}

static void records_done(struct store_changes *c)
{
	loop_stop(c->loop);
}

/* Behind `after`, or from the oldest one. */
static void read_changes(struct stage *s, struct records *r, uint32_t stream,
			 uint64_t shards, const struct records *after,
			 size_t limit)
{
	*r = (struct records){ .limit = limit };
	r->read = (struct store_changes){ .stream = stream,
					  .shards = shards,
					  .visit = visit_record,
					  .done = records_done,
					  .arg = r,
					  .loop = s->loop };
	if (after)
		r->read.after =
		    slice_make(after->read.position, after->read.position_size);
	store_changes(s->store, &r->read);
	loop_run(s->loop);
}

static void expect_changes(struct stage *s, const struct records *after,
			   const char *want)
{
	struct records r;

	read_changes(s, &r, STREAM, UINT64_MAX, after, 0);
	assert_int_equal(r.read.fault.code, 0);
	assert_string_equal(r.text, want);
}

static void latest(struct stage *s, struct records *r)
{
	*r = (struct records){ 0 };
	r->read = (struct store_changes){ .stream = STREAM,
					  .latest = true,
					  .done = records_done,
					  .loop = s->loop };
	store_changes(s->store, &r->read);
	loop_run(s->loop);
	assert_int_equal(r->read.fault.code, 0);
}

static void test_changes(void **state)
{
	struct stage *s = *state;
	struct records now, first, second;

	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	stage_put(s, stage_key(STREAM, "b", ""), "without a record");
	put_recorded(s, STREAM + 1, "another one's", STAGE_NOW_MS);
	latest(s, &now);
	put_recorded(s, STREAM, "c", STAGE_NOW_MS);
	put_recorded(s, STREAM, "d", STAGE_NOW_MS);
	expect_changes(s, NULL, "a c d");
	expect_changes(s, &now, "c d");
	read_changes(s, &first, STREAM, UINT64_MAX, &now, 1);
	assert_true(first.read.more);
	read_changes(s, &second, STREAM, UINT64_MAX, &first, 0);
	assert_false(second.read.more);
	assert_int_equal(first.seen + second.seen, 2);
	expect_changes(s, &second, "");
	store_close(s->store);
	stage_open(s);
	expect_changes(s, &now, "c d");
	put_recorded(s, STREAM, "e", STAGE_NOW_MS);
	expect_changes(s, &second, "e");
}

static void test_changes_refused(void **state)
{
	struct stage *s = *state;
	const struct store_key key = stage_key(TABLE, "a", "");
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	w = make_if_absent(s, &mem, &key, 1);
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, E_CONDITION);
	expect_changes(s, NULL, "a");
	arena_release(&mem);
}

/* Each record is in one shard, and all of a partition key in the same. */
static void test_shards(void **state)
{
	struct stage *s = *state;
	struct records all, one;
	char name[16];
	size_t seen = 0, shards = 0;

	for (int i = 0; i < 100; i++) {
		snprintf(name, sizeof(name), "%d", i % 50);
		put_recorded(s, STREAM, name, STAGE_NOW_MS);
	}
	read_changes(s, &all, STREAM, UINT64_MAX, NULL, 0);
	assert_int_equal(all.seen, 100);
	for (uint32_t shard = 0; shard < STORE_SHARDS; shard++) {
		read_changes(s, &one, STREAM, UINT64_C(1) << shard, NULL, 0);
		assert_int_equal(one.last[shard], all.last[shard]);
		assert_int_equal(one.seen % 2, 0);
		seen += one.seen;
		shards += one.seen > 0;
	}
	assert_int_equal(seen, 100);
	assert_in_range(shards, 20, 50);
}

static void test_retention(void **state)
{
	struct stage *s = *state;
	struct records old, now, r;

	latest(s, &old);
	for (int i = 0; i < 40; i++)
		put_recorded(s, STREAM, "old", STAGE_NOW_MS);
	put_recorded(s, STREAM, "young", STAGE_NOW_MS + 1);
	latest(s, &now);
	for (int i = 0; i < 8; i++) /* a few with each write */
		put_recorded(s, STREAM + 1, "x", LATER_MS);
	expect_changes(s, NULL, "young");
	expect_changes(s, &now, "");
	read_changes(s, &r, STREAM, UINT64_MAX, &old, 0);
	assert_int_equal(r.read.fault.code, E_TRIMMED);
	now.read.position[0] = 0xff; /* of a store that was set back, say */
	read_changes(s, &r, STREAM, UINT64_MAX, &now, 0);
	assert_int_equal(r.read.fault.code, E_TRIMMED);
	now.read.position_size = 1;
	read_changes(s, &r, STREAM, UINT64_MAX, &now, 0);
	assert_int_equal(r.read.fault.code, E_TRIMMED);
}

static void note_news(void *arg)
{
	struct stage *s = arg;

	s->news++;
	if (s->waits_for_news)
		loop_stop(s->loop);
}

static void await_news(struct stage *s)
{
	s->waits_for_news = true;
	if (!s->news)
		loop_run(s->loop);
	s->waits_for_news = false;
}

static void test_news(void **state)
{
	struct stage *s = *state;
	struct store_follower *follower, *told;

	follower = store_follow(s->store, STREAM, s->loop, note_news, s);
	put_recorded(s, STREAM + 1, "another one's", STAGE_NOW_MS);
	assert_int_equal(s->news, 0);
	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	await_news(s);
	expect_changes(s, NULL, "a");
	told = store_follow(s->store, STREAM, s->loop, note_news, s);
	put_recorded(s, STREAM, "b", STAGE_NOW_MS);
	store_unfollow(told); /* told or not: it hears no more */
	store_unfollow(follower);
	put_recorded(s, STREAM, "c", STAGE_NOW_MS);
	assert_in_range(s->news, 1, 3);
}

/* From a sequence, which need not be a record's. */
static void expect_from(struct stage *s, uint64_t from, const char *want)
{
	struct records r = { 0 };

	r.read = (struct store_changes){ .stream = STREAM,
					 .shards = UINT64_MAX,
					 .from = from,
					 .visit = visit_record,
					 .done = records_done,
					 .arg = &r,
					 .loop = s->loop };
	store_changes(s->store, &r.read);
	loop_run(s->loop);
	if (want)
		assert_string_equal(r.text, want);
	else
		assert_int_equal(r.read.fault.code, E_TRIMMED);
}

static void test_sequences(void **state)
{
	struct stage *s = *state;
	struct records first, all, now;

	put_recorded(s, STREAM + 1, "x", STAGE_NOW_MS);
	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	read_changes(s, &first, STREAM, UINT64_MAX, NULL, 0);
	put_recorded(s, STREAM + 1, "y", STAGE_NOW_MS);
	put_recorded(s, STREAM, "b", STAGE_NOW_MS);
	read_changes(s, &all, STREAM, UINT64_MAX, NULL, 0);
	expect_from(s, first.sequence, "a b");
	expect_from(s, first.sequence + 1, "b");
	expect_from(s, all.sequence, "b");
	expect_from(s, all.sequence + 1, "");
	latest(s, &now);
	assert_in_range(now.read.newest, all.sequence, all.sequence + 1);
	assert_in_range(now.read.oldest, 1, first.sequence);
	expect_from(s, now.read.oldest, "a b");
	expect_from(s, now.read.newest + 2, NULL);
}

static int decide_end(struct store_write *w, struct arena *mem,
		      const struct slice *have, struct store_change *out)
{
	static const uint32_t stream = STREAM;

	(void)mem;
	(void)have;
	(void)out;
	w->ends = &stream;
	w->end_count = 1;
	return 0;
}

static int decide_drop_stream(struct store_write *w, struct arena *mem,
			      const struct slice *have,
			      struct store_change *out)
{
	static const uint32_t stream = STREAM;

	(void)mem;
	(void)have;
	(void)out;
	w->drops = &stream;
	w->drop_count = 1;
	return 0;
}

static void settle_catalog(struct stage *s, store_decide_fn *decide)
{
	const struct store_key key = stage_key(0, "catalog", "");
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	w = make_if_absent(s, &mem, &key, 1);
	w.decide = decide;
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, 0);
	arena_release(&mem);
}

static void test_ended_stream(void **state)
{
	struct stage *s = *state;
	struct store_follower *follower;
	struct records r, behind;

	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	put_recorded(s, STREAM + 1, "kept", STAGE_NOW_MS);
	follower = store_follow(s->store, STREAM, s->loop, note_news, s);
	settle_catalog(s, decide_end);
	await_news(s);
	store_unfollow(follower);
	put_recorded(s, STREAM + 1, "later", STAGE_NOW_MS);
	for (int i = 0; i < 2; i++) { /* ended is what it stays */
		read_changes(s, &r, STREAM, UINT64_MAX, NULL, 0);
		assert_string_equal(r.text, "a");
		assert_true(r.read.ended && !r.read.more);
		read_changes(s, &behind, STREAM, UINT64_MAX, &r, 0);
		assert_int_equal(behind.seen, 0);
		assert_true(behind.read.ended);
		store_close(s->store);
		stage_open(s);
	}
	read_changes(s, &r, STREAM + 1, UINT64_MAX, NULL, 0);
	assert_string_equal(r.text, "kept later");
	assert_false(r.read.ended);
}

static void test_dropped_stream(void **state)
{
	struct stage *s = *state;
	struct records r;

	put_recorded(s, STREAM, "a", STAGE_NOW_MS);
	put_recorded(s, STREAM + 1, "kept", STAGE_NOW_MS);
	settle_catalog(s, decide_end);
	settle_catalog(s, decide_drop_stream);
	do /* it goes in the background */
		put_recorded(s, STREAM + 1, "x", STAGE_NOW_MS);
	while (read_changes(s, &r, STREAM, UINT64_MAX, NULL, 0), r.seen);
	assert_false(r.read.ended);
	read_changes(s, &r, STREAM + 1, UINT64_MAX, NULL, 1);
	assert_string_equal(r.text, "kept");
}

/* ---- reopening -------------------------------------------------------------
 */

static void test_reopen(void **state)
{
	struct stage *s = *state;
	const struct store_key keys[] = { stage_key(1, "p", "a"),
					  stage_key(1, "p", "b") };
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 1 << 20);
	w = make_if_absent(s, &mem, keys, 2);
	stage_settle(s->store, &w, false);
	store_close(s->store);
	stage_open(s);
	stage_expect("items", stage_get(s, keys, 2), "1 1");
	assert_int_equal(size_of(s, 1).rows, 2);
	expect_ledger(s, 0, 100, 1, 2);
	stage_settle(s->store, &w, false);
	assert_int_equal(w.outcome, STORE_REPEATED);
	arena_release(&mem);
}

#define ON_BOTH(test)                                              \
	{ "lmdb: " #test, test, setup_lmdb, teardown, NULL },      \
	{                                                          \
		"fault: " #test, test, setup_fault, teardown, NULL \
	}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ON_BOTH(test_items),
		ON_BOTH(test_refused),
		ON_BOTH(test_tokens),
		ON_BOTH(test_own_tokens),
		ON_BOTH(test_transaction),
		ON_BOTH(test_concurrent),
		ON_BOTH(test_order),
		ON_BOTH(test_query),
		ON_BOTH(test_long_keys),
		ON_BOTH(test_index),
		ON_BOTH(test_index_ties),
		ON_BOTH(test_index_of_kept),
		ON_BOTH(test_fetch),
		ON_BOTH(test_counted),
		ON_BOTH(test_scan),
		ON_BOTH(test_sizes_and_drop),
		ON_BOTH(test_ledger),
		ON_BOTH(test_spool),
		ON_BOTH(test_storage),
		ON_BOTH(test_rollup),
		ON_BOTH(test_reopen),
		ON_BOTH(test_changes),
		ON_BOTH(test_changes_refused),
		ON_BOTH(test_shards),
		ON_BOTH(test_retention),
		ON_BOTH(test_news),
		ON_BOTH(test_sequences),
		ON_BOTH(test_ended_stream),
		ON_BOTH(test_dropped_stream),
	};

	seed = argc > 1 ? argv[1] : NULL;
	return cmocka_run_group_tests_name("contract", tests, NULL, NULL);
}
