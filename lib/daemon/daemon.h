/* lib/daemon/daemon.h - the skeleton: what makes four daemons one suite
 *
 * A daemon's main.c is tables and callbacks handed to daemon_main, which owns
 * arguments (--config, --data, --check, --example, --help, --version …),
 * settings, threads, sockets, TLS, signals (SIGHUP reloads, SIGTERM drains),
 * health, readiness, the admin listener, the access log, metrics, the usage
 * spool and its sender, and what every daemon follows: the users' keys, the
 * services' keys, revocations, targets.
 *
 * The room: a file per noun, all of them around struct daemon_state (state.h).
 * It calls every room of lib and knows no service by name.
 */
#ifndef PARLOR_DAEMON_DAEMON_H
#define PARLOR_DAEMON_DAEMON_H

#include "lib/conf/setting.h"
#include "lib/crypto/hash.h"
#include "lib/net/http_server.h"
#include "lib/net/loop.h"
#include "lib/net/target.h"
#include "lib/rpc/op.h"

struct arena;
struct caller;
struct identity;
struct keyset;
struct principal;
struct revocations;
struct rpc_client;
struct sigv4_credential;
struct spool;
struct tls;

/* What the skeleton reads of every section. The daemon's own settings struct
 * begins with it. */
struct daemon_settings {
	const char *listen;	  /* "127.0.0.1:8081,unix:/path" */
	const char *admin_listen; /* loopback or unix: only */
	int64_t threads;	  /* I/O threads; 0: one per processor */
	const char *tls_certificate, *tls_key, *tls_authorities;
	bool behind_proxy;
	int log_level; /* enum log_level */
	const char *log_file;
	const char *issuer, *user_pool_id, *client_id, *region;
	struct setting_list issuers;		/* of struct daemon_issuer */
	const char *auth, *kv, *gateway, *game; /* targets */
	const char *key_file, *services_keys, *spool;
	int64_t body_max, connections, connections_per_address;
	int64_t drain_ms;
	struct setting_list cors_origins; /* of texts */
	const char *cors_headers;
	int64_t cors_max_age_ms;
};

/* Somebody else whose users are accepted. */
struct daemon_issuer {
	const char *name, *issuer, *audience;
	const char *jwks_file, *jwks_url; /* one of them */
};

struct daemon_state;

/* What a daemon does, instead of serving, when it is named on the command line:
 * "parlor-auth tune". Prints, and returns 0 or -E_… with words. */
struct daemon_command {
	const char *name, *operand; /* its name in the help, or NULL */
	int (*run)(const void *settings, const char *operand, struct fault *);
	const char *help;
};

struct daemon {
	const char *name;     /* "parlor-kv" */
	const char *section;  /* "kv" */
	const char *sentence; /* what it is, for --help and the man page */
	const struct setting *settings; /* its own, beside the common ones */
	size_t settings_size; /* of a struct that begins with daemon_settings */
	const struct op_service *services;     /* may be NULL */
	const struct daemon_command *commands; /* ends with no name; or NULL */
	/* Plain HTTP, called with the service as its arg; may be NULL. */
	const struct http_handler *other;
	unsigned flags;
	int port; /* of the default address; the admin listener's is 1000 more */
	/* Are these settings possible together? -E_INVALID with words if not.
	 * For --check too, so without side effects. May be NULL. */
	int (*check)(const void *settings, struct fault *);
	/* The service of AWS's that signed requests name ("dynamodb"); NULL:
	 * such requests are refused. */
	const char *aws_service;
	/* As identity_signing_fn and identity_unseen_fn, with the service; NULL:
	 * the store is asked, and none is unseen. */
	int (*signing)(void *service, const struct sigv4_credential *,
		       uint8_t key[HASH_SIZE], struct arena *,
		       struct principal *);
	bool (*unseen)(void *service, struct slice access_key_id,
		       struct arena *, struct principal *);
	/* Once, before threads; the returned pointer is call.service. NULL with
	 * the fault set ends the daemon. */
	void *(*start)(struct daemon_state *, struct fault *);
	/* On each I/O thread before it serves; call.thread. May be NULL. */
	void *(*thread_start)(struct daemon_state *, void *service,
			      struct loop *);
	void (*thread_stop)(void *service, void *thread);
	/* On the main thread: daemon_settings gives the new settings here,
	 * and everywhere once this has returned 0; the old ones stay where
	 * they are. What is made of them is replaced here.
	 * -E_… with words refuses them: nothing changes. May be NULL. */
	int (*reload)(struct daemon_state *, void *service, struct fault *);
	/* Once no loop runs any more: waits for work on other threads. What that
	 * posts runs before `stop`. May be NULL. */
	void (*end_work)(void *service);
	/* After the last connection has closed. */
	void (*stop)(void *service);
	/* Is it ready? May be NULL: ready when started. */
	bool (*ready)(void *service);
};

enum daemon_flag {
	DAEMON_NO_USERS = 1 << 0,  /* takes no users' tokens */
	DAEMON_IS_STORE = 1 << 1,  /* is parlor-kv: follows itself */
	DAEMON_IS_ISSUER = 1 << 2, /* is parlor-auth: knows the keys and the
				      clients itself */
};

int daemon_main(int argc, char **argv, const struct daemon *);

/* On an I/O thread: what thread_start returned there. */
void *daemon_thread(void);

/* For the callbacks; what they return lives as long as the daemon, settings
 * that a reload has replaced too. */
const void *daemon_settings(const struct daemon_state *);
const char *daemon_data_dir(const struct daemon_state *);
struct loop *daemon_loop(const struct daemon_state *, size_t thread);
size_t daemon_threads(const struct daemon_state *);
const struct caller *daemon_caller(const struct daemon_state *);
struct identity *daemon_identity(const struct daemon_state *);
struct keyset *daemon_user_keys(const struct daemon_state *);
struct revocations *daemon_revocations(const struct daemon_state *);
/* The store, seen from the loop of the calling thread. */
struct rpc_client *daemon_kv(struct daemon_state *, struct loop *);
struct spool *daemon_spool(const struct daemon_state *);
/* Are a listener's addresses all such that only this machine reaches them? */
bool daemon_is_loopback(const char *addresses);
/* For calls to https:// addresses; NULL when none is configured. */
struct tls *daemon_tls(const struct daemon_state *);
/* A target that the skeleton follows; freed with the daemon. In start and
 * thread_start only. */
struct target *daemon_target(struct daemon_state *, const char *text,
			     struct fault *);

#endif
