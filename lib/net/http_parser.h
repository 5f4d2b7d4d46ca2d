/* lib/net/http_parser.h - what bytes of HTTP/1.1 say, when they say one thing
 *
 * Both ends use it. First a scan, which goes on where it stopped as more bytes
 * come, finds the end of a header; then the header is parsed whole, in place. A
 * body is framed by its length, by chunks or by the connection's end. RFC 9112
 * lets a reader forgive much; nothing is forgiven here that another reader
 * could understand differently: refusals are negative HTTP statuses and words.
 * Pure.
 */
#ifndef PARLOR_NET_HTTP_PARSER_H
#define PARLOR_NET_HTTP_PARSER_H

#include "lib/net/http.h"

#include <sys/types.h>

/* ---- where a header ends ---------------------------------------------------
 */

struct http_scan_limits {
	size_t line;	/* bytes of the first line */
	size_t headers; /* bytes of the others together */
	size_t count;	/* of the others */
};

/* How far a header has been looked at; begin with all zero. */
struct http_scan {
	size_t at;    /* bytes seen */
	size_t line;  /* where the line at hand begins */
	size_t first; /* size of the first line, with its CRLF */
	size_t lines; /* complete ones; a trailer begins with 1, having no
			 first line */
};

/* `bytes` begin with the message's first byte, each time; they may have moved.
 * Returns the header's size with its empty line, 0 when more is needed, or
 * -400 (a line that ends without CR), -414 or -431. */
ssize_t http_scan(struct http_scan *, struct slice bytes,
		  const struct http_scan_limits *, const char **why);

/* ---- what a header says ----------------------------------------------------
 */

enum http_framing {
	HTTP_BODY_NONE,
	HTTP_BODY_LENGTH,
	HTTP_BODY_CHUNKED,
	HTTP_BODY_TO_CLOSE, /* answers only */
};

/* Slices point into the header that was parsed. */
struct http_head {
	/* a request's */
	struct slice method;
	struct slice path, query; /* of the target; "*" stands for itself */
	struct slice host;	  /* the target's, else the Host header */
	bool expect_continue;
	/* an answer's */
	int status;
	/* both */
	int minor; /* HTTP/1.minor; 1 for more */
	struct http_headers headers;
	enum http_framing framing;
	uint64_t length;
	bool keep_alive;
	const char *why; /* it was refused */
};

/* Parses the request line alone (without its CRLF): method, path, query, host
 * and minor. Returns 0, -400, -501 (CONNECT) or -505. */
int http_parse_request_line(struct http_head *, struct slice line);

/* Parses a header that http_scan found whole; `rows` has room for all its
 * lines. Returns 0, -400, -417, -501 or -505. */
int http_parse_request(struct http_head *, struct slice header,
		       struct http_header *rows);

/* The same for an answer to `method`. Returns 0 or -400. */
int http_parse_answer(struct http_head *, struct slice header,
		      struct http_header *rows, struct slice method);

/* Parses a trailer that http_chunks_next gave. Returns 0 or -400. */
int http_parse_trailer(struct http_headers *, struct slice trailer,
		       struct http_header *rows, const char **why);

/* ---- chunked bodies --------------------------------------------------------
 */

enum { HTTP_CHUNK_LINE_MAX = 1024 }; /* a size with its extensions */

/* Begin with all zero. */
struct http_chunks {
	enum {
		HTTP_CHUNK_SIZE,
		HTTP_CHUNK_DATA,
		HTTP_CHUNK_END,
		HTTP_CHUNK_TRAILER
	} state;
	uint64_t left; /* of the chunk at hand */
	struct http_scan trailer;
};

enum http_chunk_event {
	HTTP_CHUNK_MORE,  /* `in` holds no whole piece; keep what is left */
	HTTP_CHUNK_PIECE, /* `piece` is the next of the body */
	HTTP_CHUNK_LAST,  /* it is over; `piece` is the trailer, with its empty
			     line, or empty; its lines are trailer.lines */
};

/* Takes from the front of *in. Returns an http_chunk_event, or -400 or -431. */
int http_chunks_next(struct http_chunks *, struct slice *in,
		     struct slice *piece, const struct http_scan_limits *,
		     const char **why);

#endif
