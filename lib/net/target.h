/* lib/net/target.h - where a service is found: one name, many addresses
 *
 * Written as a list "HOST:PORT,HOST:PORT", "unix:/path", "dns:HOST:PORT" (all
 * its addresses), or "file:PATH" (a line an address, followed while it
 * changes; "#" begins a comment); "https://" in front of an address means TLS.
 * A host's name stands for all its addresses, looked up once. Shared by all
 * threads: the list is replaced whole, readers hold a counted snapshot.
 */
#ifndef PARLOR_NET_TARGET_H
#define PARLOR_NET_TARGET_H

#include "lib/base/fault.h"

#include <sys/socket.h>

struct target;

struct target_address {
	struct sockaddr_storage socket;
	socklen_t size;
	bool tls;
	char text[128]; /* "127.0.0.1:8082": the Host header and the log */
};

struct target_list {
	int references; /* atomic */
	size_t count;
	struct target_address rows[];
};

/* NULL, with words in the fault, when it cannot be read. */
struct target *target_new(const char *text, struct fault *);
void target_free(struct target *);

/* Changes whenever the list does. */
unsigned target_version(const struct target *);

/* The addresses now; give back with target_list_release. */
struct target_list *target_list(struct target *);
void target_list_release(struct target_list *);

/* Looks at the file again if it changed; called about once a second by the
 * skeleton. A file that is missing or wrong changes nothing. */
void target_follow(struct target *);

#endif
