/* lib/daemon/health.c - asking a running daemon whether it is ready
 *
 * For `--health`: a container's health check needs no other program. One plain
 * blocking request with a short timeout; nothing else of the daemon is set up.
 */
#include "lib/daemon/state.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int connect_unix(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0) {
		close(fd);
		return -1;
	}
	return fd;
}

static int connect_tcp(const char *address)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	const char *colon = strrchr(address, ':');
	struct addrinfo *to = NULL;
	char host[256];
	int fd = -1;

	if (!colon || (size_t)(colon - address) >= sizeof(host))
		return -1;
	if (address[0] == '[')
		snprintf(host, sizeof(host), "%.*s", (int)(colon - address - 2),
			 address + 1);
	else
		snprintf(host, sizeof(host), "%.*s", (int)(colon - address),
			 address);
	if (getaddrinfo(host, colon + 1, &hints, &to) == 0)
		fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, to->ai_addr, to->ai_addrlen) < 0) {
		close(fd);
		fd = -1;
	}
	if (to)
		freeaddrinfo(to);
	return fd;
}

int health_ask(const char *address)
{
	static const char request[] =
	    "GET /readyz HTTP/1.1\r\nHost: localhost\r\n"
	    "Connection: close\r\n\r\n";
	const struct timeval timeout = { .tv_sec = 3 };
	char answer[64] = "";
	int fd;

	fd = strncmp(address, "unix:", 5) == 0 ? connect_unix(address + 5)
					       : connect_tcp(address);
	if (fd < 0) {
		printf("unreachable\n");
		return 1;
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &timeout, sizeof(timeout));
	if (write(fd, request, sizeof(request) - 1) < 0 ||
	    read(fd, answer, sizeof(answer) - 1) < 12)
		answer[0] = '\0';
	close(fd);
	if (strncmp(answer, "HTTP/1.1 200", 12) != 0) {
		printf("not ready\n");
		return 1;
	}
	printf("ready\n");
	return 0;
}
