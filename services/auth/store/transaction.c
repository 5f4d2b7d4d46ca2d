/* services/auth/store/transaction.c - several writes, all or none */
#include "services/auth/store/transaction.h"
#include "lib/base/random.h"

#include <assert.h>

enum { TOKEN = 32 };

/* One of the members stands in the item. */
struct row {
	Parlor__Kv__V1__TransactWriteItem item;
	Parlor__Kv__V1__Put put;
	Parlor__Kv__V1__Update update;
	Parlor__Kv__V1__Update__ExpressionAttributeNamesEntry update_name;
	Parlor__Kv__V1__Update__ExpressionAttributeNamesEntry *update_names[1];
	Parlor__Kv__V1__ConditionCheck check;
	Parlor__Kv__V1__Delete delete_;
	Parlor__Kv__V1__Delete__ExpressionAttributeNamesEntry delete_name;
	Parlor__Kv__V1__Delete__ExpressionAttributeNamesEntry *delete_names[1];
};

static char *placeholder(struct call *c, const struct kv_write *w)
{
	return arena_printf(c->mem, "#%s", w->name);
}

static void fill_put(struct row *row, const struct kv_write *w)
{
	Parlor__Kv__V1__Put *put = &row->put;

	parlor__kv__v1__put__init(put);
	put->table_name = (char *)w->table;
	put->has_item = 1;
	put->item = w->item;
	put->condition_expression = (char *)w->condition;
	put->has_expression_attribute_values = w->values.len > 0;
	put->expression_attribute_values = w->values;
	row->item.put = put;
}

static void fill_update(struct call *c, struct row *row,
			const struct kv_write *w)
{
	Parlor__Kv__V1__Update *update = &row->update;

	parlor__kv__v1__update__init(update);
	update->table_name = (char *)w->table;
	update->has_key = 1;
	update->key = w->key;
	update->update_expression = (char *)w->update;
	update->condition_expression = (char *)w->condition;
	update->has_expression_attribute_values = w->values.len > 0;
	update->expression_attribute_values = w->values;
	if (w->name) {
		parlor__kv__v1__update__expression_attribute_names_entry__init(
		    &row->update_name);
		row->update_name.key = placeholder(c, w);
		row->update_name.value = (char *)w->name;
		row->update_names[0] = &row->update_name;
		update->n_expression_attribute_names = 1;
		update->expression_attribute_names = row->update_names;
	}
	row->item.update = update;
}

static void fill_check(struct row *row, const struct kv_write *w)
{
	Parlor__Kv__V1__ConditionCheck *check = &row->check;

	parlor__kv__v1__condition_check__init(check);
	check->table_name = (char *)w->table;
	check->has_key = 1;
	check->key = w->key;
	check->condition_expression = (char *)w->condition;
	check->has_expression_attribute_values = w->values.len > 0;
	check->expression_attribute_values = w->values;
	row->item.condition_check = check;
}

static void fill_delete(struct call *c, struct row *row,
			const struct kv_write *w)
{
	Parlor__Kv__V1__Delete *delete_ = &row->delete_;

	parlor__kv__v1__delete__init(delete_);
	delete_->table_name = (char *)w->table;
	delete_->has_key = 1;
	delete_->key = w->key;
	delete_->condition_expression = (char *)w->condition;
	delete_->has_expression_attribute_values = w->values.len > 0;
	delete_->expression_attribute_values = w->values;
	if (w->name) {
		parlor__kv__v1__delete__expression_attribute_names_entry__init(
		    &row->delete_name);
		row->delete_name.key = placeholder(c, w);
		row->delete_name.value = (char *)w->name;
		row->delete_names[0] = &row->delete_name;
		delete_->n_expression_attribute_names = 1;
		delete_->expression_attribute_names = row->delete_names;
	}
	row->item.delete_ = delete_;
}

static void fill(struct call *c, struct row *row, const struct kv_write *w)
{
	parlor__kv__v1__transact_write_item__init(&row->item);
	if (w->checks)
		fill_check(row, w);
	else if (w->item.len)
		fill_put(row, w);
	else if (w->update)
		fill_update(c, row, w);
	else
		fill_delete(c, row, w);
}

void kv_send_transaction(struct kv_step *step, const struct kv_write *writes,
			 size_t count)
{
	struct row rows[KV_WRITES_MAX];
	Parlor__Kv__V1__TransactWriteItem *items[KV_WRITES_MAX];
	Parlor__Kv__V1__TransactWriteItemsRequest request =
	    PARLOR__KV__V1__TRANSACT_WRITE_ITEMS_REQUEST__INIT;
	char token[TOKEN + 1];

	assert(count <= KV_WRITES_MAX);
	for (size_t i = 0; i < count; i++) {
		fill(step->call, &rows[i], &writes[i]);
		items[i] = &rows[i].item;
	}
	random_text(token, TOKEN, "abcdefghijklmnopqrstuvwxyz0123456789");
	request.n_transact_items = count;
	request.transact_items = items;
	request.client_request_token = token;
	kv_send(step, "TransactWriteItems", &request.base, true);
}
