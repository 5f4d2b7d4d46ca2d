/* services/auth/web/user_info.c - OpenID Connect's twin of GetUser */
#include "services/auth/op/user_info.h"
#include "lib/base/quote.h"
#include "services/auth/model/oauth.h"
#include "services/auth/web/web.h"

enum { ANSWER_BYTES = AUTH_SAID_JSON_MAX + 1024 };

/* RFC 6750, 3: who brought no token is told no error. */
static void refuse(struct web *w, bool brought)
{
	const struct call *c = &w->call;
	int code = c->fault.code;
	const char *name = code == E_NOT_AUTHORIZED
			       ? fault_row(E_OAUTH_TOKEN)->aws
			       : web_error(c);
	const char *line = brought ? arena_printf(c->mem,
						  "Bearer error=\"%s\", "
						  "error_description=\"%s\"",
						  name, c->fault.message)
				   : "Bearer";
	int status = code == E_OAUTH_TOKEN_SCOPE ? 403 : 401;

	if (code != E_NOT_AUTHORIZED && code != E_OAUTH_TOKEN &&
	    code != E_OAUTH_TOKEN_SCOPE) {
		web_json_refuse(w);
		return;
	}
	web_line(w, "www-authenticate", slice_of(line));
	web_json(w, status,
		 slice_of(arena_printf(c->mem, "{\"error\":\"%s\"}", name)));
}

static void put(struct buffer *b, struct slice name, struct slice value)
{
	buffer_put_byte(b, ',');
	buffer_put_quoted(b, name);
	buffer_put_byte(b, ':');
	buffer_put_quoted(b, value);
}

/* An address is a structure (OpenID Connect Core, 5.1.1). */
static void put_said(struct buffer *b, const struct auth_change *said)
{
	if (!slice_is(said->name, "address")) {
		put(b, said->name, said->value);
		return;
	}
	buffer_put_text(b, ",\"address\":{\"formatted\":");
	buffer_put_quoted(b, said->value);
	buffer_put_byte(b, '}');
}

/* As far as the token's scope goes, and what its client reads. */
static bool shows(const struct call *c, struct slice attribute)
{
	const struct auth_user_info *s = c->state;

	return auth_scopes_show(s->who.scope, auth_scope_showing(attribute)) &&
	       auth_client_reads(auth_client_of(c), attribute);
}

static void put_truth(struct buffer *b, const struct call *c, const char *name,
		      struct slice of, bool truth)
{
	if (of.size && shows(c, slice_of(name)))
		buffer_printf(b, ",\"%s\":%s", name, truth ? "true" : "false");
}

static void put_attributes(struct buffer *b, const struct call *c,
			   const struct auth_user *user)
{
	struct auth_change said;
	size_t at = 0;

	while (auth_user_next(user, &at, &said))
		if (shows(c, said.name))
			put_said(b, &said);
	put_truth(b, c, "email_verified", user->attributes[AUTH_EMAIL],
		  user->email_verified);
	put_truth(b, c, "phone_number_verified",
		  user->attributes[AUTH_PHONE_NUMBER], user->phone_verified);
}

static void answer(struct call *c)
{
	const struct auth_user_info *s = c->state;
	struct buffer b;

	if (call_status(c)) {
		refuse(web_of(c), true);
		return;
	}
	buffer_init(&b, ANSWER_BYTES);
	buffer_put_text(&b, "{\"sub\":");
	buffer_put_quoted(&b, s->user->sub);
	put(&b, SLICE("username"), s->user->username);
	put_attributes(&b, c, s->user);
	buffer_put_byte(&b, '}');
	web_json(web_of(c), 200, buffer_slice(&b));
	buffer_release(&b);
}

void web_user_info(struct web *w)
{
	struct auth_user_info *s = web_operation(w, sizeof(*s));
	struct slice header =
	    http_header_find(&w->request->headers, "authorization");

	if (!s)
		return;
	if (!slice_equal_nocase(slice_cut(&header, ' '), SLICE("bearer")) ||
	    !header.size) {
		call_fail(&w->call, E_OAUTH_TOKEN, "a token is missing");
		refuse(w, false);
		return;
	}
	s->token = header;
	s->done = answer;
	auth_user_info(&w->call, s);
}
