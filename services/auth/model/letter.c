/* services/auth/model/letter.c - what the pool writes to a user by mail */
#include "services/auth/model/letter.h"

static const char *const names[AUTH_LETTERS] = {
	[AUTH_LETTER_VERIFY] = "verify",
	[AUTH_LETTER_FORGOT] = "forgot",
	[AUTH_LETTER_INVITATION] = "invitation",
	[AUTH_LETTER_OTP] = "otp",
};

const char *auth_letter_name(enum auth_letter_kind kind)
{
	return names[kind];
}

enum auth_letter_kind auth_letter_kind(struct slice name)
{
	for (int i = 0; i < AUTH_LETTERS; i++)
		if (slice_is(name, names[i]))
			return i;
	return AUTH_LETTERS;
}
