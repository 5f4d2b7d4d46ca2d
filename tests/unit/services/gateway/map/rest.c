/* tests/unit/services/gateway/map/rest.c - REST requests as messages, and back */
#include "services/gateway/map/rest.h"
#include "lib/rpc/json.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define GAME "parlor.game.v1.Matches"
#define KV "parlor.kv.v1.KeyValue"

static const struct descriptor_set *sets[2];
static const struct route_options options = { .sets = sets, .target = "game" };

static void test_read(void **state)
{
	static const struct {
		const char *name, *key, *rpc, *path, *query, *type, *body;
		int result;
		const char *message; /* as JSON, or words of the refusal */
	} cases[] = {
		{ "the path's parameter", "GET /m/{match_id}", GAME "/GetMatch",
		  "/m/a", "", "", "", 0, "{\"matchId\":\"a\"}" },
		{ "decoded; a plus is a plus", "GET /m/{match_id}",
		  GAME "/GetMatch", "/m/a%2Fb+c", "", "", "", 0,
		  "{\"matchId\":\"a/b+c\"}" },
		{ "in quotes, and not out of them", "GET /m/{match_id}",
		  GAME "/GetMatch", "/m/%22%7D%5C", "", "", "", 0,
		  "{\"matchId\":\"\\\"}\\\\\"}" },
		{ "a number in the query, by either name", "GET /m/{match_id}",
		  GAME "/GetMatch", "/m/a", "knownVersion=7", "", "", 0,
		  "{\"matchId\":\"a\",\"knownVersion\":\"7\"}" },
		{ "by the proto's name", "GET /m/{match_id}", GAME "/GetMatch",
		  "/m/a", "known_version=7", "", "", 0,
		  "{\"matchId\":\"a\",\"knownVersion\":\"7\"}" },
		{ "a plus in the query is a space", "GET /m",
		  GAME "/ListMatches", "/m", "page_token=a+b&limit=5", "", "",
		  0, "{\"pageToken\":\"a b\",\"limit\":5}" },
		{ "a body and the path", "POST /m/{match_id}", GAME "/PlayMove",
		  "/m/a", "", "application/json; charset=utf-8",
		  "{\"version\":\"3\",\"move\":\"4\"}", 0,
		  "{\"version\":\"3\",\"move\":\"4\",\"matchId\":\"a\"}" },
		{ "the path wins over the body", "POST /m/{match_id}",
		  GAME "/PlayMove", "/m/a", "", "", "{\"matchId\":\"b\"}", 0,
		  "{\"matchId\":\"a\"}" },
		{ "a bool", "GET /t", KV "/GetItem", "/t",
		  "TableName=x&ConsistentRead=true", "", "", 0,
		  "{\"TableName\":\"x\",\"ConsistentRead\":true}" },
		{ "no body for a message without fields", "POST /m",
		  GAME "/ListMatches", "/m", "", "", "", 0, "{}" },
		{ "not a number", "GET /m/{match_id}", GAME "/GetMatch", "/m/a",
		  "known_version=x", "", "", -E_INVALID, "knownVersion" },
		{ "an unknown parameter", "GET /m/{match_id}", GAME "/GetMatch",
		  "/m/a", "foo=1", "", "", -E_INVALID, "'foo'" },
		{ "twice", "GET /m", GAME "/ListMatches", "/m",
		  "limit=1&limit=2", "", "", -E_INVALID, "twice" },
		{ "in path and query", "GET /m/{match_id}", GAME "/GetMatch",
		  "/m/a", "matchId=b", "", "", -E_INVALID, "twice" },
		{ "a cut escape", "GET /m/{match_id}", GAME "/GetMatch",
		  "/m/a%2", "", "", "", -E_INVALID, "match_id" },
		{ "no UTF-8", "GET /m/{match_id}", GAME "/GetMatch", "/m/%ff",
		  "", "", "", -E_INVALID, "match_id" },
		{ "bad JSON", "POST /m", GAME "/CreateMatch", "/m", "", "",
		  "{\"game\":", -E_INVALID, "" },
		{ "an unknown field", "POST /m", GAME "/CreateMatch", "/m", "",
		  "", "{\"gme\":\"chess\"}", -E_INVALID, "gme" },
		{ "another type", "POST /m", GAME "/CreateMatch", "/m", "",
		  "text/xml", "<a/>", -E_HTTP_MEDIA_TYPE, "application/json" },
	};

	(void)state;
	sets[0] = descriptor_set_parlor();
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct http_header type = { SLICE("Content-Type"),
					    slice_of(cases[i].type) };
		struct http_request r = {
			.headers = { &type, cases[i].type[0] ? 1 : 0 },
			.query = slice_of(cases[i].query),
			.body = slice_of(cases[i].body),
		};
		struct route_table *table = route_table_new();
		struct slice key = slice_of(cases[i].key);
		struct buffer message, json;
		struct route_match match;
		struct fault why;
		const char *got;
		int result;

		fault_clear(&why);
		arena_init(&r.mem, 1 << 20);
		buffer_init(&message, 4096);
		buffer_init(&json, 4096);
		route_table_add_rest(table, cases[i].key, cases[i].rpc,
				     &options, &why);
		route_table_finish(table);
		assert_int_equal(route_find(table, slice_cut(&key, ' '),
					    slice_of(cases[i].path), &match),
				 0);
		result = rest_read(&match, &r, &message, &why);
		if (result == 0)
			json_from_message(match.route->method->input,
					  buffer_slice(&message), 0, &json,
					  &why);
		buffer_put_byte(&json, 0);
		got = result ? why.message
			     : (const char *)buffer_slice(&json).data;
		if (result != cases[i].result ||
		    (result ? !strstr(got, cases[i].message)
			    : strcmp(got, cases[i].message) != 0))
			fail_msg("%s: got %d %s", cases[i].name, result, got);
		buffer_release(&message);
		buffer_release(&json);
		arena_release(&r.mem);
		route_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_read) };

	return cmocka_run_group_tests_name("rest", tests, NULL, NULL);
}
