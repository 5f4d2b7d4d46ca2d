/* lib/net/tls.c - TLS 1.2 and later, for listeners and for calls */
#include "lib/net/tls.h"

#include <arpa/inet.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <signal.h>

struct tls {
	pthread_mutex_t
	    lock; /* of `context`, held to take it or to change it */
	SSL_CTX *context;
	bool server;
	char *certificate, *key; /* a server's files */
	char *authorities;	 /* a client's; NULL: the system's */
};

static const uint8_t alpn[] = "\x08http/1.1";

/* A client that offers protocols must offer ours. */
static int choose_protocol(SSL *ssl, const unsigned char **out,
			   unsigned char *out_size, const unsigned char *in,
			   unsigned in_size, void *arg)
{
	unsigned char *chosen;

	(void)ssl;
	(void)arg;
	if (SSL_select_next_proto(&chosen, out_size, alpn, sizeof(alpn) - 1, in,
				  in_size) != OPENSSL_NPN_NEGOTIATED)
		return SSL_TLSEXT_ERR_ALERT_FATAL;
	*out = chosen;
	return SSL_TLSEXT_ERR_OK;
}

static const char *openssl_reason(void)
{
	const char *reason = ERR_reason_error_string(ERR_peek_last_error());

	return reason ? reason : "unknown error";
}

static int load_server(const struct tls *t, SSL_CTX *context, struct fault *why)
{
	if (SSL_CTX_use_certificate_chain_file(context, t->certificate) != 1)
		return fault_set(why, E_INVALID,
				 "cannot read certificate '%s': %s",
				 t->certificate, openssl_reason());
	if (SSL_CTX_use_PrivateKey_file(context, t->key, SSL_FILETYPE_PEM) != 1)
		return fault_set(why, E_INVALID, "cannot read key '%s': %s",
				 t->key, openssl_reason());
	SSL_CTX_set_alpn_select_cb(context, choose_protocol, NULL);
	return 0;
}

static int load_client(const struct tls *t, SSL_CTX *context, struct fault *why)
{
	int loaded = t->authorities
			 ? SSL_CTX_load_verify_file(context, t->authorities)
			 : SSL_CTX_set_default_verify_paths(context);

	if (loaded != 1)
		return fault_set(why, E_INVALID,
				 "cannot read authorities '%s': %s",
				 t->authorities ? t->authorities : "system",
				 openssl_reason());
	SSL_CTX_set_verify(context, SSL_VERIFY_PEER, NULL);
	SSL_CTX_set_alpn_protos(context, alpn, sizeof(alpn) - 1);
	return 0;
}

/* A fresh context of the files as they are now, or NULL. */
static SSL_CTX *load(const struct tls *t, struct fault *why)
{
	SSL_CTX *context = SSL_CTX_new(TLS_method());
	int result;

	if (!context)
		abort();
	ERR_clear_error();
	SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
	SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION |
					 SSL_OP_CIPHER_SERVER_PREFERENCE |
					 SSL_OP_NO_COMPRESSION);
	SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE |
				      SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
				      SSL_MODE_RELEASE_BUFFERS);
	result = t->server ? load_server(t, context, why)
			   : load_client(t, context, why);
	ERR_clear_error();
	if (result == 0)
		return context;
	SSL_CTX_free(context);
	return NULL;
}

static char *copy_text(const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		abort();
	return copy;
}

static struct tls *tls_new(struct tls parts, struct fault *why)
{
	struct tls *t = malloc(sizeof(*t));

	if (!t)
		abort();
	*t = parts;
	pthread_mutex_init(&t->lock, NULL);
	signal(SIGPIPE, SIG_IGN); /* OpenSSL writes with write(2) */
	t->context = load(t, why);
	if (t->context)
		return t;
	tls_free(t);
	return NULL;
}

struct tls *tls_server_new(const char *certificate, const char *key,
			   struct fault *why)
{
	return tls_new((struct tls){ .server = true,
				     .certificate = copy_text(certificate),
				     .key = copy_text(key) },
		       why);
}

struct tls *tls_client_new(const char *authorities, struct fault *why)
{
	return tls_new((struct tls){ .authorities = copy_text(authorities) },
		       why);
}

void tls_free(struct tls *t)
{
	if (!t)
		return;
	SSL_CTX_free(t->context);
	pthread_mutex_destroy(&t->lock);
	free(t->certificate);
	free(t->key);
	free(t->authorities);
	free(t);
}

int tls_reload(struct tls *t, struct fault *why)
{
	SSL_CTX *fresh = load(t, why), *old;

	if (!fresh)
		return -why->code;
	pthread_mutex_lock(&t->lock);
	old = t->context;
	t->context = fresh;
	pthread_mutex_unlock(&t->lock);
	SSL_CTX_free(old); /* sessions hold it as long as they need it */
	return 0;
}

static SSL *session(struct tls *t, int fd)
{
	SSL *ssl;

	pthread_mutex_lock(&t->lock);
	ssl = SSL_new(t->context);
	pthread_mutex_unlock(&t->lock);
	if (!ssl)
		abort();
	if (SSL_set_fd(ssl, fd) == 1)
		return ssl;
	SSL_free(ssl);
	return NULL;
}

struct ssl_st *tls_accept(struct tls *t, int fd)
{
	SSL *ssl = session(t, fd);

	if (ssl)
		SSL_set_accept_state(ssl);
	return ssl;
}

/* Whom the certificate must name: an address or a host. */
static bool expect_name(SSL *ssl, const char *name)
{
	uint8_t address[16];

	if (inet_pton(AF_INET, name, address) == 1 ||
	    inet_pton(AF_INET6, name, address) == 1)
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl),
						     name) == 1;
	return SSL_set_tlsext_host_name(ssl, name) == 1 &&
	       SSL_set1_host(ssl, name) == 1;
}

struct ssl_st *tls_connect(struct tls *t, int fd, const char *name)
{
	SSL *ssl = session(t, fd);

	if (!ssl)
		return NULL;
	SSL_set_connect_state(ssl);
	if (expect_name(ssl, name))
		return ssl;
	SSL_free(ssl);
	return NULL;
}
