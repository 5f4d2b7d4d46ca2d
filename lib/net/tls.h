/* lib/net/tls.h - TLS 1.2 and later, for listeners and for calls
 *
 * A context is read from files and may be read again while connections use it
 * (SIGHUP): what is open keeps the old one. It speaks http/1.1 by ALPN. Any
 * thread.
 */
#ifndef PARLOR_NET_TLS_H
#define PARLOR_NET_TLS_H

#include "lib/base/fault.h"

struct tls;
struct ssl_st; /* OpenSSL's SSL */

/* For listeners: PEM files, the certificate with its chain. NULL, with words in
 * the fault, when they cannot be read or do not belong together. */
struct tls *tls_server_new(const char *certificate, const char *key,
			   struct fault *);

/* For calls: the other end must show a certificate of these authorities (a PEM
 * file; NULL: the system's) for the name it was called by. */
struct tls *tls_client_new(const char *authorities, struct fault *);
void tls_free(struct tls *);

/* Reads the files again; on failure nothing changes. */
int tls_reload(struct tls *, struct fault *);

/* For lib/net: a session over `fd`, server side, or client side towards `name`
 * ("localhost", "10.0.0.1"). NULL when there can be none. */
struct ssl_st *tls_accept(struct tls *, int fd);
struct ssl_st *tls_connect(struct tls *, int fd, const char *name);

#endif
