/* lib/item/item.h - items as their bytes: reading and writing without a tree
 *
 * An item is the protobuf bytes of parlor.kv.v1.Item, as it travels and as it
 * is stored. A reader walks them in place; a writer appends to a buffer. Used
 * by every client of the store in C, and by the store. Pure.
 */
#ifndef PARLOR_ITEM_ITEM_H
#define PARLOR_ITEM_ITEM_H

#include "lib/base/buffer.h"
#include "lib/base/slice.h"

/* Field numbers of AttributeValue. */
enum item_type {
	ITEM_NONE,
	ITEM_S,
	ITEM_N,
	ITEM_B,
	ITEM_SS,
	ITEM_NS,
	ITEM_BS,
	ITEM_M,
	ITEM_L,
	ITEM_NULL,
	ITEM_BOOL,
};

/* DynamoDB's name of the type: "S", "NS", "BOOL"; "" of ITEM_NONE. */
const char *item_type_name(enum item_type);

/* One attribute's value where it stands. S, N, B: their bytes. SS, NS, BS, M,
 * L: the bytes of the inner message. BOOL: `truth`. */
struct item_value {
	enum item_type type;
	bool truth;
	struct slice bytes;
};

/* Walks the entries of an item (or the inside of an M): start with *rest = all
 * bytes. 1 and an entry, 0 at the end, -E_INVALID when malformed. Unknown
 * fields, double ones and a value without a member are malformed too. */
int item_next(struct slice *rest, struct slice *name, struct item_value *);

/* Walks the values of SS, NS, BS (as S, N, B) or L. */
int item_next_value(enum item_type of, struct slice *rest, struct item_value *);

/* Reads the bytes of one AttributeValue message. */
int item_value_read(struct slice bytes, struct item_value *);

/* The attribute of that name, type ITEM_NONE when absent or malformed. */
struct item_value item_find(struct slice item, const char *name);
struct item_value item_find_slice(struct slice item, struct slice wanted);

/* Shorthands: the text of an S (or N), empty when it is not one. */
struct slice item_find_text(struct slice item, enum item_type,
			    const char *name);
/* A whole number that fits; `otherwise` when absent or no such number. */
int64_t item_value_i64(const struct item_value *, int64_t otherwise);
int64_t item_find_i64(struct slice item, const char *name, int64_t otherwise);

/* Appends one attribute. */
void item_put_text(struct buffer *, const char *name, enum item_type,
		   struct slice);
void item_put_i64(struct buffer *, const char *name, int64_t);
void item_put_bool(struct buffer *, const char *name, bool);
/* `inner` is an item (M) or the bytes of a list (L) or set. */
void item_put_inner(struct buffer *, const char *name, enum item_type,
		    struct slice inner);
/* An attribute of any type, as a walk gave it. */
void item_put(struct buffer *, struct slice name, const struct item_value *);

/* Appends one member to the bytes of a list or set. NULL ignores the bytes;
 * BOOL is true unless they are empty. */
void item_put_value(struct buffer *, enum item_type of, enum item_type,
		    struct slice);

/* Appends the bytes of one AttributeValue message, and their size. */
void item_value_put(struct buffer *, const struct item_value *);
size_t item_value_size(const struct item_value *);

#endif
