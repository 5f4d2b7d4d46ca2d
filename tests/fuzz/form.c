/* tests/fuzz/form.c - forms and cookies against anything
 *
 * Beside not crashing: what was read, written again, reads as the same. */
#include "lib/net/form.h"

#include <stdlib.h>

static bool same(const struct form *a, const struct form *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (!slice_equal(a->fields[i].name, b->fields[i].name) ||
		    !slice_equal(a->fields[i].value, b->fields[i].value))
			return false;
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_make(data, size);
	struct http_header row = { SLICE("cookie"), bytes };
	const struct http_headers headers = { &row, 1 };
	struct form form, again;
	struct fault fault = { 0 };
	struct buffer text;
	struct arena mem;

	arena_init(&mem, 1 << 20);
	buffer_init(&text, 1 << 20);
	http_cookie_find(&headers, "a");
	if (!form_read(&form, bytes, &mem, &fault)) {
		for (size_t i = 0; i < form.count; i++) {
			buffer_put_percent(&text, form.fields[i].name);
			buffer_put_byte(&text, '=');
			buffer_put_percent(&text, form.fields[i].value);
			buffer_put_byte(&text, '&');
		}
		if (form_read(&again, buffer_slice(&text), &mem, &fault) ||
		    !same(&form, &again))
			abort();
	}
	buffer_release(&text);
	arena_release(&mem);
	return 0;
}
