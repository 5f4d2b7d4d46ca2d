/* services/auth/store/fields.h - a struct's members as an item's attributes
 *
 * A row a member; what is empty, 0 or false is not written, and reads so.
 */
#ifndef PARLOR_AUTH_STORE_FIELDS_H
#define PARLOR_AUTH_STORE_FIELDS_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"

enum field_kind {
	FIELD_TEXT,   /* struct slice, as S */
	FIELD_BYTES,  /* struct slice, as B */
	FIELD_NUMBER, /* int64_t */
	FIELD_BOOL,   /* bool */
	FIELD_TEXTS,  /* struct auth_texts, as a list of S */
	FIELD_RULES,  /* struct auth_schema, as a list of M */
};

struct field {
	const char *name; /* NULL ends the rows */
	enum field_kind kind;
	size_t offset;
};

void fields_put(struct buffer *item, const struct field *, const void *from);

/* Sets all members of the rows, of which `into` need hold nothing yet. Texts stay
 * in the item's bytes, lists are made in the arena. */
void fields_read(struct arena *, const struct field *, struct slice item,
		 void *into);

#endif
