/* lib/crypto/totp.c - codes that go with the time, RFC 6238 */
#include "lib/crypto/totp.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdio.h>
#include <stdlib.h>

enum { SHA1 = 20, COUNTER = 8, CODES = 1000000 };

void totp_text(const uint8_t secret[TOTP_SECRET], char out[TOTP_TEXT])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	unsigned bits = 0, held = 0;

	for (size_t i = 0; i < TOTP_SECRET; i++) {
		held = held << 8 | secret[i];
		for (bits += 8; bits >= 5; bits -= 5)
			*out++ = letters[held >> (bits - 5) & 31];
	}
	*out = '\0'; /* 160 bits are 32 letters */
}

void totp_code(struct slice secret, int64_t step, char out[TOTP_CODE])
{
	uint8_t counter[COUNTER], hash[SHA1];
	uint32_t number;
	size_t at;

	for (int i = 0; i < COUNTER; i++)
		counter[i] = (uint8_t)(step >> (8 * (COUNTER - 1 - i)));
	if (!HMAC(EVP_sha1(), secret.data, (int)secret.size, counter, COUNTER,
		  hash, NULL))
		abort(); /* lack of memory ends the process */
	at = hash[SHA1 - 1] & 15;
	number = (uint32_t)(hash[at] & 0x7f) << 24 |
		 (uint32_t)hash[at + 1] << 16 | (uint32_t)hash[at + 2] << 8 |
		 hash[at + 3];
	snprintf(out, TOTP_CODE, "%06u", number % CODES);
}

int64_t totp_match(struct slice secret, struct slice code, int64_t now)
{
	int64_t found = 0;
	char want[TOTP_CODE];

	for (int64_t step = now / TOTP_STEP - 1; step <= now / TOTP_STEP + 1;
	     step++) {
		totp_code(secret, step, want);
		if (slice_equal_secret(slice_of(want), code))
			found = step;
	}
	return found;
}
