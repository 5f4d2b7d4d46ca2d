/* services/game/host/deployment.c - functions.yaml: what is deployed */
#include "services/game/host/deployment.h"

#include <errno.h>
#include <unistd.h>

enum {
	DEPLOYMENT_MEMORY = 16 * 1024 * 1024,
	FUNCTIONS_MAX = 1000,
	NAME_MAX_BYTES = 64
};

#define AT(field) offsetof(struct host_function, field)

const struct setting host_function_settings[] = {
	{ .key = "name",
	  .type = SETTING_TEXT,
	  .offset = AT(name),
	  .flags = SETTING_REQUIRED,
	  .help = "Names the function: it is function:NAME in policies and in "
		  "the ledger." },
	{ .key = "executable",
	  .type = SETTING_TEXT,
	  .offset = AT(executable),
	  .flags = SETTING_REQUIRED,
	  .help = "The static executable, in the functions folder." },
	{ .key = "rpc",
	  .type = SETTING_TEXT,
	  .offset = AT(rpc),
	  .flags = SETTING_REQUIRED,
	  .help = "The operation it serves, as "
		  "parlor.game.v1.Matches/PlayMove." },
	{ .key = "memory_mb",
	  .type = SETTING_INTEGER,
	  .offset = AT(memory_mb),
	  .value = "64",
	  .min = 4,
	  .max = 10240,
	  .help = "Mebibytes of address space a worker may have; they are "
		  "billed by the millisecond." },
	{ .key = "timeout_ms",
	  .type = SETTING_INTEGER,
	  .offset = AT(timeout_ms),
	  .value = "3000",
	  .min = 1,
	  .max = 900000,
	  .help = "An event that takes longer fails, and its worker is "
		  "killed." },
	{ .key = "max_concurrency",
	  .type = SETTING_INTEGER,
	  .offset = AT(max_concurrency),
	  .value = "10",
	  .min = 1,
	  .max = 1000,
	  .help = "Workers at once in this daemon." },
	{ .key = "keep_warm_s",
	  .type = SETTING_INTEGER,
	  .offset = AT(keep_warm_s),
	  .value = "300",
	  .min = 0,
	  .max = 86400,
	  .help = "Seconds that an idle worker stays." },
	{ .key = "queue",
	  .type = SETTING_INTEGER,
	  .offset = AT(queue),
	  .value = "100",
	  .min = 0,
	  .max = 10000,
	  .help = "Events that may wait for a worker, on each I/O thread." },
	{ .key = "policy",
	  .type = SETTING_RAW,
	  .offset = AT(policy),
	  .help = "What it may do: a policy in IAM's JSON, written in YAML." },
	{ .key = NULL }
};

#define WATCH(field) offsetof(struct host_watch, field)

static const struct setting watch_settings[] = {
	{ .key = "rpc",
	  .type = SETTING_TEXT,
	  .offset = WATCH(rpc),
	  .flags = SETTING_REQUIRED,
	  .help = "The operation, which streams its answers." },
	{ .key = "function",
	  .type = SETTING_TEXT,
	  .offset = WATCH(function),
	  .flags = SETTING_REQUIRED,
	  .help = "The name of the function that gives them, of the same "
		  "messages." },
	{ .key = "table",
	  .type = SETTING_TEXT,
	  .offset = WATCH(table),
	  .flags = SETTING_REQUIRED,
	  .help = "The table with a stream whose item is watched; its key is "
		  "pk and sk." },
	{ .key = "pk",
	  .type = SETTING_TEXT,
	  .offset = WATCH(pk),
	  .flags = SETTING_REQUIRED,
	  .help = "The item's pk, in which ${sub} is the user and any other "
		  "${name} a text of the request." },
	{ .key = "sk",
	  .type = SETTING_TEXT,
	  .offset = WATCH(sk),
	  .flags = SETTING_REQUIRED,
	  .help = "The same of its sk." },
	{ .key = NULL }
};

static const struct setting file_settings[] = {
	{ .key = "functions",
	  .type = SETTING_TABLE,
	  .offset = offsetof(struct host_deployment, list),
	  .rows = host_function_settings,
	  .row_size = sizeof(struct host_function),
	  .help = "The functions that run here." },
	{ .key = "watches",
	  .type = SETTING_TABLE,
	  .offset = offsetof(struct host_deployment, watches),
	  .rows = watch_settings,
	  .row_size = sizeof(struct host_watch),
	  .help = "Operations that stream a function's answers." },
	{ .key = NULL }
};

static bool is_name(struct slice name)
{
	for (size_t i = 0; i < name.size; i++) {
		uint8_t byte = name.data[i];

		if (!(byte >= 'a' && byte <= 'z') &&
		    !(byte >= 'A' && byte <= 'Z') &&
		    !(byte >= '0' && byte <= '9') && byte != '-' && byte != '_')
			return false;
	}
	return name.size && name.size <= NAME_MAX_BYTES;
}

static bool is_rpc(struct slice rpc)
{
	struct slice service = slice_cut(&rpc, '/');

	return service.size && rpc.size && !memchr(rpc.data, '/', rpc.size);
}

static int check_twins(const struct host_deployment *d, size_t index,
		       const char *file, struct fault *fault)
{
	const struct host_function *f = host_deployment_at(d, index);

	for (size_t i = 0; i < index; i++) {
		const struct host_function *other = host_deployment_at(d, i);

		if (strcmp(f->name, other->name) == 0)
			return fault_set(fault, E_INVALID,
					 "%s: function '%s' stands twice", file,
					 f->name);
		if (strcmp(f->rpc, other->rpc) == 0)
			return fault_set(fault, E_INVALID,
					 "%s: functions '%s' and '%s' both "
					 "serve %s",
					 file, other->name, f->name, f->rpc);
	}
	return 0;
}

static int check(struct host_deployment *d, size_t index, const char *file,
		 const char *folder, struct fault *fault)
{
	struct host_function *f = (struct host_function *)d->list.rows + index;

	if (!is_name(slice_of(f->name)))
		return fault_set(fault, E_INVALID,
				 "%s: name '%s' has other than 1 to %d "
				 "letters, digits, - and _",
				 file, f->name, NAME_MAX_BYTES);
	if (!is_rpc(slice_of(f->rpc)))
		return fault_set(fault, E_INVALID,
				 "%s: function '%s': rpc '%s' is not "
				 "SERVICE/METHOD",
				 file, f->name, f->rpc);
	if (f->executable[0] != '/')
		f->executable =
		    arena_printf(&d->mem, "%s/%s", folder, f->executable);
	if (access(f->executable, X_OK) != 0)
		return fault_set(fault, E_INVALID,
				 "%s: function '%s': cannot execute '%s': %s",
				 file, f->name, f->executable, strerror(errno));
	return check_twins(d, index, file, fault);
}

static int check_watch(const struct host_deployment *d, size_t index,
		       const char *file, struct fault *fault)
{
	const struct host_watch *w = host_deployment_watch_at(d, index);

	if (!is_rpc(slice_of(w->rpc)))
		return fault_set(fault, E_INVALID,
				 "%s: watch '%s': rpc is not SERVICE/METHOD",
				 file, w->rpc);
	if (host_deployment_watch(d, slice_of(w->rpc)) != w)
		return fault_set(fault, E_INVALID,
				 "%s: watch '%s' stands twice", file, w->rpc);
	return 0;
}

static int fill(struct host_deployment *d, const char *file, const char *folder,
		struct fault *fault)
{
	int result =
	    setting_read_file(file_settings, file, folder, &d->mem, d, fault);

	if (result == 0 && d->list.count > FUNCTIONS_MAX)
		result =
		    fault_set(fault, E_INVALID, "%s: more than %d functions",
			      file, FUNCTIONS_MAX);
	for (size_t i = 0; i < d->list.count && result == 0; i++)
		result = check(d, i, file, folder, fault);
	for (size_t i = 0; i < d->watches.count && result == 0; i++)
		result = check_watch(d, i, file, fault);
	return result;
}

struct host_deployment *host_deployment_read(const char *file,
					     const char *folder,
					     struct fault *fault)
{
	struct host_deployment *d = calloc(1, sizeof(*d));

	if (!d)
		abort(); /* lack of memory ends the process */
	d->references = 1;
	arena_init(&d->mem, DEPLOYMENT_MEMORY);
	if (fill(d, file, folder, fault) == 0)
		d->gauges =
		    arena_array(&d->mem, d->list.count + 1, sizeof(*d->gauges));
	if (d->gauges)
		return d;
	fault_set(fault, E_INVALID, "%s: takes too much memory", file);
	host_deployment_release(d);
	return NULL;
}

const struct host_function *host_deployment_function(
    const struct host_deployment *d, struct slice name)
{
	const struct host_function *f;

	for (size_t i = 0; (f = host_deployment_at(d, i)); i++)
		if (slice_is(name, f->name))
			return f;
	return NULL;
}

const struct host_watch *host_deployment_watch(const struct host_deployment *d,
					       struct slice rpc)
{
	const struct host_watch *w;

	for (size_t i = 0; (w = host_deployment_watch_at(d, i)); i++)
		if (slice_is(rpc, w->rpc))
			return w;
	return NULL;
}

struct host_deployment *host_deployment_hold(struct host_deployment *d)
{
	__atomic_fetch_add(&d->references, 1, __ATOMIC_RELAXED);
	return d;
}

void host_deployment_release(struct host_deployment *d)
{
	if (__atomic_sub_fetch(&d->references, 1, __ATOMIC_ACQ_REL) > 0)
		return;
	arena_release(&d->mem);
	free(d);
}
