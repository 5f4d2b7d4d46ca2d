/* lib/base/slice.c - bytes that somebody else owns */
#include "lib/base/slice.h"
#include "lib/base/fault.h"

bool slice_equal(struct slice a, struct slice b)
{
	return a.size == b.size &&
	       (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool slice_is(struct slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

static uint8_t lower(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

bool slice_equal_nocase(struct slice a, struct slice b)
{
	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

int slice_compare(struct slice a, struct slice b)
{
	size_t common = a.size < b.size ? a.size : b.size;
	int order = common ? memcmp(a.data, b.data, common) : 0;

	if (order != 0)
		return order;
	return (a.size > b.size) - (a.size < b.size);
}

bool slice_starts(struct slice a, struct slice prefix)
{
	return a.size >= prefix.size &&
	       slice_equal(slice_make(a.data, prefix.size), prefix);
}

bool slice_equal_secret(struct slice a, struct slice b)
{
	volatile uint8_t difference = 0;

	if (a.size != b.size)
		return false;
	for (size_t i = 0; i < a.size; i++)
		difference = (uint8_t)(difference | (a.data[i] ^ b.data[i]));
	return difference == 0;
}

struct slice slice_cut(struct slice *rest, char separator)
{
	const uint8_t *at =
	    rest->size ? memchr(rest->data, separator, rest->size) : NULL;
	struct slice head = *rest;

	if (!at) {
		*rest = slice_make(rest->data + rest->size, 0);
		return head;
	}
	head.size = (size_t)(at - rest->data);
	*rest = slice_make(at + 1, rest->size - head.size - 1);
	return head;
}

static bool is_blank(uint8_t byte)
{
	return byte == ' ' || byte == '\t';
}

struct slice slice_trim(struct slice a)
{
	while (a.size && is_blank(a.data[0])) {
		a.data++;
		a.size--;
	}
	while (a.size && is_blank(a.data[a.size - 1]))
		a.size--;
	return a;
}

int slice_to_u64(struct slice a, uint64_t max, uint64_t *out)
{
	uint64_t value = 0;

	if (a.size == 0)
		return -E_INVALID;
	for (size_t i = 0; i < a.size; i++) {
		uint64_t digit = (uint64_t)a.data[i] - '0';

		if (digit > 9 || value > (max - digit) / 10 ||
		    (value == 0 && digit > max))
			return -E_INVALID;
		value = value * 10 + digit;
	}
	*out = value;
	return 0;
}

struct slice slice_of_u64(uint64_t value, char room[SLICE_U64])
{
	size_t at = SLICE_U64;

	do {
		room[--at] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return slice_make(room + at, SLICE_U64 - at);
}

/* Unicode 15, table 3-7: well-formed UTF-8 byte sequences. */
bool slice_is_utf8(struct slice a)
{
	const uint8_t *p = a.data, *end = a.data + a.size;

	while (p < end) {
		uint8_t lead = *p++;
		uint8_t low = 0x80, high = 0xbf;
		int more;

		if (lead < 0x80)
			continue;
		if (lead < 0xc2 || lead > 0xf4)
			return false;
		more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
		if (lead == 0xe0)
			low = 0xa0;
		else if (lead == 0xed)
			high = 0x9f;
		else if (lead == 0xf0)
			low = 0x90;
		else if (lead == 0xf4)
			high = 0x8f;
		if (end - p < more)
			return false;
		while (more--) {
			if (*p < low || *p > high)
				return false;
			low = 0x80;
			high = 0xbf;
			p++;
		}
	}
	return true;
}

size_t slice_characters(struct slice a)
{
	size_t count = 0;

	for (size_t i = 0; i < a.size; i++)
		count += (a.data[i] & 0xc0) != 0x80;
	return count;
}
