/* services/auth/token/uuid.c - identifiers: random UUIDs, version 4 */
#include "services/auth/token/uuid.h"
#include "lib/base/fault.h"
#include "lib/base/random.h"

static const char digits[] = "0123456789abcdef";

static bool is_dash(size_t at)
{
	return at == 8 || at == 13 || at == 18 || at == 23;
}

void uuid_mark(uint8_t bytes[UUID_BYTES])
{
	bytes[6] = (uint8_t)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (uint8_t)((bytes[8] & 0x3f) | 0x80);
}

void uuid_make(uint8_t out[UUID_BYTES])
{
	random_bytes(out, UUID_BYTES);
	uuid_mark(out);
}

void uuid_format(const uint8_t bytes[UUID_BYTES], char out[UUID_TEXT])
{
	size_t half = 0;

	for (size_t at = 0; at < UUID_TEXT - 1; at++) {
		if (is_dash(at)) {
			out[at] = '-';
			continue;
		}
		out[at] = digits[half & 1 ? bytes[half / 2] & 15
					  : bytes[half / 2] >> 4];
		half++;
	}
	out[UUID_TEXT - 1] = '\0';
}

int uuid_parse(struct slice text, uint8_t out[UUID_BYTES])
{
	size_t half = 0;

	if (text.size != UUID_TEXT - 1)
		return -E_INVALID;
	for (size_t at = 0; at < text.size; at++) {
		const char *digit = strchr(digits, text.data[at]);
		uint8_t value;

		if (is_dash(at)) {
			if (text.data[at] != '-')
				return -E_INVALID;
			continue;
		}
		if (!digit || !*digit)
			return -E_INVALID;
		value = (uint8_t)(digit - digits);
		if (half & 1)
			out[half / 2] |= value;
		else
			out[half / 2] = (uint8_t)(value << 4);
		half++;
	}
	return 0;
}

void uuid_text(char out[UUID_TEXT])
{
	uint8_t bytes[UUID_BYTES];

	uuid_make(bytes);
	uuid_format(bytes, out);
}
