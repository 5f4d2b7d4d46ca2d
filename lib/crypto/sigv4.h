/* lib/crypto/sigv4.h - AWS Signature Version 4: reading, checking, signing
 *
 * A signature names an access key and a scope (day, region, service); it covers
 * method, path, query, the headers it lists and the body's hash. Checking goes
 * in two steps, since the secret is looked up between them. Texts of refusals
 * are AWS's to the letter. Pure.
 */
#ifndef PARLOR_CRYPTO_SIGV4_H
#define PARLOR_CRYPTO_SIGV4_H

#include "lib/base/arena.h"
#include "lib/base/buffer.h"
#include "lib/base/fault.h"
#include "lib/crypto/hash.h"

enum { SIGV4_SKEW_MS = 15 * 60 * 1000, SIGV4_DATE = 17 };

/* The request that was, or is to be, signed. */
struct sigv4_request {
	struct slice method, path, query; /* as sent, path before any '?' */
	/* by lower-case name; repeats joined by commas; null data: absent */
	struct slice (*header)(void *request, struct slice name);
	void *request;
	struct slice body_sha256; /* hexadecimal */
};

/* The parts of an Authorization header. */
struct sigv4_credential {
	struct slice algorithm;
	struct slice credential; /* whole; then its parts */
	struct slice access_key_id, day, region, service, terminator;
	struct slice signed_headers, signature;
	struct slice date; /* of X-Amz-Date: 20150830T123600Z */
};

/* Does this Authorization header claim to be such a signature? */
bool sigv4_claimed(struct slice authorization);

/* Refuses what a query says of a signature, which is taken from the header alone:
 * both at once, or one that lacks a part. Returns 0, -E_SIGNATURE or
 * -E_INCOMPLETE_SIGNATURE, with AWS's words. */
int sigv4_check_query(struct slice query, struct slice authorization,
		      struct fault *);

/* The access key, day, region and service alone; false when they are not there.
 */
bool sigv4_read_scope(struct slice authorization, struct sigv4_credential *);

/* Takes the header apart. Returns 0, or -E_INCOMPLETE_SIGNATURE with AWS's
 * words. */
int sigv4_read(const struct sigv4_request *, struct slice authorization,
	       struct sigv4_credential *, struct fault *);

/* Checks the clock, that what must be signed is, the algorithm, and the scope,
 * in AWS's order. Returns 0, or -E_INCOMPLETE_SIGNATURE or -E_SIGNATURE with
 * AWS's words. */
int sigv4_check_scope(const struct sigv4_request *,
		      const struct sigv4_credential *, const char *region,
		      const char *service, int64_t now_ms, struct fault *);

/* The key for a day, region and service. */
void sigv4_day_key(struct slice secret, struct slice day, struct slice region,
		   struct slice service, uint8_t key[HASH_SIZE]);

/* Compares the signature with ours. Returns 0 or -E_SIGNATURE. */
int sigv4_check(const struct sigv4_request *, const struct sigv4_credential *,
		const uint8_t day_key[HASH_SIZE], struct arena *,
		struct fault *);

/* Appends the text that is hashed and signed. Returns 0, or -E_INVALID when the
 * request is malformed or it takes too much room. */
int sigv4_canonical(const struct sigv4_request *, struct slice signed_headers,
		    struct arena *, struct buffer *out);

/* "20150830T123600Z" for the X-Amz-Date header. */
void sigv4_date(int64_t wall_ms, char out[SIGV4_DATE]);

/* The Authorization header for a request of ours; `signed_headers` are
 * lower-case names in order joined by ';', host and x-amz-date among them. NULL
 * when the arena is full. */
const char *sigv4_sign(const struct sigv4_request *, const char *signed_headers,
		       const char *access_key_id, const char *secret,
		       const char *region, const char *service,
		       const char *date, struct arena *);

#endif
