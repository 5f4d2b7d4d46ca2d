/* lib/rpc/json.h - JSON and protobuf bytes, each from the other, by descriptor
 *
 * The protobuf JSON mapping, straight from one form's bytes to the other's: no
 * tree between. Everything is bounded: depth, the output's maximum; numbers are
 * checked against their type's range, strings for UTF-8. The one transcoder:
 * Connect, AWS's forms, the gateway's REST and the command line all use it.
 */
#ifndef PARLOR_RPC_JSON_H
#define PARLOR_RPC_JSON_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"
#include "lib/rpc/descriptor.h"

enum json_flag {
	JSON_IGNORE_UNKNOWN = 1 << 0, /* reading: unknown fields are skipped */
	/* AWS's form: json_name only, transparent messages stand as their
	 * field, 64-bit integers as numbers and no number as a string. Reading
	 * leaves two members of a oneof to who reads the message. */
	JSON_AWS = 1 << 1,
	/* writing AWS's form: the fields marked parlor.options.v1.always are
	 * there when they are empty, too */
	JSON_ALWAYS = 1 << 2,
};

enum { JSON_DEPTH_MAX = 100 };

/* Appends the message's bytes to `out`. `scratch` holds strings with escapes
 * and the keys of maps. Returns 0, or -E_INVALID with words that name the field
 * and the offset, or -E_HTTP_TOO_LARGE when `out` or `scratch` is full. */
int json_to_message(const struct descriptor_message *, struct slice json,
		    unsigned flags, struct arena *scratch, struct buffer *out,
		    struct fault *);

/* Appends the JSON text. Returns 0, or -E_INVALID when the bytes are no such
 * message (truncated, wrong wire type, bad UTF-8, too deep), or -E_HTTP_TOO_LARGE
 * when `out` is full. Unknown fields are left out; entries of a map that
 * repeat a key are written as they come. */
int json_from_message(const struct descriptor_message *, struct slice bytes,
		      unsigned flags, struct buffer *out, struct fault *);

#endif
