/* tests/unit/services/auth/api/shape.c - what members of requests may look like */
#include "services/auth/api/shape.h"
#include "lib/rpc/json.h"
#include "lib/rpc/op.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ONE "1 validation error detected: Value"
#define TWO "2 validation errors detected: Value"
#define MUST " failed to satisfy constraint: Member must "
#define LIKE MUST "satisfy regular expression pattern: "
#define EACH                                                              \
	" failed to satisfy constraint: Member must satisfy constraint: " \
	"[Member must "
#define ATTRIBUTE "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}\\t\\n\\r ]+"
#define ARN                                                                \
	"arn:[\\w+=/,.@-]+:[\\w+=/,.@-]+:([\\w+=/,.@-]*)?:[0-9]+:[\\w+=/," \
	".@-]+(:[\\w+=/,.@-]+)?(:[\\w+=/,.@-]+)?"
#define POOL "'UserPoolId':'local-1_abc'"

/* JSON with ' for ". */
static struct slice quoted(struct arena *mem, const char *text)
{
	char *copy = arena_copy(mem, text, strlen(text));

	for (char *at = copy; *at; at++)
		if (*at == '\'')
			*at = '"';
	return slice_of(copy);
}

static void refuse(struct arena *mem, const char *name, const char *request,
		   struct fault *fault)
{
	const char *path =
	    arena_printf(mem, "parlor.auth.v1.UserPool/%s", name);
	const struct descriptor_method *method =
	    descriptor_method_find(descriptor_set_parlor(), slice_of(path));
	struct op op = { .name = name };
	struct buffer bytes;
	struct call c;

	call_init(&c, mem);
	c.op = &op;
	buffer_init(&bytes, 1 << 16);
	assert_non_null(method);
	if (json_to_message(method->input, quoted(mem, request), JSON_AWS, mem,
			    &bytes, &c.fault))
		fail_msg("%s: %s", request, c.fault.message);
	c.request = buffer_slice(&bytes);
	api_shape_check(&c, method->input);
	*fault = c.fault;
	buffer_release(&bytes);
}

static void check(struct arena *mem, const char *name, const char *request,
		  const char *want)
{
	struct fault fault;

	refuse(mem, name, request, &fault);
	if (strcmp(fault.message, want) != 0)
		fail_msg("%s %s: got \"%s\", want \"%s\"", name, request,
			 fault.message, want);
	assert_int_equal(fault.code, *want ? E_PARAMETER : 0);
}

static void test_shapes(void **state)
{
	static const struct {
		const char *op, *request, *want;
	} cases[] = {
		{ "DescribeUserPool", "{" POOL "}", "" },
		{ "DescribeUserPool", "{}",
		  ONE " null at 'userPoolId'" MUST "not be null" },
		{ "DescribeUserPool", "{'UserPoolId':'a-b'}",
		  ONE " 'a-b' at 'userPoolId'" LIKE "[\\w-]+_[0-9a-zA-Z]+" },
		{ "DescribeUserPool", "{'UserPoolId':''}",
		  TWO " '' at 'userPoolId'" LIKE
		      "[\\w-]+_[0-9a-zA-Z]+; Value '' at 'userPoolId'" MUST
		      "have length greater than or equal to 1" },
		{ "DescribeUserPool", "{'UserPoolId':'_abc'}",
		  ONE " '_abc' at 'userPoolId'" LIKE "[\\w-]+_[0-9a-zA-Z]+" },
		{ "AdminGetUser", "{}",
		  TWO " null at 'userPoolId'" MUST
		      "not be null; Value null at 'username'" MUST
		      "not be null" },
		{ "AdminGetUser", "{" POOL ",'Username':'a b'}",
		  ONE " at 'username'" LIKE
		      "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+" },
		{ "AdminGetUser", "{" POOL ",'Username':'\u00fcml\u00e4ut'}",
		  "" },
		{ "AdminCreateUser",
		  "{" POOL ",'Username':'a','MessageAction':'SHOUT'}",
		  ONE " 'SHOUT' at 'messageAction'" MUST
		      "satisfy enum value set: [RESEND, SUPPRESS]" },
		{ "GetUser", "{'AccessToken':'a b'}",
		  ONE " at 'accessToken'" LIKE "[A-Za-z0-9-_=.]+" },
		{ "ListGroups", "{" POOL ",'Limit':61}",
		  ONE " '61' at 'limit'" MUST
		      "have value less than or equal to 60" },
		{ "ListGroups", "{" POOL ",'Limit':-1}",
		  ONE " '-1' at 'limit'" MUST
		      "have value greater than or equal to 0" },
		{ "ListGroups", "{" POOL ",'Limit':60}", "" },
		{ "VerifySoftwareToken", "{'UserCode':'12345'}",
		  ONE " at 'userCode'" MUST
		      "have length greater than or equal to 6" },
		{ "VerifyUserAttribute",
		  "{'AccessToken':'a','AttributeName':'email','Code':' '}",
		  ONE " ' ' at 'code'" LIKE "[\\S]+" },
		{ "AssociateSoftwareToken", "{}", "" },
		{ "CreateUserPool",
		  "{'PoolName':'p','Policies':{'PasswordPolicy':{"
		  "'MinimumLength':5}}}",
		  ONE " '5' at 'policies.passwordPolicy.minimumLength'" MUST
		      "have value greater than or equal to 6" },
		{ "CreateUserPool",
		  "{'PoolName':'p','AliasAttributes':['email','name']}",
		  ONE " '[email, name]' at 'aliasAttributes'" EACH
		      "satisfy enum value set: [phone_number, email, "
		      "preferred_username]]" },
		{ "CreateUserPool",
		  "{'PoolName':'p','UserPoolTags':{'a':'','b':'c'}}", "" },
		{ "CreateUserPool", "{'PoolName':'p','UserPoolTags':{'':'b'}}",
		  ONE " at 'userPoolTags' failed to satisfy constraint: Map "
		      "keys must satisfy constraint: [Member must have length "
		      "less than or equal to 128, Member must have length "
		      "greater than or equal to 1]" },
		{ "CreateUserPool",
		  "{'PoolName':'p','AccountRecoverySetting':{"
		  "'RecoveryMechanisms':[{'Name':'luck'}]}}",
		  TWO " 'luck' at "
		      "'accountRecoverySetting.recoveryMechanisms.1.member."
		      "name'" MUST
		      "satisfy enum value set: [admin_only, verified_email, "
		      "verified_phone_number]; Value null at "
		      "'accountRecoverySetting.recoveryMechanisms.1.member."
		      "priority'" MUST "not be null" },
		{ "CreateUserPool",
		  "{'PoolName':'p','UsernameConfiguration':{}}",
		  ONE " null at 'usernameConfiguration.caseSensitive'" MUST
		      "not be null" },
		{ "CreateUserPool",
		  "{'PoolName':'a/b','Schema':[{'Name':'a'},"
		  "{'Name':'a b','AttributeDataType':'Text'}]}",
		  "3 validation errors detected: Value 'a/b' at 'poolName'" LIKE
		  "[\\w\\s+=,.@-]+; Value 'a b' at 'schema.2.member.name'" LIKE
		  "[\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+; Value 'Text' at "
		  "'schema.2.member.attributeDataType'" MUST
		  "satisfy enum value set: [Boolean, DateTime, Number, "
		  "String]" },
		{ "SignUp",
		  "{'ClientId':'a','Username':'b','UserAttributes':["
		  "{'Name':'email','Value':'x'},{'Value':'x'}]}",
		  ONE " null at 'userAttributes.2.member.name'" MUST
		      "not be null" },
		{ "SignUp",
		  "{'ClientId':'a','Username':'b','ValidationData':["
		  "{'Name':''}],'ClientMetadata':{'':''}}",
		  TWO " '' at 'validationData.1.member.name'" LIKE ATTRIBUTE
		      "; Value '' at 'validationData.1.member.name'" MUST
		      "have length greater than or equal to 1" },
		{ "ListUsers", "{" POOL ",'AttributesToGet':['a b','']}",
		  ONE " '[a b, ]' at 'attributesToGet'" EACH
		      "have length less than or equal to 32, Member must have "
		      "length greater than or equal to 1, Member must satisfy "
		      "regular expression pattern: " ATTRIBUTE "]" },
		{ "CreateUserPoolClient",
		  "{" POOL ",'ClientName':'a','TokenValidityUnits':{"
		  "'AccessToken':'weeks'},'AllowedOAuthFlows':['code','code',"
		  "'code','code']}",
		  TWO " 'weeks' at 'tokenValidityUnits.accessToken'" MUST
		      "satisfy enum value set: [seconds, minutes, hours, "
		      "days]; Value '[code, code, code, code]' at "
		      "'allowedOAuthFlows'" MUST
		      "have length less than or equal to 3" },
		{ "CreateResourceServer",
		  "{" POOL ",'Identifier':'a','Name':'b','Scopes':["
		  "{'ScopeName':'a/b','ScopeDescription':'c'}]}",
		  ONE " 'a/b' at 'scopes.1.member.scopeName'" LIKE
		      "[\\x21\\x23-\\x2E\\x30-\\x5B\\x5D-\\x7E]+" },
		{ "CreateGroup",
		  "{" POOL ",'GroupName':'g','RoleArn':"
		  "'arn:aws:iam::000000000000:role/x'}",
		  "" },
		{ "CreateGroup",
		  "{" POOL ",'GroupName':'g','RoleArn':"
		  "'arn:aws:iam::00000000000x:role/x'}",
		  ONE
		  " 'arn:aws:iam::00000000000x:role/x' at 'roleArn'" LIKE ARN },
		{ "CreateGroup",
		  "{" POOL ",'GroupName':'g','RoleArn':'arn:a:b:::x'}",
		  TWO " 'arn:a:b:::x' at 'roleArn'" LIKE ARN
		      "; Value 'arn:a:b:::x' at 'roleArn'" MUST
		      "have length greater than or equal to 20" },
	};
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check(&mem, cases[i].op, cases[i].request, cases[i].want);
	arena_release(&mem);
}

static void test_length(void **state)
{
	char name[130] = { 0 }, request[256];
	struct arena mem;

	(void)state;
	arena_init(&mem, 1 << 20);
	memset(name, 'x', 128);
	snprintf(request, sizeof(request), "{'ClientId':'%s','Username':'a'}",
		 name);
	check(&mem, "ForgotPassword", request, "");
	name[128] = 'x';
	snprintf(request, sizeof(request), "{'ClientId':'%s','Username':'a'}",
		 name);
	check(&mem, "ForgotPassword", request,
	      ONE " at 'clientId'" MUST "have length less than or equal to "
		  "128");
	arena_release(&mem);
}

/* Of many things that are wrong the first are told, and all are counted. */
static void test_many(void **state)
{
	enum { MANY = 1000 };
	struct arena mem;
	struct buffer text;
	struct fault fault = { 0 };
	char *request;

	(void)state;
	arena_init(&mem, 1 << 20);
	buffer_init(&text, 1 << 16);
	buffer_put_text(&text, "{'ClientId':'a','Username':'b',"
			       "'UserAttributes':[{}");
	for (int i = 1; i < MANY; i++)
		buffer_put_text(&text, ",{}");
	buffer_put_text(&text, "]}");
	request = arena_copy(&mem, buffer_slice(&text).data,
			     buffer_slice(&text).size);
	refuse(&mem, "SignUp", request, &fault);
	assert_non_null(strstr(fault.message, "1000 validation errors"));
	assert_non_null(
	    strstr(fault.message, "'userAttributes.2.member.name'"));
	buffer_release(&text);
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shapes),
		cmocka_unit_test(test_length),
		cmocka_unit_test(test_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
