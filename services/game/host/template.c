/* services/game/host/template.c - a function's template, seen from the host */
#include "services/game/host/template.h"
#include "lib/function/frame.h"
#include "lib/meter/log.h"
#include "services/game/host/filter.h"
#include "services/game/host/pool.h"
#include "services/game/host/spawn.h"

#include <event2/event.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { REPORT_MAX = 512 };

struct host_template {
	struct host_pool *pool;
	pid_t process;
	int socket, process_fd;
	struct event *readable, *exited;
	bool ready;
};

static const char *name_of(const struct host_template *t)
{
	return t->pool->function->name;
}

/* How a process ended, for the log. */
static const char *ending(int status, char text[64])
{
	if (WIFSIGNALED(status))
		snprintf(text, 64, "signal %d (%s)", WTERMSIG(status),
			 sigdescr_np(WTERMSIG(status)));
	else
		snprintf(text, 64, "exit status %d", WEXITSTATUS(status));
	return text;
}

/* An order that doesn't go out at once means a template that hangs. */
static int order(struct host_template *t, enum frame_kind kind, uint32_t number,
		 struct slice message, int socket)
{
	struct frame head = { kind, number, (uint32_t)message.size };

	if (frame_send_piece(t->socket, &head, message, socket, MSG_DONTWAIT) ==
	    1)
		return 0;
	kill(t->process, SIGKILL);
	return -E_UNAVAILABLE;
}

static void on_report(struct host_template *t, const struct frame *head,
		      struct slice message)
{
	int32_t value = 0;
	char text[64];

	if (message.size >= sizeof(value)) {
		memcpy(&value, message.data, sizeof(value));
		message.data += sizeof(value);
		message.size -= sizeof(value);
	}
	switch (head->kind) {
	case FRAME_READY:
		t->ready = true;
		log_info("function %s: template %d is walled in: no new "
			 "privileges, resource limits, landlock %d, seccomp",
			 name_of(t), (int)t->process, value);
		break;
	case FRAME_OPEN:
		log_error("function %s: not started, its walls are open: "
			  "%.*s: %s",
			  name_of(t), SLICE_ARGS(message), strerror(value));
		break;
	case FRAME_FORKED:
		if (value < 0)
			log_error("function %s: cannot fork: %s", name_of(t),
				  strerror(-value));
		host_pool_forked(t->pool, head->number, value);
		break;
	case FRAME_ENDED:
		if (value != 0)
			log_warn("function %s: worker %u ended: %s", name_of(t),
				 head->number, ending(value, text));
		break;
	default:
		kill(t->process, SIGKILL);
	}
}

static void on_readable(evutil_socket_t socket, short what, void *arg)
{
	struct host_template *t = arg;
	struct frame_reader reader = { 0 };
	struct frame head;
	struct slice message;
	uint8_t bytes[REPORT_MAX];
	ssize_t got = recv(socket, bytes, sizeof(bytes), MSG_DONTWAIT);

	(void)what;
	if (got <= 0 ||
	    frame_take(&reader, NULL, slice_make(bytes, (size_t)got), &head,
		       &message) != 1) {
		/* its end shows on process_fd; a broken report is its end */
		event_del(t->readable);
		if (got > 0)
			kill(t->process, SIGKILL);
		return;
	}
	on_report(t, &head, message);
}

static void release(struct host_template *t)
{
	event_free(t->readable);
	event_free(t->exited);
	close(t->socket);
	close(t->process_fd);
	free(t);
}

static void on_exit_of(evutil_socket_t process_fd, short what, void *arg)
{
	struct host_template *t = arg;
	struct host_pool *pool = t->pool;
	bool ready = t->ready;
	char text[64];
	int status = 0;

	(void)process_fd;
	(void)what;
	waitpid(t->process, &status, 0);
	if (status != 0)
		log_warn("function %s: template %d ended: %s", name_of(t),
			 (int)t->process, ending(status, text));
	release(t);
	host_pool_template_gone(pool, ready);
}

static void send_walls(struct host_template *t)
{
	uint8_t bytes[HOST_WALLS_MAX];

	order(t, FRAME_WALLS, 0,
	      host_filters_walls(host_pool_filters(t->pool),
				 t->pool->function->memory_mb, bytes),
	      -1);
}

static void follow(struct host_template *t)
{
	struct event_base *base = host_pool_base(t->pool);

	t->readable =
	    event_new(base, t->socket, EV_READ | EV_PERSIST, on_readable, t);
	t->exited = event_new(base, t->process_fd, EV_READ, on_exit_of, t);
	if (!t->readable || !t->exited || event_add(t->readable, NULL) != 0 ||
	    event_add(t->exited, NULL) != 0)
		abort(); /* lack of memory ends the process */
}

/* Orders lie in the socket before the process begins, so it never waits. */
static int start(struct host_template *t, uint32_t number, int socket,
		 struct fault *fault)
{
	const char *executable = t->pool->function->executable;
	int pair[2];

	if (host_socket_pair(pair, fault) != 0)
		return -E_UNAVAILABLE;
	t->socket = pair[0];
	send_walls(t);
	host_template_fork(t, number, socket);
	t->process = host_spawn(executable, "--template", pair[1], fault);
	close(pair[1]);
	if (t->process < 0)
		return -E_UNAVAILABLE;
	t->process_fd = (int)syscall(SYS_pidfd_open, t->process, 0);
	if (t->process_fd >= 0)
		return 0;
	kill(t->process, SIGKILL);
	waitpid(t->process, NULL, 0);
	return fault_set(fault, E_UNAVAILABLE,
			 "cannot watch a process: the kernel has no pidfd");
}

struct host_template *host_template_start(struct host_pool *pool,
					  uint32_t number, int socket,
					  struct fault *fault)
{
	struct host_template *t = calloc(1, sizeof(*t));

	if (!t)
		abort(); /* lack of memory ends the process */
	*t = (struct host_template){ .pool = pool, .socket = -1 };
	if (start(t, number, socket, fault) == 0) {
		follow(t);
		return t;
	}
	if (t->socket >= 0)
		close(t->socket);
	free(t);
	return NULL;
}

bool host_template_ready(const struct host_template *t)
{
	return t->ready;
}

int host_template_fork(struct host_template *t, uint32_t number, int socket)
{
	return order(t, FRAME_FORK, number, (struct slice){ 0 }, socket);
}

void host_template_end(struct host_template *t, pid_t worker)
{
	order(t, FRAME_END, (uint32_t)worker, (struct slice){ 0 }, -1);
}

void host_template_free(struct host_template *t)
{
	kill(t->process, SIGKILL);
	waitpid(t->process, NULL, 0);
	release(t);
}
