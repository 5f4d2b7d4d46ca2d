/* lib/rpc/base64.h - bytes in JSON and in URLs
 *
 * Written in the standard alphabet; read in that or the URL-safe one, padded or
 * not, as protobuf's JSON mapping and Connect's GET ask for. (lib/crypto's own
 * reads one form only, as signed texts need.)
 */
#ifndef PARLOR_RPC_BASE64_H
#define PARLOR_RPC_BASE64_H

#include "lib/base/buffer.h"

/* Appends the text of `bytes`, with or without padding. */
void base64_put(struct buffer *, struct slice bytes, bool padded);

/* The most bytes that `text` can stand for. */
static inline size_t base64_bytes_max(size_t text)
{
	return text / 4 * 3 + 3;
}

/* Decodes into `out`, which has room for base64_bytes_max. Returns 0, or
 * -E_INVALID at any other byte, a misplaced padding or stray bits. */
int base64_read(struct slice text, uint8_t *out, size_t *size);

#endif
