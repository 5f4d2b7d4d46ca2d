/* services/auth/api/shapes.c - what members of Cognito's requests may look like */
#include "services/auth/api/shapes.h"
#include "services/auth/model/password.h"
#include "services/auth/model/user.h"

#include <stdlib.h>

/* ---- patterns ------------------------------------------------------------- */

static bool is_alnum(uint8_t b)
{
	return (b >= '0' && b <= '9') ||
	       ((b | 0x20) >= 'a' && (b | 0x20) <= 'z');
}

/* Letters, digits and these, at least one of all. */
static bool is_of(struct slice text, const char *others)
{
	for (size_t i = 0; i < text.size; i++)
		if (!is_alnum(text.data[i]) &&
		    (!text.data[i] || !strchr(others, text.data[i])))
			return false;
	return text.size > 0;
}

static bool is_token(struct slice text)
{
	return is_of(text, "-_=.");
}

static bool is_word(struct slice text)
{
	return is_of(text, "_+");
}

static bool is_hash(struct slice text)
{
	return is_of(text, "_+=/");
}

static bool is_title(struct slice text)
{
	return is_of(text, "_ \t\n\v\f\r+=,.@-");
}

/* REGION_LETTERS */
static bool is_pool_id(struct slice text)
{
	size_t at = text.size; /* of the letters */

	while (at && text.data[at - 1] != '_')
		at--;
	return at > 1 && is_of(text, "_-") &&
	       is_of(slice_make(text.data + at, text.size - at), "");
}

static bool is_digits(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return text.size > 0;
}

/* Five to seven parts behind "arn": the third may be empty, the fourth is an
 * account's number. */
static bool is_arn(struct slice text)
{
	size_t parts = 0;

	if (!slice_is(slice_cut(&text, ':'), "arn"))
		return false;
	if (!text.size || text.data[text.size - 1] == ':')
		return false;
	while (text.size) {
		struct slice part = slice_cut(&text, ':');
		bool good = ++parts == 4 ? is_digits(part)
					 : is_of(part, "_+=/,.@-") ||
					       (parts == 3 && !part.size);

		if (!good)
			return false;
	}
	return parts >= 5 && parts <= 7;
}

static bool is_dense(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == ' ' ||
		    (text.data[i] >= '\t' && text.data[i] <= '\r'))
			return false;
	return text.size > 0;
}

/* Names, and what is between them. */
static bool is_attribute(struct slice text)
{
	bool good = text.size > 0;

	while (good && text.size) {
		size_t size = 0;

		while (size < text.size &&
		       !memchr("\t\n\r ", text.data[size], 4))
			size++;
		good = !size || auth_name_is_dense(slice_make(text.data, size));
		size += size < text.size;
		text = slice_make(text.data + size, text.size - size);
	}
	return good;
}

/* RFC 6749's scope-token. */
static bool is_scope(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~' ||
		    text.data[i] == '"' || text.data[i] == '\\')
			return false;
	return text.size > 0;
}

/* That of a server, which stands before it with a slash. */
static bool is_scope_name(struct slice text)
{
	return is_scope(text) && !memchr(text.data, '/', text.size);
}

/* ---- members -------------------------------------------------------------- */

#define LIKE(words, function) .pattern = (words), .fits = (function)
#define LENGTH(from, to) .least = (from), .most = (to)
#define ITEMS(to) .items_most = (to)
#define TOKEN LIKE("[A-Za-z0-9-_=.]+", is_token), .secret = true
#define CODE LIKE("[\\S]+", is_dense), LENGTH(1, 2048)
#define NAME LIKE("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", auth_name_is_dense)
#define URL NAME, LENGTH(1, 1024)
#define PAGE LIKE("[\\S]+", is_dense), LENGTH(1, 131072)
#define TITLE LIKE("[\\w\\s+=,.@-]+", is_title)
#define PASSWORD                                              \
	LIKE(AUTH_PASSWORD_PATTERN, auth_password_is_shaped), \
	    .most = AUTH_PASSWORD_MAX, .secret = true
#define SCOPE LIKE("[\\x21\\x23-\\x5B\\x5D-\\x7E]+", is_scope), LENGTH(1, 256)
#define PERMISSION LENGTH(1, 2048), ITEMS(100)
#define ATTRIBUTE                                                          \
	LIKE("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+", is_attribute), \
	    LENGTH(1, 32)
#define ARN                                                                \
	"arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/," \
	".@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?"

static const char *const actions[] = { "RESEND", "SUPPRESS", NULL };
static const char *const aliases[] = { "phone_number", "email",
				       "preferred_username", NULL };
static const char *const auth_flows[] = { "ADMIN_NO_SRP_AUTH",
					  "CUSTOM_AUTH_FLOW_ONLY",
					  "USER_PASSWORD_AUTH",
					  "ALLOW_ADMIN_USER_PASSWORD_AUTH",
					  "ALLOW_CUSTOM_AUTH",
					  "ALLOW_USER_PASSWORD_AUTH",
					  "ALLOW_USER_SRP_AUTH",
					  "ALLOW_REFRESH_TOKEN_AUTH",
					  "ALLOW_USER_AUTH",
					  "ALLOW_GUEST_AUTH",
					  NULL };
static const char *const existences[] = { "LEGACY", "ENABLED", NULL };
static const char *const features[] = { "ENABLED", "DISABLED", NULL };
static const char *const first_factors[] = { "PASSWORD", "EMAIL_OTP", "SMS_OTP",
					     "WEB_AUTHN", NULL };
static const char *const mediums[] = { "SMS", "EMAIL", NULL };
static const char *const mfas[] = { "OPTIONAL", "OFF", "ON", NULL };
static const char *const oauth_flows[] = { "code", "implicit",
					   "client_credentials", NULL };
static const char *const protections[] = { "ACTIVE", "INACTIVE", NULL };
static const char *const recoveries[] = { "admin_only", "verified_email",
					  "verified_phone_number", NULL };
static const char *const types[] = { "Boolean", "DateTime", "Number", "String",
				     NULL };
static const char *const units[] = { "seconds", "minutes", "hours", "days",
				     NULL };
static const char *const addresses[] = { "phone_number", "email", NULL };

/* In order of their names. */
static const struct shape shapes[] = {
	{ "AccessToken", TOKEN },
	{ "AccessTokenValidity", LENGTH(1, 86400) },
	{ "AccountRecoverySettingType.RecoveryMechanisms", ITEMS(2) },
	{ "AliasAttributes", .words = aliases },
	{ "AllowedOAuthFlows", .words = oauth_flows, ITEMS(3) },
	{ "AllowedOAuthScopes", SCOPE, ITEMS(50) },
	{ "AttributeName", ATTRIBUTE },
	{ "AttributeType.Name", ATTRIBUTE },
	{ "AttributeType.Value", .most = 2048, .secret = true },
	{ "AttributesToGet", ATTRIBUTE },
	{ "AuthSessionValidity", LENGTH(3, 15) },
	{ "AutoVerifiedAttributes", .words = addresses },
	{ "CallbackURLs", URL, ITEMS(100) },
	{ "ClientId", LIKE("[\\w+]+", is_word), LENGTH(1, 128),
	  .secret = true },
	{ "ClientName", TITLE, LENGTH(1, 128) },
	{ "ClientSecret", LIKE("[\\w+]+", is_word), LENGTH(24, 64),
	  .secret = true },
	{ "Code", CODE },
	{ "ConfirmationCode", CODE },
	{ "CustomAttributes", ITEMS(25) },
	{ "DefaultRedirectURI", URL },
	{ "DeletionProtection", .words = protections },
	{ "Description", .most = 2048 },
	{ "DesiredDeliveryMediums", .words = mediums },
	{ "ExplicitAuthFlows", .words = auth_flows },
	{ "Filter", .most = 256 },
	{ "GroupName", NAME, LENGTH(1, 128) },
	{ "IdTokenValidity", LENGTH(1, 86400) },
	{ "Identifier", SCOPE },
	{ "Limit", LENGTH(0, 60) },
	{ "LogoutURLs", URL, ITEMS(100) },
	{ "MessageAction", .words = actions },
	{ "MfaConfiguration", .words = mfas },
	{ "Name", TITLE, LENGTH(1, 256) },
	{ "NextToken", PAGE },
	{ "PaginationToken", PAGE },
	{ "Password", PASSWORD },
	{ "PasswordPolicyType.MinimumLength", LENGTH(6, 99) },
	{ "PasswordPolicyType.PasswordHistorySize", LENGTH(0, 24) },
	{ "PasswordPolicyType.TemporaryPasswordValidityDays", LENGTH(0, 365) },
	{ "PoolName", TITLE, LENGTH(1, 128) },
	{ "Precedence", LENGTH(0, INT32_MAX) },
	{ "PreventUserExistenceErrors", .words = existences },
	{ "PreviousPassword", PASSWORD },
	{ "ProposedPassword", PASSWORD },
	{ "ReadAttributes", PERMISSION },
	{ "RecoveryOptionType.Name", .words = recoveries },
	{ "RecoveryOptionType.Priority", LENGTH(1, 2) },
	{ "RefreshToken", TOKEN },
	{ "RefreshTokenRotationType.Feature", .words = features },
	{ "RefreshTokenRotationType.RetryGracePeriodSeconds", LENGTH(0, 60) },
	{ "RefreshTokenValidity", LENGTH(0, 315360000) },
	{ "ResourceServerScopeType.ScopeDescription", LENGTH(1, 256) },
	{ "ResourceServerScopeType.ScopeName",
	  LIKE("[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+", is_scope_name),
	  LENGTH(1, 256) },
	{ "RoleArn", LIKE(ARN, is_arn), LENGTH(20, 2048) },
	{ "Schema", ITEMS(50) },
	{ "SchemaAttributeType.AttributeDataType", .words = types },
	{ "SchemaAttributeType.Name", NAME, LENGTH(1, 20) },
	{ "Scopes", ITEMS(100) },
	{ "SecretHash", LIKE("[\\w+=/]+", is_hash), LENGTH(1, 128),
	  .secret = true },
	{ "Session", LENGTH(20, 2048), .secret = true },
	{ "SignInPolicyType.AllowedFirstAuthFactors", .words = first_factors,
	  ITEMS(4) },
	{ "SupportedIdentityProviders", LENGTH(1, 32) },
	{ "TemporaryPassword", PASSWORD },
	{ "Token", TOKEN },
	{ "TokenValidityUnitsType.AccessToken", .words = units },
	{ "TokenValidityUnitsType.IdToken", .words = units },
	{ "TokenValidityUnitsType.RefreshToken", .words = units },
	{ "UserAttributeNames", ATTRIBUTE },
	{ "UserAttributeUpdateSettingsType."
	  "AttributesRequireVerificationBeforeUpdate",
	  .words = addresses },
	{ "UserCode", LIKE("[0-9]+", is_digits), LENGTH(6, 6), .secret = true },
	{ "UserPoolId", LIKE("[\\w-]+_[0-9a-zA-Z]+", is_pool_id),
	  LENGTH(1, 55) },
	{ "UserPoolTags", ITEMS(50) },
	{ "UserPoolTags.key", LENGTH(1, 128) },
	{ "UserPoolTags.value", LENGTH(0, 256) },
	{ "Username", NAME, LENGTH(1, 128), .secret = true },
	{ "UsernameAttributes", .words = addresses },
	{ "WriteAttributes", PERMISSION },
};
enum { SHAPES = sizeof(shapes) / sizeof(*shapes) };

static int compare_shape(const void *member, const void *row)
{
	return slice_compare(*(const struct slice *)member,
			     slice_of(((const struct shape *)row)->member));
}

const struct shape *api_shape_find(struct slice member)
{
	return bsearch(&member, shapes, SHAPES, sizeof(*shapes), compare_shape);
}

static bool is_one_of(const char *const *words, struct slice text)
{
	while (*words && !slice_is(text, *words))
		words++;
	return *words;
}

bool api_shape_fits(const struct shape *shape, struct slice text)
{
	int64_t size = (int64_t)slice_characters(text);

	return size >= shape->least && (!shape->most || size <= shape->most) &&
	       (!shape->fits || shape->fits(text)) &&
	       (!shape->words || is_one_of(shape->words, text));
}

/* ---- what must be there --------------------------------------------------- */

#define USER "UserPoolId Username"
#define GROUP "GroupName UserPoolId"
#define CLIENT "UserPoolId ClientId"

/* In order of their names. */
static const struct needs needs[] = {
	{ "AddCustomAttributes", "UserPoolId CustomAttributes" },
	{ "AdminAddUserToGroup", USER " GroupName" },
	{ "AdminConfirmSignUp", USER },
	{ "AdminCreateUser", USER },
	{ "AdminDeleteUser", USER },
	{ "AdminDeleteUserAttributes", USER },
	{ "AdminDisableUser", USER },
	{ "AdminEnableUser", USER },
	{ "AdminGetUser", USER },
	{ "AdminInitiateAuth", CLIENT " AuthFlow" },
	{ "AdminListGroupsForUser", USER },
	{ "AdminListUserAuthEvents", USER },
	{ "AdminRemoveUserFromGroup", USER " GroupName" },
	{ "AdminResetUserPassword", USER },
	{ "AdminRespondToAuthChallenge", CLIENT " ChallengeName" },
	{ "AdminSetUserMFAPreference", USER },
	{ "AdminSetUserPassword", USER " Password" },
	{ "AdminUpdateUserAttributes", USER },
	{ "AdminUserGlobalSignOut", USER },
	{ "AttributeType", "Name" },
	{ "ChangePassword", "ProposedPassword AccessToken" },
	{ "ConfirmForgotPassword",
	  "ClientId Username ConfirmationCode Password" },
	{ "ConfirmSignUp", "ClientId Username ConfirmationCode" },
	{ "CreateGroup", GROUP },
	{ "CreateResourceServer", "UserPoolId Identifier Name" },
	{ "CreateUserPool", "PoolName" },
	{ "CreateUserPoolClient", "UserPoolId ClientName" },
	{ "DeleteGroup", GROUP },
	{ "DeleteResourceServer", "UserPoolId Identifier" },
	{ "DeleteUser", "AccessToken" },
	{ "DeleteUserAttributes", "AccessToken" },
	{ "DeleteUserPool", "UserPoolId" },
	{ "DeleteUserPoolClient", CLIENT },
	{ "DescribeResourceServer", "UserPoolId Identifier" },
	{ "DescribeUserPool", "UserPoolId" },
	{ "DescribeUserPoolClient", CLIENT },
	{ "ForgotPassword", "ClientId Username" },
	{ "GetGroup", GROUP },
	{ "GetTokensFromRefreshToken", "RefreshToken ClientId" },
	{ "GetUser", "AccessToken" },
	{ "GetUserAttributeVerificationCode", "AccessToken AttributeName" },
	{ "GetUserPoolMfaConfig", "UserPoolId" },
	{ "GlobalSignOut", "AccessToken" },
	{ "InitiateAuth", "AuthFlow ClientId" },
	{ "ListGroups", "UserPoolId" },
	{ "ListResourceServers", "UserPoolId" },
	{ "ListUserPoolClients", "UserPoolId" },
	{ "ListUserPools", "MaxResults" },
	{ "ListUsers", "UserPoolId" },
	{ "ListUsersInGroup", "UserPoolId GroupName" },
	{ "RecoveryOptionType", "Name Priority" },
	{ "RefreshTokenRotationType", "Feature" },
	{ "ResendConfirmationCode", "ClientId Username" },
	{ "ResourceServerScopeType", "ScopeName ScopeDescription" },
	{ "RespondToAuthChallenge", "ClientId ChallengeName" },
	{ "RevokeToken", "Token ClientId" },
	{ "RotateSigningKeys", "UserPoolId" },
	{ "SetUserMFAPreference", "AccessToken" },
	{ "SetUserPoolMfaConfig", "UserPoolId" },
	{ "SignUp", "ClientId Username" },
	{ "UpdateGroup", GROUP },
	{ "UpdateResourceServer", "UserPoolId Identifier Name" },
	{ "UpdateUserAttributes", "AccessToken" },
	{ "UpdateUserPool", "UserPoolId" },
	{ "UpdateUserPoolClient", CLIENT },
	{ "UsernameConfigurationType", "CaseSensitive" },
	{ "VerifySoftwareToken", "UserCode" },
	{ "VerifyUserAttribute", "AccessToken AttributeName Code" },
};
enum { NEEDS = sizeof(needs) / sizeof(*needs) };

static int compare_needs(const void *of, const void *row)
{
	return slice_compare(*(const struct slice *)of,
			     slice_of(((const struct needs *)row)->of));
}

const struct needs *api_needs_find(struct slice of)
{
	return bsearch(&of, needs, NEEDS, sizeof(*needs), compare_needs);
}
