/* services/auth/web/token.c - tokens for apps (RFC 6749, 3.2) */
#include "lib/base/quote.h"
#include "services/auth/model/oauth.h"
#include "services/auth/op/client_credentials.h"
#include "services/auth/op/exchange_code.h"
#include "services/auth/op/get_tokens_from_refresh_token.h"
#include "services/auth/web/web.h"

enum { ANSWER_BYTES = 64 << 10 /* beside the longer tokens */ };

static void put(struct buffer *b, const char *name, struct slice value)
{
	if (!value.size)
		return;
	buffer_printf(b, ",\"%s\":", name);
	buffer_put_quoted(b, value);
}

static void answer(struct call *c)
{
	const struct auth_sign_in *s = c->state;
	struct slice scope = s->own.scope;
	struct buffer b;

	if (call_status(c)) {
		web_json_refuse(web_of(c));
		return;
	}
	buffer_init(&b,
		    ANSWER_BYTES + s->tokens.access.size + s->tokens.id.size);
	b.wipes = true;
	buffer_printf(&b, "{\"token_type\":\"Bearer\",\"expires_in\":%lld",
		      (long long)s->tokens.expires_in);
	put(&b, "access_token", s->tokens.access);
	put(&b, "id_token", s->tokens.id);
	put(&b, "refresh_token", s->tokens.refresh);
	put(&b, "scope", scope.size ? scope : SLICE(AUTH_SCOPE_USER));
	buffer_put_byte(&b, '}');
	web_json(web_of(c), 200, buffer_slice(&b));
	buffer_release(&b);
}

static void by_code(struct web *w, const struct web_client *client)
{
	struct auth_exchange *x = web_operation(w, sizeof(*x));

	if (!x)
		return;
	x->sign_in.client_id = client->id;
	x->sign_in.done = answer;
	x->code = web_field(w, "code");
	x->redirect_uri = web_field(w, "redirect_uri");
	x->verifier = web_field(w, "code_verifier");
	auth_exchange_code(&w->call, x);
}

static void by_refresh_token(struct web *w, const struct web_client *client)
{
	struct auth_sign_in *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->client_id = client->id;
	s->client_secret = client->secret;
	s->done = answer;
	s->given[AUTH_GIVEN_REFRESH_TOKEN] = web_field(w, "refresh_token");
	auth_get_tokens_from_refresh_token(&w->call, s);
}

static void by_itself(struct web *w, const struct web_client *client)
{
	struct auth_sign_in *s = web_operation(w, sizeof(*s));

	if (!s)
		return;
	s->client_id = client->id;
	s->done = answer;
	s->own.scope = web_field(w, "scope");
	auth_client_credentials(&w->call, s);
}

static const struct {
	const char *name;
	void (*run)(struct web *, const struct web_client *);
} grants[] = {
	{ "authorization_code", by_code },
	{ "refresh_token", by_refresh_token },
	{ "client_credentials", by_itself },
};

void web_token(struct web *w)
{
	struct slice type = web_field(w, "grant_type");
	struct web_client client;

	if (web_client_read(w, &client)) {
		web_json_refuse(w);
		return;
	}
	for (size_t i = 0; i < sizeof(grants) / sizeof(*grants); i++)
		if (slice_is(type, grants[i].name)) {
			grants[i].run(w, &client);
			return;
		}
	call_fail(&w->call, type.data ? E_OAUTH_GRANT_TYPE : E_OAUTH_REQUEST,
		  "grant_type: is none that there is here");
	web_json_refuse(w);
}
