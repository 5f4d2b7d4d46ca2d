/* services/auth/op/associate_software_token.c - a secret for an app */
#include "services/auth/op/associate_software_token.h"
#include "lib/base/random.h"
#include "services/auth/op/bearer.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_associate *s = c->state;
	uint8_t secret[TOTP_SECRET];

	if (auth_bearer_owns_account(c, &s->who, s->user)) {
		s->done(c);
		return;
	}
	random_bytes(secret, sizeof(secret));
	totp_text(secret, s->text);
	s->user->totp_pending = auth_totp_close(c, s->user, secret);
	explicit_bzero(secret, sizeof(secret));
	auth_users_put_totp(c, s->user, s->done);
}

void auth_associate_software_token(struct call *c, struct auth_associate *s)
{
	c->state = s;
	if (call_failed(c) || auth_bearer_check(c, s->token, &s->who))
		s->done(c);
	else
		auth_users_get(c, s->who.username, &s->user, found);
}
