/* lib/rpc/connect.h - the Connect protocol's own bytes: errors and envelopes
 *
 * What server, client and gateway share. An error is JSON on every path, with
 * either codec: {"code", "message", "details"}; a stream's messages stand in
 * envelopes of a flag byte and a length, the last of which holds JSON.
 */
#ifndef PARLOR_RPC_CONNECT_H
#define PARLOR_RPC_CONNECT_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"
#include "lib/rpc/descriptor.h"

struct http_header;
struct http_request;

enum {
	ENVELOPE_SIZE = 5, /* flags, length in big-endian order */
	ENVELOPE_COMPRESSED = 1,
	ENVELOPE_END = 2,
	CONNECT_TIMEOUT_DIGITS = 10,
};

/* Appends the error's object. AWS's name of the error goes out as a detail of
 * type parlor.options.v1.Exception; a detail whose type is in the set (which
 * may be NULL) has its JSON form beside its bytes. */
void connect_put_error(struct buffer *, const struct fault *,
		       const struct descriptor_set *);

/* Reads an error's object into the fault: code, message, details (in the
 * arena). With the detail Exception the code is the very one that the other
 * daemon set. Returns 0, or -E_INVALID when the text is no such object. */
int connect_read_error(struct slice json, struct arena *, struct fault *);

/* Reads the last envelope of a stream: its error, if it has one, into the
 * fault. Returns 0, or -E_INVALID. */
int connect_read_end(struct slice json, struct arena *, struct fault *);

/* Appends what the last envelope holds: the fault, if there is one. */
void connect_put_end(struct buffer *, const struct fault *,
		     const struct descriptor_set *);

/* The code for another's HTTP status without a Connect body. */
int connect_code_of_status(int status);

/* The code for a status with which our own server refuses a request before it is
 * one (struct http_handler's `error`). */
int connect_code_of_refusal(int status);

/* Answers a request with an error; `status` 0 is the code's own. Beside `more`
 * (at most CONNECT_MORE_HEADERS) it has Retry-After and, with 401,
 * WWW-Authenticate. */
enum { CONNECT_MORE_HEADERS = 8 };
void connect_refuse(struct http_request *, const struct fault *, int status,
		    const struct http_header *more, size_t count,
		    const struct descriptor_set *);

/* Appends an envelope's five bytes. */
void connect_put_envelope(struct buffer *, unsigned flags, size_t size);

/* The size of an envelope's message, and its flags, from its five bytes. */
size_t connect_envelope_size(const uint8_t head[ENVELOPE_SIZE],
			     unsigned *flags);

/* Takes the next envelope off the front: 1, 0 when there is not enough yet, or
 * -E_INVALID when it says more than `max` bytes. */
int connect_next_envelope(struct slice *rest, size_t max, unsigned *flags,
			  struct slice *message);

#endif
