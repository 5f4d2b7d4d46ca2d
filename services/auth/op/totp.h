/* services/auth/op/totp.h - the second factor: an app's code that goes with the
 * time
 *
 * A secret is drawn, kept aside until the app has shown a code of it, and counts
 * when the user says so. It is sealed. A code is good once, and a step of time in
 * front of the last one never again. Wrong ones are counted by the account's name,
 * like wrong passwords.
 */
#ifndef PARLOR_AUTH_TOTP_H
#define PARLOR_AUTH_TOTP_H

#include "lib/crypto/totp.h"
#include "services/auth/op/auth.h"

#define AUTH_GUESS_TOTP "totp"

/* Seals a secret for the account. */
struct slice auth_totp_close(struct call *, const struct auth_user *,
			     const uint8_t secret[TOTP_SECRET]);

/* The step whose code it is, of a sealed secret; 0: none. */
int64_t auth_totp_match(struct call *, const struct auth_user *,
			struct slice sealed, struct slice code);

#endif
