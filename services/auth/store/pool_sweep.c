/* services/auth/store/pool_sweep.c - all that a deleted pool has left behind */
#include "services/auth/store/pool_sweep.h"
#include "lib/item/item.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/transaction.h"
#include "services/auth/store/users.h"

enum { PAGE = 64 /* items that are looked at */ };

typedef Parlor__Kv__V1__ScanRequest__ExpressionAttributeNamesEntry name_entry;

static const char *const tables[] = {
	AUTH_USERS,
	AUTH_SESSIONS,
	"parlor.keys",
	"parlor.pools",
};
enum { TABLES = sizeof(tables) / sizeof(*tables) };

/* A page of it. */
struct page {
	struct auth_pool_sweep *sweep;
	const char *table;
	const Parlor__Kv__V1__ScanResponse *answer;
	size_t forgotten, deleted;
	auth_next_fn *next;
};

/* It is through: where does the next one begin? */
static void end(struct call *c, const struct page *page)
{
	const Parlor__Kv__V1__ScanResponse *answer = page->answer;
	struct slice last = kv_slice(answer->last_evaluated_key);
	struct auth_pool_sweep *s = page->sweep;

	if (last.size > sizeof(s->after))
		call_fail(c, E_INTERNAL, "a key of %zu bytes", last.size);
	if (!call_failed(c)) {
		s->table += !answer->has_last_evaluated_key;
		s->done = s->table == TABLES;
		s->after_size = last.size; /* 0 at the table's end */
		if (last.size)
			memcpy(s->after, last.data, last.size);
	}
	page->next(c);
}

static void delete_some(struct call *, struct page *);

static void deleted_some(struct kv_step *step)
{
	struct page *page = step->arg;

	if (!call_failed(step->call) && page->deleted < page->answer->n_items)
		delete_some(step->call, page);
	else
		end(step->call, page);
}

static void delete_some(struct call *c, struct page *page)
{
	struct kv_step *step = kv_step_new(c, deleted_some, page->next, page);
	const Parlor__Kv__V1__ScanResponse *answer = page->answer;
	struct kv_write writes[KV_WRITES_MAX];
	size_t count = 0;

	if (!step)
		return;
	while (count < KV_WRITES_MAX && page->deleted < answer->n_items) {
		struct slice item = kv_slice(answer->items[page->deleted++]);

		writes[count++] = (struct kv_write){
			.table = page->table,
			.key = kv_key(c, "", item_find_text(item, ITEM_S, "pk"),
				      item_find_text(item, ITEM_S, "sk")),
		};
	}
	kv_send_transaction(step, writes, count);
}

/* The page is the call's state meanwhile. Sessions belong to a sub and not to a
 * pool: they go before the only item that names it. */
static void forget_next(struct call *c)
{
	struct page *page = c->state;
	const Parlor__Kv__V1__ScanResponse *answer = page->answer;
	struct slice sub = { 0 };

	while (!sub.size && page->forgotten < answer->n_items)
		sub = item_find_text(kv_slice(answer->items[page->forgotten++]),
				     ITEM_S, "sub");
	if (call_failed(c))
		end(c, page);
	else if (sub.size)
		auth_sessions_forget(c, sub, forget_next);
	else
		delete_some(c, page);
}

static void scanned(struct kv_step *step)
{
	struct page *page = step->arg;
	struct call *c = step->call;

	page->answer =
	    kv_answer(step, &parlor__kv__v1__scan_response__descriptor);
	c->state = page;
	if (!page->answer)
		page->next(c);
	else if (page->answer->n_items)
		forget_next(c);
	else
		end(c, page);
}

static void scan(struct kv_step *step, const struct auth_pool_sweep *s)
{
	Parlor__Kv__V1__ScanRequest request =
	    PARLOR__KV__V1__SCAN_REQUEST__INIT;
	name_entry sub, *names[] = { &sub };
	struct buffer values;

	parlor__kv__v1__scan_request__expression_attribute_names_entry__init(
	    &sub);
	sub.key = (char *)"#sub";
	sub.value = (char *)"sub";
	kv_item_begin(&values);
	item_put_text(&values, ":prefix", ITEM_S,
		      slice_of(
			  arena_printf(step->call->mem, "%s/", s->pool_id)));
	request.table_name = (char *)tables[s->table];
	request.filter_expression = (char *)"begins_with(pk, :prefix)";
	request.projection_expression = (char *)"pk, sk, #sub";
	request.n_expression_attribute_names = 1;
	request.expression_attribute_names = names;
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(step->call, &values);
	request.has_consistent_read = request.consistent_read = 1;
	request.has_limit = 1;
	request.limit = PAGE;
	request.has_exclusive_start_key = s->after_size > 0;
	request.exclusive_start_key =
	    (ProtobufCBinaryData){ s->after_size, (uint8_t *)s->after };
	kv_send(step, "Scan", &request.base, true);
}

void auth_pool_sweep(struct call *c, struct auth_pool_sweep *s,
		     auth_next_fn *next)
{
	struct page *page = arena_zalloc(c->mem, sizeof(*page));
	struct kv_step *step;

	if (call_status(c)) {
		next(c);
		return;
	}
	page->sweep = s;
	page->table = tables[s->table];
	page->next = next;
	step = kv_step_new(c, scanned, next, page);
	if (step)
		scan(step, s);
}
