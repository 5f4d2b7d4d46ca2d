/* tests/unit/services/kv/access/policy.c - what policies allow and refuse */
#include "services/kv/access/policy.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}

#define TABLE "arn:aws:dynamodb:local-1:000000000000:table/game"

static const struct principal anonymous = { .kind = PRINCIPAL_ANONYMOUS,
					    .text = TEXT("anonymous") };
static const struct principal ada = { .kind = PRINCIPAL_USER,
				      .text = TEXT("user:a1"),
				      .sub = TEXT("a1"),
				      .username = TEXT("ada") };
static const struct principal mod = { .kind = PRINCIPAL_USER,
				      .text = TEXT("user:m1"),
				      .sub = TEXT("m1"),
				      .groups = TEXT("testers,mods") };
static const struct principal play_move = { .kind = PRINCIPAL_FUNCTION,
					    .text = TEXT("function:PlayMove"),
					    .function = TEXT("PlayMove") };

/* ---- documents
 * ----------------------------------------------------------------- */

#define STATEMENT(members)                                       \
	"{\"Version\":\"2012-10-17\",\"Statement\":{\"Effect\":" \
	"\"Allow\",\"Principal\":\"*\",\"Action\":\"*\","        \
	"\"Resource\":\"*\"" members "}}"
#define WITHOUT(members) \
	"{\"Version\":\"2012-10-17\",\"Statement\":[{" members "}]}"

static void test_documents(void **state)
{
	static const struct {
		const char *name, *json, *why; /* NULL: it is accepted */
	} cases[] = {
		{ "one statement", STATEMENT(""), NULL },
		{ "with an Id and a Sid",
		  "{\"Version\":\"2012-10-17\",\"Id\":\"x\",\"Statement\":[{"
		  "\"Sid\":\"A1\",\"Effect\":\"Deny\",\"Principal\":{"
		  "\"Parlor\":[\"user:*\",\"anonymous\"]},\"NotAction\":["
		  "\"dynamodb:Get*\"],\"Resource\":[\"" TABLE "\"]}]}",
		  NULL },
		{ "no JSON", "{",
		  "the policy is no JSON: line 1, column 1: "
		  "string or '}' expected near end of file" },
		{ "no object", "[]", "the policy must be a JSON object" },
		{ "no version", "{\"Statement\":[]}",
		  "Version must be '2012-10-17'" },
		{ "an older version",
		  "{\"Version\":\"2008-10-17\",\"Statement\":[]}",
		  "Version must be '2012-10-17'" },
		{ "no statement", "{\"Version\":\"2012-10-17\"}",
		  "the policy needs a Statement" },
		{ "an empty list",
		  "{\"Version\":\"2012-10-17\",\"Statement\":[]}",
		  "Statement must have 1 to 64 elements" },
		{ "an unknown member",
		  "{\"Version\":\"2012-10-17\",\"Statements\":[]}",
		  "Statements is not part of a policy" },
		{ "a statement that is none",
		  "{\"Version\":\"2012-10-17\",\"Statement\":[7]}",
		  "Statement[0] must be an object" },
		{ "NotPrincipal", WITHOUT("\"NotPrincipal\":\"*\""),
		  "Statement[0].NotPrincipal is not supported" },
		{ "NotResource", WITHOUT("\"NotResource\":\"*\""),
		  "Statement[0].NotResource is not supported" },
		{ "no effect", WITHOUT("\"Action\":\"*\""),
		  "Statement[0].Effect must be 'Allow' or 'Deny'" },
		{ "no principal", WITHOUT("\"Effect\":\"Allow\""),
		  "Statement[0] needs a Principal" },
		{ "a role of AWS's",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":{\"AWS\":["
			  "\"000000000000\",\"arn:aws:iam::000000000000:role/"
			  "x\"]}"),
		  "Statement[0].Principal.AWS[1] must be '*' or an account, "
		  "not 'arn:aws:iam::000000000000:role/x'" },
		{ "a number that is no account",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":{\"AWS\":"
			  "\"arn:aws:iam::00000000000x:root\"}"),
		  "Statement[0].Principal.AWS must be '*' or an account, not "
		  "'arn:aws:iam::00000000000x:root'" },
		{ "an account that is denied something",
		  WITHOUT("\"Effect\":\"Deny\",\"Principal\":{\"AWS\":"
			  "\"000000000000\"}"),
		  "Statement[0].Principal.AWS must be '*' in a Deny, not "
		  "'000000000000'" },
		{ "principals of both kinds",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\","
			  "\"Parlor\":\"*\"}"),
		  "Statement[0].Principal needs one member, 'Parlor' or "
		  "'AWS'" },
		{ "a federated principal",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":{\"Federated\":"
			  "\"x\"}"),
		  "Statement[0].Principal.Federated is not supported" },
		{ "a principal of no kind",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":{\"Parlor\":["
			  "\"user:*\",\"ada\"]}"),
		  "Statement[0].Principal.Parlor[1] must be '*', 'anonymous', "
		  "'user:…', 'group:…', 'service:…' or 'function:…', not "
		  "'ada'" },
		{ "both actions", STATEMENT(",\"NotAction\":\"*\""),
		  "Statement needs an Action or a NotAction" },
		{ "another service's action",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":\"*\","
			  "\"Action\":[\"s3:Get\"]"),
		  "Statement[0].Action[0] must be '*', 'dynamodb:…' or "
		  "'cognito-idp:…', not 's3:Get'" },
		{ "no resource",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":\"*\","
			  "\"Action\":\"*\""),
		  "Statement[0] needs a Resource" },
		{ "a resource that is a name",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":\"*\","
			  "\"Action\":\"*\",\"Resource\":\"game\""),
		  "Statement[0].Resource must be '*' or an ARN, not 'game'" },
		{ "an unknown variable",
		  WITHOUT("\"Effect\":\"Allow\",\"Principal\":\"*\","
			  "\"Action\":\"*\",\"Resource\":\"arn:aws:dynamodb:"
			  "*:*:table/${aws:username}\""),
		  "Statement[0].Resource has unknown variable "
		  "'${aws:username}'" },
		{ "a Sid with a blank", STATEMENT(",\"Sid\":\"a b\""),
		  "Statement.Sid must be 1 to 128 letters and digits" },
		{ "an operator we don't have",
		  STATEMENT(",\"Condition\":{\"IpAddress\":{\"aws:SourceIp\":"
			    "\"::1\"}}"),
		  "Statement.Condition.IpAddress is not supported" },
		{ "a key we don't have",
		  STATEMENT(",\"Condition\":{\"StringEquals\":{\"aws:userid\":"
			    "\"x\"}}"),
		  "Statement.Condition.StringEquals.aws:userid is not "
		  "supported" },
		{ "several values under a plain operator",
		  STATEMENT(",\"Condition\":{\"StringEquals\":{\"dynamodb:"
			    "LeadingKeys\":\"x\"}}"),
		  "Statement.Condition.StringEquals.dynamodb:LeadingKeys has "
		  "several values: the operator needs ForAllValues: or "
		  "ForAnyValue:" },
		{ "Null of a set",
		  STATEMENT(",\"Condition\":{\"ForAnyValue:Null\":{\"dynamodb:"
			    "Select\":\"true\"}}"),
		  "Statement.Condition.ForAnyValue:Null is not supported" },
		{ "Null of a text",
		  STATEMENT(",\"Condition\":{\"Null\":{\"dynamodb:Select\":"
			    "\"yes\"}}"),
		  "Statement.Condition.Null.dynamodb:Select must be 'true' or "
		  "'false'" },
		{ "a number for a text",
		  STATEMENT(",\"Condition\":{\"StringLike\":{\"dynamodb:Select"
			    "\":[\"A\",1]}}"),
		  "Statement.Condition.StringLike.dynamodb:Select[1] must be a "
		  "text" },
		{ "no values",
		  STATEMENT(",\"Condition\":{\"StringLike\":{\"dynamodb:Select"
			    "\":[]}}"),
		  "Statement.Condition.StringLike.dynamodb:Select must have 1 "
		  "to 256 elements" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct fault fault = { 0 };
		struct policy *p = policy_new(slice_of(cases[i].json),
					      POLICY_OF_RESOURCE, &fault);
		const char *got = p ? "accepted" : fault.message;
		const char *want = cases[i].why ? cases[i].why : "accepted";

		if (strcmp(got, want) != 0)
			fail_msg("%s: got \"%s\", want \"%s\"", cases[i].name,
				 got, want);
		policy_free(p);
	}
}

static void test_principal_in_role(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	assert_null(policy_new(SLICE(STATEMENT("")), POLICY_OF_ROLE, &fault));
	assert_string_equal(fault.message, "Statement.Principal has no place "
					   "in a role's policy");
}

static void test_sizes(void **state)
{
	static char json[POLICY_SIZE_MAX + 1];
	struct fault fault = { 0 };

	(void)state;
	memset(json, ' ', sizeof(json));
	assert_null(policy_new(slice_make(json, sizeof(json)),
			       POLICY_OF_RESOURCE, &fault));
	assert_string_equal(fault.message,
			    "the policy is larger than 20480 bytes");
	memset(json, '[', sizeof(json));
	fault_clear(&fault);
	assert_null(policy_new(slice_make(json, POLICY_SIZE_MAX),
			       POLICY_OF_RESOURCE, &fault));
	assert_int_equal(fault.code, E_INVALID);
}

/* ---- evaluation
 * ---------------------------------------------------------------- */

/* The game's own policy, and then some. */
static const char document[] =
    "{\"Version\":\"2012-10-17\",\"Statement\":["
    "{\"Sid\":\"Leaderboard\",\"Effect\":\"Allow\","
    " \"Principal\":{\"Parlor\":\"user:*\"},\"Action\":\"dynamodb:Query\","
    " \"Resource\":\"" TABLE "/index/leaderboard\"},"
    "{\"Sid\":\"Own\",\"Effect\":\"Allow\","
    " \"Principal\":{\"Parlor\":\"user:*\"},"
    " \"Action\":[\"dynamodb:Query\",\"dynamodb:getitem\",\"dynamodb:Scan\"],"
    " \"Resource\":\"" TABLE "\",\"Condition\":{"
    "  \"ForAllValues:StringLike\":{\"dynamodb:LeadingKeys\":"
    "   [\"view#${sub}\",\"results#*\"]}}},"
    "{\"Sid\":\"Anybody\",\"Effect\":\"Allow\",\"Principal\":\"*\","
    " \"Action\":\"dynamodb:BatchGetItem\",\"Resource\":\"*\",\"Condition\":{"
    "  \"ForAllValues:StringLike\":{\"dynamodb:LeadingKeys\":"
    "   [\"news\",\"view#${sub}\"]},"
    "  \"ForAllValues:StringEquals\":{\"dynamodb:Attributes\":"
    "   [\"pk\",\"title\"]},"
    "  \"StringEqualsIfExists\":{\"dynamodb:Select\":\"SPECIFIC_ATTRIBUTES\","
    "   \"dynamodb:ReturnValues\":[\"NONE\",\"UPDATED_OLD\"]}}},"
    "{\"Sid\":\"Functions\",\"Effect\":\"Allow\","
    " \"Principal\":{\"Parlor\":\"function:Play*\"},"
    " \"NotAction\":[\"dynamodb:Scan\",\"dynamodb:Delete*\"],"
    " \"Resource\":\"*\"},"
    "{\"Sid\":\"NoSecrets\",\"Effect\":\"Deny\",\"Principal\":\"*\","
    " \"Action\":\"*\",\"Resource\":\"*\",\"Condition\":{"
    "  \"ForAnyValue:StringLike\":{\"dynamodb:Attributes\":\"secret*\"}}},"
    "{\"Sid\":\"Counted\",\"Effect\":\"Allow\",\"Principal\":\"*\","
    " \"Action\":\"dynamodb:DescribeTable\",\"Resource\":\"*\",\"Condition\":{"
    "  \"Null\":{\"dynamodb:Select\":\"false\"}}},"
    "{\"Sid\":\"Mods\",\"Effect\":\"Allow\","
    " \"Principal\":{\"Parlor\":\"group:mods\"},"
    " \"Action\":\"dynamodb:UpdateItem\",\"Resource\":\"*\",\"Condition\":{"
    "  \"ForAllValues:StringNotEquals\":{\"dynamodb:Attributes\":\"rank\"},"
    "  \"StringNotEqualsIfExists\":{\"dynamodb:ReturnValues\":"
    "   [\"ALL_OLD\",\"ALL_NEW\"]}}},"
    "{\"Sid\":\"Others\",\"Effect\":\"Allow\",\"Principal\":\"*\","
    " \"Action\":\"dynamodb:DeleteItem\",\"Resource\":\"*\",\"Condition\":{"
    "  \"ForAnyValue:StringNotLike\":{\"dynamodb:LeadingKeys\":"
    "   \"view#${sub}\"}}},"
    "{\"Sid\":\"Counts\",\"Effect\":\"Allow\",\"Principal\":\"*\","
    " \"Action\":\"dynamodb:Query\",\"Resource\":\"" TABLE "/index/count\","
    " \"Condition\":{\"ForAllValues:StringEquals\":{"
    "  \"dynamodb:Attributes\":[\"pk\",\"n\"]},"
    "  \"StringEqualsIgnoreCase\":{\"dynamodb:Select\":"
    "   [\"count\",\"specific_attributes\"]}}},"
    "{\"Sid\":\"Account\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":["
    "  \"000000000000\",\"arn:aws:iam::000000000000:root\"]},"
    " \"Action\":\"dynamodb:ListStreams\",\"Resource\":\"*\"},"
    "{\"Sid\":\"All\",\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},"
    " \"Action\":\"dynamodb:GetRecords\",\"Resource\":\"*\"},"
    "{\"Sid\":\"Shown\",\"Effect\":\"Allow\",\"Principal\":\"*\","
    " \"Action\":\"dynamodb:Query\",\"Resource\":\"" TABLE "/index/shown\","
    " \"Condition\":{\"ForAllValues:StringEquals\":{"
    "  \"dynamodb:Attributes\":[\"pk\",\"n\"]}}}"
    "]}";

struct ask {
	const char *name;
	const struct principal *who;
	const char *action, *resource;
	const char *leading_keys; /* blank-separated; "*" is every */
	const char *attributes;
	const char *select, *return_values;
	const char *sid; /* of the statement that decides; NULL: none */
	enum policy_effect effect;
};

#define INDEX TABLE "/index/leaderboard"

static const struct ask asks[] = {
	{ "a player reads the leaderboard", &ada, "dynamodb:Query", INDEX,
	  "connect-four#1", "", "", "", "Leaderboard", POLICY_ALLOW },
	{ "a stranger doesn't", &anonymous, "dynamodb:Query", INDEX,
	  "connect-four#1", "", "", "", NULL, POLICY_NONE },
	{ "nor a player another index", &ada, "dynamodb:Query",
	  TABLE "/index/other", "x", "", "", "", NULL, POLICY_NONE },
	{ "a player reads the own view", &ada, "dynamodb:Query", TABLE,
	  "view#a1", "", "", "", "Own", POLICY_ALLOW },
	{ "actions are known in any case", &ada, "dynamodb:GetItem", TABLE,
	  "view#a1", "", "", "", "Own", POLICY_ALLOW },
	{ "and not another's view", &ada, "dynamodb:Query", TABLE, "view#b2",
	  "", "", "", NULL, POLICY_NONE },
	{ "not one among the own", &ada, "dynamodb:Query", TABLE,
	  "view#a1 view#b2", "", "", "", NULL, POLICY_NONE },
	{ "anybody's results", &ada, "dynamodb:Query", TABLE, "results#b2", "",
	  "", "", "Own", POLICY_ALLOW },
	{ "a scan touches every key", &ada, "dynamodb:Scan", TABLE, "*", "", "",
	  "", NULL, POLICY_NONE },
	{ "a player writes nothing", &ada, "dynamodb:PutItem", TABLE, "view#a1",
	  "", "", "", NULL, POLICY_NONE },
	{ "not even a check", &ada, "dynamodb:ConditionCheckItem", TABLE,
	  "view#a1", "", "", "", NULL, POLICY_NONE },
	{ "a stranger reads the news", &anonymous, "dynamodb:BatchGetItem",
	  TABLE, "news", "pk title", "SPECIFIC_ATTRIBUTES", "", "Anybody",
	  POLICY_ALLOW },
	{ "a variable has no value for a stranger", &anonymous,
	  "dynamodb:BatchGetItem", TABLE, "view#", "pk", "SPECIFIC_ATTRIBUTES",
	  "", NULL, POLICY_NONE },
	{ "only the attributes named", &anonymous, "dynamodb:BatchGetItem",
	  TABLE, "news", "pk text", "SPECIFIC_ATTRIBUTES", "", NULL,
	  POLICY_NONE },
	{ "all of them might be denied ones", &anonymous,
	  "dynamodb:BatchGetItem", TABLE, "news", "*", "", "", "NoSecrets",
	  POLICY_DENY },
	{ "a key that is there must match", &anonymous, "dynamodb:BatchGetItem",
	  TABLE, "news", "pk", "ALL_ATTRIBUTES", "", NULL, POLICY_NONE },
	{ "one that is absent needs not, with IfExists", &anonymous,
	  "dynamodb:BatchGetItem", TABLE, "news", "pk", "", "UPDATED_OLD",
	  "Anybody", POLICY_ALLOW },
	{ "several tests must all hold", &anonymous, "dynamodb:BatchGetItem",
	  TABLE, "news", "pk", "", "ALL_OLD", NULL, POLICY_NONE },
	{ "NotAction allows the others", &play_move, "dynamodb:PutItem", TABLE,
	  "x", "", "", "", "Functions", POLICY_ALLOW },
	{ "and not its own", &play_move, "dynamodb:DeleteItem", TABLE, "x", "",
	  "", "", NULL, POLICY_NONE },
	{ "user:* is no function", &play_move, "dynamodb:Scan", TABLE,
	  "results#b2", "", "", "", NULL, POLICY_NONE },
	{ "a denial wins", &play_move, "dynamodb:PutItem", TABLE, "x",
	  "pk secret_1", "", "", "NoSecrets", POLICY_DENY },
	{ "also of what might be touched", &play_move, "dynamodb:GetItem",
	  TABLE, "x", "*", "", "", "NoSecrets", POLICY_DENY },
	{ "Null false wants the key", &ada, "dynamodb:DescribeTable", TABLE, "",
	  "", "COUNT", "", "Counted", POLICY_ALLOW },
	{ "so its absence is nothing", &ada, "dynamodb:DescribeTable", TABLE,
	  "", "", "", "", NULL, POLICY_NONE },
	{ "the account is no player", &ada, "dynamodb:ListStreams", TABLE, "",
	  "", "", "", NULL, POLICY_NONE },
	{ "all are everybody, in AWS's words, too", &anonymous,
	  "dynamodb:GetRecords", TABLE, "", "", "", "", "All", POLICY_ALLOW },
	{ "a group's member", &mod, "dynamodb:UpdateItem", TABLE, "x", "n", "",
	  "NONE", "Mods", POLICY_ALLOW },
	{ "and nobody else", &ada, "dynamodb:UpdateItem", TABLE, "x", "n", "",
	  "NONE", NULL, POLICY_NONE },
	{ "not what all must differ from", &mod, "dynamodb:UpdateItem", TABLE,
	  "x", "n rank", "", "NONE", NULL, POLICY_NONE },
	{ "which is among all there are", &mod, "dynamodb:UpdateItem",
	  TABLE "x", "x", "*", "", "NONE", "NoSecrets", POLICY_DENY },
	{ "nor what one must differ from", &mod, "dynamodb:UpdateItem", TABLE,
	  "x", "n", "", "ALL_OLD", NULL, POLICY_NONE },
	{ "a key that is absent differs", &mod, "dynamodb:UpdateItem", TABLE,
	  "x", "n", "", "", "Mods", POLICY_ALLOW },
	{ "one of several differs", &ada, "dynamodb:DeleteItem", TABLE,
	  "view#a1 x", "", "", "", "Others", POLICY_ALLOW },
	{ "none does", &ada, "dynamodb:DeleteItem", TABLE, "view#a1", "", "",
	  "", NULL, POLICY_NONE },
	{ "some of all there are", &ada, "dynamodb:DeleteItem", TABLE, "*", "",
	  "", "", "Others", POLICY_ALLOW },
	{ "a variable without a value differs from nothing", &anonymous,
	  "dynamodb:DeleteItem", TABLE, "x", "", "", "", NULL, POLICY_NONE },
	{ "a count where it is named", &ada, "dynamodb:Query",
	  TABLE "/index/count", "x", "pk", "COUNT", "", "Counts",
	  POLICY_ALLOW },
	{ "listed attributes alone are no right to count", &ada,
	  "dynamodb:Query", TABLE "/index/shown", "x", "pk", "COUNT", "", NULL,
	  POLICY_NONE },
	{ "but to see them", &ada, "dynamodb:Query", TABLE "/index/shown", "x",
	  "pk n", "SPECIFIC_ATTRIBUTES", "", "Shown", POLICY_ALLOW },
};

static struct policy_values values_of(const char *text, struct slice *rows)
{
	struct policy_values values = { .rows = rows,
					.every = strcmp(text, "*") == 0 };
	struct slice rest = slice_of(text);

	while (!values.every && rest.size > 0)
		rows[values.count++] = slice_cut(&rest, ' ');
	return values;
}

static void test_evaluation(void **state)
{
	struct fault fault = { 0 };
	struct policy *p =
	    policy_new(slice_of(document), POLICY_OF_RESOURCE, &fault);

	(void)state;
	if (!p)
		fail_msg("%s", fault.message);
	for (size_t i = 0; i < COUNT(asks); i++) {
		const struct ask *a = &asks[i];
		const struct policy *policies[] = { NULL, p };
		struct slice keys[8], names[8];
		struct policy_request r = {
			.principal = a->who,
			.user = a->who,
			.action = a->action,
			.resource = slice_of(a->resource),
			.leading_keys = values_of(a->leading_keys, keys),
			.attributes = values_of(a->attributes, names),
			.select = slice_of(a->select),
			.return_values = slice_of(a->return_values),
		};
		struct policy_verdict v = policy_evaluate(policies, 2, &r);

		if (v.effect != a->effect ||
		    strcmp(v.sid, a->sid ? a->sid : "") != 0)
			fail_msg("%s: got %d by '%s', want %d by '%s'", a->name,
				 v.effect, v.sid, a->effect,
				 a->sid ? a->sid : "");
	}
	policy_free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_documents),
		cmocka_unit_test(test_principal_in_role),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_evaluation),
	};

	return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
