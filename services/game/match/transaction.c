/* services/game/match/transaction.c - writes that happen all or not at all */
#include "services/game/match/transaction.h"

static ProtobufCBinaryData binary(struct slice bytes)
{
	return (ProtobufCBinaryData){ .data = (uint8_t *)(uintptr_t)bytes.data,
				      .len = bytes.size };
}

static char *literal(const char *text)
{
	return (char *)(uintptr_t)text;
}

/* ---- gathering ------------------------------------------------------------------ */

/* The next write; NULL when the arena is full, which fails the event when it is
 * sent. */
static Parlor__Kv__V1__TransactWriteItem *add(struct transaction *t,
					      const struct condition *condition)
{
	Parlor__Kv__V1__TransactWriteItem *write =
	    arena_alloc(t->e->mem, sizeof(*write));

	if (t->count == TRANSACTION_MAX)
		event_fail(t->e, E_INTERNAL, "over %d writes at once",
			   TRANSACTION_MAX);
	if (!write || event_failed(t->e))
		return NULL;
	parlor__kv__v1__transact_write_item__init(write);
	t->broken[t->count] = condition ? condition->broken : SAVE_BEATEN;
	return t->writes[t->count++] = write;
}

void transaction_put(struct transaction *t, struct slice row,
		     const struct condition *condition)
{
	Parlor__Kv__V1__Put *put = arena_alloc(t->e->mem, sizeof(*put));
	Parlor__Kv__V1__TransactWriteItem *write = add(t, condition);

	if (!put || !write)
		return;
	parlor__kv__v1__put__init(put);
	write->put = put;
	put->table_name = literal(ROWS_TABLE);
	put->has_item = true;
	put->item = binary(row);
	if (!condition)
		return;
	put->condition_expression = literal(condition->expression);
	put->has_expression_attribute_values = condition->values.size > 0;
	put->expression_attribute_values = binary(condition->values);
}

void transaction_delete(struct transaction *t, struct slice key,
			const struct condition *condition)
{
	Parlor__Kv__V1__Delete *delete =
	    arena_alloc(t->e->mem, sizeof(*delete));
	Parlor__Kv__V1__TransactWriteItem *write = add(t, condition);

	if (!delete || !write)
		return;
	parlor__kv__v1__delete__init(delete);
	write->delete_ = delete;
	delete->table_name = literal(ROWS_TABLE);
	delete->has_key = true;
	delete->key = binary(key);
	if (!condition)
		return;
	delete->condition_expression = literal(condition->expression);
	delete->has_expression_attribute_values = condition->values.size > 0;
	delete->expression_attribute_values = binary(condition->values);
}

typedef Parlor__Kv__V1__Update__ExpressionAttributeNamesEntry names_entry;

static void name_reserved(struct arena *mem, Parlor__Kv__V1__Update *update,
			  const char *reserved)
{
	names_entry **names = arena_alloc(mem, sizeof(*names));
	names_entry *entry = arena_alloc(mem, sizeof(*entry));

	if (!names || !entry)
		return;
	parlor__kv__v1__update__expression_attribute_names_entry__init(entry);
	entry->key = arena_printf(mem, "#%s", reserved);
	entry->value = literal(reserved);
	names[0] = entry;
	update->n_expression_attribute_names = 1;
	update->expression_attribute_names = names;
}

void transaction_update(struct transaction *t, struct slice key,
			const struct update *u,
			const struct condition *condition)
{
	Parlor__Kv__V1__Update *update =
	    arena_alloc(t->e->mem, sizeof(*update));
	Parlor__Kv__V1__TransactWriteItem *write = add(t, condition);

	if (!update || !write)
		return;
	parlor__kv__v1__update__init(update);
	write->update = update;
	update->table_name = literal(ROWS_TABLE);
	update->has_key = update->has_expression_attribute_values = true;
	update->key = binary(key);
	update->update_expression = literal(u->expression);
	update->expression_attribute_values = binary(u->values);
	if (u->reserved)
		name_reserved(t->e->mem, update, u->reserved);
	if (condition)
		update->condition_expression = literal(condition->expression);
}

/* ---- sending -------------------------------------------------------------------- */

static bool is_code(const Parlor__Kv__V1__CancellationReason *reason,
		    const char *code)
{
	return reason->code && strcmp(reason->code, code) == 0;
}

/* What a cancelled transaction means: a repeat before anything else. */
static enum saved meaning(const struct transaction *t,
			  const Parlor__Kv__V1__TransactionCanceled *canceled)
{
	enum saved result = SAVE_FAILED;

	for (size_t i = 0; i < canceled->n_cancellation_reasons; i++) {
		const Parlor__Kv__V1__CancellationReason *reason =
		    canceled->cancellation_reasons[i];

		if (i < t->count && is_code(reason, "ConditionalCheckFailed"))
			result = t->broken[i];
		else if (is_code(reason, "TransactionConflict"))
			result = SAVE_BEATEN;
		if (result == SAVE_REPEATED)
			break;
	}
	return result;
}

static enum saved refused(struct transaction *t, const struct fault *fault)
{
	const Parlor__Kv__V1__TransactionCanceled *canceled =
	    event_fault_detail(
		t->e, fault, &parlor__kv__v1__transaction_canceled__descriptor);
	enum saved result = canceled ? meaning(t, canceled) : SAVE_FAILED;

	if (fault->code == E_TRANSACTION_CONFLICT ||
	    fault->code == E_TRANSACTION_IN_PROGRESS)
		return SAVE_BEATEN;
	if (result == SAVE_FAILED)
		table_fail(t->e, fault);
	return result;
}

enum saved transaction_commit(struct transaction *t)
{
	Parlor__Kv__V1__TransactWriteItemsRequest request =
	    PARLOR__KV__V1__TRANSACT_WRITE_ITEMS_REQUEST__INIT;
	struct fault fault = { 0 };

	request.n_transact_items = t->count;
	request.transact_items = t->writes;
	if (event_call(
		t->e, "parlor.kv.v1.KeyValue/TransactWriteItems", &request.base,
		&parlor__kv__v1__transact_write_items_response__descriptor,
		&fault))
		return SAVED;
	return refused(t, &fault);
}
