/* lib/net/stream.c - a socket that does not block, plain or under TLS */
#include "lib/net/stream.h"

#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

/* What a failed call of OpenSSL means. */
static ssize_t tls_outcome(struct stream *s, int result, bool reading)
{
	switch (SSL_get_error(s->ssl, result)) {
	case SSL_ERROR_ZERO_RETURN:
		return reading ? 0 : STREAM_BROKEN;
	case SSL_ERROR_WANT_WRITE:
		s->reading_needs_writing = reading;
		return STREAM_AGAIN;
	case SSL_ERROR_WANT_READ:
		s->writing_needs_reading = !reading;
		return STREAM_AGAIN;
	default:
		ERR_clear_error();
		return STREAM_BROKEN;
	}
}

static ssize_t tls_read(struct stream *s, void *out, size_t size)
{
	int result;

	s->reading_needs_writing = false;
	ERR_clear_error();
	result = SSL_read(s->ssl, out, size > INT_MAX ? INT_MAX : (int)size);
	return result > 0 ? result : tls_outcome(s, result, true);
}

static ssize_t tls_write(struct stream *s, const struct iovec *parts, int count)
{
	ssize_t total = 0;

	s->writing_needs_reading = false;
	for (int i = 0; i < count; i++) {
		int size = parts[i].iov_len > INT_MAX ? INT_MAX
						      : (int)parts[i].iov_len;
		int result;

		if (size == 0)
			continue;
		ERR_clear_error();
		result = SSL_write(s->ssl, parts[i].iov_base, size);
		if (result <= 0)
			return total ? total : tls_outcome(s, result, false);
		total += result;
		if (result < size)
			break;
	}
	return total;
}

void stream_keep_alive(int fd)
{
	enum { IDLE_S = 60, INTERVAL_S = 15, PROBES = 4 };
	int on = 1, idle = IDLE_S, interval = INTERVAL_S, probes = PROBES;

	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof(idle));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof(interval));
	setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof(probes));
}

ssize_t stream_read(struct stream *s, void *out, size_t size)
{
	ssize_t result;

	if (s->ssl)
		return tls_read(s, out, size);
	do
		result = recv(s->fd, out, size, 0);
	while (result < 0 && errno == EINTR);
	if (result >= 0)
		return result;
	return errno == EAGAIN ? STREAM_AGAIN : STREAM_BROKEN;
}

ssize_t stream_write(struct stream *s, const struct iovec *parts, int count)
{
	struct msghdr message = { .msg_iov = (struct iovec *)parts,
				  .msg_iovlen = (size_t)count };
	ssize_t result;

	if (s->ssl)
		return tls_write(s, parts, count);
	do
		result = count == 1 ? send(s->fd, parts->iov_base,
					   parts->iov_len, MSG_NOSIGNAL)
				    : sendmsg(s->fd, &message, MSG_NOSIGNAL);
	while (result < 0 && errno == EINTR);
	if (result >= 0)
		return result;
	return errno == EAGAIN ? STREAM_AGAIN : STREAM_BROKEN;
}

bool stream_holds_bytes(const struct stream *s)
{
	return s->ssl && SSL_pending(s->ssl) > 0;
}

void stream_shutdown(struct stream *s)
{
	if (s->ssl && SSL_is_init_finished(s->ssl))
		SSL_shutdown(s->ssl);
	ERR_clear_error();
	shutdown(s->fd, SHUT_WR);
}

void stream_close(struct stream *s)
{
	if (s->ssl)
		SSL_free(s->ssl);
	if (s->fd >= 0)
		close(s->fd);
	*s = (struct stream){ .fd = -1 };
}
