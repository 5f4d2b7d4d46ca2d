/* lib/crypto/totp.h - codes that go with the time, RFC 6238
 *
 * Six digits, SHA-1, a new one each half minute: what all authenticator apps
 * know. Pure.
 */
#ifndef PARLOR_CRYPTO_TOTP_H
#define PARLOR_CRYPTO_TOTP_H

#include "lib/base/slice.h"

enum {
	TOTP_SECRET = 20,
	TOTP_TEXT = 33, /* of it in base32, and a NUL */
	TOTP_CODE = 7,	/* six digits and a NUL */
	TOTP_STEP = 30, /* seconds */
};

/* The secret as an app takes it: base32 (RFC 4648). */
void totp_text(const uint8_t secret[TOTP_SECRET], char out[TOTP_TEXT]);

/* The code of a step: of the seconds since 1970 by TOTP_STEP. */
void totp_code(struct slice secret, int64_t step, char out[TOTP_CODE]);

/* The step whose code it is, at `now` (seconds) or one step off, since clocks
 * differ; 0 when it is none of theirs. All are compared, whichever it is. */
int64_t totp_match(struct slice secret, struct slice code, int64_t now);

#endif
