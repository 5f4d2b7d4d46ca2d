/* tests/unit/services/kv/access/pattern.c - texts with * ? and ${…} in them */
#include "services/kv/access/pattern.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct principal ada = { .kind = PRINCIPAL_USER,
				      .sub = { (const uint8_t *)"a1", 2 },
				      .username = { (const uint8_t *)"*", 1 },
				      .groups = { (const uint8_t *)"red,blue",
						  8 } };
static const struct principal nobody = { .kind = PRINCIPAL_ANONYMOUS };

enum { WILD = PATTERN_WILD, ALL = PATTERN_WILD | PATTERN_VARIABLES };

static void test_matches(void **state)
{
	static const struct {
		const char *name, *pattern;
		unsigned flags;
		const struct principal *user;
		const char *text;
		bool matches;
	} cases[] = {
		{ "plain text is itself", "abc", WILD, &ada, "abc", true },
		{ "and not its beginning", "abc", WILD, &ada, "abcd", false },
		{ "the empty pattern is the empty text", "", WILD, &ada, "",
		  true },
		{ "and nothing else", "", WILD, &ada, "a", false },
		{ "a star is any text", "*", WILD, &ada, "x/y", true },
		{ "also none", "a*", WILD, &ada, "a", true },
		{ "stars give back what they took", "a*b*c", WILD, &ada,
		  "abxbc", true },
		{ "the last star takes the rest", "a*bc", WILD, &ada, "abcbc",
		  true },
		{ "the end must match too", "*ab", WILD, &ada, "abx", false },
		{ "a question mark is one character", "a?c", WILD, &ada, "abc",
		  true },
		{ "not none", "a?c", WILD, &ada, "ac", false },
		{ "of whatever bytes", "a?c", WILD, &ada,
		  "a\xe2\x82\xac"
		  "c",
		  true },
		{ "a star after a question mark", "?*", WILD, &ada, "", false },
		{ "without the flag a star is a star", "a*", 0, &ada, "a*",
		  true },
		{ "and nothing more", "a*", 0, &ada, "ab", false },
		{ "case counts", "GetItem", WILD, &ada, "getitem", false },
		{ "unless it doesn't", "Get*", PATTERN_WILD | PATTERN_NOCASE,
		  &ada, "getITEM", true },
		{ "a variable is its value", "view#${sub}", ALL, &ada,
		  "view#a1", true },
		{ "and no other", "view#${sub}", ALL, &ada, "view#a2", false },
		{ "a value's star is a star", "u#${username}", ALL, &ada, "u#*",
		  true },
		{ "and matches nothing else", "u#${username}", ALL, &ada, "u#x",
		  false },
		{ "one group", "team#${groups}", ALL, &ada, "team#red", true },
		{ "or another", "team#${groups}", ALL, &ada, "team#blue",
		  true },
		{ "but not their list", "team#${groups}", ALL, &ada,
		  "team#red,blue", false },
		{ "one group at a time", "${groups}/${groups}", ALL, &ada,
		  "red/blue", false },
		{ "no value matches nothing", "view#${sub}", ALL, &nobody,
		  "view#", false },
		{ "nor with a star", "${sub}*", ALL, &nobody, "a1", false },
		{ "nor without a user", "view#${sub}", ALL, NULL, "view#",
		  false },
		{ "nor without groups", "${groups}*", ALL, &nobody, "", false },
		{ "escapes are characters", "${*}${?}${$}", ALL, &ada, "*?$",
		  true },
		{ "and not wild", "${*}", ALL, &ada, "x", false },
		{ "a dollar alone is a dollar", "$5", ALL, &ada, "$5", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena mem;
		struct pattern p;
		struct fault fault = { 0 };

		arena_init(&mem, 1 << 16);
		if (pattern_read(&mem, slice_of(cases[i].pattern),
				 cases[i].flags, &p, &fault) != 0)
			fail_msg("%s: %s", cases[i].name, fault.message);
		if (pattern_matches(&p, cases[i].user,
				    slice_of(cases[i].text)) !=
		    cases[i].matches)
			fail_msg("%s: want %d", cases[i].name,
				 cases[i].matches);
		arena_release(&mem);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *pattern, *why;
	} cases[] = {
		{ "${name}", "unknown variable '${name}'" },
		{ "${}", "unknown variable '${}'" },
		{ "${SUB}", "unknown variable '${SUB}'" },
		{ "a${sub", "'${' without '}'" },
		{ "${", "'${' without '}'" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct arena mem;
		struct pattern p;
		struct fault fault = { 0 };

		arena_init(&mem, 1 << 16);
		assert_int_equal(pattern_read(&mem, slice_of(cases[i].pattern),
					      ALL, &p, &fault),
				 -E_INVALID);
		assert_string_equal(fault.message, cases[i].why);
		arena_release(&mem);
	}
}

/* 2,000 stars against 2,000 characters that nearly match. */
static void test_is_quick(void **state)
{
	struct arena mem;
	struct pattern p;
	struct fault fault = { 0 };
	char pattern[2000], text[2000];

	(void)state;
	for (size_t i = 0; i < sizeof(pattern); i++)
		pattern[i] = i % 2 ? 'a' : '*';
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = 'b';
	arena_init(&mem, 1 << 18);
	assert_int_equal(pattern_read(&mem, slice_make(pattern, 2000), WILD, &p,
				      &fault),
			 0);
	assert_false(pattern_matches(&p, NULL, slice_make(text, 2000)));
	arena_release(&mem);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_matches),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_is_quick),
	};

	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
