/* services/kv/api/transact_write_items.c - TransactWriteItems' messages */
#include "lib/crypto/hash.h"
#include "services/kv/api/capacity.h"
#include "services/kv/api/collections.h"
#include "services/kv/api/items.h"
#include "services/kv/api/request.h"
#include "services/kv/api/transaction.h"

typedef Parlor__Kv__V1__TransactWriteItemsRequest request;
typedef Parlor__Kv__V1__TransactWriteItem part;
typedef Parlor__Kv__V1__TransactWriteItemsResponse response;
typedef Parlor__Kv__V1__TransactWriteItemsResponse__ItemCollectionMetricsEntry
    metrics_entry;
typedef Parlor__Kv__V1__CancellationReason cancellation_reason;

/* What is kept of a request until it is written. */
struct transaction {
	struct kv_transact transact;
	enum api_capacity capacity;
	bool measures; /* the items' collections, then */
	struct kv_collections collections;
};

/* ---- the answer ------------------------------------------------------------
 */

static cancellation_reason *make_reason(struct call *c,
					const struct kv_reason *reason)
{
	cancellation_reason *out = arena_alloc(c->mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__kv__v1__cancellation_reason__init(out);
	out->code = (char *)kv_reason_name(reason);
	out->message = reason->code ? (char *)reason->message : NULL;
	out->has_item = reason->item.size != 0;
	out->item.data = (uint8_t *)reason->item.data;
	out->item.len = reason->item.size;
	return out;
}

static void add_reasons(struct call *c, const struct kv_reason *reasons,
			size_t count)
{
	Parlor__Kv__V1__TransactionCanceled detail =
	    PARLOR__KV__V1__TRANSACTION_CANCELED__INIT;

	detail.cancellation_reasons =
	    arena_array(c->mem, count + 1, sizeof(void *));
	for (size_t i = 0; detail.cancellation_reasons && i < count; i++) {
		cancellation_reason *reason = make_reason(c, &reasons[i]);

		if (!reason)
			return;
		detail.cancellation_reasons[detail.n_cancellation_reasons++] =
		    reason;
	}
	call_detail_message(c, &detail.base);
}

void api_transaction_refuse(struct call *c, const struct kv_reason *reasons,
			    size_t count)
{
	if (c->fault.code == E_TRANSACTION_CANCELED)
		add_reasons(c, reasons, count);
	call_end(c);
}

static void add_collections(struct call *c, response *r,
			    const struct transaction *t)
{
	struct api_collection_list *lists;
	size_t count = api_collection_lists(c, &t->collections, &lists);
	metrics_entry *entries = arena_array(c->mem, count, sizeof(*entries));

	r->item_collection_metrics = arena_array(c->mem, count, sizeof(void *));
	for (size_t i = 0; !c->mem->full && i < count; i++) {
		parlor__kv__v1__transact_write_items_response__item_collection_metrics_entry__init(
		    &entries[i]);
		entries[i].key = lists[i].table;
		entries[i].value = lists[i].list;
		r->item_collection_metrics[r->n_item_collection_metrics++] =
		    &entries[i];
	}
}

static void answer(struct call *c, struct kv_collections *collections)
{
	struct transaction *own = collections->arg;
	const struct kv_transact *t = &own->transact;
	response r = PARLOR__KV__V1__TRANSACT_WRITE_ITEMS_RESPONSE__INIT;
	const struct kv_cost **costs =
	    arena_array(c->mem, t->count + 1, sizeof(*costs));

	for (size_t i = 0; costs && i < t->count; i++)
		costs[i] = &t->changes[i].cost;
	if (costs)
		r.consumed_capacity =
		    api_capacities(c, costs, t->count, own->capacity, true,
				   &r.n_consumed_capacity);
	add_collections(c, &r, own);
	call_reply(c, &r.base);
}

/* A check touches no collection. */
static void done(struct call *c, struct kv_transact *t)
{
	struct transaction *own = t->arg;
	struct kv_collections *collections = &own->collections;

	if (call_status(c) || kv_collections_init(collections, c, t->count)) {
		api_transaction_refuse(c, t->reasons, t->count);
		return;
	}
	collections->done = answer;
	collections->arg = own;
	for (size_t i = 0; own->measures && i < t->count; i++)
		if (t->changes[i].kind != KV_CHANGE_CHECK)
			kv_collections_add(collections, &t->changes[i]);
	kv_collections_read(collections);
}

/* ---- the request -----------------------------------------------------------
 * Put, Update, Delete and ConditionCheck have the same fields under types of
 * their own. */

struct fields {
	enum kv_change_kind kind;
	const char *name, *table_name, *on_failure;
	bool has_item;
	ProtobufCBinaryData item;
	struct api_expressions expressions;
};

#define FIELDS(c, r, kind_, name_, item_)                                    \
	(struct fields)                                                      \
	{                                                                    \
		.kind = (kind_), .name = (name_),                            \
		.table_name = (r)->table_name,                               \
		.on_failure = (r)->return_values_on_condition_check_failure, \
		.has_item = (r)->has_##item_, .item = (r)->item_,            \
		.expressions = {                                             \
			.absent = "ConditionExpression is",                  \
			.condition = (r)->condition_expression,              \
			.names = API_NAMES(c, r),                            \
			.values = API_VALUES(r),                             \
		},                                                           \
	}

static struct fields read_fields(struct call *c, const part *p)
{
	struct fields f;

	if (p->put)
		return FIELDS(c, p->put, KV_CHANGE_PUT, "put", item);
	if (p->delete_)
		return FIELDS(c, p->delete_, KV_CHANGE_DELETE, "delete", key);
	if (p->condition_check)
		return FIELDS(c, p->condition_check, KV_CHANGE_CHECK,
			      "conditionCheck", key);
	f = FIELDS(c, p->update, KV_CHANGE_UPDATE, "update", key);
	f.expressions.update = p->update->update_expression;
	return f;
}

static int count_members(const part *p)
{
	return !!p->put + !!p->update + !!p->delete_ + !!p->condition_check;
}

static void check_part(struct complaints *complaints, const struct fields *f,
		       size_t at)
{
	const struct {
		const char *name;
		bool there;
	} needed[] = {
		{ f->kind == KV_CHANGE_PUT ? "item" : "key", f->has_item },
		{ "conditionExpression",
		  f->kind != KV_CHANGE_CHECK || f->expressions.condition },
		{ "updateExpression",
		  f->kind != KV_CHANGE_UPDATE || f->expressions.update },
	};
	char field[96];

	snprintf(field, sizeof(field), "transactItems.%zu.member.%s.tableName",
		 at + 1, f->name);
	api_table_name_complain(complaints, slice_of(f->table_name), field);
	for (size_t i = 0; i < sizeof(needed) / sizeof(*needed); i++) {
		snprintf(field, sizeof(field), "transactItems.%zu.member.%s.%s",
			 at + 1, f->name, needed[i].name);
		complain_null(complaints, API_THERE(needed[i].there), field);
	}
	snprintf(field, sizeof(field),
		 "transactItems.%zu.member.%s.returnValuesOnConditionCheck"
		 "Failure",
		 at + 1, f->name);
	complain_enum(complaints, slice_of(f->on_failure), field,
		      api_failure_words);
}

/* Takes the parts' fields, each with just one of the four. */
static struct fields *check_parts(struct call *c, const request *r,
				  struct complaints *complaints)
{
	struct fields *fields =
	    arena_array(c->mem, r->n_transact_items + 1, sizeof(*fields));

	for (size_t i = 0; fields && i < r->n_transact_items; i++) {
		const part *p = r->transact_items[i];

		if (count_members(p) != 1)
			continue;
		fields[i] = read_fields(c, p);
		check_part(complaints, &fields[i], i);
	}
	return fields;
}

/* The parts' fields, or NULL and the call has failed. */
static struct fields *check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };
	struct fields *fields;

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_enum(&complaints, slice_of(r->return_item_collection_metrics),
		      "returnItemCollectionMetrics", api_collection_words);
	complain_length(&complaints, slice_of(r->client_request_token),
			"clientRequestToken", 1, API_TOKEN_MAX);
	complain_members(&complaints, r->n_transact_items,
			 API_EMPTY(r, transact_items), "[]", "transactItems");
	complain_list(&complaints, r->n_transact_items, "TransactWriteItem",
		      "transactItems", KV_TRANSACT_MAX);
	fields = check_parts(c, r, &complaints);
	if (!fields || complaints_end(&complaints, &c->fault))
		return NULL;
	for (size_t i = 0; i < r->n_transact_items; i++) {
		if (count_members(r->transact_items[i]) != 1)
			call_fail(
			    c, E_INVALID,
			    "TransactItems can only contain one of Check, Put, "
			    "Update or Delete");
		else
			api_table_name_check(c, slice_of(fields[i].table_name),
					     "tableName");
		if (call_failed(c))
			return NULL;
	}
	return fields;
}

/* ---- the digest ------------------------------------------------------------
 * What makes two requests the same under one token, whatever order maps came
 * in. Each piece follows its length. */

void api_digest_piece(struct buffer *b, struct slice piece)
{
	uint64_t size = piece.size;

	buffer_put(b, &size, sizeof(size));
	buffer_put_slice(b, piece);
}

static void digest_part(struct buffer *b, const struct fields *f,
			const struct kv_change *change)
{
	const struct kv_scope *scope = change->scope;

	buffer_put_byte(b, (uint8_t)f->kind);
	api_digest_piece(b, slice_of(f->table_name));
	api_digest_piece(b, slice_of(f->on_failure));
	api_digest_piece(b, slice_of(f->expressions.condition));
	api_digest_piece(b, slice_of(f->expressions.update));
	api_digest_piece(b, change->item);
	for (size_t i = 0; i < scope->name_count; i++) {
		api_digest_piece(b, scope->names[i].key);
		api_digest_piece(b, scope->names[i].value.bytes);
	}
	for (size_t i = 0; i < scope->value_count; i++) {
		api_digest_piece(b, scope->values[i].key);
		item_value_put(b, &scope->values[i].value);
	}
}

static int read_part(struct call *c, const struct fields *f,
		     struct kv_change *change, struct buffer *digest)
{
	change->kind = f->kind;
	if (api_change(c, change, f->item, &f->expressions, NULL,
		       f->on_failure))
		return -c->fault.code;
	digest_part(digest, f, change);
	change->table = api_table(c, f->table_name);
	return call_status(c);
}

static void read_parts(struct call *c, const request *r,
		       const struct fields *fields, struct kv_transact *t)
{
	enum { DIGESTED_MAX = 64 << 20 };
	struct buffer digest;

	buffer_init(&digest, DIGESTED_MAX);
	for (size_t i = 0; i < t->count && !call_failed(c); i++) {
		t->changes[i].capacity = slice_of(r->return_consumed_capacity);
		t->changes[i].sized =
		    api_is(r->return_item_collection_metrics, "SIZE");
		read_part(c, &fields[i], &t->changes[i], &digest);
	}
	if (digest.failed)
		call_fail(c, E_HTTP_TOO_LARGE, "the transaction is too large");
	hash_sha256(buffer_slice(&digest), t->digest);
	buffer_release(&digest);
}

void api_transact_write_items(struct call *c)
{
	const request *r = call_unpack(
	    c, &parlor__kv__v1__transact_write_items_request__descriptor);
	struct transaction *t = arena_zalloc(c->mem, sizeof(*t));
	const struct fields *fields = r && t ? check(c, r) : NULL;

	if (!fields) {
		call_end(c);
		return;
	}
	t->capacity = api_capacity_of(r->return_consumed_capacity);
	t->measures = api_is(r->return_item_collection_metrics, "SIZE");
	t->transact = (struct kv_transact){
		.count = r->n_transact_items,
		.token = slice_of(r->client_request_token),
		.done = done,
		.arg = t,
	};
	t->transact.changes = arena_array(c->mem, r->n_transact_items,
					  sizeof(*t->transact.changes));
	if (call_status(c) == 0)
		read_parts(c, r, fields, &t->transact);
	kv_transact_write_items(c, &t->transact);
}
