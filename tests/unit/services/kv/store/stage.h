/* tests/unit/services/kv/store/stage.h - a store on a folder of its own, and
 * writes that wait for their answer and repeat what is unknown */
#ifndef PARLOR_TEST_STORE_STAGE_H
#define PARLOR_TEST_STORE_STAGE_H

#include "lib/base/buffer.h"
#include "services/kv/store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

enum { STAGE_NOW_MS = 1000000, STAGE_MAP = 256 << 20 };

struct stage {
	char dir[64];
	bool faults;
	uint64_t seed;
	struct store *store;
	struct loop *loop;
	int news; /* that a follower had */
	bool waits_for_news;
};

static inline void stage_open(struct stage *s)
{
	struct fault why;

	fault_clear(&why);
	s->store = store_open_lmdb(s->dir, STAGE_MAP, NULL, &why);
	if (!s->store)
		fail_msg("%s", why.message);
	if (s->faults)
		s->store = store_open_fault(s->store, ++s->seed);
}

static inline struct stage *stage_new(bool faults, const char *seed)
{
	struct stage *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	snprintf(s->dir, sizeof(s->dir), "/tmp/parlor-store-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	s->faults = faults;
	s->seed = seed ? strtoull(seed, NULL, 10) : 7;
	s->loop = loop_new();
	stage_open(s);
	return s;
}

static inline void stage_free(struct stage *s)
{
	static const char *const files[] = { "data.mdb", "lock.mdb" };
	char path[128];

	store_close(s->store);
	loop_free(s->loop);
	for (size_t i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%s", s->dir, files[i]);
		unlink(path);
	}
	rmdir(s->dir);
	free(s);
}

/* ---- writes ----------------------------------------------------------------
 */

static inline void stage_stop(struct store_write *w)
{
	loop_stop(w->loop);
}

/* Submits and waits; repeats while it is unknown. The write has a token. */
static inline void stage_settle(struct store *store, struct store_write *w,
				bool transact)
{
	w->done = stage_stop;
	do {
		int result =
		    transact ? store_transact(store, w) : store_write(store, w);

		assert_int_equal(result, 0);
		loop_run(w->loop);
	} while (w->outcome == STORE_UNKNOWN);
}

/* A key of a table by two texts. */
static inline struct store_key stage_key(uint32_t table, const char *hash_key,
					 const char *sort)
{
	return (struct store_key){
		.part = { .table = table, .hash_key = slice_of(hash_key) },
		.sort = slice_of(sort),
	};
}

/* A token nobody else has. */
static inline struct slice stage_token(struct arena *mem)
{
	static _Atomic unsigned next;
	char *text = arena_printf(mem, "token %u", next++);

	return slice_of(text);
}

static inline int stage_decide_put(struct store_write *w, struct arena *mem,
				   const struct slice *have,
				   struct store_change *out)
{
	(void)mem;
	(void)have;
	out[0] = *(const struct store_change *)w->arg;
	return 0;
}

/* One change of one item, done when it returns. */
static inline void stage_change(struct stage *s, struct store_key key,
				const struct store_change *change)
{
	struct arena mem;
	struct store_write w;

	arena_init(&mem, 16 << 20);
	w = (struct store_write){
		.keys = &key,
		.key_count = 1,
		.token = stage_token(&mem),
		.now_ms = STAGE_NOW_MS,
		.decide = stage_decide_put,
		.arg = (void *)change,
		.loop = s->loop,
		.mem = &mem,
	};
	stage_settle(s->store, &w, false);
	assert_int_equal(w.fault.code, 0);
	arena_release(&mem);
}

static inline void stage_put(struct stage *s, struct store_key key,
			     const char *item)
{
	stage_change(s, key,
		     &(struct store_change){ .kind = STORE_PUT,
					     .item = slice_of(item) });
}

static inline void stage_delete(struct stage *s, struct store_key key)
{
	stage_change(s, key, &(struct store_change){ .kind = STORE_DELETE });
}

/* ---- reads -----------------------------------------------------------------
 * Items are gathered as text, a space between, "-" where there is none. */

struct stage_text {
	struct store_read read;
	size_t limit, seen;
	struct buffer text;
	bool done;
};

static inline enum store_visit stage_visit(struct store_read *r, size_t i,
					   struct slice item)
{
	struct stage_text *t = r->arg;

	(void)i;
	if (buffer_size(&t->text))
		buffer_put_byte(&t->text, ' ');
	if (item.data)
		buffer_put_slice(&t->text, item);
	else
		buffer_put_byte(&t->text, '-');
	return ++t->seen == t->limit ? STORE_ENOUGH : STORE_NEXT;
}

static inline void stage_read_done(struct store_read *r)
{
	struct stage_text *t = r->arg;

	assert_int_equal(r->fault.code, 0);
	t->done = true;
	loop_stop(r->loop);
}

static inline void stage_text_init(struct stage_text *t, struct loop *loop,
				   size_t limit)
{
	*t = (struct stage_text){ .limit = limit };
	buffer_init(&t->text, 64 << 20);
	t->read = (struct store_read){ .visit = stage_visit,
				       .done = stage_read_done,
				       .loop = loop,
				       .arg = t };
}

/* Waits; the text with its NUL, freed by the caller. */
static inline char *stage_text_end(struct stage_text *t)
{
	struct slice text;
	char *copy;

	loop_run(t->read.loop);
	assert_true(t->done);
	text = buffer_slice(&t->text);
	copy = strndup(text.size ? (const char *)text.data : "", text.size);
	buffer_release(&t->text);
	return copy;
}

static inline char *stage_get(struct stage *s, const struct store_key *keys,
			      size_t count)
{
	struct stage_text t;

	stage_text_init(&t, s->loop, 0);
	store_get(s->store, keys, count, &t.read);
	return stage_text_end(&t);
}

static inline char *stage_query(struct stage *s, struct store_partition part,
				struct store_range range, size_t limit)
{
	struct stage_text t;

	stage_text_init(&t, s->loop, limit);
	store_query(s->store, &part, &range, &t.read);
	return stage_text_end(&t);
}

static inline char *stage_scan(struct stage *s, struct store_scan scan,
			       size_t limit)
{
	struct stage_text t;

	stage_text_init(&t, s->loop, limit);
	store_scan(s->store, &scan, &t.read);
	return stage_text_end(&t);
}

/* Compares and frees. */
static inline void stage_expect(const char *name, char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: got '%s', want '%s'", name, got, want);
	free(got);
}

#endif
