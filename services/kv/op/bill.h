/* services/kv/op/bill.h - what a call costs, under whom and what */
#ifndef PARLOR_KV_BILL_H
#define PARLOR_KV_BILL_H

#include "services/kv/model/table.h"
#include "services/kv/op/kv.h"
#include "services/kv/store/store.h"

enum kv_unit { KV_READ_UNITS, KV_WRITE_UNITS, KV_STREAM_UNITS };

/* A row for a write to commit: `halves` of a unit in the table, or in its
 * index. Texts live as long as the call's memory. */
struct store_usage kv_usage(struct call *, const struct kv_table *,
			    const struct kv_index *, enum kv_unit,
			    int64_t halves);

/* What it is counted under: TABLE, or TABLE/index/NAME. */
struct slice kv_usage_resource(struct arena *, const struct kv_table *,
			       const struct kv_index *);

/* Counts it in the spool: for reads, and for writes that were refused. */
void kv_bill(struct call *, const struct store_usage *);

#endif
