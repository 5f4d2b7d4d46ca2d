/* services/auth/op/admin_sign_in.c - a sign-in by a server, for its user */
#include "services/auth/op/admin_sign_in.h"
#include "services/auth/op/initiate_auth.h"
#include "services/auth/op/respond_to_auth_challenge.h"

static void initiate(struct call *c)
{
	struct auth_admin_sign_in *s = c->state;

	s->sign_in.by_admin = true;
	auth_initiate(c, &s->sign_in);
}

void auth_admin_initiate(struct call *c, struct auth_admin_sign_in *s)
{
	auth_admin_begin(c, &s->admin, initiate);
}

static void respond(struct call *c)
{
	struct auth_admin_sign_in *s = c->state;

	auth_respond_to_auth_challenge(c, &s->sign_in);
}

void auth_admin_respond_to_auth_challenge(struct call *c,
					  struct auth_admin_sign_in *s)
{
	auth_admin_begin(c, &s->admin, respond);
}
