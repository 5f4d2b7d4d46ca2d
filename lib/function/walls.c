/* lib/function/walls.c - what a process can no longer do */
#include "lib/function/walls.h"
#include "lib/base/fault.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Landlock's interface number 6; the headers may be older than the kernel. */
struct ruleset {
	uint64_t access_fs, access_net, scoped;
};

enum { LANDLOCK_ABI_MAX = 6 };

/* What each interface number can forbid: all of it is. */
static const struct ruleset rulesets[] = {
	{ 0, 0, 0 },
	{ (1 << 13) - 1, 0, 0 }, /* execute to make_sym */
	{ (1 << 14) - 1, 0, 0 }, /* refer */
	{ (1 << 15) - 1, 0, 0 }, /* truncate */
	{ (1 << 15) - 1, 3, 0 }, /* bind and connect TCP */
	{ (1 << 16) - 1, 3, 0 }, /* ioctl_dev */
	{ (1 << 16) - 1, 3, 3 }, /* abstract sockets, signals */
};

/* Forbids everything landlock knows. Its interface number, or -1 with errno. */
static int raise_landlock(void)
{
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0,
			   LANDLOCK_CREATE_RULESET_VERSION);
	const struct ruleset *rules;
	size_t size;
	long fd, result;

	if (abi < 1)
		return -1;
	rules = &rulesets[abi < LANDLOCK_ABI_MAX ? abi : LANDLOCK_ABI_MAX];
	size = rules->scoped ? sizeof(*rules) : rules->access_net ? 16 : 8;
	fd = syscall(SYS_landlock_create_ruleset, rules, size, 0);
	if (fd < 0)
		return -1;
	result = syscall(SYS_landlock_restrict_self, fd, 0);
	close((int)fd);
	return result == 0 ? (int)abi : -1;
}

static int load_filter(struct slice program)
{
	struct sock_fprog filter = {
		.len =
		    (unsigned short)(program.size / sizeof(struct sock_filter)),
		.filter = (void *)(uintptr_t)program.data,
	};

	if (program.size == 0 || program.size % sizeof(struct sock_filter)) {
		errno = EINVAL;
		return -1;
	}
	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter);
}

static int limit(const struct walls *w)
{
	const struct {
		int resource;
		rlim_t value;
	} limits[] = {
		{ RLIMIT_AS, (rlim_t)w->memory_bytes },
		{ RLIMIT_CORE, 0 },
		{ RLIMIT_FSIZE, 0 },
		{ RLIMIT_MEMLOCK, 0 },
		{ RLIMIT_MSGQUEUE, 0 },
		{ RLIMIT_NOFILE, 16 },
	};

	for (size_t i = 0; i < sizeof(limits) / sizeof(*limits); i++) {
		struct rlimit both = { limits[i].value, limits[i].value };

		if (setrlimit((__rlimit_resource_t)limits[i].resource, &both) !=
		    0)
			return -1;
	}
	return 0;
}

static int refuse(struct walls_report *report, const char *wall)
{
	report->open = wall;
	report->error = errno;
	return -E_UNAVAILABLE;
}

int walls_raise(const struct walls *w, struct walls_report *report)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return refuse(report, "no new privileges");
	if (limit(w) != 0)
		return refuse(report, "resource limits");
	report->landlock = raise_landlock();
	if (report->landlock < 0)
		return refuse(report, "landlock");
	if (load_filter(w->template_filter) != 0)
		return refuse(report, "seccomp");
	return 0;
}

int walls_raise_worker(const struct walls *w)
{
	return load_filter(w->worker_filter) == 0 ? 0 : -E_UNAVAILABLE;
}
