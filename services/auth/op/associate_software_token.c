/* services/auth/op/associate_software_token.c - a secret for an app */
#include "services/auth/op/associate_software_token.h"
#include "lib/base/random.h"
#include "services/auth/store/users.h"

static void found(struct call *c)
{
	struct auth_associate *s = c->state;
	struct auth_user *user = s->setup.user;
	uint8_t secret[TOTP_SECRET];

	if (auth_setup_check(c, &s->setup)) {
		s->done(c);
		return;
	}
	random_bytes(secret, sizeof(secret));
	totp_text(secret, s->text);
	user->totp_pending = auth_totp_close(c, user, secret);
	explicit_bzero(secret, sizeof(secret));
	s->session = auth_setup_session(c, &s->setup, false);
	auth_users_put_totp(c, user, s->done);
}

void auth_associate_software_token(struct call *c, struct auth_associate *s)
{
	c->state = s;
	auth_setup_find(c, &s->setup, found);
}
