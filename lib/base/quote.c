/* lib/base/quote.c - any bytes within JSON, and within HTML */
#include "lib/base/quote.h"

/* The bytes of the well-formed character that `text` begins with, or 0. */
static size_t character(struct slice text)
{
	uint8_t first = text.data[0];
	size_t size = first < 0x80   ? 1
		      : first < 0xe0 ? 2
		      : first < 0xf0 ? 3
				     : 4;

	if (size > text.size)
		return 0;
	return slice_is_utf8(slice_make(text.data, size)) ? size : 0;
}

static void put_escape(struct buffer *b, uint8_t byte)
{
	static const char letters[] = "btn\0fr"; /* of 8 to 13 */
	char escape[2] = { '\\', (char)byte };

	if (byte == '"' || byte == '\\') {
		buffer_put(b, escape, 2);
	} else if (byte >= 8 && byte <= 13 && letters[byte - 8]) {
		escape[1] = letters[byte - 8];
		buffer_put(b, escape, 2);
	} else {
		buffer_printf(b, "\\u%04x", byte);
	}
}

static bool is_plain(uint8_t byte)
{
	return byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
}

void buffer_put_quoted(struct buffer *b, struct slice text)
{
	size_t size;

	buffer_put_byte(b, '"');
	for (; text.size; text.data += size, text.size -= size) {
		for (size = 0; size < text.size && is_plain(text.data[size]);)
			size++;
		if (size) {
			buffer_put(b, text.data, size);
			continue;
		}
		size = character(text);
		if (size > 1)
			buffer_put(b, text.data, size);
		else if (size == 1)
			put_escape(b, text.data[0]);
		else
			buffer_put_text(b, "\\ufffd");
		size += size == 0;
	}
	buffer_put_byte(b, '"');
}

void buffer_put_html(struct buffer *b, struct slice text)
{
	static const char *const entities[UINT8_MAX + 1] = {
		['&'] = "&amp;",  ['<'] = "&lt;",   ['>'] = "&gt;",
		['"'] = "&quot;", ['\''] = "&#39;",
	};

	for (size_t i = 0; i < text.size; i++)
		if (entities[text.data[i]])
			buffer_put_text(b, entities[text.data[i]]);
		else
			buffer_put_byte(b, text.data[i]);
}
