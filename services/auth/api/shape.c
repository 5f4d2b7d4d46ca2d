/* services/auth/api/shape.c - what members of Cognito's requests may look like */
#include "services/auth/api/shape.h"
#include "lib/rpc/complaint.h"
#include "lib/rpc/op.h"
#include "lib/wire/wire.h"
#include "services/auth/model/user.h"

enum { PATH = 64, MUST = 128 };

/* ---- members -------------------------------------------------------------- */

/* Of a text. */
struct shape {
	const char *member;
	/* Cognito's words for it; or NULL */
	const char *pattern;
	bool (*fits)(struct slice);
	size_t least, most; /* characters; 0: any number */
	bool secret;	    /* not repeated in what is said of it */
	const char *const *words;
};

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

static bool is_dense(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] == ' ' ||
		    (text.data[i] >= '\t' && text.data[i] <= '\r'))
			return false;
	return text.size > 0;
}

#define LIKE(words, function) .pattern = (words), .fits = (function)
#define LENGTH(from, to) .least = (from), .most = (to)
#define TOKEN LIKE("[A-Za-z0-9-_=.]+", is_token), .secret = true
#define CODE LIKE("[\\S]+", is_dense), LENGTH(1, 2048)
#define NAME                                                           \
	LIKE("[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+", auth_name_is_dense), \
	    LENGTH(1, 128)
#define PAGE LIKE("[\\S]+", is_dense), LENGTH(1, 131072)
#define TITLE LIKE("[\\w\\s+=,.@-]+", is_title), LENGTH(1, 128)
#define PASSWORD .most = 256, .secret = true

static const char *const actions[] = { "RESEND", "SUPPRESS", NULL };
static const char *const protections[] = { "ACTIVE", "INACTIVE", NULL };
static const char *const existences[] = { "LEGACY", "ENABLED", NULL };
static const char *const mfas[] = { "OPTIONAL", "OFF", "ON", NULL };

/* In order of their names. */
static const struct shape shapes[] = {
	{ "AccessToken", TOKEN },
	{ "ClientId", LIKE("[\\w+]+", is_word), LENGTH(1, 128),
	  .secret = true },
	{ "ClientName", TITLE },
	{ "ClientSecret", LIKE("[\\w+]+", is_word), LENGTH(24, 64),
	  .secret = true },
	{ "Code", CODE },
	{ "ConfirmationCode", CODE },
	{ "DeletionProtection", .words = protections },
	{ "Description", .most = 2048 },
	{ "Filter", .most = 256 },
	{ "GroupName", NAME },
	{ "MessageAction", .words = actions },
	{ "MfaConfiguration", .words = mfas },
	{ "NextToken", PAGE },
	{ "PaginationToken", PAGE },
	{ "Password", PASSWORD },
	{ "PoolName", TITLE },
	{ "PreventUserExistenceErrors", .words = existences },
	{ "PreviousPassword", PASSWORD },
	{ "ProposedPassword", PASSWORD },
	{ "RefreshToken", TOKEN },
	{ "SecretHash", LIKE("[\\w+=/]+", is_hash), LENGTH(1, 128),
	  .secret = true },
	{ "Session", LENGTH(20, 2048), .secret = true },
	{ "TemporaryPassword", PASSWORD },
	{ "Token", TOKEN },
	{ "UserCode", LIKE("[0-9]+", is_digits), LENGTH(6, 6), .secret = true },
	{ "UserPoolId", LIKE("[\\w-]+_[0-9a-zA-Z]+", is_pool_id),
	  LENGTH(1, 55) },
	{ "Username", NAME, .secret = true },
};
enum { SHAPES = sizeof(shapes) / sizeof(*shapes) };

/* Of a number. */
static const struct range {
	const char *member;
	int64_t least, most;
} ranges[] = {
	{ "AccessTokenValidity", 1, 86400 },
	{ "AuthSessionValidity", 3, 15 },
	{ "IdTokenValidity", 1, 86400 },
	{ "Limit", 0, 60 },
	{ "Precedence", 0, INT32_MAX },
	{ "RefreshTokenValidity", 0, 315360000 },
};
enum { RANGES = sizeof(ranges) / sizeof(*ranges) };

/* ---- operations ----------------------------------------------------------- */

#define USER "UserPoolId Username"
#define GROUP "GroupName UserPoolId"
#define CLIENT "UserPoolId ClientId"

/* Those that have members which must be there, in order of their names. */
static const struct needs {
	const char *op, *members;
} needs[] = {
	{ "AddCustomAttributes", "UserPoolId" },
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
	{ "ResendConfirmationCode", "ClientId Username" },
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
	{ "VerifySoftwareToken", "UserCode" },
	{ "VerifyUserAttribute", "AccessToken AttributeName Code" },
};
enum { NEEDS = sizeof(needs) / sizeof(*needs) };

/* ---- the check ------------------------------------------------------------ */

static int compare_shape(const void *member, const void *row)
{
	return slice_compare(*(const struct slice *)member,
			     slice_of(((const struct shape *)row)->member));
}

static int compare_range(const void *member, const void *row)
{
	return slice_compare(*(const struct slice *)member,
			     slice_of(((const struct range *)row)->member));
}

static int compare_needs(const void *op, const void *row)
{
	return slice_compare(*(const struct slice *)op,
			     slice_of(((const struct needs *)row)->op));
}

/* "userPoolId" */
static const char *path_of(struct slice member, char path[PATH])
{
	snprintf(path, PATH, "%c%.*s", member.data[0] | 0x20,
		 (int)member.size - 1, member.data + 1);
	return path;
}

static void check_text(struct complaints *all, struct slice member,
		       struct slice text)
{
	const struct shape *shape =
	    bsearch(&member, shapes, SHAPES, sizeof(*shapes), compare_shape);
	char path[PATH], must[MUST];

	if (!shape)
		return;
	path_of(member, path);
	all->secret = shape->secret;
	if (shape->fits && !shape->fits(text)) {
		snprintf(must, sizeof(must),
			 "satisfy regular expression pattern: %s",
			 shape->pattern);
		complain(all, text, path, must);
	}
	if (shape->words)
		complain_enum(all, text, path, shape->words);
	else
		complain_length(all, text, path, shape->least, shape->most);
	all->secret = false;
}

static void check_number(struct complaints *all, struct slice member,
			 int64_t number)
{
	const struct range *range =
	    bsearch(&member, ranges, RANGES, sizeof(*ranges), compare_range);
	char path[PATH];

	if (!range)
		return;
	complain_least(all, number, path_of(member, path), range->least);
	complain_most(all, number, path, range->most);
}

/* A text or a number; lists, maps and messages are the operation's. */
static void check_field(struct complaints *all,
			const struct descriptor_field *field,
			const struct wire_field *f)
{
	if (field->repeated)
		return;
	if (field->type == TYPE_STRING && f->type == WIRE_BYTES)
		check_text(all, field->json_name, f->bytes);
	else if (field->type == TYPE_INT32 && f->type == WIRE_VARINT)
		check_number(all, field->json_name, (int32_t)f->value);
}

enum { NUMBERS = 256 };

/* Members that must be there and are not. */
static void check_needs(struct complaints *all, const struct call *c,
			const struct descriptor_message *type,
			const bool there[NUMBERS])
{
	struct slice name = slice_of(c->op->name), rest;
	const struct needs *row =
	    bsearch(&name, needs, NEEDS, sizeof(*needs), compare_needs);
	char path[PATH];

	rest = slice_of(row ? row->members : "");
	while (rest.size) {
		struct slice member = slice_cut(&rest, ' ');
		const struct descriptor_field *field =
		    descriptor_field_by_json_only(type, member);

		if (field && field->number < NUMBERS && !there[field->number])
			complain_null(all, slice_of(NULL),
				      path_of(member, path));
	}
}

int api_shape_check(struct call *c, const struct descriptor_message *type)
{
	bool there[NUMBERS] = { false };
	struct complaints all = { 0 };
	struct slice rest = c->request;
	struct wire_field f = { 0 };

	while (wire_next(&rest, &f) > 0) {
		const struct descriptor_field *field =
		    descriptor_field_by_number(type, f.number);

		if (field && f.number < NUMBERS) {
			there[f.number] = true;
			check_field(&all, field, &f);
		}
	}
	check_needs(&all, c, type, there);
	return complaints_fail(&all, E_PARAMETER, &c->fault);
}
