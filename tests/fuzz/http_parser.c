/* tests/fuzz/http_parser.c - the HTTP parser against anything
 *
 * Beside not crashing: what is found must not depend on how the bytes come.
 */
#include "lib/net/http_parser.h"

#include <stdlib.h>

static const struct http_scan_limits limits = { 256, 1024, 16 };

static ssize_t scan(struct slice bytes, size_t step, struct http_scan *s)
{
	const char *why;
	ssize_t result = 0;

	*s = (struct http_scan){ 0 };
	for (size_t size = step < bytes.size ? step : bytes.size;;) {
		result =
		    http_scan(s, slice_make(bytes.data, size), &limits, &why);
		if (result != 0 || size == bytes.size)
			return result;
		size = size + step < bytes.size ? size + step : bytes.size;
	}
}

/* The sum of a chunked body as it comes `step` bytes at a time. */
static int chunks(struct slice bytes, size_t step, uint64_t *sum)
{
	struct http_chunks c = { 0 };
	size_t begin = 0, end = 0;
	int event = HTTP_CHUNK_MORE;

	*sum = 0;
	while (event == HTTP_CHUNK_MORE && end < bytes.size) {
		struct slice in, piece = { 0 };

		end = end + step < bytes.size ? end + step : bytes.size;
		in = slice_make(bytes.data + begin, end - begin);
		do {
			const char *why;

			event =
			    http_chunks_next(&c, &in, &piece, &limits, &why);
			for (size_t i = 0;
			     event == HTTP_CHUNK_PIECE && i < piece.size; i++)
				*sum = *sum * 31 + piece.data[i];
		} while (event == HTTP_CHUNK_PIECE);
		if (event == HTTP_CHUNK_LAST && piece.size) {
			struct http_header rows[32];
			struct http_headers headers;
			const char *why;

			http_parse_trailer(&headers, piece, rows, &why);
		}
		begin = end - in.size;
	}
	return event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice bytes = slice_make(data, size);
	struct http_header rows[32];
	struct http_scan s;
	struct http_head head;
	ssize_t whole = scan(bytes, size, &s);
	uint64_t sums[2];

	if (size == 0)
		return 0;
	if (whole > 0 && scan(bytes, 1, &s) != whole)
		abort();
	if (whole > 2) {
		struct slice header = slice_make(data, (size_t)whole);

		http_parse_request(&head, header, rows);
		http_parse_answer(&head, header, rows, SLICE("GET"));
	}
	if (chunks(bytes, size, &sums[0]) == HTTP_CHUNK_LAST &&
	    (chunks(bytes, 1, &sums[1]) != HTTP_CHUNK_LAST ||
	     sums[0] != sums[1]))
		abort();
	return 0;
}
