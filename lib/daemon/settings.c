/* lib/daemon/settings.c - what every daemon's section has, and reading it */
#include "lib/crypto/identity.h"
#include "lib/crypto/keyset.h"
#include "lib/daemon/state.h"
#include "lib/meter/log.h"
#include "lib/net/address.h"
#include "lib/net/tls.h"

enum {
	SETTINGS_BYTES = 32 << 20,
	PRINTED_BYTES = 1 << 20,
	ISSUER_NAME_MAX = 32,
};

static const char *const levels[] = { "debug", "info", "warn", "error", NULL };
static const char *const sections[] = { "suite",   "auth", "kv",
					"gateway", "game", NULL };

_Thread_local const struct generation *settings_on_trial;

#define AT(field) offsetof(struct daemon_settings, field)
#define IN_ISSUER(field) offsetof(struct daemon_issuer, field)

static const struct setting issuer_rows[] = {
	{ "name", SETTING_TEXT, IN_ISSUER(name),
	  .help = "What its users are told apart by: their sub and groups are "
		  "NAME|SUB and NAME|GROUP here.",
	  .flags = SETTING_REQUIRED | SETTING_KEY },
	{ "issuer", SETTING_TEXT, IN_ISSUER(issuer),
	  .help = "The iss of its tokens, exactly.",
	  .flags = SETTING_REQUIRED },
	{ "audience", SETTING_TEXT, IN_ISSUER(audience),
	  .help = "Our id there: in aud, or the client_id.",
	  .flags = SETTING_REQUIRED },
	{ "jwks_file", SETTING_TEXT, IN_ISSUER(jwks_file),
	  .help = "Its public keys, a file; SIGHUP reads it again.",
	  .flags = SETTING_PATH },
	{ "jwks_url", SETTING_TEXT, IN_ISSUER(jwks_url),
	  .help = "Instead of the file: where they are asked for, "
		  "https://HOST[:PORT]/PATH." },
	{ 0 }
};

static const struct setting common[] = {
	{ "listen", SETTING_TEXT, AT(listen),
	  .help =
	      "Where it listens: HOST:PORT or [HOST]:PORT (port 0 picks a free "
	      "one), and, after a comma, unix:PATH for this machine's other "
	      "daemons, without TLS and limits per address.",
	  .flags = SETTING_START | SETTING_ADDRESSES },
	{ "admin_listen", SETTING_TEXT, AT(admin_listen),
	  .help = "Where metrics are answered, on loopback or unix: only.",
	  .flags = SETTING_START | SETTING_ADDRESSES },
	{ "threads", SETTING_INTEGER, AT(threads), "0",
	  .help = "Threads that serve; 0 is one per processor.",
	  .max = DAEMON_THREADS_MAX, .flags = SETTING_START },
	{ "tls_certificate", SETTING_TEXT, AT(tls_certificate),
	  .help = "The certificate with its chain, a PEM file.",
	  .flags = SETTING_PATH | SETTING_SHARED },
	{ "tls_key", SETTING_TEXT, AT(tls_key),
	  .help = "The certificate's private key, a PEM file.",
	  .flags = SETTING_PATH | SETTING_SHARED },
	{ "tls_authorities", SETTING_TEXT, AT(tls_authorities),
	  .help =
	      "Whom to believe when calling https:// addresses, a PEM file; "
	      "without it whom the system believes.",
	  .flags = SETTING_PATH | SETTING_SHARED | SETTING_START },
	{ "behind_proxy", SETTING_BOOL, AT(behind_proxy), "false",
	  .help =
	      "Listen without TLS beyond loopback, because a proxy in front "
	      "has it.",
	  .flags = SETTING_SHARED },
	{ "log_level", SETTING_CHOICE, AT(log_level), "info",
	  .help =
	      "The least important lines that are logged; requests are info.",
	  .flags = SETTING_SHARED, .choices = levels },
	{ "log_file", SETTING_TEXT, AT(log_file),
	  .help =
	      "Where log lines go; without it to standard error. SIGHUP opens "
	      "it again.",
	  .flags = SETTING_PATH },
	{ "issuer", SETTING_TEXT, AT(issuer),
	  .help =
	      "The issuer of users' tokens: auth's public base URL, a slash "
	      "and the pool id. Without it users are refused.",
	  .flags = SETTING_SHARED | SETTING_START },
	{ "user_pool_id", SETTING_TEXT, AT(user_pool_id),
	  .help = "The pool of users, as local_AbCdEfGhI.",
	  .flags = SETTING_SHARED | SETTING_START },
	{ "client_id", SETTING_TEXT, AT(client_id),
	  .help =
	      "The app client that tokens must be for; without it any of the "
	      "pool's.",
	  .flags = SETTING_SHARED | SETTING_START },
	{ "issuers", SETTING_TABLE, AT(issuers),
	  .help = "Others whose users are accepted, by name: RS256 tokens of "
		  "theirs stand beside the pool's. A change takes a new "
		  "start.",
	  .flags = SETTING_SHARED, .rows = issuer_rows,
	  .row_size = sizeof(struct daemon_issuer) },
	{ "region", SETTING_TEXT, AT(region), "local-1",
	  .help = "The region in ARNs and in signatures.",
	  .flags = SETTING_SHARED | SETTING_START },
	{ "auth", SETTING_TEXT, AT(auth), "127.0.0.1:8081",
	  .help = "Where parlor-auth is: HOST:PORT,HOST:PORT, unix:PATH, "
		  "dns:HOST:PORT or file:PATH, with https:// in front of an "
		  "address for TLS.",
	  .flags = SETTING_SHARED | SETTING_START | SETTING_ADDRESSES },
	{ "kv", SETTING_TEXT, AT(kv), "127.0.0.1:8082",
	  .help = "Where parlor-kv is.",
	  .flags = SETTING_SHARED | SETTING_START | SETTING_ADDRESSES },
	{ "gateway", SETTING_TEXT, AT(gateway), "127.0.0.1:8080",
	  .help = "Where parlor-gateway is.",
	  .flags = SETTING_SHARED | SETTING_START | SETTING_ADDRESSES },
	{ "game", SETTING_TEXT, AT(game), "127.0.0.1:8083",
	  .help = "Where parlor-game is.",
	  .flags = SETTING_SHARED | SETTING_START | SETTING_ADDRESSES },
	{ "key_file", SETTING_TEXT, AT(key_file),
	  .help =
	      "This daemon's own private key (ES256, PEM), which others know "
	      "it by.",
	  .flags = SETTING_PATH | SETTING_START },
	{ "services_keys", SETTING_TEXT, AT(services_keys),
	  "keys/services.jwks",
	  .help = "The public keys of all daemons, a JWKS with their names as "
		  "ids.",
	  .flags = SETTING_PATH | SETTING_SHARED },
	{ "spool", SETTING_TEXT, AT(spool), "spool",
	  .help =
	      "The directory where usage is counted until the store has it.",
	  .flags = SETTING_PATH | SETTING_SHARED | SETTING_START },
	{ "body_max", SETTING_SIZE, AT(body_max),
	  .help =
	      "The longest body of a request with a token; 64KB without one.",
	  .min = 1024, .max = 64 << 20, .flags = SETTING_START },
	{ "connections", SETTING_INTEGER, AT(connections), "10000",
	  .help = "Open connections at most.", .min = 1, .max = 1000000,
	  .flags = SETTING_START },
	{ "connections_per_address", SETTING_INTEGER,
	  AT(connections_per_address), "0",
	  .help = "Of them from one address; 0 is no limit.", .max = 1000000,
	  .flags = SETTING_START },
	{ "drain_ms", SETTING_INTEGER, AT(drain_ms), "10000",
	  .help = "Milliseconds that requests may still take after SIGTERM.",
	  .max = 600000 },
	{ "cors_origins", SETTING_LIST, AT(cors_origins),
	  .help = "Web pages of these origins may call, as "
		  "https://example.com; * is any.",
	  .flags = SETTING_SHARED },
	{ "cors_headers", SETTING_TEXT, AT(cors_headers),
	  "authorization, content-type, connect-protocol-version, "
	  "connect-timeout-ms, x-user-agent, x-request-id, traceparent, "
	  "cache-control, x-amz-target, x-amz-date, x-amz-content-sha256, "
	  "x-amz-user-agent, amz-sdk-invocation-id, amz-sdk-request",
	  .help = "The header lines that such pages may send.",
	  .flags = SETTING_SHARED },
	{ "cors_max_age", SETTING_DURATION, AT(cors_max_age_ms), "2h",
	  .help = "How long a browser may remember that.", .max = 86400000,
	  .flags = SETTING_SHARED },
	{ 0 }
};

static size_t count_rows(const struct setting *rows)
{
	size_t count = 0;

	while (rows && rows[count].key)
		count++;
	return count;
}

/* Defaults that follow from which daemon it is. */
static const char *own_default(struct daemon_state *s, const char *key)
{
	const struct daemon *d = s->daemon;

	if (strcmp(key, "body_max") == 0) /* what DynamoDB takes, and Lambda */
		return d->flags & DAEMON_IS_STORE ? "16MB" : "6MB";
	if (strcmp(key, "key_file") == 0)
		return arena_printf(&s->mem, "keys/%s.pem", d->section);
	if (d->port && strcmp(key, "listen") == 0)
		return arena_printf(&s->mem, "127.0.0.1:%d", d->port);
	if (d->port && strcmp(key, "admin_listen") == 0)
		return arena_printf(&s->mem, "127.0.0.1:%d", d->port + 1000);
	return NULL;
}

void settings_rows(struct daemon_state *s)
{
	size_t own = count_rows(s->daemon->settings);
	size_t shared = count_rows(common);
	struct setting *rows;

	arena_init(&s->mem, SETTINGS_BYTES);
	rows = arena_array(&s->mem, shared + own + 1, sizeof(*rows));
	if (!rows)
		abort(); /* no table of ours is so long */
	memcpy(rows, common, shared * sizeof(*rows));
	for (size_t i = 0; i < shared; i++) {
		if (rows[i].value)
			continue;
		rows[i].value = own_default(s, rows[i].key);
	}
	if (own)
		memcpy(rows + shared, s->daemon->settings, own * sizeof(*rows));
	s->rows = rows;
}

/* ---- what must hold together ------------------------------------------------ */

static bool is_loopback(struct slice address)
{
	static const char *const local[] = { "127.",
					     "[::1]:", "localhost:", "unix:" };

	for (size_t i = 0; i < sizeof(local) / sizeof(*local); i++)
		if (slice_starts(address, slice_of(local[i])))
			return true;
	return false;
}

bool daemon_is_loopback(const char *addresses)
{
	struct slice rest = slice_of(addresses);
	bool all = rest.size;

	while (rest.size && all)
		all = is_loopback(slice_cut(&rest, ','));
	return all;
}

/* Refuses a path that no socket can have. */
static int check_sockets(const char *section, const char *addresses,
			 struct fault *fault)
{
	struct slice rest = slice_of(addresses);

	while (rest.size) {
		struct slice one = slice_cut(&rest, ',');

		if (slice_starts(one, SLICE("unix:")) &&
		    one.size - strlen("unix:") > ADDRESS_PATH_MAX)
			return fault_set(fault, E_INVALID,
					 "%s.listen: the path of '%.*s' has "
					 "more than %d bytes",
					 section, SLICE_ARGS(one),
					 ADDRESS_PATH_MAX);
	}
	return 0;
}

static int check_listeners(const char *section, const struct daemon_settings *s,
			   struct fault *fault)
{
	if (!s->listen)
		return fault_set(fault, E_INVALID, "%s.listen: is required",
				 section);
	if (!s->tls_certificate != !s->tls_key)
		return fault_set(fault, E_INVALID,
				 "%s.%s: is required beside the other of "
				 "tls_certificate and tls_key",
				 section,
				 s->tls_key ? "tls_certificate" : "tls_key");
	if (!daemon_is_loopback(s->listen) && !s->tls_key && !s->behind_proxy)
		return fault_set(
		    fault, E_INVALID,
		    "%s.listen: '%s' is not loopback: it needs "
		    "tls_certificate and tls_key, or behind_proxy: true",
		    section, s->listen);
	if (s->admin_listen && !daemon_is_loopback(s->admin_listen))
		return fault_set(fault, E_INVALID,
				 "%s.admin_listen: '%s' is not loopback",
				 section, s->admin_listen);
	return check_sockets(section, s->listen, fault);
}

static bool is_issuer_name(const char *name)
{
	size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return size && size <= ISSUER_NAME_MAX && !name[size];
}

static int check_issuers(const char *section, const struct daemon_settings *s,
			 struct fault *fault)
{
	const struct daemon_issuer *rows = s->issuers.rows;

	if (s->issuers.count > IDENTITY_ISSUERS_MAX)
		return fault_set(fault, E_INVALID,
				 "%s.issuers: has over %d rows", section,
				 IDENTITY_ISSUERS_MAX);
	for (size_t i = 0; i < s->issuers.count; i++) {
		if (!is_issuer_name(rows[i].name))
			return fault_set(
			    fault, E_INVALID,
			    "%s.issuers: '%s' has other than lower-case "
			    "letters, digits and dashes, or over %d",
			    section, rows[i].name, ISSUER_NAME_MAX);
		if (!rows[i].jwks_file == !rows[i].jwks_url)
			return fault_set(fault, E_INVALID,
					 "%s.issuers: '%s' needs a jwks_file "
					 "or a jwks_url",
					 section, rows[i].name);
	}
	return 0;
}

struct generation *settings_read(struct daemon_state *s, struct fault *fault)
{
	const struct daemon *d = s->daemon;
	struct generation *g = calloc(1, sizeof(*g));
	struct daemon_settings *common_part;

	if (!g)
		abort(); /* lack of memory ends the process */
	arena_init(&g->mem, SETTINGS_BYTES);
	g->settings = common_part = arena_zalloc(&g->mem, d->settings_size);
	if (setting_check_sections(s->config, sections, fault) == 0 &&
	    setting_read(s->rows, s->config, d->section, s->data_dir, &g->mem,
			 g->settings, fault) == 0) {
		if (s->args.listen)
			common_part->listen = s->args.listen;
		if (s->args.admin_listen)
			common_part->admin_listen = s->args.admin_listen;
		if (check_listeners(d->section, common_part, fault) == 0 &&
		    check_issuers(d->section, common_part, fault) == 0 &&
		    d->check)
			d->check(g->settings, fault);
	}
	if (!fault->code)
		return g;
	settings_free(g);
	return NULL;
}

void settings_free(struct generation *g)
{
	while (g) {
		struct generation *before = g->before;

		arena_release(&g->mem);
		free(g);
		g = before;
	}
}

/* ---- SIGHUP ------------------------------------------------------------------ */

static int open_log(struct daemon_state *s, struct fault *fault)
{
	const struct daemon_settings *now = state_settings(s);

	if (log_open(s->daemon->name, (enum log_level)now->log_level,
		     now->log_file) < 0)
		return fault_set(fault, E_UNAVAILABLE,
				 "%s.log_file: cannot open '%s'",
				 s->daemon->section, now->log_file);
	return 0;
}

/* What was made of these at the start stays; say so where one was changed. */
static void tell_what_stays(const struct daemon_state *s, const void *old,
			    const void *now)
{
	for (const struct setting *row = s->rows; row->key; row++)
		if (row->flags & SETTING_START && !setting_same(row, old, now))
			log_warn("%s changes with the next start", row->key);
}

int settings_reload(struct daemon_state *s, struct fault *fault)
{
	struct generation *next = settings_read(s, fault);
	struct generation *now = atomic_load(&s->now);
	struct fault second = { 0 };

	if (!next)
		return -fault->code;
	settings_on_trial = next;
	if (open_log(s, fault) == 0 &&
	    (!s->tls || tls_reload(s->tls, fault) == 0) &&
	    keyset_load_file(s->services, state_settings(s)->services_keys,
			     fault) == 0 &&
	    follow_issuers_load(s, fault) == 0 && s->daemon->reload)
		s->daemon->reload(s, s->service, fault);
	settings_on_trial = NULL;
	if (fault->code) {
		open_log(s, &second);
		settings_free(next);
		return -fault->code;
	}
	tell_what_stays(s, now->settings, next->settings);
	next->before = now;
	atomic_store(&s->now, next);
	return 0;
}

/* ---- explaining -------------------------------------------------------------- */

static void print_commands(const struct daemon *d, const char *format,
			   struct buffer *b)
{
	const struct daemon_command *row = d->commands;

	for (; row && row->name; row++)
		buffer_printf(b, format, row->name,
			      row->operand ? row->operand : "", row->help);
}

static void print_help(struct daemon_state *s, struct buffer *b)
{
	const struct daemon *d = s->daemon;

	buffer_printf(b, "%s: %s\n\nusage: %s [OPTION]...%s\n\n", d->name,
		      d->sentence ? d->sentence : "", d->name,
		      d->commands ? " [COMMAND]" : "");
	args_help(b);
	print_commands(d, "  %s %s\n      %s\n", b);
	buffer_printf(b,
		      "\nSettings in the section '%s' of parlor.yaml, or as "
		      "PARLOR_%s_KEY in the\nenvironment:\n\n",
		      d->section, d->section);
	setting_help(s->rows, d->section, b);
	buffer_put_text(b, "\nSettings there or, for all daemons, in the "
			   "section 'suite':\n\n");
	setting_help(s->rows, "suite", b);
}

static void print_manual(struct daemon_state *s, struct buffer *b)
{
	const struct daemon *d = s->daemon;

	buffer_printf(b,
		      ".TH %s 8 \"\" \"Parlor %s\"\n.SH NAME\n%s \\- %s\n"
		      ".SH SYNOPSIS\n.B %s\n.RI [ OPTION ]...%s\n"
		      ".SH OPTIONS\n",
		      d->name, PARLOR_VERSION, d->name,
		      d->sentence ? d->sentence : "", d->name,
		      d->commands ? "\n.RI [ COMMAND ]" : "");
	args_manual(b);
	if (d->commands)
		buffer_put_text(b, ".SH COMMANDS\n");
	print_commands(d, ".TP\n.BI \"%s\" \" %s\"\n%s\n", b);
	buffer_printf(b,
		      ".SH SETTINGS\nIn the section\n.B %s\nof parlor.yaml, or "
		      "as PARLOR_SECTION_KEY in the environment.\n",
		      d->section);
	setting_manual(s->rows, d->section, b);
	buffer_put_text(b, ".SS \"There or, for all daemons, in the section "
			   "suite\"\n");
	setting_manual(s->rows, "suite", b);
	buffer_put_text(
	    b, ".SH SIGNALS\n.TP\n.B SIGHUP\nReads the settings again and "
	       "opens the log anew; settings that are refused change "
	       "nothing.\n.TP\n.B SIGTERM, SIGINT\nStops accepting, answers "
	       "what is under way, and ends; a second one ends it at once.\n"
	       ".SH SEE ALSO\n.BR parlor (1),\n.BR parlor\\-auth (8),\n"
	       ".BR parlor\\-kv (8),\n.BR parlor\\-gateway (8),\n"
	       ".BR parlor\\-game (8)\n");
}

void settings_print(struct daemon_state *s, enum args_verb verb)
{
	struct buffer b;

	buffer_init(&b, PRINTED_BYTES);
	if (verb == ARGS_HELP) {
		print_help(s, &b);
	} else if (verb == ARGS_MANUAL) {
		print_manual(s, &b);
	} else if (verb == ARGS_EXAMPLE) {
		setting_example(s->rows, "suite", &b);
		buffer_put_byte(&b, '\n');
		setting_example(s->rows, s->daemon->section, &b);
	}
	fwrite(buffer_slice(&b).data, 1, buffer_size(&b), stdout);
	buffer_release(&b);
}
