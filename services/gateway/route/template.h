/* services/gateway/route/template.h - "/matches/{match_id}/moves" and paths
 *
 * A template is segments, each literal or one parameter, which stands for a
 * whole segment of a path. Literals are compared as they are written;
 * parameters are decoded.
 */
#ifndef PARLOR_GATEWAY_TEMPLATE_H
#define PARLOR_GATEWAY_TEMPLATE_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

enum { TEMPLATE_SEGMENTS_MAX = 16 };

struct template_segment {
	struct slice text; /* the literal, or the parameter's name */
	bool parameter;
};

struct path_template {
	struct template_segment segments[TEMPLATE_SEGMENTS_MAX];
	size_t count;
};

/* Reads a template; its texts stay where they are. Returns 0, or -E_INVALID with
 * words: it begins with "/", no segment is empty but the only one, names are
 * letters, digits and "_", no name stands twice. */
int template_parse(struct path_template *, struct slice text, struct fault *);

/* Does the path fit? Then values[i] is what stands for the i-th segment, undecoded.
 */
bool template_match(const struct path_template *, struct slice path,
		    struct slice values[TEMPLATE_SEGMENTS_MAX]);

/* <0 when `a` is to be tried before `b`: a literal comes before a parameter. 0
 * when the same paths fit both. */
int template_compare(const struct path_template *a,
		     const struct path_template *b);

#endif
