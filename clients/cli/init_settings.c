/* clients/cli/init_settings.c - parlor.yaml, made of the daemons' examples */
#include "clients/cli/init.h"
#include "lib/net/address.h"

#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { EXAMPLE_MAX = 1 << 20, VALUES_MAX = 16 };

/* Where a daemon's socket for the others lies in the data directory. */
#define SOCKET "run/%s.socket"

/* What stands in a section instead of the commented example's line. */
struct value {
	const char *section, *key, *text;
};

struct values {
	struct value rows[VALUES_MAX * 2];
	size_t count;
};

static void put(struct values *v, const char *section, const char *key,
		const char *text)
{
	if (text && v->count < sizeof(v->rows) / sizeof(*v->rows))
		v->rows[v->count++] = (struct value){ section, key, text };
}

static const char *address(struct cli *c, int port)
{
	return arena_printf(&c->mem, "127.0.0.1:%d", port);
}

static int port_of(const struct init_plan *plan, const char *section)
{
	for (size_t i = 0; i < INIT_DAEMONS; i++)
		if (strcmp(plan->daemons[i].section, section) == 0)
			return plan->daemons[i].port;
	return 0;
}

/* The pages that the gateway serves, by both names of this machine. */
static const char *page_origins(struct cli *c, const struct init_plan *plan)
{
	int port = port_of(plan, "gateway");

	return arena_printf(&c->mem,
			    "[\"http://127.0.0.1:%d\", "
			    "\"http://localhost:%d\"]",
			    port, port);
}

/* Does the socket's path fit, wherever the daemons are started? */
static bool socket_fits(struct cli *c, const struct init_plan *plan,
			const char *section)
{
	char real[PATH_MAX];

	return realpath(plan->data, real) &&
	       strlen(arena_printf(&c->mem, "%s/" SOCKET, real, section)) <=
		   ADDRESS_PATH_MAX;
}

/* A port for clients and, but for the gateway, which they alone call, a socket
 * for the other daemons. */
static void put_addresses(struct cli *c, const struct init_plan *plan,
			  const struct init_daemon *d, struct values *v)
{
	const char *port = address(c, d->port), *own = NULL;

	if (strcmp(d->section, "gateway") != 0 &&
	    socket_fits(c, plan, d->section))
		own = arena_printf(&c->mem, "unix:" SOCKET, d->section);
	if (own || plan->own_ports) {
		put(v, "suite", d->section, own ? own : port);
		put(v, d->section, "listen",
		    own ? arena_printf(&c->mem, "%s,%s", port, own) : port);
	}
	if (plan->own_ports)
		put(v, d->section, "admin_listen", address(c, d->admin_port));
}

static void plan_values(struct cli *c, const struct init_plan *plan,
			struct values *v)
{
	put(v, "suite", "issuer",
	    arena_printf(&c->mem, "http://127.0.0.1:%d/%s",
			 port_of(plan, "auth"), plan->user_pool_id));
	put(v, "suite", "cors_origins", page_origins(c, plan));
	put(v, "suite", "user_pool_id", plan->user_pool_id);
	put(v, "suite", "client_id", plan->client_id);
	put(v, "auth", "mail_dir", "mail");
	put(v, "gateway", "web_kv_url",
	    arena_printf(&c->mem, "http://%s",
			 address(c, port_of(plan, "kv"))));
	for (size_t i = 0; i < INIT_DAEMONS; i++)
		put_addresses(c, plan, &plan->daemons[i], v);
	if (*plan->prices)
		put(v, "kv", "prices",
		    arena_printf(&c->mem, "%s/prices.yaml", plan->prices));
	if (*plan->web)
		put(v, "gateway", "web_root", plan->web);
	if (*plan->functions && *plan->deploy) {
		put(v, "game", "functions",
		    arena_printf(&c->mem, "%s/functions.yaml", plan->deploy));
		put(v, "game", "functions_dir", plan->functions);
	}
}

/* ---- the daemons' examples --------------------------------------------------------- */

static void read_all(int fd, struct buffer *out)
{
	uint8_t *at;
	ssize_t got;

	while ((at = buffer_reserve(out, 4096))) {
		got = read(fd, at, 4096);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		buffer_added(out, (size_t)got);
	}
}

/* What `program --example` prints; nothing when it cannot be run. */
static void run_example(const char *program, struct buffer *out)
{
	char *argv[] = { (char *)program, "--example", NULL };
	posix_spawn_file_actions_t actions;
	int ends[2], status;
	pid_t child;

	if (pipe(ends) < 0)
		return;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
	posix_spawn_file_actions_addclose(&actions, ends[0]);
	posix_spawn_file_actions_addclose(&actions, ends[1]);
	if (posix_spawn(&child, program, &actions, NULL, argv, environ) != 0)
		child = 0;
	posix_spawn_file_actions_destroy(&actions);
	close(ends[1]);
	if (child)
		read_all(ends[0], out);
	close(ends[0]);
	if (child && waitpid(child, &status, 0) == child && status != 0)
		buffer_reset(out);
}

/* ---- putting them together --------------------------------------------------------- */

/* The lines of one section of an example, without its first. */
static struct slice section_lines(struct slice example, const char *section)
{
	const uint8_t *from = NULL;

	while (example.size) {
		const uint8_t *at = example.data;
		struct slice line = slice_cut(&example, '\n');

		if (from && line.size && line.data[0] != ' ')
			return slice_make(from, (size_t)(at - from));
		if (line.size && line.data[line.size - 1] == ':' &&
		    slice_is(slice_make(line.data, line.size - 1), section))
			from = example.data;
	}
	return slice_make(from, from ? (size_t)(example.data - from) : 0);
}

/* Is the line `  #key: …`? */
static bool is_about(struct slice line, const char *key)
{
	struct slice name = line;

	if (!slice_starts(line, SLICE("  #")))
		return false;
	name = slice_cut(&name, ':');
	return slice_is(slice_make(name.data + 3, name.size - 3), key);
}

static struct value *value_of(struct values *v, const char *section,
			      struct slice line)
{
	for (size_t i = 0; i < v->count; i++)
		if (v->rows[i].text &&
		    strcmp(v->rows[i].section, section) == 0 &&
		    is_about(line, v->rows[i].key))
			return &v->rows[i];
	return NULL;
}

static void put_value(struct buffer *out, struct value *value)
{
	buffer_printf(out, "  %s: %s\n", value->key, value->text);
	value->text = NULL;
}

/* Keys of the gateway's section that belong to the game that is deployed. */
static void put_deployed(const struct init_plan *plan, const char *section,
			 struct buffer *out)
{
	char path[INIT_PATH + 64], line[4096];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s.yaml", plan->deploy, section);
	file = *plan->deploy ? fopen(path, "re") : NULL;
	while (file && fgets(line, sizeof(line), file))
		buffer_printf(out, "%s%s", *line == '\n' ? "" : "  ", line);
	if (file)
		fclose(file);
}

static void put_section(const struct init_plan *plan, const char *section,
			struct slice example, struct values *v,
			struct buffer *out)
{
	struct slice lines = section_lines(example, section);

	buffer_printf(out, "%s:\n", section);
	put_deployed(plan, section, out);
	while (lines.size) {
		struct slice line = slice_cut(&lines, '\n');
		struct value *value = value_of(v, section, line);

		if (value) {
			put_value(out, value);
			continue;
		}
		buffer_put_slice(out, line);
		buffer_put_byte(out, '\n');
	}
	for (size_t i = 0; i < v->count; i++)
		if (v->rows[i].text && strcmp(v->rows[i].section, section) == 0)
			put_value(out, &v->rows[i]);
}

/* Every daemon's example has the shared section, too: the first one's is taken.
 */
static void put_suite(const struct init_plan *plan,
		      const struct buffer examples[INIT_DAEMONS],
		      struct values *v, struct buffer *out)
{
	size_t i = 0;

	while (i < INIT_DAEMONS - 1 && !buffer_size(&examples[i]))
		i++;
	put_section(plan, "suite", buffer_slice(&examples[i]), v, out);
}

int init_settings(struct cli *c, const struct init_plan *plan,
		  struct buffer *out)
{
	struct values values = { .count = 0 };
	struct buffer examples[INIT_DAEMONS];

	plan_values(c, plan, &values);
	for (size_t i = 0; i < INIT_DAEMONS; i++) {
		buffer_init(&examples[i], EXAMPLE_MAX);
		run_example(arena_printf(&c->mem, "%s/parlor-%s",
					 plan->programs,
					 plan->daemons[i].section),
			    &examples[i]);
	}
	buffer_put_text(out, "# The settings of the suite, a section a daemon; "
			     "what is commented out is the\n# default. "
			     "`parlor-kv --check --data DIR` says what is "
			     "wrong.\n\n");
	put_suite(plan, examples, &values, out);
	for (size_t i = 0; i < INIT_DAEMONS; i++) {
		buffer_put_byte(out, '\n');
		put_section(plan, plan->daemons[i].section,
			    buffer_slice(&examples[i]), &values, out);
		buffer_release(&examples[i]);
	}
	return out->failed ? cli_fail(c, E_INTERNAL, "the settings are too big")
			   : 0;
}
