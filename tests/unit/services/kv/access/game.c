/* tests/unit/services/kv/access/game.c - who may do what with the game's table
 *
 * The policies are those that are deployed: services/game/deploy.
 */
#include "lib/conf/setting.h"
#include "services/kv/access/access.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <jansson.h>

#define COUNT(rows) (sizeof(rows) / sizeof(*(rows)))
#define DEPLOY PARLOR_SOURCE "/services/game/deploy/"
#define TABLE "arn:aws:dynamodb:local-1:000000000000:table/game"
#define BOARD TABLE "/index/leaderboard"
#define STREAM TABLE "/stream/2026-01-01T00:00:00.000"

/* ---- what is deployed ---------------------------------------------------------------- */

struct function {
	const char *name, *executable, *rpc, *policy;
	int64_t max_concurrency, queue;
};

static const struct setting function_rows[] = {
	{ .key = "name", .offset = offsetof(struct function, name) },
	{ .key = "executable",
	  .offset = offsetof(struct function, executable) },
	{ .key = "rpc", .offset = offsetof(struct function, rpc) },
	{ .key = "max_concurrency",
	  .type = SETTING_INTEGER,
	  .offset = offsetof(struct function, max_concurrency) },
	{ .key = "queue",
	  .type = SETTING_INTEGER,
	  .offset = offsetof(struct function, queue) },
	{ .key = "policy",
	  .type = SETTING_RAW,
	  .offset = offsetof(struct function, policy) },
	{ 0 }
};

struct deployment {
	struct setting_list functions; /* first */
	const char *watches;
};

static const struct setting file_rows[] = {
	{ .key = "functions",
	  .type = SETTING_TABLE,
	  .rows = function_rows,
	  .row_size = sizeof(struct function) },
	{ .key = "watches",
	  .type = SETTING_RAW,
	  .offset = offsetof(struct deployment, watches) },
	{ 0 }
};

static struct arena mem;
static struct deployment deployment;
static struct policy *function_policies[32], *table_policy, *lend_policy;

static struct policy *compile(const char *name, const char *json,
			      enum policy_kind kind)
{
	struct fault fault = { 0 };
	struct policy *p = policy_new(slice_of(json), kind, &fault);

	if (!p)
		fail_msg("%s: %s", name, fault.message);
	return p;
}

static int read_deployment(void **state)
{
	json_t *table = json_load_file(DEPLOY "table.json", 0, NULL);
	json_t *lend = json_load_file(DEPLOY "lend.json", 0, NULL);
	char *text = json_dumps(lend, 0);
	struct fault fault = { 0 };

	(void)state;
	arena_init(&mem, 1 << 20);
	table_policy =
	    compile("table.json",
		    json_string_value(json_object_get(table, "ResourcePolicy")),
		    POLICY_OF_RESOURCE);
	lend_policy = compile("lend.json", text, POLICY_OF_ROLE);
	free(text);
	json_decref(table);
	json_decref(lend);
	if (setting_read_file(file_rows, DEPLOY "functions.yaml", "/", &mem,
			      &deployment, &fault) != 0)
		fail_msg("%s", fault.message);
	for (size_t i = 0; i < deployment.functions.count; i++) {
		const struct function *f =
		    (const struct function *)deployment.functions.rows + i;

		function_policies[i] =
		    compile(f->name, f->policy, POLICY_OF_ROLE);
	}
	return 0;
}

static int forget_deployment(void **state)
{
	(void)state;
	for (size_t i = 0; i < deployment.functions.count; i++)
		policy_free(function_policies[i]);
	policy_free(table_policy);
	policy_free(lend_policy);
	arena_release(&mem);
	return 0;
}

/* ---- who may what --------------------------------------------------------------------- */

/* `who`: a function's name, "player" (whose sub is a1), "stranger", or "game",
 * the service itself. */
static const struct {
	const char *who, *action, *resource, *key, *attribute; /* "*": every */
	bool allowed;
} cases[] = {
	{ "player", "dynamodb:Query", BOARD, "connect-four#1", "*", true },
	{ "player", "dynamodb:Scan", BOARD, "*", "*", false },
	{ "player", "dynamodb:Query", TABLE, "results#b2", "*", true },
	{ "player", "dynamodb:Query", TABLE, "view#a1", "*", true },
	{ "player", "dynamodb:GetItem", TABLE, "view#a1", "*", true },
	{ "player", "dynamodb:Query", TABLE, "view#b2", "*", false },
	{ "player", "dynamodb:GetItem", TABLE, "match#x", "*", false },
	{ "player", "dynamodb:GetItem", TABLE, "player#a1", "*", true },
	{ "player", "dynamodb:GetItem", TABLE, "player#b2", "*", false },
	{ "player", "dynamodb:UpdateItem", TABLE, "player#a1", "pk", false },
	{ "player", "dynamodb:Query", TABLE, "open#connect-four", "*", false },
	{ "player", "dynamodb:Scan", TABLE, "*", "*", false },
	{ "player", "dynamodb:PutItem", TABLE, "view#a1", "pk", false },
	{ "player", "dynamodb:UpdateItem", TABLE, "view#a1", "pk", false },
	{ "player", "dynamodb:DeleteItem", TABLE, "view#a1", "pk", false },
	{ "player", "dynamodb:BatchWriteItem", TABLE, "view#a1", "pk", false },
	{ "player", "dynamodb:ConditionCheckItem", TABLE, "view#a1", "pk",
	  false },
	{ "player", "dynamodb:GetRecords", STREAM, "*", "*", false },
	{ "GetMatch", "dynamodb:GetRecords", STREAM, "*", "*", false },
	{ "game", "dynamodb:GetRecords", STREAM, "*", "*", true },
	{ "stranger", "dynamodb:Query", BOARD, "connect-four#1", "*", false },
	{ "stranger", "dynamodb:Query", TABLE, "results#b2", "*", false },
	{ "stranger", "dynamodb:Query", TABLE, "view#", "*", false },
	{ "CreateMatch", "dynamodb:PutItem", TABLE, "match#x", "*", true },
	{ "CreateMatch", "dynamodb:PutItem", TABLE, "player#a1", "*", true },
	{ "CreateMatch", "dynamodb:PutItem", TABLE, "player#b2", "*", false },
	{ "CreateMatch", "dynamodb:PutItem", TABLE, "view#b2", "*", false },
	{ "CreateMatch", "dynamodb:GetItem", TABLE, "match#x", "*", true },
	{ "CreateMatch", "dynamodb:UpdateItem", TABLE, "open#connect-four", "*",
	  true },
	{ "CreateMatch", "dynamodb:UpdateItem", TABLE, "player#a1", "*",
	  false },
	{ "JoinMatch", "dynamodb:Query", TABLE, "open#connect-four", "*",
	  true },
	{ "JoinMatch", "dynamodb:UpdateItem", TABLE, "open#connect-four", "*",
	  true },
	{ "JoinMatch", "dynamodb:PutItem", TABLE, "player#b2", "*", false },
	{ "CancelMatch", "dynamodb:PutItem", TABLE, "match#x", "*", true },
	{ "CancelMatch", "dynamodb:PutItem", TABLE, "view#b2", "*", false },
	{ "CancelMatch", "dynamodb:PutItem", TABLE, "results#a1", "*", false },
	{ "CancelMatch", "dynamodb:DeleteItem", TABLE, "open#connect-four", "*",
	  true },
	{ "JoinMatch", "dynamodb:DeleteItem", TABLE, "open#connect-four", "*",
	  true },
	{ "JoinMatch", "dynamodb:DeleteItem", TABLE, "match#x", "*", false },
	{ "JoinMatch", "dynamodb:PutItem", TABLE, "view#b2", "*", true },
	{ "GetMatch", "dynamodb:GetItem", TABLE, "view#a1", "*", true },
	{ "GetMatch", "dynamodb:GetItem", TABLE, "view#b2", "*", false },
	{ "GetMatch", "dynamodb:GetItem", TABLE, "match#x", "pk", true },
	{ "GetMatch", "dynamodb:GetItem", TABLE, "match#x", "*", false },
	{ "GetMatch", "dynamodb:PutItem", TABLE, "view#a1", "*", false },
	{ "PlayMove", "dynamodb:GetItem", TABLE, "match#x", "*", true },
	{ "PlayMove", "dynamodb:PutItem", TABLE, "match#x", "*", true },
	{ "PlayMove", "dynamodb:PutItem", TABLE, "view#b2", "*", true },
	{ "PlayMove", "dynamodb:PutItem", TABLE, "results#b2", "*", true },
	{ "PlayMove", "dynamodb:UpdateItem", TABLE, "player#b2", "*", true },
	{ "PlayMove", "dynamodb:PutItem", TABLE, "player#b2", "*", false },
	{ "PlayMove", "dynamodb:DeleteItem", TABLE, "match#x", "*", false },
	{ "Resign", "dynamodb:PutItem", TABLE, "results#b2", "*", true },
	{ "Resign", "dynamodb:UpdateItem", TABLE, "player#b2", "*", true },
	{ "Rematch", "dynamodb:PutItem", TABLE, "match#x", "*", true },
	{ "Rematch", "dynamodb:PutItem", TABLE, "view#b2", "*", true },
	{ "Rematch", "dynamodb:PutItem", TABLE, "player#b2", "*", false },
	{ "Rematch", "dynamodb:PutItem", TABLE, "results#b2", "*", false },
	{ "DeletePlayer", "dynamodb:DeleteItem", TABLE, "player#a1", "*",
	  true },
	{ "DeletePlayer", "dynamodb:DeleteItem", TABLE, "player#b2", "*",
	  false },
	{ "DeletePlayer", "dynamodb:DeleteItem", TABLE, "results#b2", "*",
	  false },
	{ "DeletePlayer", "dynamodb:DeleteItem", TABLE, "match#x", "*", true },
	{ "DeletePlayer", "dynamodb:PutItem", TABLE, "results#b2", "*", true },
	{ "DeletePlayer", "dynamodb:Query", TABLE, "view#b2", "*", false },
	{ "ListMatches", "dynamodb:Query", TABLE, "view#a1", "*", true },
	{ "ListMatches", "dynamodb:Query", TABLE, "view#b2", "*", false },
	{ "ListMatches", "dynamodb:GetItem", TABLE, "match#x", "*", false },
};

static struct policy_values values_of(const char *text, struct slice *row)
{
	*row = slice_of(text);
	return (struct policy_values){ row, 1, strcmp(text, "*") == 0 };
}

static const struct policy *policy_of(const char *who)
{
	if (strcmp(who, "game") == 0)
		return lend_policy;
	for (size_t i = 0; i < deployment.functions.count; i++)
		if (strcmp(
			((const struct function *)deployment.functions.rows)[i]
			    .name,
			who) == 0)
			return function_policies[i];
	return NULL;
}

static void test_game(void **state)
{
	const struct principal user = { .kind = PRINCIPAL_USER,
					.text = SLICE("user:a1"),
					.sub = SLICE("a1") };
	const struct principal stranger = { .text = SLICE("anonymous") };
	const struct principal function = { .kind = PRINCIPAL_FUNCTION,
					    .text = SLICE("function:F") };
	const struct principal service = { .kind = PRINCIPAL_SERVICE,
					   .text = SLICE("service:game") };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		bool is_stranger = strcmp(cases[i].who, "stranger") == 0;
		const struct policy *role = policy_of(cases[i].who);
		struct slice key, attribute;
		struct policy_request r = {
			.principal = is_stranger	   ? &stranger
				     : role == lend_policy ? &service
				     : role		   ? &function
							   : &user,
			.user = is_stranger ? &stranger : &user,
			.action = cases[i].action,
			.resource = slice_of(cases[i].resource),
			.leading_keys = values_of(cases[i].key, &key),
			.attributes = values_of(cases[i].attribute, &attribute),
		};
		const struct policy *own[] = { table_policy, role };
		const struct policy *lender[] = { lend_policy };
		struct access_policies policies = { { own, COUNT(own) },
						    { lender, COUNT(lender) } };
		struct fault fault = { 0 };

		if ((access_check(&r, &policies, NULL, &fault) == 0) !=
		    cases[i].allowed)
			fail_msg("%s %s %s: want %s", cases[i].who,
				 cases[i].action, cases[i].key,
				 cases[i].allowed ? "allowed" : "refused");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_game) };

	return cmocka_run_group_tests_name("game", tests, read_deployment,
					   forget_deployment);
}
