/* services/auth/op/code.c - confirmation codes: six digits for a day */
#include "services/auth/op/code.h"
#include "lib/base/random.h"
#include "lib/crypto/seal.h"

/* Where a sealed code belongs. */
static struct slice place(struct call *c, const struct auth_user *user)
{
	return slice_of(arena_printf(c->mem, "parlor.users/%.*s/code",
				     SLICE_ARGS(user->sub)));
}

void auth_code_draw(struct call *c, struct auth_user *user,
		    char code[AUTH_CODE])
{
	random_text(code, AUTH_CODE - 1, "0123456789");
	user->code = seal_close(auth_of(c)->seal, slice_of(code),
				place(c, user), c->mem);
	user->code_expires = auth_now(c) + AUTH_CODE_SECONDS;
}

int auth_code_check(struct call *c, const struct auth_user *user,
		    struct slice code)
{
	struct slice want;

	if (seal_open(auth_of(c)->seal, user->code, place(c, user), c->mem,
		      &want) ||
	    !slice_equal_secret(want, code))
		return call_fail(c, E_CODE_MISMATCH,
				 "Invalid verification code provided, please "
				 "try again.");
	if (user->code_expires <= auth_now(c))
		return call_fail(c, E_CODE_EXPIRED,
				 "Invalid code provided, please request a code "
				 "again.");
	return 0;
}

int auth_code_deliverable(struct call *c)
{
	const char *dir = auth_rules_of(c)->mail_dir;

	if (dir && *dir)
		return 0;
	return call_fail(c, E_CODE_DELIVERY,
			 "No way to send mail is configured.");
}

void auth_code_send(struct call *c, const struct auth_user *user,
		    const char *code)
{
	const struct auth_rules *rules = auth_rules_of(c);

	if (auth_code_deliverable(c))
		return;
	auth_mail_code(&(struct auth_mail){ .dir = rules->mail_dir,
					    .from = rules->mail_from },
		       user->attributes[AUTH_EMAIL], user->username, code,
		       c->now_ms, &c->fault);
}
