/* lib/rpc/json_text.h - JSON's own grammar, without a tree
 *
 * A scanner walks the text once. Its error is sticky: after the first one every
 * step does nothing, so that readers look once at the end. And how strings and
 * numbers are written. Used by the transcoder only (json.h).
 */
#ifndef PARLOR_RPC_JSON_TEXT_H
#define PARLOR_RPC_JSON_TEXT_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"

/* Where in the message a scanner is, innermost first; for error texts. */
struct json_place {
	const struct json_place *up;
	struct slice name;
};

struct json_text {
	const uint8_t *begin, *at, *end;
	struct arena *scratch; /* for strings with escapes */
	struct fault *fault;
	const struct json_place *place;
	int depth;
};

static inline bool json_failed(const struct json_text *t)
{
	return t->fault->code != E_NONE;
}

/* Fails with the place and the offset around `why`. */
void json_fail(struct json_text *, int code, const char *why);

/* The next byte after white space; 0 at the end or after a failure. */
uint8_t json_peek(struct json_text *);

/* Takes '{' or '[' and counts the depth. */
void json_open(struct json_text *, char bracket);

/* Is there another member or element? Takes the comma before it, or `close`.
 * `*first` is true before the first. */
bool json_more(struct json_text *, char close, bool *first);

/* Takes a member's name and the colon. */
struct slice json_name(struct json_text *);

/* Takes a string: valid UTF-8, escapes resolved (then in the scratch). (Not
 * json_string: that is jansson's, and libjwt would find ours.) */
struct slice json_take_string(struct json_text *);

/* Takes a number and gives its text. */
struct slice json_number(struct json_text *);

/* Takes `word` (true, false, null) or fails. */
void json_word(struct json_text *, const char *word);

/* Takes any value. */
void json_skip(struct json_text *);

/* White space and nothing else may follow. */
void json_finish(struct json_text *);

/* Is all of it one JSON number? */
bool json_is_number(struct slice);

/* A number's text as an integer of `bits` (32, 64), exactly: "1e3" and "1.0"
 * are integers. Returns 0, -E_INVALID when it is none, -E_RANGE. */
int json_to_integer(struct slice number, bool is_signed, int bits,
		    uint64_t *out);

/* Nearest double; -E_RANGE when it is too large for one (or for a float). */
int json_to_double(struct slice number, bool is_float, double *out);

/* The fewest digits that read back the same, for finite values. */
void json_put_double(struct buffer *, double, bool is_float);
void json_put_i64(struct buffer *, int64_t);

/* A string with its quotes; the bytes are UTF-8. */
void json_put_string(struct buffer *, struct slice);

/* Short appends, most of which find room. */
static inline void json_put(struct buffer *b, const void *data, size_t size)
{
	if (size > b->capacity - b->end || b->failed) {
		buffer_put(b, data, size);
		return;
	}
	memcpy(b->block + b->end, data, size);
	b->end += size;
}

static inline void json_put_byte(struct buffer *b, char byte)
{
	json_put(b, &byte, 1);
}

#endif
