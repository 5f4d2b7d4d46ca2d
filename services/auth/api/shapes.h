/* services/auth/api/shapes.h - what members of Cognito's requests may look like
 *
 * A row a member: Cognito has one shape for each name of a request, whatever the
 * operation, and for each of a structure ("AttributeType.Name") and what a map has
 * ("UserPoolTags.key"). And a row an operation or a structure: which members must
 * be there.
 */
#ifndef PARLOR_AUTH_SHAPES_H
#define PARLOR_AUTH_SHAPES_H

#include "lib/base/slice.h"

struct shape {
	const char *member;
	/* of a text: Cognito's words for it; or NULL */
	const char *pattern;
	bool (*fits)(struct slice);
	/* its characters, or of a number; no `most`: any */
	int64_t least, most;
	/* the only texts that there are; or NULL */
	const char *const *words;
	/* of a list, whose texts are as above; 0: any number of them */
	size_t items_most;
	bool secret; /* not repeated in what is said of it */
};

struct needs {
	const char *of, *members; /* "UserPoolId Username" */
};

/* NULL: it may look like anything. */
const struct shape *api_shape_find(struct slice member);

/* NULL: none must be there. */
const struct needs *api_needs_find(struct slice of);

/* Is the text of that shape? */
bool api_shape_fits(const struct shape *, struct slice text);

#endif
