/* services/kv/service.c - parlor-kv from its start to its stop */
#include "services/kv/service.h"
#include "lib/crypto/seal.h"
#include "lib/meter/log.h"
#include "services/kv/model/item.h"
#include "services/kv/op/access_keys.h"
#include "services/kv/op/capacity.h"
#include "services/kv/op/catalog.h"
#include "services/kv/op/index_builder.h"
#include "services/kv/op/kv.h"
#include "services/kv/op/remover.h"
#include "services/kv/store/store.h"

#include <jansson.h>
#include <sys/stat.h>

#define AT(field) offsetof(struct kv_settings, field)

const struct setting kv_settings[] = {
	{ "store", SETTING_TEXT, AT(store), "store",
	  .help = "The directory of the store's files.",
	  .flags = SETTING_PATH },
	{ "store_max", SETTING_SIZE, AT(store_max), "256GB",
	  .help = "The most the store's file may grow to; what is not used "
		  "takes neither memory nor disk.",
	  .min = 16 << 20, .max = INT64_C(1) << 46 },
	{ "access_key_seal", SETTING_TEXT, AT(access_key), "keys/kv-seal.key",
	  .help = "The 32 bytes that seal the secrets of access keys.",
	  .flags = SETTING_PATH },
	{ "admin", SETTING_TEXT, AT(admin), "admin.json",
	  .help = "The first administrator's access key, taken over at start "
		  "unless it is known.",
	  .flags = SETTING_PATH },
	{ "any_access_key", SETTING_BOOL, AT(any_access_key), "false",
	  .help = "Believe any access key that is not known, of any region and "
		  "without looking at its signature, to be an "
		  "administrator's: for tests on one machine, refused unless "
		  "every listener is loopback.",
	  .flags = SETTING_START },
	{ "prices", SETTING_TEXT, AT(prices),
	  .help = "The price sheet of GetBill, YAML; it is read for each bill.",
	  .flags = SETTING_PATH | SETTING_START },
	{ "user_item_limit", SETTING_INTEGER, AT(user_items), "0",
	  .help = "Items and pages a second that each user, or each address "
		  "without a token, may ask for on average; 0 is no limit.",
	  .max = 1000000, .flags = SETTING_START },
	{ "user_item_burst", SETTING_INTEGER, AT(user_items_burst), "200",
	  .help = "Of them at once.", .min = 1, .max = 1000000,
	  .flags = SETTING_START },
	{ "user_unit_limit", SETTING_INTEGER, AT(user_units), "0",
	  .help = "Capacity units a second that each user, or each address "
		  "without a token, may use on average; 0 is no limit.",
	  .max = 1000000, .flags = SETTING_START },
	{ "user_unit_burst", SETTING_INTEGER, AT(user_units_burst), "1000",
	  .help = "Of them at once.", .min = 1, .max = 1000000,
	  .flags = SETTING_START },
	{ 0 }
};

/* ---- the first administrator -----------------------------------------------
 */

static int import_admin(struct access_keys *keys, const char *file,
			struct fault *why)
{
	json_t *json;
	const char *id, *secret;
	struct stat there;

	if (stat(file, &there) != 0)
		return 0;
	json = json_load_file(file, JSON_REJECT_DUPLICATES, NULL);
	if (json_unpack(json, "{s:s, s:s}", "access_key_id", &id,
			"secret_access_key", &secret) != 0)
		fault_set(why, E_INVALID,
			  "'%s' has no access_key_id and secret_access_key",
			  file);
	else
		access_keys_import(keys, slice_of(id), slice_of(secret), why);
	json_decref(json);
	return -why->code;
}

int kv_signing(void *service, const struct sigv4_credential *credential,
	       uint8_t key[HASH_SIZE], struct arena *mem,
	       struct principal *principal)
{
	const struct kv *kv = service;

	return access_keys_signing(kv->access_keys, credential, key, mem,
				   principal);
}

bool kv_unseen(void *service, struct slice access_key_id, struct arena *mem,
	       struct principal *principal)
{
	const struct kv *kv = service;

	if (!kv->any_access_key ||
	    access_keys_has(kv->access_keys, access_key_id))
		return false;
	*principal = (struct principal){
		.kind = PRINCIPAL_ADMIN,
		.text = slice_of(
		    arena_printf(mem, "admin:%.*s", SLICE_ARGS(access_key_id))),
		.access_key = access_key_id,
	};
	return true;
}

int kv_settings_check(const void *settings, struct fault *fault)
{
	const struct kv_settings *set = settings;

	if (set->any_access_key && !daemon_is_loopback(set->common.listen))
		return fault_set(fault, E_INVALID,
				 "kv.any_access_key: '%s' is not loopback, and "
				 "whoever reached it could do everything",
				 set->common.listen);
	return 0;
}

/* ---- start and stop --------------------------------------------------------
 */

static int open_parts(struct kv *kv, const struct kv_settings *set,
		      struct fault *why)
{
	struct seal *seal = seal_new(set->access_key, why);

	if (!seal)
		return -why->code;
	kv->store = store_open_lmdb(set->store, (size_t)set->store_max,
				    kv_item_size, why);
	if (!kv->store) {
		seal_free(seal);
		return -why->code;
	}
	kv->access_keys = access_keys_open(kv->store, seal, why);
	if (kv->access_keys &&
	    import_admin(kv->access_keys, set->admin, why) == 0)
		kv->catalog = catalog_open(kv->store, why);
	return -why->code;
}

void *kv_start(struct daemon_state *daemon, struct fault *why)
{
	const struct kv_settings *set = daemon_settings(daemon);
	struct kv *kv = calloc(1, sizeof(*kv));

	if (!kv)
		abort(); /* lack of memory ends the process */
	kv->spool = daemon_spool(daemon);
	kv->region = strdup(set->common.region);
	kv->any_access_key = set->any_access_key;
	if (kv->any_access_key)
		log_warn("any_access_key: whoever reaches this machine's "
			 "loopback is an administrator");
	kv->prices = set->prices;
	kv->capacity = capacity_new(
	    &(struct capacity_limits){ .items = set->user_items,
				       .items_burst = set->user_items_burst,
				       .units = set->user_units,
				       .units_burst = set->user_units_burst });
	if (open_parts(kv, set, why) == 0) {
		kv->remover = remover_start(kv);
		kv->index_builder = index_builder_new(kv);
		return kv;
	}
	kv_stop(kv);
	return NULL;
}

void kv_stop(void *service)
{
	struct kv *kv = service;

	remover_stop(kv->remover);
	index_builder_free(kv->index_builder);
	store_close(kv->store);
	catalog_free(kv->catalog);
	access_keys_free(kv->access_keys);
	capacity_free(kv->capacity);
	free((char *)kv->region);
	free(kv);
}

void *kv_thread_start(struct daemon_state *daemon, void *service,
		      struct loop *loop)
{
	struct kv_thread *thread = calloc(1, sizeof(*thread));

	(void)daemon;
	(void)service;
	(void)loop;
	if (!thread)
		abort(); /* lack of memory ends the process */
	return thread;
}

void kv_thread_stop(void *service, void *thread)
{
	struct kv_thread *mine = thread;

	(void)service;
	snapshot_reader_release(&mine->catalog);
	free(mine);
}

bool kv_ready(void *service)
{
	const struct kv *kv = service;

	return store_healthy(kv->store);
}
