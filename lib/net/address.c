/* lib/net/address.c - "127.0.0.1:8080", "[::1]:8080", "unix:/path" */
#include "lib/net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <sys/un.h>

int address_split(const char *text, char *host, size_t host_size, char *port,
		  size_t port_size)
{
	const char *colon = strrchr(text, ':');
	size_t size = colon ? (size_t)(colon - text) : 0;
	uint64_t number;

	if (!colon || slice_to_u64(slice_of(colon + 1), 65535, &number) != 0)
		return -E_INVALID;
	if (size >= 2 && text[0] == '[' && text[size - 1] == ']') {
		text++;
		size -= 2;
	} else if (memchr(text, ':', size)) {
		return -E_INVALID; /* which colon? */
	}
	if (size == 0 || size >= host_size)
		return -E_INVALID;
	memcpy(host, text, size);
	host[size] = '\0';
	snprintf(port, port_size, "%u", (unsigned)number);
	return 0;
}

static int parse_unix(const char *path, struct address *a, struct fault *why)
{
	struct sockaddr_un *name = (struct sockaddr_un *)&a->socket;
	size_t size = strlen(path);

	if (size == 0 || size > ADDRESS_PATH_MAX)
		return fault_set(why, E_INVALID,
				 "the path of 'unix:%s' has %zu bytes, not 1 "
				 "to %zu",
				 path, size, (size_t)ADDRESS_PATH_MAX);
	name->sun_family = AF_UNIX;
	memcpy(name->sun_path, path, size + 1);
	a->size =
	    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size + 1);
	return 0;
}

int address_parse(const char *text, struct address *a, struct fault *why)
{
	struct sockaddr_in *four = (struct sockaddr_in *)&a->socket;
	struct sockaddr_in6 *six = (struct sockaddr_in6 *)&a->socket;
	char host[INET6_ADDRSTRLEN], port[8];
	uint64_t number;

	memset(a, 0, sizeof(*a));
	if (strncmp(text, "unix:", 5) == 0)
		return parse_unix(text + 5, a, why);
	if (address_split(text, host, sizeof(host), port, sizeof(port)) != 0)
		return fault_set(why, E_INVALID,
				 "'%s' is not ADDRESS:PORT or unix:PATH", text);
	slice_to_u64(slice_of(port), 65535, &number);
	if (inet_pton(AF_INET, host, &four->sin_addr) == 1) {
		four->sin_family = AF_INET;
		four->sin_port = htons((uint16_t)number);
		a->size = sizeof(*four);
	} else if (inet_pton(AF_INET6, host, &six->sin6_addr) == 1) {
		six->sin6_family = AF_INET6;
		six->sin6_port = htons((uint16_t)number);
		a->size = sizeof(*six);
	} else {
		return fault_set(why, E_INVALID, "'%s' is no address", host);
	}
	return 0;
}

static void format_ip(const char *host, unsigned number, bool six, bool port,
		      char *out, size_t size)
{
	if (!port)
		snprintf(out, size, "%s", host);
	else
		snprintf(out, size, six ? "[%s]:%u" : "%s:%u", host, number);
}

void address_format(const struct address *a, bool port, char *out, size_t size)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)&a->socket;
	const struct sockaddr_in6 *six =
	    (const struct sockaddr_in6 *)&a->socket;
	const char *path = address_path(a);
	char host[INET6_ADDRSTRLEN] = "";

	switch (a->socket.ss_family) {
	case AF_INET:
		inet_ntop(AF_INET, &four->sin_addr, host, sizeof(host));
		format_ip(host, ntohs(four->sin_port), false, port, out, size);
		break;
	case AF_INET6:
		inet_ntop(AF_INET6, &six->sin6_addr, host, sizeof(host));
		format_ip(host, ntohs(six->sin6_port), true, port, out, size);
		break;
	default:
		snprintf(out, size, "unix%s%s", path && port ? ":" : "",
			 path && port ? path : "");
	}
}

struct slice address_subscriber(const char *text, uint8_t room[8])
{
	struct in6_addr six;

	if (inet_pton(AF_INET6, text, &six) != 1 || IN6_IS_ADDR_V4MAPPED(&six))
		return slice_of(text);
	memcpy(room, &six, 8);
	return slice_make(room, 8);
}

const char *address_path(const struct address *a)
{
	const struct sockaddr_un *name = (const struct sockaddr_un *)&a->socket;

	return name->sun_family == AF_UNIX && name->sun_path[0] ? name->sun_path
								: NULL;
}
