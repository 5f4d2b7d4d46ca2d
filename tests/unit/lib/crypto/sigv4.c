/* tests/unit/lib/crypto/sigv4.c - AWS's published signatures, and refusals */
#include "lib/crypto/sigv4.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define EMPTY_HASH                         \
	"e3b0c44298fc1c149afbf4c8996fb924" \
	"27ae41e4649b934ca495991b7852b855"
#define DATE "20150830T123600Z"
#define SECRET "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
#define SCOPE "AKIDEXAMPLE/20150830/us-east-1/service/aws4_request"

/* 2015-08-30 12:36:00 UTC. */
static const int64_t then = 1440938160000;

/* Headers as "name:value\n" lines, each name once. */
static struct slice header(void *request, struct slice name)
{
	struct slice lines = slice_of(request);

	while (lines.size) {
		struct slice value = slice_cut(&lines, '\n');
		struct slice at = slice_cut(&value, ':');

		if (slice_equal(at, name))
			return value;
	}
	return (struct slice){ 0 };
}

static struct sigv4_request request_of(const char *method, const char *path,
				       const char *query, const char *headers,
				       const char *body_hash)
{
	return (struct sigv4_request){
		.method = slice_of(method),
		.path = slice_of(path),
		.query = slice_of(query),
		.header = header,
		.request = (void *)headers,
		.body_sha256 = slice_of(body_hash),
	};
}

static void test_published(void **state)
{
	static const struct {
		const char *name, *method, *path, *query, *headers, *names,
		    *body, *signature;
	} cases[] = {
		{ "get-vanilla", "GET", "/", "", "", "host;x-amz-date", "",
		  "5fa00fa31553b73ebf1942676e86291e"
		  "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "get-relative", "GET", "/example/..", "", "",
		  "host;x-amz-date", "",
		  "5fa00fa31553b73ebf1942676e86291e"
		  "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "get-slash", "GET", "//", "", "", "host;x-amz-date", "",
		  "5fa00fa31553b73ebf1942676e86291e"
		  "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "get-slash-dot-slash", "GET", "/./", "", "",
		  "host;x-amz-date", "",
		  "5fa00fa31553b73ebf1942676e86291e"
		  "8372ff2a2260956d9b8aae1d763fbf31" },
		{ "get-slashes", "GET", "//example//", "", "",
		  "host;x-amz-date", "",
		  "9a624bd73a37c9a373b5312afbebe7a7"
		  "14a789de108f0bdfe846570885f57e84" },
		{ "get-space", "GET", "/example space/", "", "",
		  "host;x-amz-date", "",
		  "652487583200325589f1fba4c7e578f7"
		  "2c47cb61beeca81406b39ddec1366741" },
		{ "get-unreserved", "GET",
		  "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		  "abcdefghijklmnopqrstuvwxyz",
		  "", "", "host;x-amz-date", "",
		  "07ef7494c76fa4850883e2b006601f94"
		  "0f8a34d404d0cfa977f52a65bbf5f24f" },
		{ "get-utf8", "GET", "/\xe1\x88\xb4", "", "", "host;x-amz-date",
		  "",
		  "8318018e0b0f223aa2bbf98705b62bb7"
		  "87dc9c0e678f255a891fd03141be5d85" },
		{ "get-vanilla-query-order-key-case", "GET", "/",
		  "Param2=value2&Param1=value1", "", "host;x-amz-date", "",
		  "b97d918cfa904a5beff61c982a1b6f45"
		  "8b799221646efd99d3219ec94cdf2500" },
		{ "get-vanilla-query-unreserved", "GET", "/",
		  "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		  "abcdefghijklmnopqrstuvwxyz="
		  "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
		  "abcdefghijklmnopqrstuvwxyz",
		  "", "host;x-amz-date", "",
		  "9c3e54bfcdf0b19771a7f523ee5669cd"
		  "f59bc7cc0884027167c21bb143a40197" },
		{ "get-slash-pointless-dot", "GET", "/./example", "", "",
		  "host;x-amz-date", "",
		  "ef75d96142cf21edca26f06005da7988"
		  "e4f8dc83a165a80865db7089db637ec5" },
		{ "get-vanilla-query-order-encoded", "GET", "/",
		  "Param-3=Value3&Param=Value2&%E1%88%B4=Value1", "",
		  "host;x-amz-date", "",
		  "371d3713e185cc334048618a97f809c9"
		  "ffe339c62934c032af5a0e595648fcac" },
		{ "get-vanilla-utf8-query", "GET", "/", "\xe1\x88\xb4=bar", "",
		  "host;x-amz-date", "",
		  "2cdec8eed098649ff3a119c94853b13c"
		  "643bcf08f8b0a1d91e12c9027818dd04" },
		{ "get-header-key-duplicate", "GET", "/", "",
		  "my-header1:value2,value2,value1\n",
		  "host;my-header1;x-amz-date", "",
		  "c9d5ea9f3f72853aea855b47ea873832"
		  "890dbdd183b4468f858259531a5138ea" },
		{ "get-header-value-trim", "GET", "/", "",
		  "my-header1: value1\nmy-header2: \"a   b   c\"\n",
		  "host;my-header1;my-header2;x-amz-date", "",
		  "acc3ed3afb60bb290fc8d2dd0098b991"
		  "1fcaa05412b367055dee359757a9c736" },
		{ "post-vanilla", "POST", "/", "", "", "host;x-amz-date", "",
		  "5da7c1a2acd57cee7505fc6676e4e544"
		  "621c30862966e37dddb68e92efbe5d6b" },
		{ "post-x-www-form-urlencoded", "POST", "/", "",
		  "content-type:application/x-www-form-urlencoded\n",
		  "content-type;host;x-amz-date", "Param1=value1",
		  "ff11897932ad3f4e8b18135d722051e5"
		  "ac45fc38421b1da7b9d196a0fe09473a" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char headers[512], body[HASH_HEX];
		struct sigv4_credential c;
		struct sigv4_request r;
		struct fault fault;
		struct arena mem;
		uint8_t key[HASH_SIZE];
		const char *got;

		arena_init(&mem, 1 << 20);
		fault_clear(&fault);
		snprintf(headers, sizeof(headers),
			 "host:example.amazonaws.com\nx-amz-date:" DATE "\n%s",
			 cases[i].headers);
		hash_sha256_hex(slice_of(cases[i].body), body);
		r = request_of(cases[i].method, cases[i].path, cases[i].query,
			       headers, body);
		got = sigv4_sign(&r, cases[i].names, "AKIDEXAMPLE", SECRET,
				 "us-east-1", "service", DATE, &mem);
		assert_non_null(got);
		if (!strstr(got, cases[i].signature))
			fail_msg("%s: got %s", cases[i].name, got);

		/* what we sign we accept */
		assert_int_equal(sigv4_read(&r, slice_of(got), &c, &fault), 0);
		assert_int_equal(sigv4_check_scope(&r, &c, "us-east-1",
						   "service", then, &fault),
				 0);
		sigv4_day_key(slice_of(SECRET), c.day, c.region, c.service,
			      key);
		assert_int_equal(sigv4_check(&r, &c, key, &mem, &fault), 0);
		r.body_sha256 = slice_of("another");
		assert_int_equal(sigv4_check(&r, &c, key, &mem, &fault),
				 -E_SIGNATURE);
		arena_release(&mem);
	}
}

static void test_day_key(void **state)
{
	char hex[HASH_HEX];
	uint8_t key[HASH_SIZE];

	(void)state;
	sigv4_day_key(slice_of(SECRET), SLICE("20120215"), SLICE("us-east-1"),
		      SLICE("iam"), key);
	hash_hex(key, hex);
	assert_string_equal(hex, "f4780e2d9f65fa895f9c67b32ce1baf0"
				 "b0d8a43505a000a1a9e090d414db404d");
}

#define GOOD                                 \
	"AWS4-HMAC-SHA256 Credential=" SCOPE \
	", SignedHeaders=host;x-amz-date, Signature=abc"

static void test_refused(void **state)
{
	static const struct {
		const char *name, *authorization, *headers;
		int64_t now;
		int code;
		const char *words;
	} cases[] = {
		{ "all is well", GOOD, "host:h\nx-amz-date:" DATE "\n", then, 0,
		  "" },
		{ "no signature",
		  "AWS4-HMAC-SHA256 Credential=" SCOPE ", SignedHeaders=host",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "Authorization header requires 'Signature' parameter. "
		  "Authorization=AWS4-HMAC-SHA256 Credential=" SCOPE
		  ", SignedHeaders=host" },
		{ "no date", GOOD, "host:h\n", then, E_INCOMPLETE_SIGNATURE,
		  "Authorization header requires existence of either a "
		  "'X-Amz-Date' or a 'Date' header. Authorization=" GOOD },
		{ "a date of another form", GOOD,
		  "host:h\nx-amz-date:2015-08-30T12:36Z\n", then,
		  E_INCOMPLETE_SIGNATURE,
		  "Date must be in ISO-8601 'basic format'. Got "
		  "'2015-08-30T12:36Z'. See "
		  "http://en.wikipedia.org/wiki/ISO_8601" },
		{ "a date that is none", GOOD,
		  "host:h\nx-amz-date:20150231T123600Z\n", then,
		  E_INCOMPLETE_SIGNATURE,
		  "Date must be in ISO-8601 'basic format'. Got "
		  "'20150231T123600Z'. See "
		  "http://en.wikipedia.org/wiki/ISO_8601" },
		{ "expired", GOOD, "host:h\nx-amz-date:" DATE "\n",
		  then + 15 * 60 * 1000 + 1000, E_SIGNATURE,
		  "Signature expired: 20150830T123600Z is now earlier than "
		  "20150830T123601Z (20150830T125101Z - 15 min.)" },
		{ "at the edge", GOOD, "host:h\nx-amz-date:" DATE "\n",
		  then + 15 * 60 * 1000, 0, "" },
		{ "from the future", GOOD, "host:h\nx-amz-date:" DATE "\n",
		  then - 15 * 60 * 1000 - 1000, E_SIGNATURE,
		  "Signature not yet current: 20150830T123600Z is still later "
		  "than 20150830T123559Z (20150830T122059Z + 15 min.)" },
		{ "for another region",
		  "AWS4-HMAC-SHA256 Credential=A/20150830/mars/service/"
		  "aws4_request, SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_SIGNATURE,
		  "Credential should be scoped to a valid region, not "
		  "'mars'. " },
		{ "for another service",
		  "AWS4-HMAC-SHA256 Credential=A/20150830/us-east-1/s3/"
		  "aws4_request, SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_SIGNATURE,
		  "Credential should be scoped to correct service: "
		  "'service'. " },
		{ "of another day",
		  "AWS4-HMAC-SHA256 Credential=A/20150829/us-east-1/service/"
		  "aws4_request, SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_SIGNATURE,
		  "Date in Credential scope does not match YYYYMMDD from "
		  "ISO-8601 version of date from HTTP: '20150829' != "
		  "'20150830', from '20150830T123600Z'." },
		{ "a scope too short",
		  "AWS4-HMAC-SHA256 Credential=A/20150830, "
		  "SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "Credential must have exactly 5 slash-delimited elements, "
		  "e.g. keyid/date/region/service/term, got 'A/20150830'" },
		{ "a scope too long",
		  "AWS4-HMAC-SHA256 Credential=" SCOPE "/more, "
		  "SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "Credential must have exactly 5 slash-delimited elements, "
		  "e.g. keyid/date/region/service/term, got '" SCOPE "/more'" },
		{ "a slash at the scope's end",
		  "AWS4-HMAC-SHA256 Credential=" SCOPE "/, "
		  "SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, 0, "" },
		{ "all of the scope",
		  "AWS4-HMAC-SHA256 Credential=A/b/c/d/e, "
		  "SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_SIGNATURE,
		  "Credential should be scoped to a valid region, not 'c'. "
		  "Credential should be scoped to correct service: "
		  "'service'. Credential should be scoped with a valid "
		  "terminator: 'aws4_request', not 'e'. Date in Credential "
		  "scope does not match YYYYMMDD from ISO-8601 version of "
		  "date from HTTP: 'b' != '20150830', from "
		  "'20150830T123600Z'." },
		{ "another algorithm",
		  "AWS4-HMAC-SHA1 Credential=" SCOPE
		  ", SignedHeaders=host;x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only "
		  "AWS4-HMAC-SHA256 for now). " },
		{ "a part without a value",
		  "AWS4-HMAC-SHA256 Signature=b,  Credential, SignedHeaders",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "'Credential' not a valid key=value pair (missing "
		  "equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 "
		  "Signature=b,  Credential, SignedHeaders'." },
		{ "a blank in the credential",
		  "AWS4-HMAC-SHA256 Credential=A /20150830, "
		  "SignedHeaders=host, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_INCOMPLETE_SIGNATURE,
		  "'/20150830' not a valid key=value pair (missing "
		  "equal-sign) in Authorization header: 'AWS4-HMAC-SHA256 "
		  "Credential=A /20150830, SignedHeaders=host, "
		  "Signature=a'." },
		{ "the host is not signed",
		  "AWS4-HMAC-SHA256 Credential=" SCOPE
		  ", SignedHeaders=x-amz-date, Signature=a",
		  "host:h\nx-amz-date:" DATE "\n", then, E_SIGNATURE,
		  "'Host' or ':authority' must be a 'SignedHeader' in the AWS "
		  "Authorization." },
		{ "the target is not signed", GOOD,
		  "host:h\nx-amz-target:T\nx-amz-date:" DATE "\n", then,
		  E_SIGNATURE,
		  "'x-amz-target' must be a 'SignedHeader' in the AWS "
		  "Authorization." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sigv4_request r =
		    request_of("GET", "/", "", cases[i].headers, EMPTY_HASH);
		struct sigv4_credential c;
		struct fault fault;

		fault_clear(&fault);
		if (!sigv4_read(&r, slice_of(cases[i].authorization), &c,
				&fault))
			sigv4_check_scope(&r, &c, "us-east-1", "service",
					  cases[i].now, &fault);
		if (fault.code != cases[i].code ||
		    strcmp(fault.message, cases[i].words) != 0)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
	}
}

static void test_query(void **state)
{
	static const struct {
		const char *name, *query, *authorization;
		int code;
		const char *words;
	} cases[] = {
		{ "none", "", "", 0, "" },
		{ "of something else", "a=X-Amz-Algorithm", "", 0, "" },
		{ "beside a header", "a=b&X-Amz-Algorithm", GOOD, E_SIGNATURE,
		  "Found both 'X-Amz-Algorithm' as a query-string param and "
		  "'Authorization' as HTTP header." },
		{ "nothing but a name", "X-Amz-Algorithm", "",
		  E_INCOMPLETE_SIGNATURE,
		  "AWS query-string parameters must include "
		  "'X-Amz-Algorithm'. AWS query-string parameters must include "
		  "'X-Amz-Credential'. AWS query-string parameters must "
		  "include 'X-Amz-Signature'. AWS query-string parameters must "
		  "include 'X-Amz-SignedHeaders'. AWS query-string parameters "
		  "must include 'X-Amz-Date'. Re-examine the query-string "
		  "parameters." },
		{ "without headers",
		  "X-Amz-Algorithm=a&X-Amz-Credential=b&X-Amz-Signature=c&"
		  "X-Amz-SignedHeaders=&X-Amz-Date=d",
		  "", E_INCOMPLETE_SIGNATURE,
		  "AWS query-string parameters must include "
		  "'X-Amz-SignedHeaders'. Re-examine the query-string "
		  "parameters." },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault;

		fault_clear(&fault);
		sigv4_check_query(slice_of(cases[i].query),
				  slice_of(cases[i].authorization), &fault);
		if (fault.code != cases[i].code ||
		    strcmp(fault.message, cases[i].words) != 0)
			fail_msg("%s: got %d '%s'", cases[i].name, fault.code,
				 fault.message);
	}
}

static void test_canonical_refused(void **state)
{
	static const struct {
		const char *name, *path, *query, *names;
		bool good;
	} cases[] = {
		{ "all is well", "/a", "b=c", "host", true },
		{ "a bad escape in the query", "/a", "b=%zz", "host", false },
		{ "one cut short", "/a", "b=%4", "host", false },
		{ "a signed header that is absent", "/a", "", "host;x", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct sigv4_request r =
		    request_of("GET", cases[i].path, cases[i].query, "host:h\n",
			       "");
		struct arena mem;
		struct buffer got;
		int result;

		arena_init(&mem, 1 << 20);
		buffer_init(&got, 64 * 1024);
		result =
		    sigv4_canonical(&r, slice_of(cases[i].names), &mem, &got);
		if ((result == 0) != cases[i].good)
			fail_msg("%s: got '%.*s'", cases[i].name,
				 SLICE_ARGS(buffer_slice(&got)));
		buffer_release(&got);
		arena_release(&mem);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_published),
		cmocka_unit_test(test_day_key),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_canonical_refused),
	};

	return cmocka_run_group_tests_name("sigv4", tests, NULL, NULL);
}
