/* services/game/host/filter.c - the system calls a function may make */
#include "services/game/host/filter.h"
#include "lib/function/frame.h"

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

/* Names that a machine's architecture lacks are passed over. */
static const char *const template_allows[] = {
	/* the socket */
	"read", "write", "recvfrom", "recvmsg", "sendto", "sendmsg", "close",
	"close_range", "dup2", "dup3", "ppoll",
	/* memory */
	"brk", "munmap", "mremap", "madvise",
	/* time, randomness, what the C library asks of the kernel itself */
	"clock_gettime", "getrandom", "getpid", "getppid", "gettid", "futex",
	"set_robust_list", "rseq", "rt_sigaction", "rt_sigprocmask",
	"rt_sigreturn", "restart_syscall",
	/* children */
	"wait4", "waitid", "kill", "prctl", "seccomp", "socketpair",
	/* ends */
	"exit", "exit_group"
};

/* Mapping is allowed, but nothing that could be run. */
static const char *const no_code_allows[] = { "mmap", "mprotect" };

/* All else that a template may not do a worker may not either. */
static const char *const worker_denies[] = { "clone",	  "kill",  "wait4",
					     "waitid",	  "prctl", "seccomp",
					     "socketpair" };

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static int add(scmp_filter_ctx filter, uint32_t action, const char *name,
	       unsigned count, const struct scmp_arg_cmp *arguments)
{
	int number = seccomp_syscall_resolve_name(name);

	if (number == __NR_SCMP_ERROR)
		return 0;
	return seccomp_rule_add_array(filter, action, number, count, arguments);
}

static int add_all(scmp_filter_ctx filter, uint32_t action,
		   const char *const *names, size_t count)
{
	int result = 0;

	for (size_t i = 0; i < count && result == 0; i++)
		result = add(filter, action, names[i], 0, NULL);
	return result;
}

static int fill_template(scmp_filter_ctx filter)
{
	/* fork as the C library makes it, without new namespaces or threads */
	const scmp_datum_t fork_flags =
	    CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | CSIGNAL;
	const struct scmp_arg_cmp plain_fork =
	    SCMP_A0(SCMP_CMP_MASKED_EQ, ~fork_flags, 0);
	const struct scmp_arg_cmp no_code =
	    SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
	int result = add_all(filter, SCMP_ACT_ALLOW, template_allows,
			     COUNT(template_allows));

	for (size_t i = 0; i < COUNT(no_code_allows) && result == 0; i++)
		result =
		    add(filter, SCMP_ACT_ALLOW, no_code_allows[i], 1, &no_code);
	if (result == 0)
		result = add(filter, SCMP_ACT_ALLOW, "clone", 1, &plain_fork);
	return result;
}

static int fill_worker(scmp_filter_ctx filter)
{
	return add_all(filter, SCMP_ACT_ERRNO(EPERM), worker_denies,
		       COUNT(worker_denies));
}

/* The program's bytes by way of a file in memory: libseccomp 2.5 writes to a
 * descriptor only. Their number, or a negative errno. */
static int export(scmp_filter_ctx filter, uint8_t bytes[FILTER_MAX])
{
	int file = memfd_create("filter", MFD_CLOEXEC), result;

	if (file < 0)
		return -errno;
	result = seccomp_export_bpf(filter, file);
	if (result == 0) {
		result = (int)pread(file, bytes, FILTER_MAX, 0);
		if (result < 0)
			result = -errno;
		else if (result == FILTER_MAX)
			result = -E2BIG;
	}
	close(file);
	return result;
}

static int compile(uint32_t otherwise, int (*fill)(scmp_filter_ctx),
		   uint8_t bytes[FILTER_MAX], struct slice *program)
{
	scmp_filter_ctx filter = seccomp_init(otherwise);
	int result;

	if (!filter)
		return -ENOMEM;
	/* a tree instead of a chain of comparisons */
	seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	result = fill(filter);
	if (result == 0)
		result = export(filter, bytes);
	seccomp_release(filter);
	*program = slice_make(bytes, result > 0 ? (size_t)result : 0);
	return result > 0 ? 0 : result;
}

int host_filters_init(struct host_filters *f, struct fault *fault)
{
	int result = compile(SCMP_ACT_ERRNO(EPERM), fill_template,
			     f->template_bytes, &f->template_program);

	if (result == 0)
		result = compile(SCMP_ACT_ALLOW, fill_worker, f->worker_bytes,
				 &f->worker_program);
	if (result == 0)
		return 0;
	return fault_set(fault, E_UNAVAILABLE,
			 "cannot write the seccomp programs: %s",
			 strerror(-result));
}

struct slice host_filters_walls(const struct host_filters *f, int64_t memory_mb,
				uint8_t out[HOST_WALLS_MAX])
{
	const struct slice first = f->template_program;
	const struct slice second = f->worker_program;
	const struct frame_walls head = {
		.memory_bytes = memory_mb * 1024 * 1024,
		.template_filter = (uint32_t)first.size,
		.worker_filter = (uint32_t)second.size,
	};

	memcpy(out, &head, sizeof(head));
	memcpy(out + sizeof(head), first.data, first.size);
	memcpy(out + sizeof(head) + first.size, second.data, second.size);
	return slice_make(out, sizeof(head) + first.size + second.size);
}
