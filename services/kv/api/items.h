/* services/kv/api/items.h - the handlers of operations on items
 *
 * Each stands in the file of its operation's name.
 */
#ifndef PARLOR_KV_ITEMS_H
#define PARLOR_KV_ITEMS_H

struct call;

void api_put_item(struct call *);
void api_get_item(struct call *);
void api_update_item(struct call *);
void api_delete_item(struct call *);
void api_query(struct call *);
void api_scan(struct call *);
void api_batch_get_item(struct call *);
void api_batch_write_item(struct call *);
void api_transact_get_items(struct call *);
void api_transact_write_items(struct call *);
void api_execute_statement(struct call *);
void api_batch_execute_statement(struct call *);
void api_execute_transaction(struct call *);

#endif
