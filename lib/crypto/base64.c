/* lib/crypto/base64.c - bytes as letters, RFC 4648 */
#include "lib/crypto/base64.h"
#include "lib/base/fault.h"

static const char standard[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url_safe[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static size_t encode(const char *alphabet, struct slice bytes, char *out)
{
	const uint8_t *in = bytes.data;
	size_t at = 0, left = bytes.size;

	for (; left >= 3; left -= 3, in += 3) {
		out[at++] = alphabet[in[0] >> 2];
		out[at++] = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
		out[at++] = alphabet[(in[1] & 15) << 2 | in[2] >> 6];
		out[at++] = alphabet[in[2] & 63];
	}
	if (!left)
		return at;
	out[at++] = alphabet[in[0] >> 2];
	if (left == 1) {
		out[at++] = alphabet[(in[0] & 3) << 4];
		return at;
	}
	out[at++] = alphabet[(in[0] & 3) << 4 | in[1] >> 4];
	out[at++] = alphabet[(in[1] & 15) << 2];
	return at;
}

size_t base64_encode(struct slice bytes, char *out)
{
	size_t at = encode(standard, bytes, out);

	while (at % 4)
		out[at++] = '=';
	return at;
}

size_t base64url_encode(struct slice bytes, char *out)
{
	return encode(url_safe, bytes, out);
}

/* The letter's value, or -1. */
static int value_of(const char *alphabet, uint8_t letter)
{
	if (letter >= 'A' && letter <= 'Z')
		return letter - 'A';
	if (letter >= 'a' && letter <= 'z')
		return letter - 'a' + 26;
	if (letter >= '0' && letter <= '9')
		return letter - '0' + 52;
	if (letter == (uint8_t)alphabet[62])
		return 62;
	return letter == (uint8_t)alphabet[63] ? 63 : -1;
}

static int decode(const char *alphabet, struct slice text, uint8_t *out,
		  size_t *size)
{
	uint32_t bits = 0;
	unsigned held = 0;
	size_t at = 0;

	if (text.size % 4 == 1)
		return -E_INVALID;
	for (size_t i = 0; i < text.size; i++) {
		int value = value_of(alphabet, text.data[i]);

		if (value < 0)
			return -E_INVALID;
		bits = (bits << 6 | (uint32_t)value) & 0xfff;
		held += 6;
		if (held >= 8) {
			held -= 8;
			out[at++] = (uint8_t)(bits >> held);
		}
	}
	if (bits & ((1u << held) - 1))
		return -E_INVALID;
	*size = at;
	return 0;
}

int base64url_decode(struct slice text, uint8_t *out, size_t *size)
{
	return decode(url_safe, text, out, size);
}

int base64_decode(struct slice text, uint8_t *out, size_t *size)
{
	if (text.size % 4)
		return -E_INVALID;
	for (int i = 0; i < 2 && text.size; i++)
		if (text.data[text.size - 1] == '=')
			text.size--;
	return decode(standard, text, out, size);
}
