/* tests/unit/services/kv/access/access.c - who may do what to which table */
#include "services/kv/access/access.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define TEXT(literal)                                           \
	{                                                       \
		(const uint8_t *)(literal), sizeof(literal) - 1 \
	}
#define ARN "arn:aws:dynamodb:local-1:000000000000:table/"

static const struct principal admin = { .kind = PRINCIPAL_ADMIN,
					.text = TEXT("admin:AK") };
static const struct principal user = { .kind = PRINCIPAL_USER,
				       .text = TEXT("user:a1"),
				       .sub = TEXT("a1") };
static const struct principal auth = { .kind = PRINCIPAL_SERVICE,
				       .text = TEXT("service:auth"),
				       .service = TEXT("auth") };
static const struct principal gateway = { .kind = PRINCIPAL_SERVICE,
					  .text = TEXT("service:gateway"),
					  .service = TEXT("gateway") };
static const struct principal function = { .kind = PRINCIPAL_FUNCTION,
					   .text = TEXT("function:F"),
					   .service = TEXT("auth"),
					   .function = TEXT("F") };

#define STATEMENT(effect, action, principal)                                   \
	"{\"Version\":\"2012-10-17\",\"Statement\":{"                          \
	"\"Effect\":\"" effect "\"," principal "\"Action\":\"dynamodb:" action \
	"\",\"Resource\":\"*\"}}"
#define FOR_ALL "\"Principal\":\"*\","

/* Texts of the table's, the role's and the lender's policy; "" for none. */
static const struct {
	const char *name;
	const struct principal *who;
	const char *action, *resource;
	const char *table, *role, *lender;
	int result;
	const char *why;
} cases[] = {
	{ "an administrator needs no policy", &admin, "dynamodb:Scan",
	  ARN "game", "", "", "", 0, "" },
	{ "and doesn't see the suite's tables", &admin, "dynamodb:Scan",
	  ARN "parlor.users", "", "", "", -E_MISSING,
	  "Requested resource not found" },
	{ "a user is allowed nothing without one", &user, "dynamodb:Scan",
	  ARN "game", "", "", "", -E_DENIED,
	  "User: user:a1 is not authorized to perform: dynamodb:Scan on "
	  "resource: " ARN "game because no policy allows it" },
	{ "a user is allowed what the table's says", &user, "dynamodb:Scan",
	  ARN "game", STATEMENT("Allow", "Scan", FOR_ALL), "", "", 0, "" },
	{ "never on the suite's tables", &user, "dynamodb:Query",
	  ARN "parlor.revocations", STATEMENT("Allow", "*", FOR_ALL), "", "",
	  -E_DENIED,
	  "User: user:a1 is not authorized to perform: dynamodb:Query on "
	  "resource: " ARN "parlor.revocations because no policy allows it" },
	{ "a role's policy does as well", &gateway, "dynamodb:Scan", ARN "game",
	  "", STATEMENT("Allow", "Scan", ""), "", 0, "" },
	{ "a denial of either wins", &gateway, "dynamodb:Scan", ARN "game",
	  STATEMENT("Deny", "S*", FOR_ALL), STATEMENT("Allow", "Scan", ""), "",
	  -E_DENIED,
	  "User: service:gateway is not authorized to perform: dynamodb:Scan "
	  "on resource: " ARN "game with an explicit deny in a policy" },
	{ "auth has its tables", &auth, "dynamodb:PutItem", ARN "parlor.users",
	  "", "", "", 0, "" },
	{ "the gateway has not", &gateway, "dynamodb:GetItem",
	  ARN "parlor.users", "", STATEMENT("Allow", "*", ""), "", -E_DENIED,
	  "User: service:gateway is not authorized to perform: "
	  "dynamodb:GetItem on resource: " ARN
	  "parlor.users because no policy allows it" },
	{ "but follows revocations", &gateway, "dynamodb:Query",
	  ARN "parlor.revocations", "", "", "", 0, "" },
	{ "and makes none", &gateway, "dynamodb:PutItem",
	  ARN "parlor.revocations", "", "", "", -E_DENIED,
	  "User: service:gateway is not authorized to perform: "
	  "dynamodb:PutItem on resource: " ARN
	  "parlor.revocations because no policy allows it" },
	{ "a function is no service", &function, "dynamodb:GetItem",
	  ARN "parlor.users", "", STATEMENT("Allow", "*", ""),
	  STATEMENT("Allow", "*", ""), -E_DENIED,
	  "User: function:F is not authorized to perform: dynamodb:GetItem on "
	  "resource: " ARN "parlor.users because no policy allows it" },
	{ "a function is lent what its policy allows", &function,
	  "dynamodb:GetItem", ARN "game", "", STATEMENT("Allow", "Get*", ""),
	  STATEMENT("Allow", "*", ""), 0, "" },
	{ "or the table's for it", &function, "dynamodb:GetItem", ARN "game",
	  STATEMENT("Allow", "Get*", FOR_ALL), "", STATEMENT("Allow", "*", ""),
	  0, "" },
	{ "not more", &function, "dynamodb:PutItem", ARN "game", "",
	  STATEMENT("Allow", "Get*", ""), STATEMENT("Allow", "*", ""),
	  -E_DENIED,
	  "User: function:F is not authorized to perform: dynamodb:PutItem on "
	  "resource: " ARN "game because no policy allows it" },
	{ "not what its service may not lend", &function, "dynamodb:GetItem",
	  ARN "game", "", STATEMENT("Allow", "*", ""),
	  STATEMENT("Allow", "Put*", ""), -E_DENIED,
	  "User: function:F is not authorized to perform: dynamodb:GetItem on "
	  "resource: " ARN "game because its service may not lend it" },
	{ "a denial of the lender wins", &function, "dynamodb:GetItem",
	  ARN "game", "", STATEMENT("Allow", "*", ""),
	  STATEMENT("Deny", "*", ""), -E_DENIED,
	  "User: function:F is not authorized to perform: dynamodb:GetItem on "
	  "resource: " ARN "game with an explicit deny in a policy" },
	{ "an index belongs to its table", &auth, "dynamodb:Query",
	  ARN "parlor.users/index/email", "", "", "", 0, "" },
};

static struct policy *policy_of(const char *json, enum policy_kind kind)
{
	struct fault fault = { 0 };
	struct policy *p;

	if (!*json)
		return NULL;
	p = policy_new(slice_of(json), kind, &fault);
	if (!p)
		fail_msg("%s", fault.message);
	return p;
}

static void test_check(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct policy *table =
		    policy_of(cases[i].table, POLICY_OF_RESOURCE);
		struct policy *role = policy_of(cases[i].role, POLICY_OF_ROLE);
		struct policy *lender =
		    policy_of(cases[i].lender, POLICY_OF_ROLE);
		struct policy_request r = { .principal = cases[i].who,
					    .user = cases[i].who,
					    .action = cases[i].action,
					    .resource =
						slice_of(cases[i].resource) };
		const struct policy *own[] = { table, role };
		const struct policy *lent[] = { lender };
		struct access_policies policies = { { own, COUNT(own) },
						    { lent, COUNT(lent) } };
		struct fault fault = { 0 };
		int result = access_check(&r, &policies, NULL, &fault);

		if (result != cases[i].result ||
		    strcmp(fault.message, cases[i].why) != 0)
			fail_msg("%s: got %d \"%s\", want %d \"%s\"",
				 cases[i].name, result, fault.message,
				 cases[i].result, cases[i].why);
		policy_free(table);
		policy_free(role);
		policy_free(lender);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_check) };

	return cmocka_run_group_tests_name("access", tests, NULL, NULL);
}
