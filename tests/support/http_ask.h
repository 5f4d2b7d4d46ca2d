/* tests/support/http_ask.h - one request at a time over a unix socket
 *
 * A client that waits, for tests and for latencies: nothing of lib/net is in
 * it.
 */
#ifndef PARLOR_TESTS_HTTP_ASK_H
#define PARLOR_TESTS_HTTP_ASK_H

#include "lib/base/slice.h"

#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { HTTP_ASK_MAX = 1 << 20 };

struct http_ask {
	int fd; /* -1: not connected */
	int status;
	struct slice body; /* in `answer` */
	char answer[HTTP_ASK_MAX];
};

static inline bool http_ask_connect(struct http_ask *a, const char *path)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	a->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (connect(a->fd, (const struct sockaddr *)&address,
		    sizeof(address)) == 0)
		return true;
	close(a->fd);
	a->fd = -1;
	return false;
}

static inline void http_ask_close(struct http_ask *a)
{
	if (a->fd >= 0)
		close(a->fd);
	a->fd = -1;
}

/* Is the answer complete? Then status and body are set. */
static inline bool http_ask_complete(struct http_ask *a, size_t have)
{
	char *end, *length;
	size_t size;

	a->answer[have] = '\0';
	end = strstr(a->answer, "\r\n\r\n");
	if (!end)
		return false;
	length = strcasestr(a->answer, "\r\ncontent-length:");
	size = length && length < end ? strtoul(length + 17, NULL, 10) : 0;
	a->body = slice_make(end + 4, size);
	a->status = (int)strtol(a->answer + 9, NULL, 10);
	return have >= (size_t)(end + 4 - a->answer) + size;
}

/* Sends bytes of HTTP and waits for the answer; false when the other end closed
 * first. */
static inline bool http_ask_bytes(struct http_ask *a, struct slice request)
{
	size_t have = 0;

	a->status = 0;
	if (send(a->fd, request.data, request.size, MSG_NOSIGNAL) !=
	    (ssize_t)request.size)
		return false;
	do {
		ssize_t got = recv(a->fd, a->answer + have,
				   sizeof(a->answer) - 1 - have, 0);

		if (got <= 0)
			return false;
		have += (size_t)got;
	} while (!http_ask_complete(a, have));
	return true;
}

/* The bytes of a Connect call; `headers` are lines with their ends. Returns how
 * many. */
static inline size_t http_ask_call(char *out, size_t size, const char *method,
				   const char *headers, struct slice message)
{
	int head = snprintf(out, size,
			    "POST /%s HTTP/1.1\r\nhost: test\r\ncontent-type: "
			    "application/proto\r\n%scontent-length: "
			    "%zu\r\n\r\n",
			    method, headers, message.size);

	if (message.size)
		memcpy(out + head, message.data, message.size);
	return (size_t)head + message.size;
}

#endif
