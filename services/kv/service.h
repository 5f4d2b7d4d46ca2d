/* services/kv/service.h - parlor-kv from its start to its stop
 *
 * The callbacks that main.c hands to the skeleton. The rooms below: a request
 * passes api, op and store in this order; model, expr, usage and access are
 * pure.
 */
#ifndef PARLOR_KV_SERVICE_H
#define PARLOR_KV_SERVICE_H

#include "lib/daemon/daemon.h"

struct kv_settings {
	struct daemon_settings common;
	const char *store;	/* the engine's directory */
	int64_t store_max;	/* bytes its file may grow to */
	const char *access_key; /* the file that seals access keys */
	const char *admin;	/* the first administrator's file */
	bool any_access_key;	/* for tests on one machine */
	const char *prices;	/* the price sheet */
	int64_t user_items, user_items_burst; /* a second */
	int64_t user_units, user_units_burst;
};

extern const struct setting kv_settings[];

void *kv_start(struct daemon_state *, struct fault *);
void *kv_thread_start(struct daemon_state *, void *service, struct loop *);
void kv_thread_stop(void *service, void *thread);
void kv_stop(void *service);
bool kv_ready(void *service);
int kv_settings_check(const void *settings, struct fault *);
int kv_signing(void *service, const struct sigv4_credential *,
	       uint8_t key[HASH_SIZE], struct arena *, struct principal *);
bool kv_unseen(void *service, struct slice access_key_id, struct arena *,
	       struct principal *);

#endif
