/* lib/rpc/gzip.c - gzip, with a bound on what comes out */
#include "lib/rpc/gzip.h"

#include <zlib.h>

enum { WINDOW_GZIP = 16 + MAX_WBITS, STEP = 16384 };

void gzip_put(struct buffer *out, struct slice bytes)
{
	z_stream z = { .next_in = (Bytef *)bytes.data,
		       .avail_in = (uInt)bytes.size };
	uLong most;
	uint8_t *place;

	if (deflateInit2(&z, Z_BEST_SPEED, Z_DEFLATED, WINDOW_GZIP,
			 MAX_MEM_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
		abort(); /* lack of memory ends the process */
	most = deflateBound(&z, (uLong)bytes.size);
	place = buffer_reserve(out, most);
	if (place) {
		z.next_out = place;
		z.avail_out = (uInt)most;
		deflate(&z, Z_FINISH);
		buffer_added(out, z.total_out);
	}
	deflateEnd(&z);
}

/* Inflates into what room the buffer has or gets; zlib's result. */
static int inflate_step(z_stream *z, struct buffer *out)
{
	size_t left = out->max - buffer_size(out);
	size_t step = left < STEP ? left : STEP;
	uint8_t *place = step ? buffer_reserve(out, step) : NULL;
	uint8_t spill; /* a full buffer may still meet the end of the stream */
	int result;

	z->next_out = place ? place : &spill;
	z->avail_out = place ? (uInt)step : 1;
	result = inflate(z, Z_NO_FLUSH);
	if (place)
		buffer_added(out, (size_t)(z->next_out - place));
	else if (z->next_out != &spill)
		out->failed = true;
	return result;
}

int gunzip(struct slice bytes, struct buffer *out, struct fault *fault)
{
	z_stream z = { .next_in = (Bytef *)bytes.data,
		       .avail_in = (uInt)bytes.size };
	int result;

	if (inflateInit2(&z, WINDOW_GZIP) != Z_OK)
		abort(); /* lack of memory ends the process */
	do
		result = inflate_step(&z, out);
	while (result == Z_OK && !out->failed);
	inflateEnd(&z);
	if (out->failed)
		return fault_set(fault, E_HTTP_TOO_LARGE,
				 "decompressed it takes over %zu bytes",
				 out->max);
	if (result != Z_STREAM_END || z.avail_in)
		return fault_set(fault, E_INVALID, "not gzip");
	return 0;
}
