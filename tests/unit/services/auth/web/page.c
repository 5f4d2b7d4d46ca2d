/* tests/unit/services/auth/web/page.c */
#include "services/auth/web/page.h"
#include "lib/base/embedded.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

extern const struct embedded auth_page_files[];

static const struct {
	const char *name, *template_text, *value, *want;
} cases[] = {
	{ "text alone", "<p>a</p>", "x", "<p>a</p>" },
	{ "a value", "<p>{{v}}</p>", "x", "<p>x</p>" },
	{ "a value is text", "<p title=\"{{v}}\">", "\"'><b>&amp;",
	  "<p title=\"&quot;&#39;&gt;&lt;b&gt;&amp;amp;\">" },
	{ "no template of its own", "{{v}}", "{{v}}", "{{v}}" },
	{ "another name", "a{{other}}b", "x", "ab" },
	{ "a part", "a{{?v}}<b>{{v}}</b>{{/v}}c", "x", "a<b>x</b>c" },
	{ "a part without a value", "a{{?v}}<b>{{v}}</b>{{/v}}c", "", "ac" },
	{ "a part that has no end", "a{{?v}}b", "", "a" },
	{ "half a mark", "a{{v", "x", "ax" },
	{ "a text", "<b>{{_Sign in}}</b>", "x", "<b>Anmelden</b>" },
	{ "a text with a value", "{{_to {v}.}}", "<x>", "an &lt;x&gt;!" },
	{ "a text that begins another", "{{_Sign}}", "x", "Sign" },
	{ "a text without a translation", "{{_It's {v}}}", "x", "It&#39;s x}" },
	{ "another template", "{{>bottom.html}}", "x",
	  "</main>\n</body>\n</html>\n" },
	{ "no such template", "a{{>none.html}}b", "x", "ab" },
	{ "a template for each row", "{{*field.html}}{{label}}", "x",
	  "<label for=\"a\">A</label>\n"
	  "<input id=\"a\" name=\"a\" type=\"\" value=\"x\" "
	  "autocomplete=\"\" required>\n"
	  "<label for=\"b\">&lt;</label>\n"
	  "<input id=\"b\" name=\"b\" type=\"\" value=\"y\" "
	  "autocomplete=\"\" required>\n" },
};

static void test_filling(void **state)
{
	const struct web_row rows[] = {
		{ { { "field", SLICE("a") }, { "label", SLICE("A") } } },
		{ { { "field", SLICE("b") },
		    { "label", SLICE("<") },
		    { "value", SLICE("y") } } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct web w = {
			.texts =
			    SLICE("Sign in = Anmelden\nto {v}. = an {v}!\n"),
			.rows = rows,
			.row_count = 2,
		};
		struct buffer b;

		print_message("%s\n", cases[i].name);
		buffer_init(&b, 512);
		web_say(&w, "v", slice_of(cases[i].value));
		web_say(&w, "must", SLICE("1"));
		web_say(&w, "value", SLICE("x"));
		web_fill(&b, slice_of(cases[i].template_text), &w);
		assert_true(slice_is(buffer_slice(&b), cases[i].want));
		buffer_release(&b);
	}
}

/* What stands behind a mark, up to another; and the rest. */
static struct slice between(struct slice *rest, const char *from,
			    const char *to)
{
	const uint8_t *end = rest->data + rest->size;
	const uint8_t *start =
	    memmem(rest->data, rest->size, from, strlen(from));
	const uint8_t *stop;

	start = start ? start + strlen(from) : end;
	stop = memmem(start, (size_t)(end - start), to, strlen(to));
	if (!stop)
		start = stop = end;
	*rest = slice_make(stop, (size_t)(end - stop));
	return slice_make(start, (size_t)(stop - start));
}

/* The names of values in a text, in its order. */
static void print_values(struct slice text, char *out)
{
	struct slice name;

	*out = '\0';
	while ((name = between(&text, "{", "}")).size)
		out += snprintf(out, 16, "%.*s ", SLICE_ARGS(name));
}

/* Each text of each page is there in each language, with the same values. */
static void test_languages(void **state)
{
	static const char *const languages[] = { "languages/de.txt",
						 "languages/fr.txt",
						 "languages/es.txt" };
	struct web w = { 0 };

	(void)state;
	for (const struct embedded *f = auth_page_files; f->path; f++) {
		struct slice rest = embedded_slice(f), text;
		char want[64], got[64];

		while ((text = between(&rest, "{{_", "}}")).size)
			for (size_t i = 0; i < 3; i++) {
				struct slice words;

				w.texts = web_built_in(slice_of(languages[i]));
				words = web_words(&w, text);
				print_message("%s: %.*s\n", languages[i],
					      SLICE_ARGS(text));
				assert_ptr_not_equal(words.data, text.data);
				print_values(text, want);
				print_values(words, got);
				assert_string_equal(got, want);
			}
	}
}

/* What a refusal says, also where it says more than its row. */
static void test_refusals(void **state)
{
	static const struct {
		const char *english, *german; /* NULL: as it is */
	} refusals[] = {
		{ "User already exists", "Diesen Namen gibt es schon." },
		{ "User already exists, twice", NULL },
		{ "Too many codes in this user pool: 9 an hour",
		  "Zu viele Codes. Bitte warten Sie eine Weile." },
		{ "Too many codes", NULL },
		{ "Attributes did not conform to the schema: nickname: String "
		  "must have no more characters than 8\n",
		  "Das passt nicht: Bitte achten Sie auf Länge und Form." },
		{ "Too many", NULL },
		{ "", NULL },
	};
	struct web w = { .texts = web_built_in(SLICE("languages/de.txt")) };

	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(*refusals); i++) {
		const char *want = refusals[i].german ? refusals[i].german
						      : refusals[i].english;
		struct slice got = web_words(&w, slice_of(refusals[i].english));

		if (!slice_is(got, want))
			fail_msg("'%s': got '%.*s'", refusals[i].english,
				 SLICE_ARGS(got));
	}
}

static void test_look(void **state)
{
	struct fault fault = { 0 };
	const struct web_look *look = web_look_new("title", NULL, NULL, &fault);

	(void)state;
	assert_non_null(look);
	assert_true(look->style.size > 0);
	assert_null(web_look_new("title", "/no/such.css", look, &fault));
	assert_non_null(strstr(fault.message, "'/no/such.css'"));
	web_look_free(look);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_filling),
		cmocka_unit_test(test_languages),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_look),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
