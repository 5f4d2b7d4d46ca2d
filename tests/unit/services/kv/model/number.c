/* tests/unit/services/kv/model/number.c - decimals of 38 digits, exactly */
#include "services/kv/model/number.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define NINES38 "99999999999999999999999999999999999999"
#define ZEROS20 "00000000000000000000"
#define ZEROS87 ZEROS20 ZEROS20 ZEROS20 ZEROS20 "0000000"
#define TOO_LONG \
	"Attempting to store more than 38 significant digits in a Number"
#define OVERFLOW                                                       \
	"Number overflow. Attempting to store a number with magnitude" \
	" larger than supported range"
#define UNDERFLOW                                                       \
	"Number underflow. Attempting to store a number with magnitude" \
	" smaller than supported range"
#define NO_NUMBER "The parameter cannot be converted to a numeric value"

static void test_parse_and_format(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{ "0", "0" },
		{ "-0", "0" },
		{ "0e999", "0" },
		{ "0.000", "0" },
		{ "007", "7" },
		{ "+7", "7" },
		{ "1.50", "1.5" },
		{ ".5", "0.5" },
		{ "5.", "5" },
		{ "-12.5e3", "-12500" },
		{ "12.5E-3", "0.0125" },
		{ "100", "100" },
		{ "1e2", "100" },
		{ "1e+2", "100" },
		{ "123.456", "123.456" },
		{ NINES38, NINES38 },
		{ NINES38 "000.00", NINES38 "000" },
		{ "0.0" NINES38, "0.0" NINES38 },
		{ NINES38 "e88", NINES38 ZEROS87 "0" },
		{ NINES38 "1", TOO_LONG },
		{ "1" ZEROS20 ZEROS20 "1", TOO_LONG },
		{ NINES38 "e89", OVERFLOW },
		{ "1e126", OVERFLOW },
		{ "-1e126", OVERFLOW },
		{ "1e99999999999999999999", OVERFLOW },
		{ "1e-131", UNDERFLOW },
		{ "1e-99999999999999999999", UNDERFLOW },
		{ "", NO_NUMBER },
		{ "a", NO_NUMBER ": a" },
		{ "1a", NO_NUMBER ": 1a" },
		{ "1.2.3", NO_NUMBER ": 1.2.3" },
		{ "1e", NO_NUMBER ": 1e" },
		{ "1e+", NO_NUMBER ": 1e+" },
		{ "e1", NO_NUMBER ": e1" },
		{ ".", NO_NUMBER ": ." },
		{ "-", NO_NUMBER ": -" },
		{ "--1", NO_NUMBER ": --1" },
		{ " 1", NO_NUMBER ":  1" },
		{ "NaN", NO_NUMBER ": NaN" },
		{ "Infinity", NO_NUMBER ": Infinity" },
		{ "0x1", NO_NUMBER ": 0x1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kv_number number;
		struct fault f = { 0 };
		char text[KV_NUMBER_TEXT];

		if (!kv_number_parse(slice_of(cases[i].text), &number, &f))
			kv_number_format(&number, text);
		if (strcmp(f.code ? f.message : text, cases[i].want) != 0)
			fail_msg("'%s': got '%s', want '%s'", cases[i].text,
				 f.code ? f.message : text, cases[i].want);
	}
}

static void test_longest_text(void **state)
{
	struct kv_number number;
	struct fault f = { 0 };
	char text[KV_NUMBER_TEXT];

	(void)state;
	assert_int_equal(kv_number_parse(SLICE("-9." NINES38 "e-130"), &number,
					 &f),
			 -E_INVALID); /* 39 digits */
	f.code = 0;
	assert_int_equal(kv_number_parse(SLICE("-9.9999999999999999999999999999"
					       "999999999e-130"),
					 &number, &f),
			 0);
	assert_int_equal(kv_number_format(&number, text), 170);
}

/* ---- against sums of digits, done by hand ----------------------------------
 * A value is digits at fixed places: 10^-170 first, up to 10^129. */

enum { PLACES = 300, POINT = 170 };

struct places {
	bool negative;
	int digit[PLACES];
};

static uint64_t seed = 42;

static uint64_t next_random(void)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return seed;
}

/* A number with few or many digits somewhere near the others, or far off. */
static void random_text(char *out, size_t size)
{
	size_t at = 0, count = 1 + next_random() % 38;
	int spread = next_random() % 4 ? 40 : 160;
	bool nines = next_random() % 4 == 0;

	if (next_random() % 2)
		out[at++] = '-';
	for (size_t i = 0; i < count; i++)
		out[at++] = (char)('0' + (nines ? 9 : next_random() % 10));
	snprintf(out + at, size - at, "e%d",
		 (int)(next_random() % (uint64_t)spread) - spread / 2 - 10);
}

static struct places spread_out(const char *text)
{
	struct places p = { 0 };
	char *end = strchr(text, 'e');
	long exponent = strtol(end + 1, NULL, 10);
	const char *digits = text + (*text == '-');
	long count = end - digits;

	p.negative = *text == '-';
	for (long i = 0; i < count; i++)
		p.digit[POINT + exponent + count - 1 - i] = digits[i] - '0';
	return p;
}

static int compare_places(const struct places *a, const struct places *b)
{
	for (int i = PLACES - 1; i >= 0; i--)
		if (a->digit[i] != b->digit[i])
			return a->digit[i] < b->digit[i] ? -1 : 1;
	return 0;
}

static bool is_zero(const struct places *p)
{
	static const struct places zero;

	return compare_places(p, &zero) == 0;
}

static int compare_signed(const struct places *a, const struct places *b)
{
	int order = compare_places(a, b);

	if (is_zero(a) && is_zero(b))
		return 0;
	if (a->negative != b->negative)
		return is_zero(a)   ? (b->negative ? 1 : -1)
		       : is_zero(b) ? (a->negative ? -1 : 1)
				    : (a->negative ? -1 : 1);
	return a->negative ? -order : order;
}

static struct places add_places(const struct places *a, const struct places *b)
{
	const struct places *high = compare_places(a, b) >= 0 ? a : b;
	const struct places *low = high == a ? b : a;
	int sign = a->negative == b->negative ? 1 : -1, carry = 0;
	struct places sum = { .negative = high->negative };

	for (int i = 0; i < PLACES; i++) {
		int digit = high->digit[i] + sign * low->digit[i] + carry;

		carry = digit < 0 ? -1 : digit / 10;
		sum.digit[i] = digit < 0 ? digit + 10 : digit % 10;
	}
	return sum;
}

/* What must come out: the plain text, or why not. */
static void describe(const struct places *p, char *out)
{
	int first = PLACES - 1, last = 0;
	size_t at = 0;

	while (first >= 0 && p->digit[first] == 0)
		first--;
	while (last < PLACES - 1 && p->digit[last] == 0)
		last++;
	if (first < 0) {
		memcpy(out, "0", 2);
		return;
	}
	if (first - last + 1 > 38 || first - POINT > 125 ||
	    first - POINT < -130) {
		memcpy(out, "refused", 8);
		return;
	}
	if (p->negative)
		out[at++] = '-';
	for (int i = first > POINT ? first : POINT; i >= POINT || i >= last;
	     i--) {
		if (i == POINT - 1)
			out[at++] = '.';
		out[at++] = (char)('0' + p->digit[i]);
	}
	out[at] = '\0';
}

static int compare_keys(const struct kv_number *a, const struct kv_number *b)
{
	uint8_t left[KV_NUMBER_KEY], right[KV_NUMBER_KEY];
	size_t left_size = kv_number_key(a, left);
	size_t right_size = kv_number_key(b, right);
	size_t common = left_size < right_size ? left_size : right_size;
	int order = memcmp(left, right, common);

	if (order == 0)
		assert_int_equal(left_size, right_size); /* prefix-free */
	return (order > 0) - (order < 0);
}

static void test_random_pairs(void **state)
{
	int sums = 0;

	(void)state;
	for (int i = 0; i < 200000; i++) {
		char left[64], right[64], want[PLACES + 4];
		char got[KV_NUMBER_TEXT] = "refused";
		struct kv_number a, b, sum;
		struct places pa, pb, expected;
		struct fault f = { 0 };
		bool minus = i % 2;

		random_text(left, sizeof(left));
		random_text(right, sizeof(right));
		if (kv_number_parse(slice_of(left), &a, &f) ||
		    kv_number_parse(slice_of(right), &b, &f))
			continue;
		pa = spread_out(left);
		pb = spread_out(right);
		if (kv_number_compare(&a, &b) != compare_signed(&pa, &pb) ||
		    compare_keys(&a, &b) != compare_signed(&pa, &pb))
			fail_msg("order of %s and %s", left, right);
		pb.negative = pb.negative != minus;
		expected = add_places(&pa, &pb);
		describe(&expected, want);
		if (!kv_number_add(&a, &b, minus, &sum, &f)) {
			kv_number_format(&sum, got);
			sums++;
		}
		if (strcmp(got, want) != 0)
			fail_msg("%s %c %s: got %s, want %s", left,
				 minus ? '-' : '+', right, got, want);
	}
	assert_true(sums > 10000);
}

static void test_add_at_the_edges(void **state)
{
	static const struct {
		const char *a, *b, *want;
	} cases[] = {
		{ NINES38, "1", "1" ZEROS20 "000000000000000000" },
		{ "1e38", "-1", NINES38 },
		{ "1e38", "1", TOO_LONG },
		{ "3e38", "-1", TOO_LONG },
		{ NINES38, "0.1", TOO_LONG },
		{ "9e125", "1e125", OVERFLOW },
		{ "1.1e-130", "-1e-130", UNDERFLOW },
		{ "5", "-5", "0" },
		{ "0", "-5", "-5" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct kv_number a, b, sum;
		struct fault f = { 0 };
		char text[KV_NUMBER_TEXT];

		assert_int_equal(kv_number_parse(slice_of(cases[i].a), &a, &f),
				 0);
		assert_int_equal(kv_number_parse(slice_of(cases[i].b), &b, &f),
				 0);
		if (!kv_number_add(&a, &b, false, &sum, &f))
			kv_number_format(&sum, text);
		if (strcmp(f.code ? f.message : text, cases[i].want) != 0)
			fail_msg("%s + %s: got '%s', want '%s'", cases[i].a,
				 cases[i].b, f.code ? f.message : text,
				 cases[i].want);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse_and_format),
		cmocka_unit_test(test_longest_text),
		cmocka_unit_test(test_random_pairs),
		cmocka_unit_test(test_add_at_the_edges),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
