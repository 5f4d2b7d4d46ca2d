/* lib/function/template.c - a process that only forks workers */
#include "lib/function/template.h"
#include "lib/function/frame.h"
#include "lib/function/walls.h"
#include "lib/function/worker.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* BUSY: more than one worker was wanted. */
enum { ORDER_MAX = 16 * 1024, BUSY = 2, QUIET_NS = 1000000 };

struct template_process {
	int control;
	pid_t process;
	function_handler *handle;
	struct walls walls;
	sigset_t waiting; /* the mask in ppoll alone: SIGCHLD comes there */
	int orders;	  /* for workers, up to BUSY */
	pid_t parked;	  /* 0: none */
	int parking;	  /* the way to it */
};

/* An order from the host, and the socket that came with it or -1. */
struct order {
	struct frame head;
	struct slice message;
	int socket;
	uint8_t bytes[ORDER_MAX];
};

static void on_child(int signal)
{
	(void)signal;
}

static int socket_of(struct msghdr *message)
{
	struct cmsghdr *c = CMSG_FIRSTHDR(message);
	int socket = -1;

	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
		memcpy(&socket, CMSG_DATA(c), sizeof(socket));
	return socket;
}

/* Receives a frame and the socket that came with it, -1 if none did. Its size,
 * not positive when the other end has gone or the frame is too long. */
static ssize_t receive_with_socket(int fd, void *bytes, size_t size,
				   int *socket)
{
	struct iovec part = { bytes, size };
	char control[CMSG_SPACE(sizeof(int))];
	struct msghdr message = { .msg_iov = &part,
				  .msg_iovlen = 1,
				  .msg_control = control,
				  .msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(fd, &message, 0);

	*socket = got > 0 ? socket_of(&message) : -1;
	return message.msg_flags & MSG_TRUNC ? -1 : got;
}

static int report(const struct template_process *t, enum frame_kind kind,
		  uint32_t number, struct slice message)
{
	return frame_send(t->control, kind, number, message);
}

static int report_number(const struct template_process *t, enum frame_kind kind,
			 uint32_t number, int32_t value)
{
	return report(t, kind, number, slice_make(&value, sizeof(value)));
}

/* Neither protobuf nor printf: their pages would be touched here for nothing,
 * since a child inherits none that belong to the file. */
static int report_walls(const struct template_process *t,
			const struct walls_report *walls)
{
	struct {
		int32_t error;
		char wall[32];
	} open = { .error = walls->error };
	size_t size;

	if (!walls->open)
		return report_number(t, FRAME_READY, 0, walls->landlock);
	size = strlen(walls->open);
	memcpy(open.wall, walls->open, size);
	report(t, FRAME_OPEN, 0, slice_make(&open, sizeof(open.error) + size));
	return -E_UNAVAILABLE;
}

static int raise_walls(struct template_process *t, struct slice message)
{
	static uint8_t filters[ORDER_MAX];
	struct walls_report done = { 0 };
	struct frame_walls head;
	size_t size;

	if (message.size < sizeof(head))
		return -E_INVALID;
	memcpy(&head, message.data, sizeof(head));
	size = (size_t)head.template_filter + head.worker_filter;
	if (size != message.size - sizeof(head))
		return -E_INVALID;
	memcpy(filters, message.data + sizeof(head), size);
	t->walls = (struct walls){
		slice_make(filters, head.template_filter),
		slice_make(filters + head.template_filter, head.worker_filter),
		head.memory_bytes,
	};
	walls_raise(&t->walls, &done);
	return report_walls(t, &done);
}

/* ---- workers ----------------------------------------------------------------- */

/* In the child. */
static void become_worker(const struct template_process *t)
{
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != t->process ||
	    walls_raise_worker(&t->walls) != 0)
		_exit(1);
}

/* Leaves only this socket open, under the number that the control socket had:
 * what else a child inherited would keep others' sockets from closing. */
static void keep_only(const struct template_process *t, int socket)
{
	if (dup2(socket, t->control) < 0 ||
	    close_range((unsigned)t->control + 1, ~0u, 0) != 0)
		_exit(1);
}

static void serve(const struct template_process *t, int socket)
{
	keep_only(t, socket);
	worker_serve(t->control, t->handle);
}

static pid_t fork_worker(const struct template_process *t, int socket)
{
	pid_t child = fork();

	if (child == 0) {
		become_worker(t);
		serve(t, socket);
	}
	return child < 0 ? -errno : child;
}

/* In the child: waits for the socket it will serve. */
static void wait_parked(const struct template_process *t, int parking)
{
	struct frame head;
	int socket;

	keep_only(t, parking);
	become_worker(t);
	if (receive_with_socket(t->control, &head, sizeof(head), &socket) <=
		0 ||
	    socket < 0)
		_exit(1);
	serve(t, socket);
}

static void unpark(struct template_process *t)
{
	close(t->parking);
	t->parked = 0;
}

/* Forks a worker ahead. If that fails the next order forks its own. */
static void park(struct template_process *t)
{
	int pair[2];

	if (t->parked || socketpair(AF_UNIX, SOCK_SEQPACKET, 0, pair) != 0)
		return;
	t->parked = fork();
	if (t->parked == 0)
		wait_parked(t, pair[1]);
	close(pair[1]);
	t->parking = pair[0];
	if (t->parked < 0)
		unpark(t);
}

/* Hands the socket to the parked worker: its process id, or 0 without one. One
 * that dies before it takes the socket closes it with its own. */
static pid_t hand_over(struct template_process *t, const struct order *o)
{
	pid_t parked = t->parked;
	int sent;

	if (!parked)
		return 0;
	sent = frame_send_piece(t->parking, &o->head, (struct slice){ 0 },
				o->socket, MSG_DONTWAIT);
	unpark(t);
	return sent == 1 ? parked : 0;
}

static int make_worker(struct template_process *t, const struct order *o)
{
	pid_t worker;

	/* without walls nothing is started, whatever the host says */
	if (o->socket < 0 || t->walls.worker_filter.size == 0)
		return -E_INVALID;
	worker = hand_over(t, o);
	if (!worker)
		worker = fork_worker(t, o->socket);
	if (t->orders < BUSY)
		t->orders++;
	return report_number(t, FRAME_FORKED, o->head.number, worker);
}

/* ---- orders -------------------------------------------------------------------- */

/* Ends a worker, unless it has been waited for: then the number may be a
 * stranger's. */
static int end_worker(pid_t process)
{
	siginfo_t info;

	if (waitid(P_PID, (id_t)process, &info, WEXITED | WNOHANG | WNOWAIT) ==
	    0)
		kill(process, SIGKILL);
	return 0;
}

static int obey(struct template_process *t, const struct order *o)
{
	switch (o->head.kind) {
	case FRAME_WALLS:
		return raise_walls(t, o->message);
	case FRAME_FORK:
		return make_worker(t, o);
	case FRAME_END:
		return end_worker((pid_t)o->head.number);
	default:
		return -E_INVALID;
	}
}

/* Takes one order: 0, or a negative code when the host has gone. */
static int receive(const struct template_process *t, struct order *o)
{
	struct frame_reader reader = { 0 };
	ssize_t got = receive_with_socket(t->control, o->bytes,
					  sizeof(o->bytes), &o->socket);

	if (got <= 0)
		return -E_UNAVAILABLE;
	return frame_take(&reader, NULL, slice_make(o->bytes, (size_t)got),
			  &o->head, &o->message) == 1
		   ? 0
		   : -E_INVALID;
}

static int reap(struct template_process *t)
{
	int status, result = 0;
	pid_t child;

	while (result == 0 && (child = waitpid(-1, &status, WNOHANG)) > 0) {
		result = report_number(t, FRAME_ENDED, (uint32_t)child, status);
		if (child == t->parked)
			unpark(t);
	}
	return result;
}

static int prepare(struct template_process *t)
{
	const struct sigaction action = { .sa_handler = on_child };
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 ||
	    sigaction(SIGCHLD, &action, NULL) != 0 ||
	    sigprocmask(SIG_BLOCK, &child, &t->waiting) != 0 ||
	    close_range((unsigned)t->control + 1, ~0u, 0) != 0)
		return -E_UNAVAILABLE;
	return 0;
}

/* Waits for an order; a busy template forks ahead when none comes for a moment,
 * so that the worker it has just made finds a processor free. */
static bool await_order(struct template_process *t)
{
	struct pollfd poll = { .fd = t->control, .events = POLLIN };
	const struct timespec quiet = { .tv_nsec = QUIET_NS };
	bool ahead = t->orders >= BUSY && !t->parked;
	int ready = ppoll(&poll, 1, ahead ? &quiet : NULL, &t->waiting);

	if (ready == 0)
		park(t);
	return ready > 0;
}

int template_serve(int control, function_handler *handle)
{
	static struct order order;
	struct template_process t = { .control = control,
				      .process = getpid(),
				      .handle = handle };
	int result = prepare(&t);

	while (result == 0) {
		if (await_order(&t)) {
			result = receive(&t, &order);
			if (result == 0)
				result = obey(&t, &order);
			if (order.socket >= 0)
				close(order.socket);
		}
		if (result == 0)
			result = reap(&t);
	}
	return result == -E_UNAVAILABLE ? 0 : 1;
}
