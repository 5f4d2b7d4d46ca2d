/* tests/support/kv_stage.h - operations of parlor-kv without a network
 *
 * A store on a folder of its own, the catalog, tables, and calls by an
 * administrator (or whoever kv_stage.principal says) whose messages are written
 * in DynamoDB's JSON with single quotes.
 */
#ifndef PARLOR_TESTS_KV_STAGE_H
#define PARLOR_TESTS_KV_STAGE_H

#include "lib/base/clock.h"
#include "lib/base/random.h"
#include "lib/meter/spool.h"
#include "lib/rpc/call.h"
#include "lib/rpc/descriptor.h"
#include "lib/rpc/json.h"
#include "lib/rpc/op.h"
#include "services/kv/api/api.h"
#include "services/kv/model/item.h"
#include "services/kv/op/catalog.h"
#include "services/kv/op/table_row.h"
#include "services/kv/store/store.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

struct kv_stage {
	char dir[64];
	struct kv kv;
	struct loop *loop;
	struct principal principal, user;
	struct arena mem;   /* of the call */
	struct arena texts; /* of what is returned, until the stage's end */
	/* of the last call */
	bool answered;
	int code;
	/* JSON with single quotes; or the fault's words and first detail */
	const char *answer;
};

static struct kv_stage *kv_stage_now;

/* ---- texts -----------------------------------------------------------------
 */

static inline void kv_stage_swap(char *text, char from, char to)
{
	for (; *text; text++)
		if (*text == from)
			*text = to;
}

static inline const struct descriptor_message *kv_stage_type(const char *name)
{
	const struct descriptor_message *type =
	    descriptor_message_find(descriptor_set_parlor(), slice_of(name));

	if (!type)
		fail_msg("no message %s", name);
	return type;
}

static inline const char *kv_stage_json(struct kv_stage *s, const char *type,
					struct slice message)
{
	struct buffer json;
	struct fault f;
	char *text;

	fault_clear(&f);
	buffer_init(&json, 64 << 20);
	if (json_from_message(kv_stage_type(type), message, JSON_AWS, &json,
			      &f))
		fail_msg("%s: %s", type, f.message);
	text =
	    arena_copy(&s->texts, buffer_slice(&json).data, buffer_size(&json));
	buffer_release(&json);
	kv_stage_swap(text, '"', '\'');
	return text;
}

/* ---- calls -----------------------------------------------------------------
 */

static inline void kv_stage_answer(struct call *c, struct slice message)
{
	struct kv_stage *s = kv_stage_now;
	const char *type =
	    arena_printf(&s->texts, "parlor.kv.v1.%sResponse", c->op->name);

	assert_false(s->answered);
	s->answered = true;
	s->code = c->fault.code;
	if (!s->code)
		s->answer = kv_stage_json(s, type, message);
	else if (!c->fault.details)
		s->answer = arena_printf(&s->texts, "%s", c->fault.message);
	else
		s->answer =
		    arena_printf(&s->texts, "%s %s", c->fault.message,
				 kv_stage_json(s, c->fault.details->type,
					       c->fault.details->value));
	loop_stop(c->loop);
}

static inline const struct op *kv_stage_op(const char *name)
{
	for (const struct op *op = kv_ops; op->name; op++)
		if (strcmp(op->name, name) == 0)
			return op;
	fail_msg("no operation %s", name);
	return NULL;
}

/* Asks once, and waits for the answer, which it returns. */
static inline const char *kv_stage_call(struct kv_stage *s, const char *op,
					const char *request)
{
	static const struct call_door door = { .answer = kv_stage_answer };
	char *json = arena_copy(&s->texts, request, strlen(request));
	struct buffer message;
	struct fault f;
	struct call c;

	fault_clear(&f);
	kv_stage_swap(json, '\'', '"');
	arena_reset(&s->mem);
	buffer_init(&message, 64 << 20);
	if (json_to_message(kv_stage_type(arena_printf(
				&s->texts, "parlor.kv.v1.%sRequest", op)),
			    slice_of(json), JSON_AWS, &s->mem, &message, &f))
		fail_msg("%s: %s", request, f.message);
	call_init(&c, &s->mem);
	c.op = kv_stage_op(op);
	c.door = &door;
	c.service = &s->kv;
	c.loop = s->loop;
	c.principal = s->principal;
	c.user = s->user;
	c.request = arena_slice(&s->mem, buffer_slice(&message));
	buffer_release(&message);
	kv_stage_now = s;
	s->answered = false;
	c.op->handle(&c);
	loop_run(s->loop);
	assert_true(s->answered);
	return s->answer;
}

static inline void kv_stage_expect(struct kv_stage *s, const char *op,
				   const char *request, const char *want)
{
	const char *got = kv_stage_call(s, op, request);

	if (strcmp(got, want) != 0)
		fail_msg("%s %s:\n got %s\nwant %s", op, request, got, want);
}

/* ---- tables ----------------------------------------------------------------
 */

struct kv_stage_table {
	struct catalog_table table;
	struct call call;
	bool done;
};

static inline int kv_stage_decide(struct catalog_change *change,
				  struct arena *mem, struct slice have,
				  struct fault *f)
{
	struct kv_stage_table *t = change->arg;
	struct kv_index *indexes = (struct kv_index *)t->table.table.indexes;

	(void)have;
	(void)f;
	t->table.table.number = change->next_number++;
	for (size_t i = 0; i < t->table.table.index_count; i++)
		indexes[i].number = change->next_number++;
	change->row = table_row_write(&t->table, mem);
	return 0;
}

static inline void kv_stage_changed(struct call *c,
				    struct catalog_change *change)
{
	struct kv_stage_table *t = change->arg;

	if (call_failed(c))
		fail_msg("%s", c->fault.message);
	t->done = true;
	loop_stop(c->loop);
}

/* Makes a table with a policy, or none. */
static inline void kv_stage_table(struct kv_stage *s,
				  const struct kv_table *table,
				  const char *policy)
{
	struct kv_stage_table t = {
		.table = { .table = *table,
			   .policy_text = slice_of(policy),
			   .policy_id = SLICE("1") },
	};
	struct catalog_change change = {
		.kind = CATALOG_TABLE,
		.name = table->name,
		.decide = kv_stage_decide,
		.done = kv_stage_changed,
		.arg = &t,
	};

	t.table.table.id = SLICE("00000000-0000-0000-0000-000000000000");
	arena_reset(&s->mem);
	call_init(&t.call, &s->mem);
	t.call.service = &s->kv;
	t.call.loop = s->loop;
	catalog_change(&t.call, &change);
	if (!t.done)
		loop_run(s->loop);
	assert_true(t.done);
}

/* "plain": pk (S). "game": pk, sk (S), with the index "board" on g (S) and
 * score (N). */
static inline void kv_stage_tables(struct kv_stage *s, const char *policy)
{
	static struct kv_index indexes[1];
	struct kv_key_part parts[] = { { SLICE("pk"), ITEM_S },
				       { SLICE("sk"), ITEM_S },
				       { SLICE("g"), ITEM_S },
				       { SLICE("score"), ITEM_N } };
	struct kv_table plain = { .name = SLICE("plain"),
				  .key = { { parts[0] }, 1, 1 },
				  .attributes = parts,
				  .attribute_count = 1 };
	struct kv_table game = { .name = SLICE("game"),
				 .key = { { parts[0], parts[1] }, 1, 2 },
				 .attributes = parts,
				 .attribute_count = 4,
				 .indexes = indexes,
				 .index_count = 1 };

	indexes[0] =
	    (struct kv_index){ .name = SLICE("board"),
			       .key = { { parts[2], parts[3] }, 1, 2 } };
	kv_stage_table(s, &plain, NULL);
	kv_stage_table(s, &game, policy);
}

/* ---- the stage -------------------------------------------------------------
 */

/* `seed` 0: LMDB itself; else the fault engine over it. */
static inline struct kv_stage *kv_stage_new(uint64_t seed, const char *policy)
{
	struct kv_stage *s = calloc(1, sizeof(*s));
	struct fault f;

	assert_non_null(s);
	fault_clear(&f);
	snprintf(s->dir, sizeof(s->dir), "/tmp/parlor-kv-XXXXXX");
	assert_non_null(mkdtemp(s->dir));
	arena_init(&s->mem, 64 << 20);
	arena_init(&s->texts, 256 << 20);
	s->loop = loop_new();
	s->kv.region = "local-1";
	s->kv.store = store_open_lmdb(s->dir, 256 << 20, kv_item_size, &f);
	if (!s->kv.store)
		fail_msg("%s", f.message);
	if (seed)
		s->kv.store = store_open_fault(s->kv.store, seed);
	s->kv.catalog = catalog_open(s->kv.store, &f);
	if (!s->kv.catalog)
		fail_msg("%s", f.message);
	s->kv.spool = spool_open(s->dir, "kv", &f);
	if (!s->kv.spool)
		fail_msg("%s", f.message);
	s->principal = (struct principal){ .kind = PRINCIPAL_ADMIN,
					   .text = SLICE("admin:TEST") };
	s->user = s->principal;
	kv_stage_tables(s, policy);
	return s;
}

static inline void kv_stage_free(struct kv_stage *s)
{
	char path[512];
	struct dirent *entry;
	DIR *dir;

	arena_release(&s->mem);
	spool_close(s->kv.spool);
	catalog_free(s->kv.catalog);
	store_close(s->kv.store);
	loop_free(s->loop);
	arena_release(&s->texts);
	dir = opendir(s->dir);
	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", s->dir, entry->d_name);
		unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(s->dir);
	free(s);
}

#endif
