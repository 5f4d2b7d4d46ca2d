/* services/gateway/settings.c - the gateway's section, and the plan made of it
 */
#include "services/gateway/settings.h"
#include "services/gateway/forward/exchange.h"

#include <errno.h>
#include <stdio.h>

enum { DESCRIPTORS_MAX = 16 << 20 };

static const char *const authorizers[] = { "jwt", "none", NULL };

#define AT(type, field) offsetof(struct type, field)

static const struct setting target_rows[] = {
	{ "name", SETTING_TEXT, AT(gateway_target, name),
	  .help = "What routes call it; also the audience of the gateway's "
		  "token there.",
	  .flags = SETTING_KEY },
	{ "address", SETTING_TEXT, AT(gateway_target, address),
	  .help = "HOST:PORT,HOST:PORT, unix:PATH, dns:HOST:PORT or file:PATH.",
	  .flags = SETTING_REQUIRED | SETTING_ADDRESSES },
	{ 0 }
};

static const struct setting service_rows[] = {
	{ "name", SETTING_TEXT, AT(gateway_service, name),
	  .help = "The service's full name, as parlor.game.v1.Matches.",
	  .flags = SETTING_KEY },
	{ "target", SETTING_TEXT, AT(gateway_service, target),
	  .help = "Who serves it: auth, kv, game or one of targets.",
	  .flags = SETTING_REQUIRED },
	{ "authorizer", SETTING_CHOICE, AT(gateway_service, authorizer), "jwt",
	  .help = "Who may call: a user with an access token, or anybody.",
	  .choices = authorizers },
	{ "timeout", SETTING_DURATION, AT(gateway_service, timeout_ms),
	  .help = "Other than the gateway's own.", .min = 1, .max = 900000 },
	{ 0 }
};

static const struct setting route_rows[] = {
	{ "key", SETTING_TEXT, AT(gateway_route, key),
	  .help = "A verb and a path, as GET /matches/{match_id}; parameters "
		  "are fields of the rpc's message.",
	  .flags = SETTING_KEY },
	{ "method", SETTING_TEXT, AT(gateway_route, method),
	  .help = "The rpc, as parlor.game.v1.Matches/GetMatch.",
	  .flags = SETTING_REQUIRED },
	{ "target", SETTING_TEXT, AT(gateway_route, target),
	  .help = "Who serves it: auth, kv, game or one of targets.",
	  .flags = SETTING_REQUIRED },
	{ "authorizer", SETTING_CHOICE, AT(gateway_route, authorizer), "jwt",
	  .help = "Who may call: a user with an access token, or anybody.",
	  .choices = authorizers },
	{ "timeout", SETTING_DURATION, AT(gateway_route, timeout_ms),
	  .help = "Other than the gateway's own.", .min = 1, .max = 900000 },
	{ 0 }
};

#define OWN(field) offsetof(struct gateway_settings, field)

const struct setting gateway_settings[] = {
	{ "targets", SETTING_TABLE, OWN(targets),
	  .help = "Back ends beside auth, kv and game, by name.",
	  .rows = target_rows, .row_size = sizeof(struct gateway_target) },
	{ "services", SETTING_TABLE, OWN(services),
	  .help = "Services whose rpcs are passed on under their own paths, in "
		  "the Connect protocol.",
	  .rows = service_rows, .row_size = sizeof(struct gateway_service) },
	{ "routes", SETTING_TABLE, OWN(routes),
	  .help = "REST paths with JSON, each an rpc.", .rows = route_rows,
	  .row_size = sizeof(struct gateway_route) },
	{ "descriptors", SETTING_LIST, OWN(descriptors),
	  .help = "Files with what protoc says of further rpcs "
		  "(--descriptor_set_out, with imports), beside Parlor's own.",
	  .flags = SETTING_PATH },
	{ "timeout", SETTING_DURATION, OWN(timeout_ms), "29s",
	  .help = "How long a back end may take; connect-timeout-ms may ask "
		  "for less.",
	  .min = 1, .max = 900000 },
	{ "concurrency", SETTING_INTEGER, OWN(concurrency), "2048",
	  .help = "Calls under way at once; more are refused, none waits.",
	  .min = 1, .max = 1000000 },
	{ "streams", SETTING_INTEGER, OWN(streams), "8192",
	  .help = "Streams of a service's answers open at once, beside those.",
	  .min = 1, .max = 1000000 },
	{ "body_max_anonymous", SETTING_SIZE, OWN(body_max_anonymous), "64KB",
	  .help = "The longest body of a request without a token.",
	  .max = 64 << 20 },
	{ "user_rate_limit", SETTING_INTEGER, OWN(user_rate), "0",
	  .help = "Requests a second of each user, on average; 0 is no limit.",
	  .max = 1000000 },
	{ "user_burst_limit", SETTING_INTEGER, OWN(user_burst), "100",
	  .help = "Of them at once.", .min = 1, .max = 1000000 },
	{ "address_rate_limit", SETTING_INTEGER, OWN(address_rate), "0",
	  .help =
	      "Requests a second of each address, on average; 0 is no limit.",
	  .max = 1000000 },
	{ "address_burst_limit", SETTING_INTEGER, OWN(address_burst), "200",
	  .help = "Of them at once.", .min = 1, .max = 1000000 },
	{ "web_root", SETTING_TEXT, OWN(web_root),
	  .help = "The web client's folder, served where no route is; read "
		  "whole, so after a change of its files send SIGHUP.",
	  .flags = SETTING_PATH },
	{ "web_gateway_url", SETTING_TEXT, OWN(web_gateway_url),
	  .help = "The gateway's public URL, for /config.json; without it "
		  "where the page came from." },
	{ "web_auth_url", SETTING_TEXT, OWN(web_auth_url),
	  .help = "The same of parlor-auth; without it the issuer's." },
	{ "web_kv_url", SETTING_TEXT, OWN(web_kv_url),
	  .help =
	      "The same of parlor-kv; without it the address in suite.kv." },
	{ 0 }
};

/* ---- back ends -------------------------------------------------------------
 */

static void add_backend(struct backend *out, size_t *count, const char *name,
			const char *address)
{
	if (*count < BACKENDS_MAX)
		out[*count] =
		    (struct backend){ .name = name, .address = address };
	++*count;
}

static int find_backend(const struct backend *backends, size_t count,
			const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(backends[i].name, name) == 0)
			return (int)i;
	return -E_MISSING;
}

int gateway_settings_backends(const struct gateway_settings *s,
			      struct backend out[BACKENDS_MAX],
			      struct fault *fault)
{
	const struct gateway_target *more = s->targets.rows;
	size_t count = 0;

	add_backend(out, &count, "auth", s->common.auth);
	add_backend(out, &count, "kv", s->common.kv);
	add_backend(out, &count, "game", s->common.game);
	for (size_t i = 0; i < s->targets.count; i++) {
		if (find_backend(out, count, more[i].name) >= 0)
			return fault_set(fault, E_INVALID,
					 "gateway.targets: '%s' is taken",
					 more[i].name);
		add_backend(out, &count, more[i].name, more[i].address);
		if (count > BACKENDS_MAX)
			return fault_set(fault, E_INVALID,
					 "gateway.targets: more than %d",
					 BACKENDS_MAX);
	}
	return (int)count;
}

/* ---- descriptors -----------------------------------------------------------
 */

static int read_file(const char *path, struct buffer *out, struct fault *fault)
{
	FILE *file = fopen(path, "re");
	uint8_t *place;
	size_t size;

	if (!file)
		return fault_set(fault, E_INVALID,
				 "gateway.descriptors: cannot open '%s': %s",
				 path, strerror(errno));
	while ((place = buffer_reserve(out, 65536)) &&
	       (size = fread(place, 1, 65536, file)) > 0)
		buffer_added(out, size);
	if (ferror(file) || out->failed)
		fault_set(fault, E_INVALID,
			  "gateway.descriptors: cannot read '%s'", path);
	fclose(file);
	return -fault->code;
}

static struct descriptor_set *load_set(const char *path, struct fault *fault)
{
	struct descriptor_set *set = NULL;
	struct fault why;
	struct buffer bytes;

	fault_clear(&why);
	buffer_init(&bytes, DESCRIPTORS_MAX);
	if (read_file(path, &bytes, fault) == 0) {
		set = descriptor_set_load(buffer_slice(&bytes), &why);
		if (!set)
			fault_set(fault, E_INVALID,
				  "gateway.descriptors: '%s': %s", path,
				  why.message);
	}
	buffer_release(&bytes);
	return set;
}

/* Returns where rpcs are looked for: in the files, then among Parlor's own. */
static const struct descriptor_set **load_sets(const struct setting_list *files,
					       struct plan *plan,
					       struct fault *fault)
{
	const struct descriptor_set **all =
	    arena_array(&plan->mem, files->count + 2,
			sizeof(struct descriptor_set *));
	const char *const *paths = files->rows;

	plan->sets = calloc(files->count + 1, sizeof(struct descriptor_set *));
	if (!plan->sets || !all)
		abort();
	for (size_t i = 0; i < files->count && !fault->code; i++)
		all[i] = plan->sets[i] = load_set(paths[i], fault);
	all[files->count] = descriptor_set_parlor();
	return all;
}

/* ---- routes ----------------------------------------------------------------
 */

/* What routes are made with. */
struct making {
	const struct gateway_settings *settings;
	const struct descriptor_set *const *sets;
	struct backend backends[BACKENDS_MAX];
	size_t backend_count;
	struct plan *plan;
	struct fault *fault;
};

static struct route_options options(const struct making *m, const char *where,
				    const char *target, int authorizer,
				    int64_t timeout_ms)
{
	int backend = find_backend(m->backends, m->backend_count, target);

	if (backend < 0)
		fault_set(m->fault, E_INVALID, "gateway.%s: no target '%s'",
			  where, target);
	return (struct route_options){
		.sets = m->sets,
		.target = target,
		.backend = backend < 0 ? 0 : (size_t)backend,
		.anybody = authorizer == AUTHORIZER_NONE,
		.timeout_ms = timeout_ms ? timeout_ms : m->settings->timeout_ms,
	};
}

/* Puts the setting's name in front of the words. */
static void tell(const struct making *m, const char *where,
		 const struct fault *why)
{
	if (why->code)
		fault_set(m->fault, E_INVALID, "gateway.%s: %s", where,
			  why->message);
}

static void add_services(const struct making *m)
{
	const struct gateway_service *rows = m->settings->services.rows;

	for (size_t i = 0; i < m->settings->services.count; i++) {
		struct route_options o =
		    options(m, "services", rows[i].target, rows[i].authorizer,
			    rows[i].timeout_ms);
		struct fault why;

		fault_clear(&why);
		route_table_add_service(m->plan->routes, rows[i].name, &o,
					&why);
		tell(m, "services", &why);
	}
}

static void add_routes(const struct making *m)
{
	const struct gateway_route *rows = m->settings->routes.rows;

	for (size_t i = 0; i < m->settings->routes.count; i++) {
		struct route_options o =
		    options(m, "routes", rows[i].target, rows[i].authorizer,
			    rows[i].timeout_ms);
		struct fault why;

		fault_clear(&why);
		route_table_add_rest(m->plan->routes, rows[i].key,
				     rows[i].method, &o, &why);
		tell(m, "routes", &why);
	}
	route_table_finish(m->plan->routes);
}

/* ---- the web client --------------------------------------------------------
 */

/* A header line would end here, or the policy's list. */
static bool is_url(const char *text)
{
	return (strncmp(text, "http://", 7) == 0 ||
		strncmp(text, "https://", 8) == 0) &&
	       !text[strcspn(text, " \t;,'\"<>\\")];
}

/* The issuer is auth's public URL, a slash and the pool. */
static const char *auth_url(const struct gateway_settings *s, struct arena *mem)
{
	const char *issuer = s->common.issuer;
	const char *slash = issuer ? strrchr(issuer, '/') : NULL;

	if (s->web_auth_url || !slash)
		return s->web_auth_url;
	return arena_copy(mem, issuer, (size_t)(slash - issuer));
}

static const char *kv_url(const struct gateway_settings *s, struct arena *mem)
{
	const char *kv = s->common.kv;

	if (s->web_kv_url || is_url(kv))
		return s->web_kv_url ? s->web_kv_url : kv;
	return strpbrk(kv, ",/") || strncmp(kv, "dns:", 4) == 0
		   ? NULL
		   : arena_printf(mem, "http://%s", kv);
}

static void check_url(const char *key, const char *url, struct fault *fault)
{
	if (!url || !is_url(url))
		fault_set(fault, E_INVALID,
			  "gateway.%s: is needed beside web_root: a URL such "
			  "as https://play.example",
			  key);
}

struct site *gateway_settings_site(const struct gateway_settings *s,
				   struct fault *fault)
{
	struct arena mem;
	struct site_options o;
	struct site *site = NULL;

	arena_init(&mem, 65536);
	o = (struct site_options){ .root = s->web_root,
				   .issuer = s->common.issuer,
				   .user_pool_id = s->common.user_pool_id,
				   .client_id = s->common.client_id,
				   .region = s->common.region,
				   .gateway = s->web_gateway_url,
				   .auth = auth_url(s, &mem),
				   .kv = kv_url(s, &mem) };
	if (o.root) {
		check_url("web_auth_url", o.auth, fault);
		check_url("web_kv_url", o.kv, fault);
		if (o.gateway)
			check_url("web_gateway_url", o.gateway, fault);
	}
	if (!fault->code)
		site = site_new(&o, fault);
	arena_release(&mem);
	return site;
}

/* ---- all of it -------------------------------------------------------------
 */

static size_t share(int64_t all, size_t threads)
{
	size_t each = (size_t)all / (threads ? threads : 1);

	return each ? each : 1;
}

struct plan *gateway_settings_plan(const struct gateway_settings *s,
				   size_t threads, struct fault *fault)
{
	struct plan *plan = plan_new();
	struct making m = { .settings = s, .plan = plan, .fault = fault };
	int backends = gateway_settings_backends(s, m.backends, fault);

	m.sets = load_sets(&s->descriptors, plan, fault);
	m.backend_count = backends < 0 ? 0 : (size_t)backends;
	if (!fault->code)
		add_services(&m);
	if (!fault->code)
		add_routes(&m);
	if (fault->code) {
		plan_free(plan);
		return NULL;
	}
	plan->per_user = throttle_new(s->user_rate, 1000, s->user_burst);
	plan->per_address =
	    throttle_new(s->address_rate, 1000, s->address_burst);
	plan->body_max = (size_t)s->common.body_max;
	plan->body_max_anonymous = (size_t)s->body_max_anonymous;
	plan->concurrency = share(s->concurrency, threads);
	plan->streams = share(s->streams, threads);
	plan->metrics = forward_metrics_new(plan->routes);
	return plan;
}

int gateway_settings_check(const void *settings, struct fault *fault)
{
	struct site *site = gateway_settings_site(settings, fault);

	if (site)
		site_free(site);
	if (!fault->code)
		plan_free(gateway_settings_plan(settings, 1, fault));
	return -fault->code;
}
