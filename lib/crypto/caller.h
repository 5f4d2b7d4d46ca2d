/* lib/crypto/caller.h - this daemon's own identity towards the others
 *
 * An ES256 key of its own (a 0600 PEM file) signs tokens of 60 seconds for one
 * audience; a token is kept and used again until 20 seconds before its end.
 * Any thread.
 */
#ifndef PARLOR_CRYPTO_CALLER_H
#define PARLOR_CRYPTO_CALLER_H

#include "lib/base/fault.h"

struct caller;

/* `name` is the service's ("gateway"), `key_file` a PEM private key. NULL, with
 * words, when it cannot be read or others may read it. */
struct caller *caller_new(const char *name, const char *key_file,
			  struct fault *);
void caller_free(struct caller *);

/* The token for `audience`, on behalf of `function` ("function:NAME", or
 * empty), copied into `out`; returns its length, 0 when it does not fit. */
size_t caller_token(const struct caller *, const char *audience,
		    struct slice function, int64_t now_ms, char *out,
		    size_t size);

#endif
