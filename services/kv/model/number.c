/* services/kv/model/number.c - decimals of 38 digits, exactly */
#include "services/kv/model/number.h"

enum { DIGITS_U64 = 19 };

/* 10^n for n up to 38. */
static kv_u128 power(int n)
{
	static const uint64_t powers[DIGITS_U64 + 1] = {
		1ULL,
		10ULL,
		100ULL,
		1000ULL,
		10000ULL,
		100000ULL,
		1000000ULL,
		10000000ULL,
		100000000ULL,
		1000000000ULL,
		10000000000ULL,
		100000000000ULL,
		1000000000000ULL,
		10000000000000ULL,
		100000000000000ULL,
		1000000000000000ULL,
		10000000000000000ULL,
		100000000000000000ULL,
		1000000000000000000ULL,
		10000000000000000000ULL,
	};

	if (n <= DIGITS_U64)
		return powers[n];
	return (kv_u128)powers[DIGITS_U64] * powers[n - DIGITS_U64];
}

/* How many digits; 0 for 0, up to 39. */
static int digits(kv_u128 coefficient)
{
	int n = 0;

	while (n <= KV_NUMBER_DIGITS && coefficient >= power(n))
		n++;
	return n;
}

/* The power of ten that the first digit stands for. */
static int magnitude(const struct kv_number *n)
{
	return n->exponent + digits(n->coefficient) - 1;
}

static int check_range(const struct kv_number *n, struct fault *f)
{
	int first = n->coefficient ? magnitude(n) : 0;

	if (first > KV_NUMBER_HIGH)
		return fault_set(f, E_INVALID,
				 "Number overflow. Attempting to store a "
				 "number with magnitude larger than supported "
				 "range");
	if (first < KV_NUMBER_LOW)
		return fault_set(f, E_INVALID,
				 "Number underflow. Attempting to store a "
				 "number with magnitude smaller than supported "
				 "range");
	return 0;
}

static int too_long(struct fault *f)
{
	return fault_set(f, E_INVALID,
			 "Attempting to store more than 38 significant digits "
			 "in a Number");
}

/* ---- text ------------------------------------------------------------------
 */

/* What has been read of a number's digits. */
struct reading {
	kv_u128 coefficient;
	int count;	 /* digits in it */
	size_t zeros;	 /* seen behind it and not yet in it */
	size_t fraction; /* digits behind the point, those zeros included */
	size_t seen;
	bool point, full;
};

static void read_digit(struct reading *r, unsigned digit)
{
	r->seen++;
	r->fraction += r->point;
	if (digit == 0) {
		r->zeros += r->coefficient != 0;
		return;
	}
	if (r->zeros >= KV_NUMBER_DIGITS ||
	    r->count + (int)r->zeros >= KV_NUMBER_DIGITS) {
		r->full = true;
		return;
	}
	r->coefficient = r->coefficient * power((int)r->zeros + 1) + digit;
	r->count += (int)r->zeros + 1;
	r->zeros = 0;
}

static size_t read_digits(struct slice text, size_t at, struct reading *r)
{
	for (; at < text.size; at++) {
		uint8_t byte = text.data[at];

		if (byte == '.' && !r->point)
			r->point = true;
		else if (byte >= '0' && byte <= '9')
			read_digit(r, byte - '0');
		else
			break;
	}
	return at;
}

/* Reads "e-12" to the end; far values stay far. False when malformed. */
static bool read_exponent(struct slice text, size_t at, int64_t *out)
{
	bool minus = false;
	int64_t value = 0;

	*out = 0;
	if (at == text.size)
		return true;
	if (text.data[at] != 'e' && text.data[at] != 'E')
		return false;
	at++;
	if (at < text.size && (text.data[at] == '+' || text.data[at] == '-'))
		minus = text.data[at++] == '-';
	if (at == text.size)
		return false;
	for (; at < text.size; at++) {
		if (text.data[at] < '0' || text.data[at] > '9')
			return false;
		if (value < INT32_MAX)
			value = value * 10 + (text.data[at] - '0');
	}
	*out = minus ? -value : value;
	return true;
}

static int clamp(int64_t value)
{
	enum { FAR = 100000 };

	return value > FAR ? FAR : value < -FAR ? -FAR : (int)value;
}

int kv_number_parse(struct slice text, struct kv_number *out, struct fault *f)
{
	struct reading r = { 0 };
	int64_t exponent = 0;
	size_t at = 0;
	bool minus = false;

	if (text.size && (text.data[0] == '-' || text.data[0] == '+'))
		minus = text.data[at++] == '-';
	at = read_digits(text, at, &r);
	if (r.seen == 0 || !read_exponent(text, at, &exponent)) {
		if (text.size == 0)
			return fault_set(f, E_INVALID,
					 "The parameter cannot be converted to "
					 "a numeric value");
		return fault_set(f, E_INVALID,
				 "The parameter cannot be converted to a "
				 "numeric value: %.*s",
				 SLICE_ARGS(text));
	}
	if (r.full)
		return too_long(f);
	*out = (struct kv_number){ .coefficient = r.coefficient };
	if (r.coefficient == 0)
		return 0;
	out->negative = minus;
	out->exponent =
	    clamp(exponent + (int64_t)r.zeros - (int64_t)r.fraction);
	return check_range(out, f);
}

/* The digits of the coefficient, without a NUL. */
static size_t write_digits(kv_u128 coefficient, char *out)
{
	size_t count = (size_t)digits(coefficient);

	for (size_t at = count; at > 0; at--) {
		out[at - 1] = (char)('0' + (int)(coefficient % 10));
		coefficient /= 10;
	}
	return count;
}

size_t kv_number_format(const struct kv_number *n, char out[KV_NUMBER_TEXT])
{
	char text[KV_NUMBER_DIGITS + 1];
	size_t count = write_digits(n->coefficient, text), size = 0, whole;

	if (count == 0) {
		memcpy(out, "0", 2);
		return 1;
	}
	if (n->negative)
		out[size++] = '-';
	if (n->exponent >= 0 || (size_t)-n->exponent < count) {
		whole = n->exponent >= 0 ? count : count - (size_t)-n->exponent;
		memcpy(out + size, text, whole);
		size += whole;
		for (int i = 0; i < n->exponent; i++)
			out[size++] = '0';
		if (whole < count)
			out[size++] = '.';
	} else {
		out[size++] = '0';
		out[size++] = '.';
		whole = 0;
		for (size_t i = count; i < (size_t)-n->exponent; i++)
			out[size++] = '0';
	}
	memcpy(out + size, text + whole, count - whole);
	size += count - whole;
	out[size] = '\0';
	return size;
}

/* ---- order and arithmetic --------------------------------------------------
 */

/* Compares what stands without signs. */
static int compare_size(const struct kv_number *a, const struct kv_number *b)
{
	int first_a = magnitude(a), first_b = magnitude(b);
	kv_u128 left, right;

	if (!a->coefficient || !b->coefficient)
		return (a->coefficient != 0) - (b->coefficient != 0);
	if (first_a != first_b)
		return first_a < first_b ? -1 : 1;
	left =
	    a->coefficient * power(KV_NUMBER_DIGITS - digits(a->coefficient));
	right =
	    b->coefficient * power(KV_NUMBER_DIGITS - digits(b->coefficient));
	return (left > right) - (left < right);
}

int kv_number_compare(const struct kv_number *a, const struct kv_number *b)
{
	if (a->negative != b->negative)
		return a->negative ? -1 : 1;
	return a->negative ? compare_size(b, a) : compare_size(a, b);
}

static int normalise(struct kv_number *n, struct fault *f)
{
	while (n->coefficient && n->coefficient % 10 == 0) {
		n->coefficient /= 10;
		n->exponent++;
	}
	if (n->coefficient == 0)
		*n = (struct kv_number){ 0 };
	if (digits(n->coefficient) > KV_NUMBER_DIGITS)
		return too_long(f);
	return check_range(n, f);
}

/* Both have a value and high->exponent is the greater. Where they are too far
 * apart for one coefficient the result has more than 38 digits: its first are
 * high's and its last low's, which is no zero. */
static int add_aligned(const struct kv_number *high,
		       const struct kv_number *low, struct kv_number *out,
		       struct fault *f)
{
	int shift = high->exponent - low->exponent;
	struct kv_number sum = *low;
	kv_u128 scaled;

	if (shift + digits(high->coefficient) > KV_NUMBER_DIGITS + 1 ||
	    __builtin_mul_overflow(high->coefficient, power(shift), &scaled))
		return too_long(f);
	if (high->negative == low->negative) {
		if (__builtin_add_overflow(scaled, low->coefficient,
					   &sum.coefficient))
			return too_long(f);
	} else if (scaled >= low->coefficient) {
		sum.coefficient = scaled - low->coefficient;
		sum.negative = high->negative;
	} else {
		sum.coefficient = low->coefficient - scaled;
	}
	*out = sum;
	return normalise(out, f);
}

int kv_number_add(const struct kv_number *a, const struct kv_number *b,
		  bool minus, struct kv_number *out, struct fault *f)
{
	struct kv_number other = *b;

	if (!b->coefficient) {
		*out = *a;
		return 0;
	}
	other.negative = b->negative != minus;
	if (!a->coefficient) {
		*out = other;
		return 0;
	}
	return a->exponent >= other.exponent ? add_aligned(a, &other, out, f)
					     : add_aligned(&other, a, out, f);
}

/* ---- keys ------------------------------------------------------------------
 * A byte for the sign, one for the magnitude, then the digits from the first in
 * pairs, each plus one so that 0 can end them; of negatives all but the sign is
 * complemented. */

enum { KEY_NEGATIVE = 0x40, KEY_ZERO = 0x80, KEY_POSITIVE = 0xc0 };

size_t kv_number_key(const struct kv_number *n, uint8_t out[KV_NUMBER_KEY])
{
	int count = digits(n->coefficient);
	kv_u128 rest = n->coefficient * power(count % 2);
	size_t pairs = ((size_t)count + 1) / 2, size = 2 + pairs + 1;

	if (count == 0) {
		out[0] = KEY_ZERO;
		return 1;
	}
	out[0] = n->negative ? KEY_NEGATIVE : KEY_POSITIVE;
	out[1] = (uint8_t)(magnitude(n) - KV_NUMBER_LOW);
	for (size_t i = pairs; i > 0; i--) {
		out[1 + i] = (uint8_t)(rest % 100 + 1);
		rest /= 100;
	}
	out[size - 1] = 0;
	for (size_t i = 1; n->negative && i < size; i++)
		out[i] = (uint8_t)~out[i];
	return size;
}
