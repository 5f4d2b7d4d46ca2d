/* tests/unit/services/gateway/route/route.c - which route a request takes */
#include "services/gateway/route/route.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define GAME "parlor.game.v1.Matches"

static const struct descriptor_set *sets[2];

static const struct route_options options = { .sets = sets,
					      .target = "game",
					      .timeout_ms = 1000 };

static struct route_table *make_table(void)
{
	static const char *const routes[][2] = {
		{ "POST /matches", GAME "/CreateMatch" },
		{ "GET /matches", GAME "/ListMatches" },
		{ "GET /matches/{match_id}", GAME "/GetMatch" },
		{ "POST /matches/{match_id}/moves", GAME "/PlayMove" },
		{ "GET /matches/{matchId}/moves", GAME "/GetMatch" },
		{ "POST /matches/open", GAME "/ListMatches" },
		{ "GET /", GAME "/ListMatches" },
	};
	struct route_table *table = route_table_new();
	struct fault why;

	fault_clear(&why);
	sets[0] = descriptor_set_parlor();
	route_table_add_service(table, GAME, &options, &why);
	for (size_t i = 0; i < ROWS(routes); i++)
		route_table_add_rest(table, routes[i][0], routes[i][1],
				     &options, &why);
	if (why.code)
		fail_msg("%s", why.message);
	route_table_finish(table);
	return table;
}

static void test_find(void **state)
{
	static const struct {
		const char *verb, *path;
		int result;
		const char *found; /* the route's key, or Allow */
		const char *value; /* of the second segment */
		bool connect;
	} cases[] = {
		{ "POST", "/matches", 0, "POST /matches", NULL, false },
		{ "GET", "/matches", 0, "GET /matches", NULL, false },
		{ "HEAD", "/matches", 0, "GET /matches", NULL, false },
		{ "GET", "/matches/m%201", 0, "GET /matches/{match_id}",
		  "m%201", false },
		{ "GET", "/matches/open", 0, "GET /matches/{match_id}", "open",
		  false },
		{ "POST", "/matches/open", 0, "POST /matches/open", NULL,
		  false },
		{ "GET", "/", 0, "GET /", NULL, false },
		{ "GET", "/matches/", -E_HTTP_NOT_FOUND, "", NULL, false },
		{ "GET", "//", -E_HTTP_NOT_FOUND, "", NULL, false },
		{ "GET", "/matches/a/b", -E_HTTP_NOT_FOUND, "", NULL, false },
		{ "GET", "/matches/a/moves/", -E_HTTP_NOT_FOUND, "", NULL,
		  false },
		{ "GET", "/Matches", -E_HTTP_NOT_FOUND, "", NULL, false },
		{ "DELETE", "/matches", -E_HTTP_METHOD, "POST, GET, HEAD", NULL,
		  false },
		{ "PUT", "/matches/a/moves", -E_HTTP_METHOD, "POST, GET, HEAD",
		  NULL, false },
		{ "POST", "/" GAME "/PlayMove", 0, GAME "/PlayMove", NULL,
		  true },
		{ "POST", "/" GAME "/GetMatch", 0, GAME "/GetMatch", NULL,
		  true },
		{ "GET", "/" GAME "/GetMatch", 0, GAME "/GetMatch", NULL,
		  true },
		{ "GET", "/" GAME "/PlayMove", -E_HTTP_METHOD, "POST", NULL,
		  true },
		{ "PUT", "/" GAME "/GetMatch", -E_HTTP_METHOD, "GET, POST",
		  NULL, true },
		{ "POST", "/" GAME "/Cheat", -E_HTTP_NOT_FOUND, "", NULL,
		  true },
		{ "POST", "/" GAME "/PlayMove/", -E_HTTP_NOT_FOUND, "", NULL,
		  false },
		{ "OPTIONS", "/" GAME "/PlayMove", -E_HTTP_METHOD, "POST", NULL,
		  true },
	};
	struct route_table *table = make_table();

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct route_match match;
		int got = route_find(table, slice_of(cases[i].verb),
				     slice_of(cases[i].path), &match);
		const char *found = got ? match.allow : match.route->key;

		if (got != cases[i].result ||
		    strcmp(found, cases[i].found) != 0 ||
		    match.connect != cases[i].connect)
			fail_msg("%s %s: got %d '%s'", cases[i].verb,
				 cases[i].path, got, found);
		if (cases[i].value &&
		    !slice_is(match.values[1], cases[i].value))
			fail_msg("%s: parameter '%.*s'", cases[i].path,
				 SLICE_ARGS(match.values[1]));
	}
	route_table_free(table);
}

static void test_refused(void **state)
{
	static const struct {
		const char *key, *rpc, *words;
	} cases[] = {
		{ "GET /a", GAME "/Cheat", "no rpc" },
		{ "FETCH /a", GAME "/GetMatch", "does not begin with" },
		{ "GET", GAME "/GetMatch", "begins without '/'" },
		{ "GET a", GAME "/GetMatch", "begins without '/'" },
		{ "GET /a//b", GAME "/GetMatch", "neither" },
		{ "GET /a/", GAME "/GetMatch", "neither" },
		{ "GET /a{match_id}", GAME "/GetMatch", "neither" },
		{ "GET /{match_id", GAME "/GetMatch", "no '}'" },
		{ "GET /{}", GAME "/GetMatch", "no parameter's name" },
		{ "GET /{match_id+}", GAME "/GetMatch", "no parameter's name" },
		{ "GET /{match_id}/{match_id}", GAME "/GetMatch", "twice" },
		{ "GET /{nothing}", GAME "/GetMatch", "no single-valued" },
		{ "GET /{match}", GAME "/CreateMatch", "no single-valued" },
		{ "GET /matches/{matchId}", GAME "/GetMatch",
		  "fit the same paths" },
		{ "GET /w", "parlor.test.v1.Nothing/Here", "no rpc" },
	};

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct route_table *table = make_table();
		struct fault why;
		int got;

		fault_clear(&why);
		got = route_table_add_rest(table, cases[i].key, cases[i].rpc,
					   &options, &why);
		if (got != -E_INVALID || !strstr(why.message, cases[i].words))
			fail_msg("'%s': got %d '%s'", cases[i].key, got,
				 why.message);
		route_table_free(table);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("route", tests, NULL, NULL);
}
