/* tests/unit/lib/net/form.c */
#include "lib/net/form.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
	const char *name, *text, *field, *value, *fault;
} cases[] = {
	{ "a value", "a=1&b=2", "b", "2", NULL },
	{ "what is encoded", "a=%C3%A9+%26", "a", "\xc3\xa9 &", NULL },
	{ "an encoded name", "%61=1", "a", "1", NULL },
	{ "an empty value is none", "a=&b=2", "a", NULL, NULL },
	{ "no equals sign", "a", "a", NULL, NULL },
	{ "nothing", "", "a", NULL, NULL },
	{ "ampersands alone", "&&a=1&", "a", "1", NULL },
	{ "an equals sign in it", "a=b=c", "a", "b=c", NULL },
	{ "a name twice", "a=1&b=2&a=1", "a", NULL,
	  "parameter 'a' stands more than once" },
	{ "twice under a cover", "a=1&%61=2", "a", NULL,
	  "parameter 'a' stands more than once" },
	{ "twice and empty", "a=1&a=", "a", NULL,
	  "parameter 'a' stands more than once" },
	{ "half an escape", "a=%4", "a", NULL, "a parameter is malformed" },
	{ "NUL", "a=%00", "a", NULL, "a parameter is malformed" },
	{ "no UTF-8", "a=%ff", "a", NULL, "a parameter is malformed" },
};

static void test_reading(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct arena mem;
		struct form form;
		struct slice value;
		int result;

		print_message("%s\n", cases[i].name);
		arena_init(&mem, 1 << 16);
		result =
		    form_read(&form, slice_of(cases[i].text), &mem, &fault);
		assert_int_equal(result, cases[i].fault ? -E_INVALID : 0);
		assert_string_equal(fault.message,
				    cases[i].fault ? cases[i].fault : "");
		value = form_value(&form, cases[i].field);
		if (!cases[i].fault && cases[i].value)
			assert_true(slice_is(value, cases[i].value));
		else if (!cases[i].fault)
			assert_null(value.data);
		arena_release(&mem);
	}
}

static void test_bound(void **state)
{
	struct fault fault = { 0 };
	struct arena mem;
	struct form form;
	struct buffer text;

	(void)state;
	arena_init(&mem, 1 << 16);
	buffer_init(&text, 1 << 16);
	for (int i = 0; i < FORM_FIELDS_MAX; i++)
		buffer_printf(&text, "n%d=%d&", i, i);
	assert_int_equal(form_read(&form, buffer_slice(&text), &mem, &fault),
			 0);
	buffer_put_text(&text, "last=1");
	assert_int_equal(form_read(&form, buffer_slice(&text), &mem, &fault),
			 -E_INVALID);
	assert_string_equal(fault.message, "more than 64 parameters");
	buffer_release(&text);
	arena_release(&mem);
}

static void test_writing(void **state)
{
	struct buffer b;

	(void)state;
	buffer_init(&b, 64);
	buffer_put_percent(&b, SLICE("aZ0-._~ &=+/\xc3\xa9"));
	assert_true(slice_is(buffer_slice(&b), "aZ0-._~%20%26%3D%2B%2F%C3%A9"));
	buffer_release(&b);
}

static void test_type(void **state)
{
	(void)state;
	assert_true(form_is_type(SLICE("application/x-www-form-urlencoded")));
	assert_true(form_is_type(
	    SLICE("Application/X-WWW-Form-URLEncoded; charset=UTF-8")));
	assert_false(form_is_type(SLICE("application/json")));
	assert_false(form_is_type(SLICE("")));
}

static void test_cookie(void **state)
{
	struct http_header rows[] = {
		{ SLICE("Cookie"), SLICE("a=1; bb=2=3;c=") },
		{ SLICE("cookie"), SLICE("d=4; a=5") },
	};
	const struct http_headers headers = { rows, 2 };

	(void)state;
	assert_true(slice_is(http_cookie_find(&headers, "a"), "1"));
	assert_true(slice_is(http_cookie_find(&headers, "bb"), "2=3"));
	assert_true(slice_is(http_cookie_find(&headers, "c"), ""));
	assert_true(slice_is(http_cookie_find(&headers, "d"), "4"));
	assert_null(http_cookie_find(&headers, "b").data);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading), cmocka_unit_test(test_bound),
		cmocka_unit_test(test_writing), cmocka_unit_test(test_type),
		cmocka_unit_test(test_cookie),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
