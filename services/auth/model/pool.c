/* services/auth/model/pool.c - a user pool and its clients, as configured */
#include "services/auth/model/pool.h"
#include "services/auth/model/oauth.h"

static const int64_t second_ms = 1000, minute_ms = 60 * 1000,
		     hour_ms = 60 * 60 * 1000, day_ms = 24 * 60 * 60 * 1000;

bool auth_texts_have(const struct auth_texts *texts, struct slice text)
{
	for (size_t i = 0; i < texts->count; i++)
		if (slice_equal(texts->rows[i], text))
			return true;
	return false;
}

/* ---- pools ---------------------------------------------------------------- */

bool auth_pool_begins_with(const struct auth_pool *pool, const char *factor)
{
	return pool->first_factors.count
		   ? auth_texts_have(&pool->first_factors, slice_of(factor))
		   : strcmp(factor, "PASSWORD") == 0;
}

#define ADMIN_ONLY "admin_only"

bool auth_pool_recovers(const struct auth_pool *pool)
{
	return !slice_is(pool->recovery[0].name, ADMIN_ONLY);
}

static int check_recovery(const struct auth_pool *pool, struct fault *fault)
{
	const struct auth_recovery *one = &pool->recovery[0],
				   *other = &pool->recovery[1];

	if (!other->name.size)
		return slice_is(one->name, "verified_phone_number")
			   ? fault_set(fault, E_PARAMETER,
				       "An account can't be recovered by a "
				       "verified_phone_number alone: there are "
				       "no text messages.")
			   : 0;
	if (slice_is(one->name, ADMIN_ONLY) ||
	    slice_is(other->name, ADMIN_ONLY))
		return fault_set(fault, E_PARAMETER,
				 "Invalid account recovery setting parameter. "
				 "Account Recovery Setting cannot use "
				 "admin_only setting with any other recovery "
				 "mechanisms.");
	if (slice_equal(one->name, other->name) ||
	    one->priority == other->priority)
		return fault_set(fault, E_PARAMETER,
				 "Invalid account recovery setting parameter. "
				 "Each recovery mechanism has a name and a "
				 "priority of its own.");
	return 0;
}

int auth_pool_valid(const struct auth_pool *pool, struct fault *fault)
{
	const struct slice phone = SLICE("phone_number");

	if (auth_texts_have(&pool->verified, phone) ||
	    auth_texts_have(&pool->awaited, phone))
		return fault_set(fault, E_PARAMETER,
				 "A phone_number can't be verified by a code: "
				 "there are no text messages.");
	if (auth_pool_begins_with(pool, "SMS_OTP") ||
	    auth_pool_begins_with(pool, "WEB_AUTHN"))
		return fault_set(fault, E_PARAMETER,
				 "AllowedFirstAuthFactors are PASSWORD and "
				 "EMAIL_OTP: there are neither text messages "
				 "nor passkeys.");
	if (pool->awaited.count && !pool->verified.count)
		return fault_set(fault, E_PARAMETER,
				 "AttributesRequireVerificationBeforeUpdate "
				 "has attributes that are not among "
				 "AutoVerifiedAttributes.");
	if (pool->aliases.count && pool->usernames.count)
		return fault_set(fault, E_PARAMETER,
				 "Only one of the aliasAttributes or "
				 "usernameAttributes can be set in a user "
				 "pool.");
	return check_recovery(pool, fault);
}

/* ---- clients -------------------------------------------------------------- */

static const struct {
	const char *name;
	const int64_t *ms;
} units[AUTH_UNITS] = {
	[AUTH_SECONDS] = { "seconds", &second_ms },
	[AUTH_MINUTES] = { "minutes", &minute_ms },
	[AUTH_HOURS] = { "hours", &hour_ms },
	[AUTH_DAYS] = { "days", &day_ms },
};

const char *auth_unit_name(enum auth_unit unit)
{
	return units[unit].name;
}

enum auth_unit auth_unit_named(struct slice name)
{
	int unit = AUTH_SECONDS;

	while (unit < AUTH_UNITS && !slice_is(name, units[unit].name))
		unit++;
	return (enum auth_unit)unit;
}

/* Cognito's units where none was said: hours, of a refresh token days. */
static int64_t life_ms(const struct auth_life *life, enum auth_unit usual,
		       int64_t otherwise)
{
	if (!life->number)
		return otherwise;
	return life->number * *units[life->unit ? life->unit : usual].ms;
}

int64_t auth_access_ms(const struct auth_client *client)
{
	return life_ms(&client->access, AUTH_HOURS, hour_ms);
}

int64_t auth_id_ms(const struct auth_client *client)
{
	return life_ms(&client->id_token, AUTH_HOURS, hour_ms);
}

int64_t auth_refresh_ms(const struct auth_client *client)
{
	return life_ms(&client->refresh, AUTH_DAYS, 30 * day_ms);
}

/* Every flow that can be said, under the name that InitiateAuth has for it and
 * under the one that Cognito used before. */
static const struct {
	const char *flow, *name, *before;
	bool usual; /* where nothing was said */
} flow_rows[] = {
	{ "USER_SRP_AUTH", "ALLOW_USER_SRP_AUTH", "USER_SRP_AUTH", true },
	{ "REFRESH_TOKEN_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", NULL, true },
	{ "CUSTOM_AUTH", "ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY", true },
	{ "USER_PASSWORD_AUTH", "ALLOW_USER_PASSWORD_AUTH",
	  "USER_PASSWORD_AUTH", false },
	{ "ADMIN_USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
	  "ADMIN_NO_SRP_AUTH", false },
	{ "USER_AUTH", "ALLOW_USER_AUTH", NULL, false },
	{ "GUEST_AUTH", "ALLOW_GUEST_AUTH", NULL, false },
};
enum { FLOWS = sizeof(flow_rows) / sizeof(*flow_rows) };

bool auth_client_allows(const struct auth_client *client, const char *flow)
{
	const struct auth_texts *said = &client->flows;
	bool old = said->count && !slice_starts(said->rows[0], SLICE("ALLOW_"));

	for (size_t i = 0; i < FLOWS; i++) {
		if (strcmp(flow_rows[i].flow, flow) != 0)
			continue;
		/* who spoke of flows before ALLOW_ never named these two */
		if (!said->count || (old && i < 2))
			return flow_rows[i].usual;
		return auth_texts_have(said, slice_of(flow_rows[i].name)) ||
		       (flow_rows[i].before &&
			auth_texts_have(said, slice_of(flow_rows[i].before)));
	}
	return false;
}

static int check_flows(const struct auth_texts *said, struct fault *fault)
{
	size_t modern = 0;

	for (size_t i = 0; i < said->count; i++)
		modern += slice_starts(said->rows[i], SLICE("ALLOW_"));
	if (modern && modern != said->count)
		return fault_set(fault, E_PARAMETER,
				 "Cannot set legacy ExplicitAuthFlows together "
				 "with those that begin with ALLOW_");
	return 0;
}

/* A refresh token that rotates is not for the flow that keeps it. */
static int check_rotation(const struct auth_client *client, struct fault *fault)
{
	if (!client->rotates ||
	    !auth_texts_have(&client->flows, SLICE("ALLOW_REFRESH_TOKEN_AUTH")))
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "ALLOW_REFRESH_TOKEN_AUTH is not a permitted "
			 "ExplicitAuthFlow when refresh token rotation is "
			 "enabled");
}

/* ---- what a client sees and changes --------------------------------------- */

static bool says_verified(struct slice name)
{
	return slice_is(name, "email_verified") ||
	       slice_is(name, "phone_number_verified");
}

bool auth_client_reads(const struct auth_client *client, struct slice name)
{
	if (!client || slice_is(name, "sub"))
		return true;
	if (client->readable.count)
		return auth_texts_have(&client->readable, name);
	return says_verified(name) ||
	       auth_attribute_named(name) < AUTH_ATTRIBUTES;
}

static bool writes(const struct auth_client *client, struct slice name)
{
	if (client->writable.count)
		return auth_texts_have(&client->writable, name);
	return auth_attribute_named(name) < AUTH_ATTRIBUTES;
}

int auth_client_may_write(const struct auth_client *client,
			  const struct auth_schema *schema,
			  const struct auth_change *changes, size_t count,
			  struct fault *fault)
{
	for (size_t i = 0; client && i < count; i++)
		if (auth_rule_find(schema, changes[i].name) &&
		    !writes(client, changes[i].name))
			return fault_set(fault, E_NOT_AUTHORIZED,
					 "A client attempted to write "
					 "unauthorized attribute");
	return 0;
}

static int check_reads(const struct auth_client *client,
		       const struct auth_schema *schema, const char *act,
		       struct fault *fault)
{
	for (size_t i = 0; i < client->readable.count; i++)
		if (!auth_rule_find(schema, client->readable.rows[i]))
			return fault_set(fault, E_PARAMETER,
					 "Invalid read attributes specified "
					 "while %s a client",
					 act);
	return 0;
}

/* Those that are required are to be among them. */
static int check_writes(const struct auth_client *client,
			const struct auth_schema *schema, const char *act,
			struct fault *fault)
{
	const struct auth_texts *said = &client->writable;
	bool good = true;

	for (size_t i = 0; i < said->count; i++) {
		const struct auth_rule *rule =
		    auth_rule_find(schema, said->rows[i]);

		good &= rule && !auth_rule_is_developers(rule) &&
			!slice_is(rule->name, "sub") &&
			!says_verified(rule->name);
	}
	for (size_t i = 0; said->count && i < schema->count; i++)
		good &= !schema->rows[i].required ||
			slice_is(schema->rows[i].name, "sub") ||
			auth_texts_have(said, schema->rows[i].name);
	if (good)
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "Invalid write attributes specified while %s a client",
			 act);
}

/* ---- a whole client ------------------------------------------------------- */

static int check_lives(const struct auth_client *client, struct fault *fault)
{
	const int64_t least = 5 * minute_ms;
	int64_t access = auth_access_ms(client), id = auth_id_ms(client),
		refresh = auth_refresh_ms(client);

	if (access < least || access > AUTH_ACCESS_SECONDS_MAX * second_ms ||
	    id < least || id > day_ms || refresh < hour_ms ||
	    refresh > 3650 * day_ms)
		return fault_set(fault, E_PARAMETER,
				 "Invalid range for token validity.");
	return 0;
}

/* Where a browser may be sent: nowhere without a scheme that is safe. */
static int check_urls(const struct auth_texts *urls, const char *name,
		      struct fault *fault)
{
	for (size_t i = 0; i < urls->count; i++)
		if (!auth_redirect_is_good(urls->rows[i]))
			return fault_set(fault, E_PARAMETER,
					 "%s: '%.*s' is not an absolute URI of "
					 "https, of http on this machine, or "
					 "of an app's own scheme",
					 name, SLICE_ARGS(urls->rows[i]));
	return 0;
}

static int check_oauth(const struct auth_client *client, struct fault *fault)
{
	const struct auth_texts *said = &client->oauth_flows;

	if (check_urls(&client->callback_urls, "callbackURLs", fault) ||
	    check_urls(&client->logout_urls, "logoutURLs", fault))
		return -fault->code;
	if (auth_texts_have(said, SLICE("implicit")))
		return fault_set(fault, E_OAUTH_FLOW,
				 "implicit flow is not supported.");
	if (client->oauth && (!said->count || !client->oauth_scopes.count))
		return fault_set(fault, E_OAUTH_FLOW,
				 "AllowedOAuthFlows and AllowedOAuthScopes are "
				 "required if user pool client is allowed to "
				 "use OAuth flows.");
	if (auth_texts_have(said, SLICE("client_credentials"))) {
		if (said->count > 1)
			return fault_set(fault, E_OAUTH_FLOW,
					 "client_credentials flow can not be "
					 "selected along with code flow or "
					 "implicit flow.");
		if (!client->secret.size)
			return fault_set(fault, E_OAUTH_FLOW,
					 "client_credentials flow can not be "
					 "selected if client does not have a "
					 "client secret.");
	}
	if (client->redirect_uri.size &&
	    !auth_texts_have(&client->callback_urls, client->redirect_uri))
		return fault_set(fault, E_PARAMETER,
				 "The default redirect URI must be in the list "
				 "of callback URLs.");
	return 0;
}

static int check_providers(const struct auth_client *client,
			   struct fault *fault)
{
	for (size_t i = 0; i < client->providers.count; i++)
		if (!slice_is(client->providers.rows[i], "COGNITO"))
			return fault_set(
			    fault, E_PARAMETER,
			    "The provider %.*s does not exist for User Pool "
			    "%.*s.",
			    SLICE_ARGS(client->providers.rows[i]),
			    SLICE_ARGS(client->pool_id));
	return 0;
}

int auth_client_valid(const struct auth_client *client,
		      const struct auth_schema *schema, struct fault *fault)
{
	const char *act =
	    client->created_at == client->changed_at ? "creating" : "updating";

	if (check_flows(&client->flows, fault) || check_lives(client, fault) ||
	    check_reads(client, schema, act, fault) ||
	    check_writes(client, schema, act, fault) ||
	    check_rotation(client, fault) || check_providers(client, fault))
		return -fault->code;
	return check_oauth(client, fault);
}

/* ---- resource servers ----------------------------------------------------- */

bool auth_resource_server_has(const struct auth_resource_server *server,
			      struct slice scope)
{
	size_t skip = server->id.size + 1;

	return scope.size > skip && slice_starts(scope, server->id) &&
	       scope.data[skip - 1] == '/' &&
	       auth_texts_have(&server->scopes, slice_make(scope.data + skip,
							   scope.size - skip));
}
