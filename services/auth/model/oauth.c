/* services/auth/model/oauth.c - scopes and addresses, as OAuth compares them */
#include "services/auth/model/oauth.h"

enum { URI_MAX = 1024 };

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

static bool consists_of(struct slice text, const char *letters)
{
	for (size_t i = 0; i < text.size; i++)
		if (!text.data[i] || !strchr(letters, text.data[i]))
			return false;
	return true;
}

bool auth_scope_is_standard(struct slice scope)
{
	static const char *const names[] = {
		AUTH_SCOPE_OPENID, AUTH_SCOPE_EMAIL, AUTH_SCOPE_PROFILE,
		AUTH_SCOPE_PHONE, AUTH_SCOPE_USER
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (slice_is(scope, names[i]))
			return true;
	return false;
}

bool auth_scopes_have(struct slice scope, const char *word)
{
	while (scope.size)
		if (slice_is(slice_cut(&scope, ' '), word))
			return true;
	return false;
}

bool auth_scopes_want_id(struct slice scope)
{
	return !scope.size || auth_scopes_have(scope, AUTH_SCOPE_OPENID);
}

bool auth_scopes_show(struct slice scope, const char *word)
{
	bool narrowed = auth_scopes_have(scope, AUTH_SCOPE_EMAIL) ||
			auth_scopes_have(scope, AUTH_SCOPE_PROFILE) ||
			auth_scopes_have(scope, AUTH_SCOPE_PHONE);

	return !narrowed || auth_scopes_have(scope, word);
}

const char *auth_scope_showing(struct slice attribute)
{
	if (slice_starts(attribute, SLICE("email")))
		return AUTH_SCOPE_EMAIL;
	return slice_starts(attribute, SLICE("phone_number"))
		   ? AUTH_SCOPE_PHONE
		   : AUTH_SCOPE_PROFILE;
}

static bool is_this_machine(struct slice authority)
{
	static const char *const names[] = { "localhost", "127.0.0.1",
					     "[::1]" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		struct slice name = slice_of(names[i]), port = authority;

		if (!slice_starts(authority, name))
			continue;
		port.data += name.size;
		port.size -= name.size;
		if (!port.size ||
		    (port.size > 1 && port.data[0] == ':' &&
		     consists_of(slice_make(port.data + 1, port.size - 1),
				 DIGITS)))
			return true;
	}
	return false;
}

bool auth_redirect_is_good(struct slice uri)
{
	struct slice rest = uri, scheme = slice_cut(&rest, ':'), authority;

	for (size_t i = 0; i < uri.size; i++)
		if (uri.data[i] <= ' ' || uri.data[i] > '~' ||
		    strchr("\"#<>\\^`{|};,'*", uri.data[i]))
			return false;
	if (uri.size > URI_MAX || !rest.size || !scheme.size ||
	    !consists_of(slice_make(scheme.data, 1), LETTERS) ||
	    !consists_of(scheme, LETTERS DIGITS "+-."))
		return false;
	if (!slice_is(scheme, "https") && !slice_is(scheme, "http"))
		return memchr(scheme.data, '.', scheme.size) != NULL ||
		       slice_starts(rest, SLICE("//"));
	if (!slice_starts(rest, SLICE("//")))
		return false;
	rest.data += 2;
	rest.size -= 2;
	authority = slice_cut(&rest, '/');
	if (!authority.size || memchr(authority.data, '@', authority.size) ||
	    memchr(authority.data, '?', authority.size))
		return false;
	return slice_is(scheme, "https") || is_this_machine(authority);
}

struct slice auth_redirect_origin(struct slice uri)
{
	struct slice rest = uri, scheme = slice_cut(&rest, ':'), authority;

	if (!slice_is(scheme, "https") && !slice_is(scheme, "http"))
		return slice_make(uri.data, scheme.size + 1);
	rest = slice_make(rest.data + 2, rest.size - 2);
	authority = slice_cut(&rest, '/');
	return slice_make(uri.data,
			  (size_t)(authority.data - uri.data) + authority.size);
}

bool auth_pkce_is_text(struct slice text, size_t min, size_t max)
{
	return text.size >= min && text.size <= max &&
	       consists_of(text, LETTERS DIGITS "-._~");
}
