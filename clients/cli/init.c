/* clients/cli/init.c - a data directory, with all that daemons must find there
 *
 * The settings are written last: a directory without them is gone through
 * again, and what is there already stays.
 */
#include "clients/cli/init.h"
#include "clients/cli/command.h"
#include "lib/base/random.h"
#include "lib/crypto/keyfile.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PORT_HIGHEST = 65535 - 13,
	KEY_ID = 20,
	SECRET = 40,
	FILE_MAX = 1 << 20
};

static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789";
static const char mixed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			    "abcdefghijklmnopqrstuvwxyz0123456789";

/* `size` letters and a NUL. */
static void put_letters(char *out, size_t size, const char *letters)
{
	for (size_t i = 0; i < size; i++)
		out[i] = letters[random_below(strlen(letters))];
	out[size] = '\0';
}

/* ---- what it is to be ---------------------------------------------------------------- */

static int plan_ports(struct cli *c, struct init_plan *plan)
{
	static const char *const sections[INIT_DAEMONS] = { "gateway", "auth",
							    "kv", "game" };
	uint64_t base = 8080, admin = 1000;

	if (c->port_base) {
		if (slice_to_u64(slice_of(c->port_base), PORT_HIGHEST, &base) ||
		    base == 0)
			return cli_misuse(c, "'%s' is no port", c->port_base);
		plan->own_ports = true;
		admin = 10;
	}
	for (size_t i = 0; i < INIT_DAEMONS; i++)
		plan->daemons[i] =
		    (struct init_daemon){ sections[i], (int)(base + i),
					  (int)(base + i + admin) };
	return 0;
}

/* The folder of this program, where the others lie too. */
static void find_programs(struct init_plan *plan)
{
	ssize_t size = readlink("/proc/self/exe", plan->programs,
				sizeof(plan->programs) - 1);
	char *slash;

	plan->programs[size > 0 ? size : 0] = '\0';
	slash = strrchr(plan->programs, '/');
	if (slash)
		*slash = '\0';
}

/* Keeps the first of these folders, each as seen from the program's, that has
 * the file. */
static void find_folder(const struct init_plan *plan,
			const char *const *folders, const char *file,
			char out[INIT_PATH])
{
	char path[2 * INIT_PATH];

	for (; *folders; folders++) {
		snprintf(path, sizeof(path), "%s/%s/%s", plan->programs,
			 *folders, file);
		if (access(path, R_OK) < 0)
			continue;
		path[strlen(path) - strlen(file) - 1] = '\0';
		if (realpath(path, out))
			return;
	}
	*out = '\0';
}

/* Installed, the daemons lie in sbin, beside bin. */
static void find_installed(struct init_plan *plan)
{
	static const char *const programs[] = { ".", "../sbin", NULL };
	static const char *const shared[] = { "../share/parlor/game", NULL };
	static const char *const prices[] = { "../share/parlor",
					      "../../services/kv", NULL };
	static const char *const functions[] = { "functions",
						 "../libexec/parlor/functions",
						 NULL };

	static const char *const web[] = { "../web", "../share/parlor/web",
					   NULL };

	find_folder(plan, web, "index.html", plan->web);
	find_folder(plan, functions, "play_move", plan->functions);
	find_folder(plan, shared, "functions.yaml", plan->deploy);
	find_folder(plan, prices, "prices.yaml", plan->prices);
	find_folder(plan, programs, "parlor-kv", plan->programs);
}

static int make_plan(struct cli *c, struct init_plan *plan)
{
	if (!c->data)
		return cli_misuse(c, "'init' wants --data DIR");
	if (plan_ports(c, plan) != 0)
		return -c->fault.code;
	snprintf(plan->data, sizeof(plan->data), "%s", c->data);
	find_programs(plan);
	find_installed(plan);
	if (c->deploy && !realpath(c->deploy, plan->deploy))
		return cli_misuse(c, "cannot read '%s'", c->deploy);
	memcpy(plan->user_pool_id, "local_", 6);
	put_letters(plan->user_pool_id + 6, 9, mixed);
	put_letters(plan->client_id, sizeof(plan->client_id) - 1, lower);
	return 0;
}

/* ---- making it ----------------------------------------------------------------------- */

static const char *in(struct cli *c, const struct init_plan *plan,
		      const char *name)
{
	return arena_printf(&c->mem, "%s/%s", plan->data, name);
}

static int make_folder(struct cli *c, const char *path)
{
	if (mkdir(path, 0700) == 0 || errno == EEXIST)
		return 0;
	return cli_fail(c, E_INTERNAL, "cannot make '%s': %s", path,
			strerror(errno));
}

static int make_folders(struct cli *c, const struct init_plan *plan)
{
	static const char *const names[] = { "keys", "store",	  "spool",
					     "mail", "functions", "run" };

	if (make_folder(c, plan->data) != 0)
		return -c->fault.code;
	chmod(plan->data, 0700);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (make_folder(c, in(c, plan, names[i])) != 0)
			return -c->fault.code;
	return 0;
}

static struct key *take_key(struct cli *c, const char *path)
{
	return access(path, F_OK) == 0
		   ? keyfile_read(path, KEY_ES256, &c->fault)
		   : keyfile_make(path, KEY_ES256, &c->fault);
}

/* A new file in place of an older one. */
static int replace(struct cli *c, const char *path, struct slice content)
{
	unlink(path);
	return keyfile_write(path, content, &c->fault);
}

/* Each daemon's private key, and all their public ones for everybody. */
static int make_service_keys(struct cli *c, const struct init_plan *plan)
{
	struct buffer jwks;
	int result = 0;

	buffer_init(&jwks, FILE_MAX);
	buffer_put_text(&jwks, "{\"keys\":[");
	for (size_t i = 0; i < INIT_DAEMONS && result == 0; i++) {
		const char *name = plan->daemons[i].section;
		struct key *key =
		    take_key(c, in(c, plan,
				   arena_printf(&c->mem, "keys/%s.pem", name)));

		if (i)
			buffer_put_byte(&jwks, ',');
		if (key)
			key_put_jwk(key, name, &jwks);
		key_release(key);
		result = -c->fault.code;
	}
	buffer_put_text(&jwks, "]}\n");
	if (result == 0)
		result = replace(c, in(c, plan, "keys/services.jwks"),
				 buffer_slice(&jwks));
	buffer_release(&jwks);
	return result;
}

static int make_secret(struct cli *c, const char *path)
{
	return access(path, F_OK) == 0 ? 0
				       : keyfile_make_secret(path, &c->fault);
}

static int make_admin(struct cli *c, const struct init_plan *plan)
{
	const char *path = in(c, plan, "admin.json");
	char id[KEY_ID + 1], secret[SECRET + 1], text[256];
	int size;

	if (access(path, F_OK) == 0)
		return 0;
	put_letters(id, KEY_ID, upper);
	put_letters(secret, SECRET, mixed);
	size = snprintf(text, sizeof(text),
			"{\"access_key_id\": \"%s\",\n"
			" \"secret_access_key\": \"%s\"}\n",
			id, secret);
	return keyfile_write(path, slice_make(text, (size_t)size), &c->fault);
}

static int make_settings(struct cli *c, const struct init_plan *plan)
{
	struct buffer yaml;

	buffer_init(&yaml, FILE_MAX);
	if (init_settings(c, plan, &yaml) == 0)
		keyfile_write(in(c, plan, "parlor.yaml"), buffer_slice(&yaml),
			      &c->fault);
	buffer_release(&yaml);
	return -c->fault.code;
}

int init(struct cli *c)
{
	struct init_plan *plan = arena_zalloc(&c->life, sizeof(*plan));

	if (!plan || make_plan(c, plan) != 0)
		return -c->fault.code;
	if (access(in(c, plan, "parlor.yaml"), F_OK) == 0)
		return cli_fail(c, E_EXISTS, "'%s' has its settings already",
				plan->data);
	if (make_folders(c, plan) != 0 || make_service_keys(c, plan) != 0 ||
	    make_secret(c, in(c, plan, "keys/seal.key")) != 0 ||
	    make_secret(c, in(c, plan, "keys/kv-seal.key")) != 0 ||
	    make_admin(c, plan) != 0 || make_settings(c, plan) != 0)
		return -c->fault.code;
	printf("made '%s'\n", plan->data);
	return 0;
}
