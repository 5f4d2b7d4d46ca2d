/* services/auth/api/pool_form.c - pools and clients as messages */
#include "services/auth/api/pool_form.h"
#include "services/auth/api/form.h"
#include "services/auth/api/schema_form.h"

enum { TEMPORARY_DAYS = 7, PASSWORD_MIN = 8 };

static const char *const mfa_names[] = { [AUTH_MFA_OFF] = "OFF",
					 [AUTH_MFA_OPTIONAL] = "OPTIONAL",
					 [AUTH_MFA_ON] = "ON",
					 NULL };

static const char *const rotations[] = { "DISABLED", "ENABLED", NULL };

/* ---- words and lists ------------------------------------------------------ */

/* The word's place among these, which end with NULL; 0 where there is none. */
static int choice(const char *word, const char *const *words)
{
	int at = 0;

	while (word && words[at] && strcmp(word, words[at]) != 0)
		at++;
	return words[at] ? at : 0;
}

static char **texts_of(struct call *c, const struct auth_texts *texts,
		       size_t *count)
{
	char **rows = arena_array(c->mem, texts->count, sizeof(*rows));

	for (size_t i = 0; rows && i < texts->count; i++)
		rows[i] = form_string(c, texts->rows[i]);
	*count = rows ? texts->count : 0;
	return rows;
}

static char *string_or_null(struct call *c, struct slice text)
{
	return text.size ? form_string(c, text) : NULL;
}

/* ---- pools ---------------------------------------------------------------- */

static void read_password(const Parlor__Auth__V1__UserPoolPolicyType *policies,
			  struct auth_pool *pool)
{
	const Parlor__Auth__V1__PasswordPolicyType *policy =
	    policies ? policies->password_policy : NULL;

	pool->temporary_days = TEMPORARY_DAYS;
	pool->password = (struct auth_password_policy){
		.min_length = PASSWORD_MIN,
		.upper = !policy || policy->require_uppercase,
		.lower = !policy || policy->require_lowercase,
		.digit = !policy || policy->require_numbers,
		.symbol = !policy || policy->require_symbols,
	};
	if (policy && policy->has_minimum_length)
		pool->password.min_length = policy->minimum_length;
	if (policy)
		pool->password.history = policy->password_history_size;
	if (policy && policy->has_temporary_password_validity_days)
		pool->temporary_days = policy->temporary_password_validity_days;
}

static void read_first_factors(struct call *c,
			       const Parlor__Auth__V1__UserPoolPolicyType *said,
			       struct auth_pool *pool)
{
	const Parlor__Auth__V1__SignInPolicyType *policy =
	    said ? said->sign_in_policy : NULL;

	if (policy)
		pool->first_factors =
		    form_texts(c, policy->allowed_first_auth_factors,
			       policy->n_allowed_first_auth_factors);
}

static void read_recovery(
    const Parlor__Auth__V1__AccountRecoverySettingType *said,
    struct auth_pool *pool)
{
	for (size_t i = 0;
	     said && i < said->n_recovery_mechanisms && i < AUTH_RECOVERIES;
	     i++)
		pool->recovery[i] = (struct auth_recovery){
			.name = form_text(said->recovery_mechanisms[i]->name),
			.priority = said->recovery_mechanisms[i]->priority,
		};
}

static void read_tags(struct call *c,
		      const Parlor__Auth__V1__UserPoolType *from,
		      struct auth_pool *pool)
{
	size_t count = from->n_user_pool_tags;
	struct slice *keys = arena_array(c->mem, count, sizeof(*keys)),
		     *values = arena_array(c->mem, count, sizeof(*values));

	if (!keys || !values)
		return;
	for (size_t i = 0; i < count; i++) {
		keys[i] = form_text(from->user_pool_tags[i]->key);
		values[i] = form_text(from->user_pool_tags[i]->value);
	}
	pool->tags = (struct auth_texts){ keys, count };
	pool->tag_values = (struct auth_texts){ values, count };
}

void form_read_pool(struct call *c, struct auth_user_pool *s)
{
	static const char *const protections[] = { "INACTIVE", "ACTIVE", NULL };
	const Parlor__Auth__V1__UserPoolType *from =
	    call_unpack(c, &parlor__auth__v1__user_pool_type__descriptor);
	struct auth_pool *pool = &s->pool;

	if (!from)
		return;
	s->admin.pool_id = form_text(from->id);
	pool->name = form_text(from->name);
	pool->protected = choice(from->deletion_protection, protections);
	read_password(from->policies, pool);
	read_first_factors(c, from->policies, pool);
	read_recovery(from->account_recovery_setting, pool);
	pool->mfa.mode = choice(from->mfa_configuration, mfa_names);
	pool->mfa.totp = pool->mfa.mode != AUTH_MFA_OFF;
	pool->closed =
	    from->admin_create_user_config &&
	    from->admin_create_user_config->allow_admin_create_user_only;
	pool->verified = form_texts(c, from->auto_verified_attributes,
				    from->n_auto_verified_attributes);
	if (from->user_attribute_update_settings)
		pool->awaited = form_texts(
		    c,
		    from->user_attribute_update_settings
			->attributes_require_verification_before_update,
		    from->user_attribute_update_settings
			->n_attributes_require_verification_before_update);
	pool->aliases =
	    form_texts(c, from->alias_attributes, from->n_alias_attributes);
	pool->usernames = form_texts(c, from->username_attributes,
				     from->n_username_attributes);
	form_read_rules(c, true, from->schema_attributes,
			from->n_schema_attributes, s);
	read_tags(c, from, pool);
	pool->case_sensitive = !from->username_configuration ||
			       from->username_configuration->case_sensitive;
}

/* What is said in one part of a pool's message. */
struct pool_parts {
	Parlor__Auth__V1__UserPoolType pool;
	Parlor__Auth__V1__UserPoolPolicyType policies;
	Parlor__Auth__V1__PasswordPolicyType password;
	Parlor__Auth__V1__SignInPolicyType sign_in;
	Parlor__Auth__V1__AccountRecoverySettingType recovery;
	Parlor__Auth__V1__RecoveryOptionType mechanisms[AUTH_RECOVERIES];
	Parlor__Auth__V1__RecoveryOptionType *mechanism_rows[AUTH_RECOVERIES];
	Parlor__Auth__V1__AdminCreateUserConfigType admin;
	Parlor__Auth__V1__UsernameConfigurationType username;
	Parlor__Auth__V1__UserAttributeUpdateSettingsType updates;
};

static void tell_password(struct pool_parts *parts,
			  const struct auth_pool *pool)
{
	Parlor__Auth__V1__PasswordPolicyType *policy = &parts->password;

	parlor__auth__v1__user_pool_policy_type__init(&parts->policies);
	parlor__auth__v1__password_policy_type__init(policy);
	policy->has_minimum_length = policy->has_require_uppercase =
	    policy->has_require_lowercase = policy->has_require_numbers =
		policy->has_require_symbols =
		    policy->has_temporary_password_validity_days = 1;
	/* Cognito's tells of it only where there is one */
	policy->has_password_history_size = pool->password.history != 0;
	policy->password_history_size = (int32_t)pool->password.history;
	policy->minimum_length = (int32_t)pool->password.min_length;
	policy->require_uppercase = pool->password.upper;
	policy->require_lowercase = pool->password.lower;
	policy->require_numbers = pool->password.digit;
	policy->require_symbols = pool->password.symbol;
	policy->temporary_password_validity_days =
	    (int32_t)pool->temporary_days;
	parts->policies.password_policy = policy;
	parts->pool.policies = &parts->policies;
}

static void tell_first_factors(struct call *c, struct pool_parts *parts,
			       const struct auth_pool *pool)
{
	const struct slice password = SLICE("PASSWORD");
	const struct auth_texts alone = { &password, 1 };
	const struct auth_texts *told =
	    pool->first_factors.count ? &pool->first_factors : &alone;

	parlor__auth__v1__sign_in_policy_type__init(&parts->sign_in);
	parts->sign_in.allowed_first_auth_factors =
	    texts_of(c, told, &parts->sign_in.n_allowed_first_auth_factors);
	parts->policies.sign_in_policy = &parts->sign_in;
}

static void tell_recovery(struct call *c, struct pool_parts *parts,
			  const struct auth_pool *pool)
{
	size_t count = 0;

	while (count < AUTH_RECOVERIES && pool->recovery[count].name.size) {
		Parlor__Auth__V1__RecoveryOptionType *out =
		    &parts->mechanisms[count];

		parlor__auth__v1__recovery_option_type__init(out);
		out->name = form_string(c, pool->recovery[count].name);
		out->has_priority = 1;
		out->priority = (int32_t)pool->recovery[count].priority;
		parts->mechanism_rows[count++] = out;
	}
	if (!count)
		return;
	parlor__auth__v1__account_recovery_setting_type__init(&parts->recovery);
	parts->recovery.n_recovery_mechanisms = count;
	parts->recovery.recovery_mechanisms = parts->mechanism_rows;
	parts->pool.account_recovery_setting = &parts->recovery;
}

static void tell_updates(struct call *c, struct pool_parts *parts,
			 const struct auth_pool *pool)
{
	Parlor__Auth__V1__UserAttributeUpdateSettingsType *out =
	    &parts->updates;

	if (!pool->awaited.count)
		return;
	parlor__auth__v1__user_attribute_update_settings_type__init(out);
	out->attributes_require_verification_before_update =
	    texts_of(c, &pool->awaited,
		     &out->n_attributes_require_verification_before_update);
	parts->pool.user_attribute_update_settings = out;
}

static void tell_tags(struct call *c, Parlor__Auth__V1__UserPoolType *out,
		      const struct auth_pool *pool)
{
	size_t count = pool->tags.count;
	Parlor__Auth__V1__UserPoolType__UserPoolTagsEntry
	    *rows = arena_array(c->mem, count, sizeof(*rows)),
	    **pointers = arena_array(c->mem, count, sizeof(*pointers));

	if (!rows || !pointers)
		return;
	for (size_t i = 0; i < count && i < pool->tag_values.count; i++) {
		parlor__auth__v1__user_pool_type__user_pool_tags_entry__init(
		    &rows[i]);
		rows[i].key = form_string(c, pool->tags.rows[i]);
		rows[i].value = form_string(c, pool->tag_values.rows[i]);
		pointers[out->n_user_pool_tags++] = &rows[i];
	}
	out->user_pool_tags = pointers;
}

Parlor__Auth__V1__UserPoolType *form_pool(struct call *c,
					  const struct auth_pool *pool)
{
	struct pool_parts *parts = arena_alloc(c->mem, sizeof(*parts));
	Parlor__Auth__V1__UserPoolType *out = &parts->pool;

	if (!parts)
		return NULL;
	parlor__auth__v1__user_pool_type__init(out);
	parlor__auth__v1__admin_create_user_config_type__init(&parts->admin);
	parlor__auth__v1__username_configuration_type__init(&parts->username);
	out->id = form_string(c, pool->id);
	out->name = form_string(c, pool->name);
	out->arn = (char *)auth_pool_arn(c, pool->id);
	out->deletion_protection =
	    (char *)(pool->protected ? "ACTIVE" : "INACTIVE");
	out->has_creation_date = out->has_last_modified_date = 1;
	out->creation_date = form_time(pool->created_at);
	out->last_modified_date = form_time(pool->changed_at);
	tell_password(parts, pool);
	tell_first_factors(c, parts, pool);
	tell_recovery(c, parts, pool);
	tell_tags(c, out, pool);
	tell_updates(c, parts, pool);
	out->mfa_configuration = (char *)mfa_names[pool->mfa.mode];
	out->auto_verified_attributes =
	    texts_of(c, &pool->verified, &out->n_auto_verified_attributes);
	out->alias_attributes =
	    texts_of(c, &pool->aliases, &out->n_alias_attributes);
	out->username_attributes =
	    texts_of(c, &pool->usernames, &out->n_username_attributes);
	out->schema_attributes =
	    form_rules(c, &pool->schema, &out->n_schema_attributes);
	parts->admin.has_allow_admin_create_user_only = 1;
	parts->admin.allow_admin_create_user_only = pool->closed;
	out->admin_create_user_config = &parts->admin;
	parts->username.has_case_sensitive = 1;
	parts->username.case_sensitive = pool->case_sensitive;
	out->username_configuration = &parts->username;
	return out;
}

/* ---- clients -------------------------------------------------------------- */

static struct auth_life read_life(int number, const char *unit)
{
	return (struct auth_life){ number, unit
					       ? auth_unit_named(slice_of(unit))
					       : AUTH_UNIT_UNSET };
}

static void read_lives(const Parlor__Auth__V1__UserPoolClientType *from,
		       struct auth_client *client)
{
	static const Parlor__Auth__V1__TokenValidityUnitsType none =
	    PARLOR__AUTH__V1__TOKEN_VALIDITY_UNITS_TYPE__INIT;
	const Parlor__Auth__V1__TokenValidityUnitsType *units =
	    from->token_validity_units ? from->token_validity_units : &none;

	client->access =
	    read_life(from->access_token_validity, units->access_token);
	client->id_token = read_life(from->id_token_validity, units->id_token);
	client->refresh =
	    read_life(from->refresh_token_validity, units->refresh_token);
}

static void read_rotation(
    const Parlor__Auth__V1__RefreshTokenRotationType *from,
    struct auth_client *client)
{
	if (!from)
		return;
	client->rotation_said = true;
	client->rotates = choice(from->feature, rotations);
	client->grace_seconds = from->retry_grace_period_seconds;
}

static void read_oauth(struct call *c,
		       const Parlor__Auth__V1__UserPoolClientType *from,
		       struct auth_client *client)
{
	client->oauth = from->allowed_oauth_flows_user_pool_client;
	client->oauth_flows = form_texts(c, from->allowed_oauth_flows,
					 from->n_allowed_oauth_flows);
	client->oauth_scopes = form_texts(c, from->allowed_oauth_scopes,
					  from->n_allowed_oauth_scopes);
	client->callback_urls =
	    form_texts(c, from->callback_urls, from->n_callback_urls);
	client->logout_urls =
	    form_texts(c, from->logout_urls, from->n_logout_urls);
	client->providers = form_texts(c, from->supported_identity_providers,
				       from->n_supported_identity_providers);
	client->redirect_uri = form_text(from->default_redirect_uri);
}

void form_read_client(struct call *c, struct auth_pool_client *s)
{
	static const char *const errors[] = { "LEGACY", "ENABLED", NULL };
	const Parlor__Auth__V1__UserPoolClientType *from =
	    call_unpack(c,
			&parlor__auth__v1__user_pool_client_type__descriptor);
	struct auth_client *client = &s->client;

	if (!from)
		return;
	s->admin.pool_id = form_text(from->user_pool_id);
	s->secret = form_text(from->client_secret);
	client->id = form_text(from->client_id);
	client->name = form_text(from->client_name);
	read_lives(from, client);
	client->readable =
	    form_texts(c, from->read_attributes, from->n_read_attributes);
	client->writable =
	    form_texts(c, from->write_attributes, from->n_write_attributes);
	client->flows = form_texts(c, from->explicit_auth_flows,
				   from->n_explicit_auth_flows);
	client->tells_missing =
	    !choice(from->prevent_user_existence_errors, errors);
	client->irrevocable =
	    from->has_enable_token_revocation && !from->enable_token_revocation;
	client->session_minutes = from->auth_session_validity;
	read_rotation(from->refresh_token_rotation, client);
	read_oauth(c, from, client);
}

struct client_parts {
	Parlor__Auth__V1__UserPoolClientType client;
	Parlor__Auth__V1__TokenValidityUnitsType units;
	Parlor__Auth__V1__RefreshTokenRotationType rotation;
};

static void tell_lives(struct client_parts *parts,
		       const struct auth_client *client)
{
	Parlor__Auth__V1__UserPoolClientType *out = &parts->client;

	parlor__auth__v1__token_validity_units_type__init(&parts->units);
	out->has_access_token_validity = client->access.number != 0;
	out->access_token_validity = (int32_t)client->access.number;
	out->has_id_token_validity = client->id_token.number != 0;
	out->id_token_validity = (int32_t)client->id_token.number;
	out->has_refresh_token_validity = 1;
	out->refresh_token_validity =
	    client->refresh.number ? (int32_t)client->refresh.number : 30;
	parts->units.access_token =
	    (char *)auth_unit_name((enum auth_unit)client->access.unit);
	parts->units.id_token =
	    (char *)auth_unit_name((enum auth_unit)client->id_token.unit);
	parts->units.refresh_token =
	    (char *)auth_unit_name((enum auth_unit)client->refresh.unit);
	out->token_validity_units = &parts->units;
}

static void tell_rotation(struct client_parts *parts,
			  const struct auth_client *client)
{
	Parlor__Auth__V1__RefreshTokenRotationType *out = &parts->rotation;

	if (!client->rotation_said)
		return;
	parlor__auth__v1__refresh_token_rotation_type__init(out);
	out->feature = (char *)rotations[client->rotates];
	out->has_retry_grace_period_seconds = 1;
	out->retry_grace_period_seconds = (int32_t)client->grace_seconds;
	parts->client.refresh_token_rotation = out;
}

static void tell_oauth(struct call *c,
		       Parlor__Auth__V1__UserPoolClientType *out,
		       const struct auth_client *client)
{
	out->has_allowed_oauth_flows_user_pool_client = 1;
	out->allowed_oauth_flows_user_pool_client = client->oauth;
	out->allowed_oauth_flows =
	    texts_of(c, &client->oauth_flows, &out->n_allowed_oauth_flows);
	out->allowed_oauth_scopes =
	    texts_of(c, &client->oauth_scopes, &out->n_allowed_oauth_scopes);
	out->callback_urls =
	    texts_of(c, &client->callback_urls, &out->n_callback_urls);
	out->logout_urls =
	    texts_of(c, &client->logout_urls, &out->n_logout_urls);
	out->supported_identity_providers =
	    texts_of(c, &client->providers,
		     &out->n_supported_identity_providers);
	out->default_redirect_uri = string_or_null(c, client->redirect_uri);
}

Parlor__Auth__V1__UserPoolClientType *form_client(
    struct call *c, const struct auth_pool_client *s)
{
	struct client_parts *parts = arena_alloc(c->mem, sizeof(*parts));
	Parlor__Auth__V1__UserPoolClientType *out = &parts->client;
	const struct auth_client *client = &s->client;

	if (!parts)
		return NULL;
	parlor__auth__v1__user_pool_client_type__init(out);
	out->user_pool_id = form_string(c, client->pool_id);
	out->client_name = form_string(c, client->name);
	out->client_id = form_string(c, client->id);
	out->client_secret = string_or_null(c, s->secret);
	out->has_creation_date = out->has_last_modified_date = 1;
	out->creation_date = form_time(client->created_at);
	out->last_modified_date = form_time(client->changed_at);
	tell_lives(parts, client);
	out->read_attributes =
	    texts_of(c, &client->readable, &out->n_read_attributes);
	out->write_attributes =
	    texts_of(c, &client->writable, &out->n_write_attributes);
	out->explicit_auth_flows =
	    texts_of(c, &client->flows, &out->n_explicit_auth_flows);
	out->prevent_user_existence_errors =
	    (char *)(client->tells_missing ? "LEGACY" : "ENABLED");
	out->has_enable_token_revocation = 1;
	out->enable_token_revocation = !client->irrevocable;
	out->has_auth_session_validity = 1;
	out->auth_session_validity =
	    client->session_minutes ? (int32_t)client->session_minutes : 3;
	tell_rotation(parts, client);
	tell_oauth(c, out, client);
	return out;
}
