/* lib/rpc/json_number.c - JSON's numbers and strings, read and written */
#include "lib/rpc/json_text.h"

#include <float.h>
#include <math.h>

enum { EXPONENT_MAX = 1000000 }; /* larger ones say nothing more */

/* A number's significant digits (without zeros at either end) and the power of
 * ten that its last digit stands for. */
struct decimal {
	bool negative;
	uint64_t digits;
	int count; /* of significant digits; over 20: too many to hold */
	int64_t exponent;
};

static void push(struct decimal *d, unsigned digit)
{
	if (d->count >= 20 ||
	    __builtin_mul_overflow(d->digits, 10u, &d->digits) ||
	    __builtin_add_overflow(d->digits, digit, &d->digits))
		d->count = 21;
	else
		d->count++;
}

/* Zeros count once a digit follows them. */
static void add_digit(struct decimal *d, uint8_t c, int *zeros)
{
	if (c == '0') {
		*zeros += d->count > 0;
		return;
	}
	for (; *zeros > 0 && d->count <= 20; --*zeros)
		push(d, 0);
	*zeros = 0;
	push(d, (unsigned)(c - '0'));
}

/* `text` is a JSON number. */
static struct decimal read_decimal(struct slice text)
{
	struct decimal d = { 0 };
	const uint8_t *at = text.data, *end = text.data + text.size;
	int zeros = 0, fraction = 0;
	bool point = false, down = false;
	int64_t exponent = 0;

	if (*at == '-') {
		d.negative = true;
		at++;
	}
	for (; at < end && (*at | 0x20) != 'e'; at++) {
		if (*at == '.') {
			point = true;
			continue;
		}
		fraction += point;
		add_digit(&d, *at, &zeros);
	}
	for (at += at < end; at < end; at++) {
		if (*at == '-' || *at == '+')
			down = *at == '-';
		else if (exponent < EXPONENT_MAX)
			exponent = exponent * 10 + (*at - '0');
	}
	d.exponent = (down ? -exponent : exponent) - fraction + zeros;
	return d;
}

int json_to_integer(struct slice number, bool is_signed, int bits,
		    uint64_t *out)
{
	struct decimal d = read_decimal(number);
	uint64_t value = d.digits, most;

	most = is_signed ? ((uint64_t)1 << (bits - 1)) - (d.negative ? 0 : 1)
			 : UINT64_MAX >> (64 - bits);
	if (d.count == 0) {
		*out = 0;
		return 0;
	}
	if (d.exponent < 0)
		return -E_INVALID;
	if (d.count > 20 || d.exponent > 20 || (d.negative && !is_signed))
		return -E_RANGE;
	for (; d.exponent > 0; d.exponent--)
		if (__builtin_mul_overflow(value, 10u, &value))
			return -E_RANGE;
	if (value > most)
		return -E_RANGE;
	*out = d.negative ? -value : value;
	return 0;
}

int json_to_double(struct slice number, bool is_float, double *out)
{
	enum { ON_STACK = 128 };
	char room[ON_STACK], *text = room;

	if (number.size >= ON_STACK) {
		text = malloc(number.size + 1);
		if (!text)
			abort(); /* lack of memory ends the process */
	}
	memcpy(text, number.data, number.size);
	text[number.size] = '\0';
	*out = is_float ? (double)strtof(text, NULL) : strtod(text, NULL);
	if (text != room)
		free(text);
	return isinf(*out) ? -E_RANGE : 0;
}

/* Most numbers are whole and small, and need no printf. */
static bool put_whole(struct buffer *out, double value)
{
	if (!(fabs(value) < 1e15) || value != (double)(int64_t)value ||
	    (value == 0 && signbit(value)))
		return false;
	json_put_i64(out, (int64_t)value);
	return true;
}

void json_put_double(struct buffer *out, double value, bool is_float)
{
	char text[32];
	int precision = is_float ? FLT_DIG : DBL_DIG;
	int size;

	if (put_whole(out, value))
		return;
	if (fabs(value) < (is_float ? (double)FLT_MIN : DBL_MIN))
		precision = 1; /* subnormal numbers have fewer digits */
	do
		size = snprintf(text, sizeof(text), "%.*g", precision++, value);
	while (is_float ? strtof(text, NULL) != (float)value
			: strtod(text, NULL) != value);
	json_put(out, text, (size_t)size);
}

void json_put_i64(struct buffer *out, int64_t value)
{
	if (value < 0)
		json_put_byte(out, '-');
	buffer_put_u64(out, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

static void put_escaped(struct buffer *out, uint8_t c)
{
	static const char from[] = "\"\\\b\f\n\r\t", to[] = "\"\\bfnrt";
	static const char hex[] = "0123456789abcdef";
	const char *found = c ? strchr(from, c) : NULL;
	char text[6] = { '\\', 'u', '0', '0', hex[c >> 4], hex[c & 15] };

	if (found) {
		text[1] = to[found - from];
		json_put(out, text, 2);
	} else {
		json_put(out, text, sizeof(text));
	}
}

void json_put_string(struct buffer *out, struct slice text)
{
	size_t from = 0;

	json_put_byte(out, '"');
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		json_put(out, text.data + from, i - from);
		put_escaped(out, c);
		from = i + 1;
	}
	json_put(out, text.data + from, text.size - from);
	json_put_byte(out, '"');
}
