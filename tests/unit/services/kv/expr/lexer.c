/* tests/unit/services/kv/expr/lexer.c - the words of an expression */
#include "services/kv/expr/lexer.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void test_tokens(void **state)
{
	static const struct {
		const char *text;
		int kinds[8];
	} cases[] = {
		{ "", { TOKEN_END } },
		{ " \t\r\n", { TOKEN_END } },
		{ "a1_b", { TOKEN_WORD } },
		{ "a<=b", { TOKEN_WORD, TOKEN_SYMBOL, TOKEN_WORD } },
		{ "a< =b",
		  { TOKEN_WORD, TOKEN_SYMBOL, TOKEN_SYMBOL, TOKEN_WORD } },
		{ "#1 :a_", { TOKEN_NAME, TOKEN_VALUE } },
		{ "# :", { TOKEN_BAD, TOKEN_BAD } },
		{ "12a", { TOKEN_DIGITS, TOKEN_WORD } },
		{ "\xc3\xa9x", { TOKEN_BAD, TOKEN_WORD } },
		{ "_a", { TOKEN_BAD, TOKEN_WORD } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct slice text = slice_of(cases[i].text);
		size_t at = 0;

		for (size_t t = 0; t < 8; t++) {
			struct token token = lexer_next(text, at);

			if ((int)token.kind != cases[i].kinds[t])
				fail_msg("'%s': token %zu is %d", cases[i].text,
					 t, (int)token.kind);
			if (token.kind == TOKEN_END)
				break;
			at = token.at + token.text.size;
		}
	}
}

static void test_reserved(void **state)
{
	static const struct {
		const char *word;
		bool reserved;
	} cases[] = {
		{ "ABORT", true },
		{ "zone", true },
		{ "Name", true },
		{ "LOCALTIMESTAMP", true },
		{ "size", true },
		{ "and", true },
		{ "localtimestamps", false },
		{ "pk", false },
		{ "", false },
		{ "A", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (word_is_reserved(slice_of(cases[i].word)) !=
		    cases[i].reserved)
			fail_msg("%s", cases[i].word);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tokens),
		cmocka_unit_test(test_reserved),
	};

	return cmocka_run_group_tests_name("lexer", tests, NULL, NULL);
}
