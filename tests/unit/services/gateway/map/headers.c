/* tests/unit/services/gateway/map/headers.c - which header lines go on */
#include "services/gateway/map/headers.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define ROWS(table) (sizeof(table) / sizeof(*(table)))
#define LINE(name, value)                                           \
	{                                                           \
		{ (const uint8_t *)(name), sizeof(name) - 1 },      \
		{                                                   \
			(const uint8_t *)(value), sizeof(value) - 1 \
		}                                                   \
	}

static void test_passed_on(void **state)
{
	static const struct {
		struct http_header line;
		bool in, out;
	} cases[] = {
		{ LINE("Content-Type", "application/proto"), true, true },
		{ LINE("authorization", "Bearer x"), true, true },
		{ LINE("User-Agent", "x"), true, true },
		{ LINE("accept-encoding", "gzip"), true, true },
		{ LINE("Content-Encoding", "gzip"), true, true },
		{ LINE("retry-after", "1"), true, true },
		{ LINE("Host", "a"), false, true },
		{ LINE("Date", "now"), true, false },
		{ LINE("Content-Length", "5"), false, false },
		{ LINE("Transfer-Encoding", "chunked"), false, false },
		{ LINE("Connection", "keep-alive, X-Mine"), false, false },
		{ LINE("x-mine", "1"), false, false },
		{ LINE("Keep-Alive", "5"), false, false },
		{ LINE("TE", "trailers"), false, false },
		{ LINE("Upgrade", "h2c"), false, false },
		{ LINE("Expect", "100-continue"), false, true },
		{ LINE("Proxy-Authorization", "x"), false, false },
		{ LINE("traceparent", "00-…"), false, true },
		{ LINE("connect-timeout-ms", "5"), false, true },
		{ LINE("connect-protocol-version", "1"), true, true },
		{ LINE("Origin", "https://a"), false, true },
		{ LINE("Access-Control-Allow-Origin", "*"), false, false },
		/* nobody outside states who he is */
		{ LINE("parlor-caller", "x"), false, false },
		{ LINE("Parlor-Anything", "x"), false, false },
		{ LINE("parlor", "x"), true, true },
	};
	struct http_header rows[ROWS(cases)], in[ROWS(cases)], out[ROWS(cases)];
	struct http_headers all = { rows, ROWS(cases) };
	size_t in_count, out_count, in_at = 0, out_at = 0;

	(void)state;
	for (size_t i = 0; i < ROWS(cases); i++)
		rows[i] = cases[i].line;
	in_count = headers_of_request(&all, in);
	out_count = headers_of_answer(&all, out);
	for (size_t i = 0; i < ROWS(cases); i++) {
		struct slice name = cases[i].line.name;
		bool goes_in =
		    in_at < in_count && slice_equal(in[in_at].name, name);
		bool goes_out =
		    out_at < out_count && slice_equal(out[out_at].name, name);

		if (goes_in != cases[i].in || goes_out != cases[i].out)
			fail_msg("'%.*s': in %d, out %d", SLICE_ARGS(name),
				 goes_in, goes_out);
		in_at += goes_in;
		out_at += goes_out;
	}
}

static void test_found(void **state)
{
	struct http_header rows[] = {
		LINE("traceparent", "00-…"),
		LINE("AUTHORIZATION", "Bearer x"),
		LINE("x-request-id", "r"),
		LINE("Connect-Timeout-Ms", "100"),
	};
	struct http_headers headers = { rows, ROWS(rows) };
	struct headers_found found;

	(void)state;
	headers_find(&headers, &found);
	assert_true(slice_is(found.traceparent, "00-…"));
	assert_true(slice_is(found.authorization, "Bearer x"));
	assert_true(slice_is(found.request_id, "r"));
	assert_true(slice_is(found.timeout, "100"));
	assert_null(found.twice);
	rows[0] = rows[1];
	headers_find(&headers, &found);
	assert_string_equal(found.twice, "authorization");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_passed_on),
		cmocka_unit_test(test_found),
	};

	return cmocka_run_group_tests_name("headers", tests, NULL, NULL);
}
