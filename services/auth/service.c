/* services/auth/service.c - what parlor-auth is while it runs */
#include "services/auth/service.h"
#include "lib/crypto/seal.h"
#include "lib/meter/log.h"
#include "services/auth/op/mailer.h"
#include "services/auth/op/pools.h"
#include "services/auth/op/post.h"
#include "services/auth/op/signing_keys.h"
#include "services/auth/web/page.h"

enum { MAIL_QUEUE = 256 };

struct service {
	struct auth auth; /* the first: call.service */
	struct auth_signing_keys *keys;
	struct auth_post *post; /* auth.post, for its end */
};

/* Settings may go away with a reload; these stay for good. */
static const char *keep(const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		abort(); /* lack of memory ends the process */
	return copy;
}

/* Who signs up has an address, and is mailed a code. */
static const struct auth_rule home_rule = {
	.name = { (const uint8_t *)"email", 5 },
	.type = AUTH_TYPE_STRING,
	.required = true,
	.min = { (const uint8_t *)"0", 1 },
	.max = { (const uint8_t *)"2048", 4 },
};

static const struct slice home_factors[] = {
	{ (const uint8_t *)"PASSWORD", 8 },
	{ (const uint8_t *)"EMAIL_OTP", 9 },
};

/* The settings' own pool and client. */
static void make_home(struct auth *auth, const struct daemon_settings *settings)
{
	struct auth_realm *realm = &auth->home_realm;

	realm->issuer = keep(settings->issuer);
	realm->pool_id = keep(settings->user_pool_id);
	realm->keyring = auth_keyring_new();
	auth->home_pool.id = slice_of(realm->pool_id);
	auth->home_pool.schema = (struct auth_schema){ &home_rule, 1 };
	auth->home_pool.verified = (struct auth_texts){ &home_rule.name, 1 };
	auth->home_pool.first_factors = (struct auth_texts){ home_factors, 2 };
	auth->home_client.id = slice_of(keep(settings->client_id));
	auth->home_client.pool_id = auth->home_pool.id;
	auth->home = (struct auth_scope){
		.realm = realm,
		.pool = &auth->home_pool,
		.client = &auth->home_client,
	};
}

static void report_pools(const char *why)
{
	log_warn("the user pools: %s", why);
}

void *auth_start(struct daemon_state *daemon, struct fault *fault)
{
	const struct auth_settings *settings = daemon_settings(daemon);
	struct auth_post *post = auth_post_new(&settings->mail, NULL, fault);
	struct seal *seal = seal_new(settings->seal_key, fault);
	struct service *service = calloc(1, sizeof(*service));
	struct auth *auth = &service->auth;
	const struct web_look *look =
	    web_look_new(settings->page_title, settings->page_style, NULL,
			 fault);

	if (!service)
		abort(); /* lack of memory ends the process */
	if (!seal || !post || !look) {
		seal_free(seal);
		auth_post_free(post);
		web_look_free(look);
		free(service);
		return NULL;
	}
	atomic_init(&auth->look, look);
	atomic_init(&auth->rules, &settings->rules);
	make_home(auth, &settings->common);
	auth->home_realm.verifier = daemon_user_keys(daemon);
	auth->home_realm.identity = daemon_identity(daemon);
	auth->region = keep(settings->common.region);
	auth->thread = daemon_thread;
	auth->revocations = daemon_revocations(daemon);
	auth->seal = seal;
	auth->pools =
	    auth_pools_new(auth, daemon_loop(daemon, 0), report_pools);
	auth->pool = pool_new_behind(auth_hash_threads(&settings->rules),
				     (size_t)settings->rules.hash_queue);
	auth->signers = pool_new(auth_hash_threads(&settings->rules),
				 (size_t)settings->rules.hash_queue);
	service->post = post;
	atomic_init(&auth->post, post);
	auth->mail = pool_new(1, MAIL_QUEUE);
	auth->limits = auth_limits_new(&settings->rates);
	return service;
}

static void report(const char *why)
{
	log_warn("the signing keys: %s", why);
}

void *auth_thread_start(struct daemon_state *daemon, void *service,
			struct loop *loop)
{
	struct service *s = service;
	struct rpc_client *kv = daemon_kv(daemon, loop);

	if (loop != daemon_loop(daemon, 0))
		return kv;
	s->auth.mailer = auth_mailer_new(&s->auth, loop, kv);
	s->keys =
	    auth_signing_keys_new(&s->auth, &s->auth.home, loop, kv, report);
	auth_pools_follow(s->auth.pools, kv);
	return kv;
}

int auth_reload(struct daemon_state *daemon, void *service, struct fault *fault)
{
	const struct auth_settings *settings = daemon_settings(daemon);
	struct service *s = service;
	struct auth_post *post = auth_post_new(&settings->mail, s->post, fault);
	const struct web_look *look;

	if (!post)
		return -fault->code;
	s->post = post;
	look = web_look_new(settings->page_title, settings->page_style,
			    atomic_load(&s->auth.look), fault);
	if (!look)
		return -fault->code;
	atomic_store(&s->auth.post, post);
	atomic_store(&s->auth.look, look);
	atomic_store(&s->auth.rules, &settings->rules);
	return 0;
}

bool auth_ready(void *service)
{
	struct service *s = service;

	return auth_keyring_count(s->auth.home_realm.keyring) > 0 &&
	       auth_pools_ready(s->auth.pools);
}

void auth_end_work(void *service)
{
	struct service *s = service;
	struct auth *auth = &s->auth;

	atomic_store(&auth->ending, true);
	pool_end(auth->pool);
	pool_end(auth->signers);
	pool_end(auth->mail);
}

void auth_stop(void *service)
{
	struct service *s = service;
	struct auth *auth = &s->auth;

	pool_free(auth->pool);
	pool_free(auth->signers);
	pool_free(auth->mail);
	auth_mailer_free(auth->mailer);
	auth_post_free(s->post);
	auth_limits_free(auth->limits);
	auth_signing_keys_free(s->keys);
	auth_pools_free(auth->pools);
	auth_keyring_free(auth->home_realm.keyring);
	seal_free(auth->seal);
	web_look_free(atomic_load(&auth->look));
	free((char *)auth->home_realm.issuer);
	free((char *)auth->home_realm.pool_id);
	free((uint8_t *)auth->home_client.id.data);
	free((char *)auth->region);
	free(s);
}
