/* services/auth/op/oauth.c - what the call's client may do by OAuth */
#include "services/auth/op/oauth.h"

static bool has(const struct setting_list *list, const struct auth_texts *texts,
		struct slice text)
{
	const char *const *rows = list->rows;

	for (size_t i = 0; i < list->count; i++)
		if (slice_is(text, rows[i]))
			return true;
	return auth_texts_have(texts, text);
}

bool auth_oauth_allows(struct call *c, const char *flow)
{
	const struct auth_client *client = auth_client_of(c);

	if (client == &auth_of(c)->home_client)
		return strcmp(flow, "code") == 0;
	return client->oauth &&
	       auth_texts_have(&client->oauth_flows, slice_of(flow));
}

bool auth_oauth_calls_back(struct call *c, struct slice uri)
{
	return has(&auth_rules_of(c)->callback_urls,
		   &auth_client_of(c)->callback_urls, uri);
}

bool auth_oauth_logs_out(struct call *c, struct slice uri)
{
	return has(&auth_rules_of(c)->logout_urls,
		   &auth_client_of(c)->logout_urls, uri);
}

static struct slice with(struct call *c, struct slice scope, struct slice word,
			 bool (*is_such)(struct call *, struct slice))
{
	if (!is_such(c, word))
		return scope;
	return slice_of(arena_printf(c->mem, "%.*s%s%.*s", SLICE_ARGS(scope),
				     scope.size ? " " : "", SLICE_ARGS(word)));
}

static struct slice all_scopes(struct call *c,
			       bool (*is_such)(struct call *, struct slice))
{
	const struct setting_list *list = &auth_rules_of(c)->oauth_scopes;
	const struct auth_texts *texts = &auth_client_of(c)->oauth_scopes;
	const char *const *rows = list->rows;
	struct slice all = SLICE("");

	for (size_t i = 0; i < list->count; i++)
		all = with(c, all, slice_of(rows[i]), is_such);
	for (size_t i = 0; i < texts->count; i++)
		all = with(c, all, texts->rows[i], is_such);
	return all;
}

int auth_oauth_scope(struct call *c, struct slice *scope,
		     bool (*is_such)(struct call *, struct slice))
{
	struct slice rest = *scope, word;

	if (!rest.data)
		*scope = all_scopes(c, is_such);
	if (!scope->size)
		return call_fail(c, E_OAUTH_SCOPE,
				 "scope: the client has none of this kind");
	while (rest.size) {
		word = slice_cut(&rest, ' ');
		if (word.size && (!is_such(c, word) ||
				  !has(&auth_rules_of(c)->oauth_scopes,
				       &auth_client_of(c)->oauth_scopes, word)))
			return call_fail(c, E_OAUTH_SCOPE,
					 "scope: '%.*s' is not the client's",
					 SLICE_HEAD(word, 64));
	}
	return call_status(c);
}
