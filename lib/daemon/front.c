/* lib/daemon/front.c - what answers on the public listener and the admin one
 *
 * The public one answers /healthz and /readyz itself, a word each, and what
 * browsers ask for their pages; it hands everything else to the operations'
 * dispatch, behind which stands what the daemon has of plain HTTP.
 */
#include "lib/base/clock.h"
#include "lib/crypto/keyset.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/meter/metric.h"
#include "lib/net/cors.h"
#include "lib/rpc/dispatch.h"

enum { METRICS_BYTES = 8 << 20 };

/* The store serves the other daemons before auth is there. */
static bool knows_users(const struct daemon_state *s)
{
	return s->daemon->flags & DAEMON_IS_STORE || !follow_keys_wanted(s) ||
	       keyset_filled(s->users);
}

const char *front_readiness(struct daemon_state *s, int *status)
{
	const struct daemon *d = s->daemon;
	int phase = atomic_load(&s->phase);

	*status = 503;
	if (phase == DAEMON_DRAINING)
		return "draining";
	if (phase == DAEMON_STARTING || !knows_users(s) ||
	    (d->ready && !d->ready(s->service)))
		return "starting";
	*status = 200;
	return "ready";
}

static void answer(struct http_request *r, int status, const char *type,
		   struct slice body)
{
	const struct http_header headers[] = {
		{ SLICE("content-type"), slice_of(type) },
		{ SLICE("cache-control"), SLICE("no-store") },
	};

	http_respond(r, status, headers, 2, body);
}

static void answer_word(struct http_request *r, int status, const char *word)
{
	char line[32];

	snprintf(line, sizeof(line), "%s\n", word);
	answer(r, status, "text/plain", slice_of(line));
}

static void refuse_method(struct http_request *r)
{
	const struct http_header allow = { SLICE("allow"), SLICE("GET, HEAD") };

	http_respond(r, 405, &allow, 1, slice_make(NULL, 0));
}

/* Answers /healthz and /readyz; false when it is neither. */
static bool answer_health(struct http_request *r, struct daemon_state *s)
{
	bool health = slice_is(r->path, "/healthz");
	int status = 200;
	const char *word = "ok";

	if (!health && !slice_is(r->path, "/readyz"))
		return false;
	if (!slice_is(r->method, "GET") && !slice_is(r->method, "HEAD")) {
		refuse_method(r);
		return true;
	}
	if (!health)
		word = front_readiness(s, &status);
	answer_word(r, status, word);
	return true;
}

/* ---- public ------------------------------------------------------------------ */

static void browser_over(struct http_request *r, int status, uint64_t sent)
{
	log_request(&(struct log_request){
	    .operation = "preflight",
	    .peer = r->peer,
	    .code = status == 204 ? "ok" : "permission_denied",
	    .principal = SLICE("anonymous"),
	    .status = status,
	    .microseconds = (clock_monotonic_ns() - r->started_ns) / 1000,
	    .bytes_out = sent,
	});
}

/* By the settings in force now. */
static bool answer_browser(struct http_request *r, const struct daemon_state *s)
{
	const struct daemon_settings *set = state_settings(s);
	const struct cors cors = {
		.origins = set->cors_origins.rows,
		.count = set->cors_origins.count,
		.headers = set->cors_headers,
		.max_age_ms = set->cors_max_age_ms,
	};

	if (!cors_begin(&cors, r))
		return false;
	r->on_end = browser_over;
	return true;
}

static void front_begin(struct http_request *r, void *arg)
{
	struct daemon_state *s = arg;

	if (!answer_health(r, s) && !answer_browser(r, s) && s->inner.begin)
		s->inner.begin(r, s->inner.arg);
}

static void front_handle(struct http_request *r, void *arg)
{
	struct daemon_state *s = arg;

	s->inner.handle(r, s->inner.arg);
}

static void front_error(struct http_request *r, int status, const char *why,
			void *arg)
{
	struct daemon_state *s = arg;

	s->inner.error(r, status, why, s->inner.arg);
}

static void not_found(struct http_request *r, void *arg)
{
	(void)arg;
	answer_word(r, 404, "not found");
}

static int make_dispatch(struct daemon_state *s, struct fault *fault)
{
	const struct dispatch_options options = {
		.services = s->daemon->services,
		.descriptors = descriptor_set_parlor(),
		.identity = s->identity,
		.other = s->daemon->other ? &s->other : NULL,
		.fetch_key = s->daemon->signing ? NULL : signing_keys_fetch,
		.fetch_arg = s,
		.service = s->service,
		.thread = thread_own,
		.body_max = (size_t)state_settings(s)->body_max,
		.over = access_over,
		.over_arg = s,
	};

	access_init(s->daemon->services);
	s->dispatch = dispatch_new(&options, fault);
	if (!s->dispatch)
		return -fault->code;
	s->inner = *dispatch_handler(s->dispatch);
	return 0;
}

static int make_inner(struct daemon_state *s, struct fault *fault)
{
	if (s->daemon->other) {
		s->other = *s->daemon->other;
		s->other.arg = s->service;
	}
	if (s->daemon->services)
		return make_dispatch(s, fault);
	if (s->daemon->other)
		s->inner = s->other;
	else
		s->inner = (struct http_handler){ .handle = not_found };
	return 0;
}

/* On all threads; `real` is the address with its port. */
static int listen_at(struct daemon_state *s, struct slice asked,
		     char real[DAEMON_ADDRESS], struct fault *fault)
{
	char text[DAEMON_ADDRESS];
	const char *address = text;

	snprintf(text, sizeof(text), "%.*s", SLICE_ARGS(asked));
	for (size_t i = 0; i < s->thread_count; i++) {
		if (http_server_listen(s->server, s->threads[i].loop, address,
				       real, DAEMON_ADDRESS, fault) < 0)
			return -fault->code;
		address = real; /* port 0 is picked once */
	}
	return 0;
}

static int listen_public(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *set = state_settings(s);
	const struct http_limits limits = {
		.body = (size_t)set->body_max,
		.connections = (size_t)set->connections,
		.connections_per_address = (size_t)set->connections_per_address,
	};
	struct slice rest = slice_of(set->listen);
	char other[DAEMON_ADDRESS], *real = s->address;

	s->front = (struct http_handler){
		.begin = front_begin,
		.handle = front_handle,
		.error = s->inner.error ? front_error : NULL,
		.arg = s,
	};
	s->server = http_server_new(&limits, &s->front, s->tls);
	while (rest.size) {
		if (listen_at(s, slice_cut(&rest, ','), real, fault) < 0)
			return -fault->code;
		real = other; /* the first one is what others are told */
	}
	return 0;
}

/* ---- admin ------------------------------------------------------------------- */

static void answer_metrics(struct http_request *r, struct daemon_state *s)
{
	struct buffer text;

	buffer_init(&text, METRICS_BYTES);
	metric_set(metric_gauge("parlor_connections", "Open connections.", ""),
		   (int64_t)http_server_connections(s->server));
	metric_print(&text);
	answer(r, 200, "text/plain; version=0.0.4", buffer_slice(&text));
	buffer_release(&text);
}

static void admin_handle(struct http_request *r, void *arg)
{
	if (answer_health(r, arg))
		return;
	if (!slice_is(r->path, "/metrics"))
		not_found(r, arg);
	else if (!slice_is(r->method, "GET") && !slice_is(r->method, "HEAD"))
		refuse_method(r);
	else
		answer_metrics(r, arg);
}

static int listen_admin(struct daemon_state *s, struct fault *fault)
{
	static const struct http_limits limits = { .body = 1024,
						   .connections = 64,
						   .arena = 1 << 20,
						   .output = METRICS_BYTES };
	static struct http_handler handler = { .handle = admin_handle };

	if (!state_settings(s)->admin_listen)
		return 0;
	handler.arg = s;
	s->admin = http_server_new(&limits, &handler, NULL);
	return http_server_listen(s->admin, s->follower.loop,
				  state_settings(s)->admin_listen,
				  s->admin_address, sizeof(s->admin_address),
				  fault);
}

int front_open(struct daemon_state *s, struct fault *fault)
{
	if (make_inner(s, fault) < 0 || listen_public(s, fault) < 0 ||
	    listen_admin(s, fault) < 0)
		return -fault->code;
	return 0;
}

void front_close(struct daemon_state *s)
{
	if (s->server)
		http_server_free(s->server);
	if (s->admin)
		http_server_free(s->admin);
	if (s->dispatch)
		dispatch_free(s->dispatch);
}
