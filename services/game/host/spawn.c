/* services/game/host/spawn.c - starting a function's executable */
#include "services/game/host/spawn.h"
#include "lib/function/frame.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>

int host_socket_pair(int pair[2], struct fault *fault)
{
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) == 0)
		return 0;
	return fault_set(fault, E_UNAVAILABLE,
			 "cannot make a function's socket: %s",
			 strerror(errno));
}

static void set_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(attributes);
	posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK |
						 POSIX_SPAWN_SETSIGDEF |
						 POSIX_SPAWN_SETPGROUP);
	posix_spawnattr_setsigmask(attributes, &none);
	posix_spawnattr_setsigdefault(attributes, &all);
	posix_spawnattr_setpgroup(attributes, 0);
}

static void set_descriptors(posix_spawn_file_actions_t *actions, int socket)
{
	posix_spawn_file_actions_init(actions);
	/* the socket first: it may lie where a standard stream will */
	posix_spawn_file_actions_adddup2(actions, socket, FRAME_TEMPLATE_FD);
	posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDWR, 0);
	posix_spawn_file_actions_adddup2(actions, 0, 1);
	posix_spawn_file_actions_adddup2(actions, 0, 2);
}

pid_t host_spawn(const char *executable, const char *mode, int socket,
		 struct fault *fault)
{
	char *const arguments[] = { (char *)(uintptr_t)executable,
				    (char *)(uintptr_t)mode, NULL };
	char *const environment[] = { NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	pid_t process;
	int result;

	set_attributes(&attributes);
	set_descriptors(&actions, socket);
	result = posix_spawn(&process, executable, &actions, &attributes,
			     arguments, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	if (result == 0)
		return process;
	return fault_set(fault, E_UNAVAILABLE, "cannot execute '%s': %s",
			 executable, strerror(result));
}
