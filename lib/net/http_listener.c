/* lib/net/http_listener.c - where connections come in, and how many */
#include "lib/net/http_connection.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	BACKLOG = 4096,
	ACCEPT_MAX = 64, /* in one turn */
	PAUSE_MS = 100,	 /* without descriptors or memory for a new one */
};

struct listener {
	struct list listeners; /* the shard's */
	struct shard *shard;
	int fd;
	struct event acceptable;
	struct timer pause;
};

/* An address that the server has bound; later loops share it. */
struct bound {
	struct list addresses;
	char text[ADDRESS_TEXT]; /* as it was asked for */
	char real[ADDRESS_TEXT]; /* with its port */
	struct address address;
	struct list *first_shard; /* who asked first */
	int fd;			  /* of a unix socket: to be shared */
};

/* ---- limits ----------------------------------------------------------------
 */

/* What counts as one address: a host, or a network of IPv6; empty: no limit. */
static struct slice counted_part(const struct address *a)
{
	const struct sockaddr_in *four = (const struct sockaddr_in *)&a->socket;
	const struct sockaddr_in6 *six =
	    (const struct sockaddr_in6 *)&a->socket;

	switch (a->socket.ss_family) {
	case AF_INET:
		return slice_make(&four->sin_addr, 4);
	case AF_INET6:
		return slice_make(&six->sin6_addr, 8);
	default:
		return slice_make(NULL, 0);
	}
}

/* Adds `change` to what is counted of the address, unless that passes `most`. */
static bool count_address(struct http_server *s, const struct address *a,
			  int change, size_t most)
{
	struct slice part = counted_part(a);
	uintptr_t count;
	bool fits;

	if (!s->limits.connections_per_address || part.size == 0)
		return true;
	pthread_mutex_lock(&s->lock);
	count = (uintptr_t)map_find(&s->per_address, part);
	fits = change < 0 || count < most;
	if (fits)
		count += (uintptr_t)change;
	if (count == 0)
		map_remove(&s->per_address, part);
	else
		map_put(&s->per_address, part, (void *)count);
	pthread_mutex_unlock(&s->lock);
	return fits;
}

void listener_forget(struct http_server *s, const struct address *address)
{
	atomic_fetch_sub(&s->connections, 1);
	count_address(s, address, -1, 0);
}

/* 0, or the status to turn it away with. */
static int admit(struct http_server *s, const struct address *address)
{
	if (atomic_fetch_add(&s->connections, 1) >= s->limits.connections) {
		atomic_fetch_sub(&s->connections, 1);
		return 503;
	}
	if (count_address(s, address, 1, s->limits.connections_per_address))
		return 0;
	atomic_fetch_sub(&s->connections, 1);
	return 429;
}

/* ---- accepting -------------------------------------------------------------
 */

static void turn_away(struct shard *shard, int fd, int status)
{
	char text[256];
	int size = snprintf(text, sizeof(text),
			    "HTTP/1.1 %d %s\r\nDate: %s\r\n"
			    "Connection: close\r\nRetry-After: 1\r\n"
			    "Content-Length: 0\r\n\r\n",
			    status, http_reason(status), answer_date(shard));

	if (!shard->server->tls &&
	    send(fd, text, (size_t)size, MSG_NOSIGNAL) == size)
		shutdown(fd, SHUT_WR);
	close(fd);
}

static void take(struct shard *shard, int fd, const struct address *address)
{
	int status = admit(shard->server, address);
	int on = 1;

	if (status) {
		turn_away(shard, fd, status);
		return;
	}
	if (address->socket.ss_family != AF_UNIX)
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	connection_new(shard, fd, address);
}

static bool is_passing(int error)
{
	return error == EINTR || error == ECONNABORTED || error == EPROTO ||
	       error == ENETDOWN || error == EHOSTUNREACH ||
	       error == ENETUNREACH;
}

/* Accepts what waits, up to `most`; waits a little when there is no room for
 * more descriptors, which would otherwise call us again at once. */
static void accept_waiting(struct listener *l, int most)
{
	while (most-- > 0) {
		struct address from = { .size = sizeof(from.socket) };
		int fd = accept4(l->fd, (struct sockaddr *)&from.socket,
				 &from.size, SOCK_NONBLOCK | SOCK_CLOEXEC);

		if (fd >= 0) {
			take(l->shard, fd, &from);
		} else if (!is_passing(errno)) {
			if (errno != EAGAIN) {
				event_del(&l->acceptable);
				timer_set(&l->pause, PAUSE_MS);
			}
			return;
		}
	}
}

static void on_acceptable(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	accept_waiting(arg, ACCEPT_MAX);
}

static void on_pause_over(struct timer *timer)
{
	struct listener *l = LIST_ENTRY(timer, struct listener, pause);

	if (event_add(&l->acceptable, NULL) != 0)
		timer_set(&l->pause, PAUSE_MS);
}

static void listener_new(struct shard *shard, int fd)
{
	struct listener *l = calloc(1, sizeof(*l));

	if (!l)
		abort();
	l->shard = shard;
	l->fd = fd;
	stream_keep_alive(fd);
	list_append(&shard->listeners, &l->listeners);
	timer_init(&l->pause, shard->loop, on_pause_over);
	event_assign(&l->acceptable, loop_base(shard->loop), fd,
		     EV_READ | EV_PERSIST, on_acceptable, l);
	if (event_add(&l->acceptable, NULL) != 0)
		abort();
}

void listeners_close(struct shard *shard)
{
	LIST_EACH (at, after, &shard->listeners) {
		struct listener *l = LIST_ENTRY(at, struct listener, listeners);

		accept_waiting(l, BACKLOG);
		list_remove(&l->listeners);
		event_del(&l->acceptable);
		timer_release(&l->pause);
		close(l->fd);
		free(l);
	}
}

/* ---- binding ---------------------------------------------------------------
 */

static int open_socket(const struct address *a, bool shared)
{
	int fd = socket(a->socket.ss_family,
			SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0 || a->socket.ss_family == AF_UNIX)
		return fd;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (shared)
		setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (a->socket.ss_family == AF_INET6)
		setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof(on));
	return fd;
}

static int bind_failed(const char *text, int fd, struct fault *why)
{
	int error = errno;

	if (fd >= 0)
		close(fd);
	return fault_set(why, E_UNAVAILABLE, "cannot listen on '%s': %s", text,
			 strerror(error));
}

/* A socket file that nobody listens on any more is in our way. */
static void clear_path(const struct address *a)
{
	const char *path = address_path(a);
	struct stat status;
	int fd;

	if (!path || stat(path, &status) != 0 || !S_ISSOCK(status.st_mode))
		return;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	if (connect(fd, (const struct sockaddr *)&a->socket, a->size) != 0 &&
	    errno == ECONNREFUSED)
		unlink(path);
	close(fd);
}

/* With SO_REUSEPORT a port that another process of ours serves could be bound
 * again, and each would get half of the connections: so ask without it first.
 */
static int check_free(const struct address *a, const char *text,
		      struct fault *why)
{
	int fd;

	if (a->socket.ss_family == AF_UNIX) {
		clear_path(a);
		return 0;
	}
	fd = open_socket(a, false);
	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&a->socket, a->size) != 0)
		return bind_failed(text, fd, why);
	close(fd);
	return 0;
}

static int bind_socket(struct address *a, const char *text, struct fault *why)
{
	int fd = open_socket(a, true);

	if (fd < 0 ||
	    bind(fd, (const struct sockaddr *)&a->socket, a->size) != 0 ||
	    listen(fd, BACKLOG) != 0)
		return bind_failed(text, fd, why);
	if (a->socket.ss_family != AF_UNIX) { /* port 0 is a number now */
		a->size = sizeof(a->socket);
		getsockname(fd, (struct sockaddr *)&a->socket, &a->size);
	}
	return fd;
}

static struct bound *find_bound(struct http_server *s, const char *text,
				const struct shard *shard)
{
	LIST_EACH (at, after, &s->addresses) {
		struct bound *b = LIST_ENTRY(at, struct bound, addresses);

		if (b->first_shard != &shard->shards &&
		    (strcmp(b->text, text) == 0 || strcmp(b->real, text) == 0))
			return b;
	}
	return NULL;
}

static struct bound *bound_new(struct http_server *s, const char *text,
			       const struct address *a, struct shard *shard,
			       int fd)
{
	struct bound *b = calloc(1, sizeof(*b));

	if (!b)
		abort();
	snprintf(b->text, sizeof(b->text), "%s", text);
	address_format(a, true, b->real, sizeof(b->real));
	b->address = *a;
	b->first_shard = &shard->shards;
	b->fd = address_path(a) ? dup(fd) : -1;
	list_append(&s->addresses, &b->addresses);
	return b;
}

/* A listening socket of this address, shared with other loops that have it. */
static int listening_socket(struct shard *shard, const char *text,
			    struct bound **bound, struct fault *why)
{
	struct address a;
	int fd;

	*bound = find_bound(shard->server, text, shard);
	if (*bound && (*bound)->fd >= 0)
		return dup((*bound)->fd);
	if (*bound)
		return bind_socket(&(*bound)->address, text, why);
	if (address_parse(text, &a, why) != 0 || check_free(&a, text, why) != 0)
		return -1;
	fd = bind_socket(&a, text, why);
	if (fd >= 0)
		*bound = bound_new(shard->server, text, &a, shard, fd);
	return fd;
}

int listener_open(struct shard *shard, const char *text, char *real,
		  size_t real_size, struct fault *why)
{
	struct http_server *s = shard->server;
	struct bound *bound;
	int fd;

	pthread_mutex_lock(&s->lock);
	fd = listening_socket(shard, text, &bound, why);
	if (fd >= 0 && real)
		snprintf(real, real_size, "%s", bound->real);
	pthread_mutex_unlock(&s->lock);
	if (fd < 0)
		return fault_set(why, E_UNAVAILABLE, "cannot listen on '%s'",
				 text);
	listener_new(shard, fd);
	return 0;
}

void listener_forget_addresses(struct http_server *s)
{
	LIST_EACH (at, after, &s->addresses) {
		struct bound *b = LIST_ENTRY(at, struct bound, addresses);

		list_remove(&b->addresses);
		if (address_path(&b->address))
			unlink(address_path(&b->address));
		if (b->fd >= 0)
			close(b->fd);
		free(b);
	}
}
