/* services/auth/web/revoke.c - an app ends its sign-in (RFC 7009) */
#include "services/auth/op/revoke_token.h"
#include "services/auth/web/web.h"

static void revoked(struct call *c)
{
	if (call_status(c))
		web_json_refuse(web_of(c));
	else
		web_json(web_of(c), 200, SLICE("{}"));
}

void web_revoke(struct web *w)
{
	struct auth_revoke *s = web_operation(w, sizeof(*s));
	struct web_client client;

	if (!s)
		return;
	s->done = revoked;
	s->token = web_field(w, "token");
	if (web_client_read(w, &client)) {
		web_json_refuse(w);
		return;
	}
	s->client_id = client.id;
	s->client_secret = client.secret;
	auth_revoke_token(&w->call, s);
}
