/* lib/net/form.h - what a browser or an OAuth client sends: names and values
 *
 * The parameters of a query or of a body of the type
 * application/x-www-form-urlencoded, decoded once and bounded. A name may stand
 * once only: two readers of such a form could take different ones for the truth.
 */
#ifndef PARLOR_NET_FORM_H
#define PARLOR_NET_FORM_H

#include "lib/base/fault.h"
#include "lib/net/http.h"

enum { FORM_FIELDS_MAX = 64 };

struct form_field {
	struct slice name, value;
};

struct form {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t count;
};

/* Decodes `text` into the arena. Returns 0, or -E_INVALID with words for a bad
 * escape, what is no UTF-8, a name that stands twice, or too many. */
int form_read(struct form *, struct slice text, struct arena *, struct fault *);

/* Null data when there is none, and as RFC 6749 has it when it is empty. */
struct slice form_value(const struct form *, const char *name);

/* Is `text` of that content type, with or without parameters? */
bool form_is_type(struct slice text);

/* Appends the bytes as they may stand in a query: all but RFC 3986's unreserved
 * ones as %XX. */
void buffer_put_percent(struct buffer *, struct slice);

#endif
