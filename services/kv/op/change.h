/* services/kv/op/change.h - what is to become of one item
 *
 * A put, an update, a delete or a mere check: the part that PutItem, a batch
 * and a transaction have in common. Prepared on the call's thread, decided
 * where the engine likes, perhaps more than once.
 */
#ifndef PARLOR_KV_CHANGE_H
#define PARLOR_KV_CHANGE_H

#include "services/kv/expr/expr.h"
#include "services/kv/op/cost.h"
#include "services/kv/usage/unit.h"

enum kv_change_kind {
	KV_CHANGE_PUT,
	KV_CHANGE_UPDATE,
	KV_CHANGE_DELETE,
	KV_CHANGE_CHECK,
};

/* ReturnValues. */
enum kv_returns {
	KV_RETURN_NONE,
	KV_RETURN_ALL_OLD,
	KV_RETURN_UPDATED_OLD,
	KV_RETURN_ALL_NEW,
	KV_RETURN_UPDATED_NEW,
};

struct kv_change {
	enum kv_change_kind kind;
	const char *action; /* NULL: the kind's */
	bool insert;	    /* of a put: what refuses it is an item there */
	const struct kv_table *table;
	struct slice item;		 /* of a put; else the key */
	const struct kv_node *condition; /* NULL: none */
	struct kv_update update;
	const struct kv_scope *scope; /* of its expressions; NULL: none */
	enum kv_returns returns;
	bool show;	 /* the item as it is, when the condition refuses it */
	bool by_service; /* the store's own: the stream's record says so */
	struct slice capacity; /* ReturnConsumedCapacity, for policies */
	bool sized;	       /* the size of its collection is told, too */
	enum kv_write price;
	/* made by kv_change_prepare */
	struct kv_key key;
	struct kv_index_row *rows; /* of a put: of the item, as it will be */
	size_t row_count;
	struct kv_cost cost;
	/* made by kv_change_decide: items, empty where there is none */
	struct slice before, after;
	bool refused; /* by its condition */
	bool stale;   /* its table was changed: kv_change_renew */
};

/* Checks what can be without the stored item. Returns 0, or -E_INVALID with
 * DynamoDB's words in the fault. */
int kv_change_prepare(struct call *, struct kv_change *, struct fault *);

/* May the call's principal do it? Else fails the call. */
int kv_change_permit(struct call *, const struct kv_change *);

/* Is there capacity for it, beside what `kv_capacity_admit` says of others? Else
 * fails the call. */
int kv_change_admit(struct call *, const struct kv_change *, int64_t besides);

struct store_key kv_change_key(const struct kv_change *);

/* For its table as it is now, after a decision that found it changed. Returns
 * 0, or a negative code with its fault. */
int kv_change_renew(struct call *, struct kv_change *, struct fault *);

/* From the item as it is to what the store must do and what it costs. Returns
 * 0, or a negative code with its fault; `cost` is that of the attempt when its
 * condition was refused. */
int kv_change_decide(struct kv_change *, struct arena *, struct slice have,
		     struct store_change *out, struct fault *);

/* What a refused attempt costs: the larger of the item as it is and the one
 * that was to be put. */
void kv_change_refused_cost(struct kv_change *);

/* What `returns` asks for; empty: nothing. */
struct slice kv_change_returned(const struct kv_change *, struct arena *);

/* Rows of a table's indexes as the store takes them, in the arena; NULL when it
 * is full. */
const struct store_index_row *kv_store_rows(const struct kv_table *,
					    const struct kv_index_row *,
					    size_t count, struct arena *);

/* ---- the kinds, each in the file of its operation --------------------------
 */

int kv_put_prepare(struct call *, struct kv_change *, struct fault *);
int kv_update_prepare(struct call *, struct kv_change *, struct fault *);
int kv_delete_prepare(struct call *, struct kv_change *, struct fault *);

/* Sets `after` from `before`. */
int kv_put_apply(struct kv_change *, struct arena *, struct fault *);
int kv_update_item_apply(struct kv_change *, struct arena *, struct fault *);
int kv_delete_apply(struct kv_change *, struct arena *, struct fault *);
int kv_check_apply(struct kv_change *, struct arena *, struct fault *);

#endif
