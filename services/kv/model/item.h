/* services/kv/model/item.h - the one form an item is stored in
 *
 * What a client sends is walked once, checked against DynamoDB's rules and
 * written again: names in byte order, no duplicates, no unknown fields, numbers
 * normalised, sets ordered. So two values are equal when their bytes are, and
 * a read is a copy.
 *
 * The room: what tables, keys, items and numbers are. Pure; calls lib/base and
 * lib/item, and lib/crypto for base64.
 */
#ifndef PARLOR_KV_ITEM_H
#define PARLOR_KV_ITEM_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/item/item.h"

enum {
	KV_DEPTH_MAX = 32,		/* lists and maps within each other */
	KV_NAME_MAX = 65535,		/* bytes of an attribute's name */
	KV_ITEM_SIZE_MAX = 400 * 1024,	/* as DynamoDB counts */
	KV_ITEM_BYTES_MAX = 2048 * 1024 /* as it travels */
};

/* May an attribute have this name? 0, or -E_INVALID with DynamoDB's words. */
int kv_name_check(struct slice name, struct fault *);

/* Checks a stranger's Item and writes its canonical form into the arena. Its
 * size is not limited here, but for KV_ITEM_BYTES_MAX. Returns 0, or -E_INVALID
 * with DynamoDB's words. */
int kv_item_canonical(struct slice bytes, struct arena *, struct slice *out,
		      struct fault *);

/* The same for one AttributeValue. */
int kv_value_canonical(struct slice bytes, struct arena *, struct item_value *,
		       struct fault *);

/* Bytes as DynamoDB counts them, of what is canonical: names and values, a
 * number half a byte a digit and one more (0 just that), NULL and BOOL one, a
 * list or map three and one for each member. */
size_t kv_item_size(struct slice item);
size_t kv_value_size(const struct item_value *);

/* Of canonical values: same type, same value. */
bool kv_value_equal(const struct item_value *, const struct item_value *);

/* The order of two canonical values of one type S, N or B: <0, 0, >0. */
int kv_value_compare(const struct item_value *, const struct item_value *);

/* Members of a list, map or set. */
size_t kv_value_count(const struct item_value *);

/* Sorts the members of a set of this type; false when two are the same. */
bool kv_set_sort(enum item_type, struct slice *members, size_t count);

/* The order of a set's members: <0, 0, >0. */
int kv_set_compare(enum item_type, struct slice, struct slice);

#endif
