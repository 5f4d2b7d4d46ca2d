/* services/auth/model/letter.h - what the pool writes to a user by mail */
#ifndef PARLOR_AUTH_LETTER_H
#define PARLOR_AUTH_LETTER_H

#include "lib/base/slice.h"

enum auth_letter_kind {
	AUTH_LETTER_VERIFY, /* a code for an address nobody vouches for yet */
	AUTH_LETTER_FORGOT, /* a code for a new password */
	AUTH_LETTER_INVITATION, /* a name and a temporary password */
	AUTH_LETTER_OTP,	/* a code to sign in with */
	AUTH_LETTERS,
};

struct auth_letter {
	enum auth_letter_kind kind;
	struct slice to; /* a checked address; empty: to nobody */
	struct slice username;
	struct slice locale; /* the user's, as it said; or empty */
	struct slice secret; /* the code or the password */
};

/* "verify", "forgot", "invitation", "otp". */
const char *auth_letter_name(enum auth_letter_kind);

/* The kind of that name; AUTH_LETTERS: there is none. */
enum auth_letter_kind auth_letter_kind(struct slice name);

#endif
