/* clients/cli/profile.c - who is signed in */
#include "clients/cli/profile.h"
#include "clients/cli/ask.h"
#include "clients/cli/document.h"
#include "clients/cli/endpoints.h"
#include "clients/cli/home.h"
#include "lib/base/clock.h"
#include "lib/crypto/base64.h"

#include <unistd.h>

enum { FRESH_FOR = 60 }; /* seconds an access token should still have */

static const char *profile_path(struct cli *c, const char *ending)
{
	const char *name = c->profile_name ? c->profile_name : "default";

	if (!*name || strchr(name, '/') || *name == '.') {
		cli_misuse(c, "'%s' can't be a profile's name", name);
		return NULL;
	}
	return home_path(c,
			 arena_printf(&c->mem, "profiles/%s.%s", name, ending));
}

static const char *profile_lock_name(struct cli *c)
{
	return arena_printf(&c->mem, "profiles/%s.lock",
			    c->profile_name ? c->profile_name : "default");
}

/* Is there a whole one? */
static bool load(struct cli *c, const char *path, struct profile *p)
{
	json_t *document = document_read(path);

	*p = (struct profile){ 0 };
	if (document) {
		p->username = document_text(&c->mem, document, "username");
		p->sub = document_text(&c->mem, document, "sub");
		p->access_token =
		    document_text(&c->mem, document, "access_token");
		p->refresh_token =
		    document_text(&c->mem, document, "refresh_token");
		p->expires_at =
		    json_integer_value(json_object_get(document, "expires_at"));
		p->lifetime =
		    json_integer_value(json_object_get(document, "lifetime"));
		json_decref(document);
	}
	return p->username && p->sub && p->access_token && p->refresh_token;
}

int profile_read(struct cli *c, struct profile *p)
{
	const char *path = profile_path(c, "json");

	if (!path)
		return -c->fault.code;
	if (load(c, path, p))
		return 0;
	return cli_fail(c, E_UNAUTHENTICATED,
			"nobody is signed in%s%s: use 'parlor sign-in USER'",
			c->profile_name ? " as profile " : "",
			c->profile_name ? c->profile_name : "");
}

/* The member of the token's claims, which the daemons check and we only read. */
static const char *claim(struct cli *c, const char *token, const char *name)
{
	struct slice rest = slice_of(token), payload;
	uint8_t *text;
	size_t size = 0;
	json_t *claims;
	const char *value;

	slice_cut(&rest, '.');
	payload = slice_cut(&rest, '.');
	text = arena_alloc(&c->mem, BASE64_BYTES(payload.size) + 1);
	if (!text || base64url_decode(payload, text, &size) != 0)
		return NULL;
	claims = json_loadb((const char *)text, size, 0, NULL);
	value = document_text(&c->mem, claims, name);
	json_decref(claims);
	return value;
}

int profile_keep(struct cli *c,
		 const Parlor__Auth__V1__AuthenticationResult *result,
		 const char *username, const char *refresh_token)
{
	const char *path = profile_path(c, "json");
	const char *sub = claim(c, result->access_token, "sub");
	const char *name = claim(c, result->access_token, "username");
	json_t *document;
	char *text;
	int status;

	if (!path)
		return -c->fault.code;
	document =
	    json_pack("{s:s*, s:s*, s:s*, s:s*, s:I, s:I}", "username",
		      name ? name : username, "sub", sub, "access_token",
		      result->access_token, "refresh_token",
		      result->refresh_token ? result->refresh_token
					    : refresh_token,
		      "expires_at",
		      (json_int_t)clock_wall_ms() / 1000 + result->expires_in,
		      "lifetime", (json_int_t)result->expires_in);
	text = json_dumps(document, JSON_INDENT(2));
	json_decref(document);
	if (!text)
		return cli_fail(c, E_INTERNAL, "cannot keep the sign-in");
	status = home_write(c, path, slice_of(text));
	explicit_bzero(text, strlen(text));
	free(text);
	return status;
}

void profile_forget(struct cli *c)
{
	const char *path = profile_path(c, "json");

	if (path)
		unlink(path);
}

static int ask_refresh(struct cli *c, const struct profile *p)
{
	Parlor__Auth__V1__InitiateAuthRequest__AuthParametersEntry entry =
	    PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__AUTH_PARAMETERS_ENTRY__INIT;
	Parlor__Auth__V1__InitiateAuthRequest__AuthParametersEntry
	    *entries[] = { &entry };
	Parlor__Auth__V1__InitiateAuthRequest request =
	    PARLOR__AUTH__V1__INITIATE_AUTH_REQUEST__INIT;
	const Parlor__Auth__V1__InitiateAuthResponse *answer;
	struct ask ask = { .at = AT_AUTH,
			   .method = "parlor.auth.v1.UserPool/InitiateAuth",
			   .patience_ms = ASK_PATIENCE_MS };

	if (endpoints_need(c) != 0)
		return -c->fault.code;
	entry.key = ask_text("REFRESH_TOKEN");
	entry.value = ask_text(p->refresh_token);
	request.auth_flow = ask_text("REFRESH_TOKEN_AUTH");
	request.client_id = ask_text(c->endpoints.client_id);
	request.n_auth_parameters = 1;
	request.auth_parameters = entries;
	answer =
	    ask_message(c, &ask, &request.base,
			&parlor__auth__v1__initiate_auth_response__descriptor);
	if (!answer)
		return -c->fault.code;
	if (!answer->authentication_result ||
	    !answer->authentication_result->access_token)
		return cli_fail(c, E_UNAUTHENTICATED,
				"the session is over: sign in again");
	return profile_keep(c, answer->authentication_result, p->username,
			    p->refresh_token);
}

int profile_refresh(struct cli *c, struct profile *p)
{
	const char *stale = p->access_token;
	int lock = home_lock(c, profile_lock_name(c));
	int result = profile_read(c, p);

	if (result == 0 && strcmp(p->access_token, stale) == 0) {
		result = ask_refresh(c, p);
		if (result == 0)
			result = profile_read(c, p);
	}
	home_unlock(lock);
	return result;
}

int profile_fresh(struct cli *c, struct profile *p)
{
	int64_t margin;

	if (profile_read(c, p) != 0)
		return -c->fault.code;
	margin = p->lifetime / 4 < FRESH_FOR ? p->lifetime / 4 : FRESH_FOR;
	if (clock_wall_ms() / 1000 + margin < p->expires_at)
		return 0;
	return profile_refresh(c, p);
}

const char *profile_guest_token(struct cli *c)
{
	const char *path = profile_path(c, "json");
	struct profile p;

	if (!path || !load(c, path, &p) ||
	    strncmp(p.username, "guest-", 6) != 0 || profile_fresh(c, &p) != 0)
		return NULL;
	return p.access_token;
}
