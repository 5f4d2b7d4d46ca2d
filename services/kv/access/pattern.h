/* services/kv/access/pattern.h - a text of a policy with * ? and ${…} in it
 *
 * Read once into pieces, matched without allocation in time proportional to
 * the pattern's length times the text's. What a variable stands for is always
 * taken literally: a user named "*" matches only itself.
 */
#ifndef PARLOR_KV_PATTERN_H
#define PARLOR_KV_PATTERN_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "lib/crypto/principal.h"

enum pattern_flag {
	PATTERN_WILD = 1 << 0,	    /* '*' any text, '?' any one character */
	PATTERN_VARIABLES = 1 << 1, /* ${sub}, ${username}, ${groups}, ${*} … */
	PATTERN_NOCASE = 1 << 2,    /* ASCII letters match in either case */
};

struct pattern_piece;

struct pattern {
	const struct pattern_piece *pieces;
	size_t count;
	bool nocase;
	bool grouped; /* ${groups} is in it */
};

/* Several of which one must match. */
struct patterns {
	struct pattern *rows;
	size_t count;
};

/* Its memory comes from the arena. -E_INVALID with words when a variable is
 * unknown or not closed. */
int pattern_read(struct arena *, struct slice text, unsigned flags,
		 struct pattern *, struct fault *);

/* `user` gives the variables' values; NULL: they have none. */
bool pattern_matches(const struct pattern *, const struct principal *user,
		     struct slice text);
bool patterns_match(const struct patterns *, const struct principal *user,
		    struct slice text);

/* Does it match every text there is? */
bool pattern_is_any(const struct pattern *);

/* Is there a text it matches: do all its variables have a value? */
bool pattern_has_match(const struct pattern *, const struct principal *user);

#endif
