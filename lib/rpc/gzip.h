/* lib/rpc/gzip.h - gzip, with a bound on what comes out */
#ifndef PARLOR_RPC_GZIP_H
#define PARLOR_RPC_GZIP_H

#include "lib/base/buffer.h"
#include "lib/base/fault.h"

/* Answers below this many bytes are not worth it. */
enum { GZIP_WORTH = 1024 };

/* Appends the compressed bytes. Fails only as the buffer does. */
void gzip_put(struct buffer *, struct slice bytes);

/* Appends what one whole gzip member holds. Returns 0, -E_INVALID when it is
 * none, or -E_HTTP_TOO_LARGE when it passes the buffer's maximum. */
int gunzip(struct slice bytes, struct buffer *, struct fault *);

#endif
