/* lib/net/address.h - "127.0.0.1:8080", "[::1]:8080", "unix:/path" */
#ifndef PARLOR_NET_ADDRESS_H
#define PARLOR_NET_ADDRESS_H

#include "lib/base/fault.h"

#include <sys/socket.h>

enum {
	ADDRESS_TEXT = 128,
	ADDRESS_PATH_MAX = 107 /* bytes of a unix socket's */
};

struct address {
	struct sockaddr_storage socket;
	socklen_t size;
};

/* Reads a literal address; names are not looked up. Returns 0, or -E_INVALID
 * with words in the fault. */
int address_parse(const char *text, struct address *, struct fault *);

/* Cuts "HOST:PORT" or "[HOST]:PORT" (0 to 65535) in two; `host` without its
 * brackets. Returns 0 or -E_INVALID. */
int address_split(const char *text, char *host, size_t host_size, char *port,
		  size_t port_size);

/* Writes it as it is read; a unix socket without a path is "unix". With
 * `port` false the host alone. */
void address_format(const struct address *, bool port, char *out, size_t size);

/* What one subscriber has of an address as text, to count by: of IPv6 the first
 * 64 bits (in `room`), of all others the whole. */
struct slice address_subscriber(const char *text, uint8_t room[8]);

/* The path of a unix socket, or NULL. */
const char *address_path(const struct address *);

#endif
