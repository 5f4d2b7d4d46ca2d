/* lib/rpc/base64.c - bytes in JSON and in URLs */
#include "lib/rpc/base64.h"
#include "lib/base/fault.h"
#include "lib/crypto/base64.h"

void base64_put(struct buffer *out, struct slice bytes, bool padded)
{
	uint8_t *place = buffer_reserve(out, BASE64_SIZE(bytes.size));
	size_t size;

	if (!place)
		return;
	size = base64_encode(bytes, (char *)place);
	while (!padded && size && place[size - 1] == '=')
		size--;
	buffer_added(out, size);
}

/* 0 to 63, or 64 for a byte of no alphabet. */
static unsigned sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26u;
	if (c >= '0' && c <= '9')
		return c - '0' + 52u;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : 64;
}

int base64_read(struct slice text, uint8_t *out, size_t *size)
{
	uint32_t bits = 0;
	size_t padding = 0;
	uint8_t *at = out;
	unsigned rest;

	while (padding < 2 && text.size && text.data[text.size - 1] == '=') {
		text.size--;
		padding++;
	}
	rest = text.size % 4;
	if (rest == 1 || (padding && (rest + padding) != 4))
		return -E_INVALID;
	for (size_t i = 0; i < text.size; i++) {
		unsigned value = sextet(text.data[i]);

		if (value > 63)
			return -E_INVALID;
		bits = bits << 6 | value;
		if (i % 4 != 3)
			continue;
		*at++ = (uint8_t)(bits >> 16);
		*at++ = (uint8_t)(bits >> 8);
		*at++ = (uint8_t)bits;
	}
	if (rest == 2) {
		*at++ = (uint8_t)(bits >> 4);
	} else if (rest == 3) {
		*at++ = (uint8_t)(bits >> 10);
		*at++ = (uint8_t)(bits >> 2);
	}
	*size = (size_t)(at - out);
	return (rest == 2 && bits & 15) || (rest == 3 && bits & 3) ? -E_INVALID
								   : 0;
}
