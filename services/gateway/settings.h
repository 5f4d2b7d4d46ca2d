/* services/gateway/settings.h - the gateway's section, and the plan made of it
 */
#ifndef PARLOR_GATEWAY_SETTINGS_H
#define PARLOR_GATEWAY_SETTINGS_H

#include "lib/daemon/daemon.h"
#include "services/gateway/forward/forward.h"
#include "services/gateway/site/site.h"

struct gateway_settings {
	struct daemon_settings common;
	struct setting_list targets;	 /* of struct gateway_target */
	struct setting_list services;	 /* of struct gateway_service */
	struct setting_list routes;	 /* of struct gateway_route */
	struct setting_list descriptors; /* files */
	int64_t timeout_ms, concurrency, streams, body_max_anonymous;
	int64_t user_rate, user_burst, address_rate, address_burst;
	const char *web_root, *web_gateway_url, *web_auth_url, *web_kv_url;
};

struct gateway_target {
	const char *name, *address;
};

struct gateway_service {
	const char *name, *target;
	int authorizer; /* enum gateway_authorizer */
	int64_t timeout_ms;
};

struct gateway_route {
	const char *key, *method, *target;
	int authorizer;
	int64_t timeout_ms;
};

enum gateway_authorizer { AUTHORIZER_JWT, AUTHORIZER_NONE };

extern const struct setting gateway_settings[];

/* Can a plan be made of these? -E_INVALID with words if not. */
int gateway_settings_check(const void *settings, struct fault *);

/* The back ends' names and addresses: the suite's own, then the section's
 * targets. Returns how many; -E_INVALID with words when there are too many. */
int gateway_settings_backends(const struct gateway_settings *,
			      struct backend out[BACKENDS_MAX], struct fault *);

/* The web client's files. NULL, with words, when they cannot be had. */
struct site *gateway_settings_site(const struct gateway_settings *,
				   struct fault *);

/* NULL, with words that name the setting, when it cannot be. `threads` share the
 * concurrency. */
struct plan *gateway_settings_plan(const struct gateway_settings *,
				   size_t threads, struct fault *);

#endif
