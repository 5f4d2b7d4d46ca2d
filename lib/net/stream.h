/* lib/net/stream.h - a socket that does not block, plain or under TLS */
#ifndef PARLOR_NET_STREAM_H
#define PARLOR_NET_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

struct ssl_st;

struct stream {
	int fd;		    /* -1: closed */
	struct ssl_st *ssl; /* NULL: plain */
	/* TLS must write before reading can go on, or the other way round:
	 * then wait for that */
	bool reading_needs_writing, writing_needs_reading;
};

enum { STREAM_AGAIN = -1, STREAM_BROKEN = -2 };

/* On a socket, or a listener for those it accepts: the other end's silent
 * disappearance breaks the stream after some two minutes. */
void stream_keep_alive(int fd);

/* Bytes read; 0 at the other's end; STREAM_AGAIN; STREAM_BROKEN. */
ssize_t stream_read(struct stream *, void *, size_t);

/* Bytes written, at least one; STREAM_AGAIN; STREAM_BROKEN. */
ssize_t stream_write(struct stream *, const struct iovec *, int count);

/* Does TLS hold bytes that were read from the socket already? */
bool stream_holds_bytes(const struct stream *);

/* Says that no more will be written. */
void stream_shutdown(struct stream *);
void stream_close(struct stream *);

#endif
