/* lib/net/http_server.c - HTTP/1.1 for a daemon's listeners */
#include "lib/net/http_connection.h"

#include "lib/base/clock.h"

#include <stdlib.h>

static void take_default(size_t *limit, size_t otherwise)
{
	if (*limit == 0)
		*limit = otherwise;
}

static void take_default_ms(int *limit, int otherwise)
{
	if (*limit == 0)
		*limit = otherwise;
}

static struct http_limits with_defaults(struct http_limits l)
{
	take_default(&l.line, 8192);
	take_default(&l.headers, 32768);
	take_default(&l.header_count, HTTP_HEADERS_MAX);
	take_default(&l.body, 6 << 20);
	take_default(&l.arena, 64 << 20);
	take_default(&l.output, 1 << 20);
	take_default(&l.connections, 10000);
	take_default_ms(&l.header_ms, 10000);
	take_default_ms(&l.body_ms, 60000);
	take_default_ms(&l.idle_ms, 75000);
	take_default_ms(&l.write_ms, 30000);
	return l;
}

struct http_server *http_server_new(const struct http_limits *limits,
				    const struct http_handler *handler,
				    struct tls *tls)
{
	struct http_server *s = calloc(1, sizeof(*s));

	if (!s)
		abort();
	s->limits = with_defaults(limits ? *limits : (struct http_limits){ 0 });
	s->scan_limits = (struct http_scan_limits){
		.line = s->limits.line,
		.headers = s->limits.headers,
		.count = s->limits.header_count,
	};
	s->handler = handler;
	s->tls = tls;
	pthread_mutex_init(&s->lock, NULL);
	list_init(&s->shards);
	list_init(&s->addresses);
	map_init(&s->per_address);
	return s;
}

/* ---- turns -----------------------------------------------------------------
 */

/* Those touched while others are brought up to date come in the next turn: first
 * the loop looks for news, such as that a stream's reader has gone. */
static void end_turn(struct loop_turn *turn)
{
	struct shard *shard = LIST_ENTRY(turn, struct shard, turn);
	struct connection *c;
	struct list now;

	if (list_empty(&shard->touched))
		return;
	shard->now_ms = clock_monotonic_ms();
	list_init(&now);
	list_append(&shard->touched, &now); /* all of them behind a new head */
	list_remove(&shard->touched);
	while ((c = LIST_FIRST(&now, struct connection, touched))) {
		list_remove(&c->touched);
		connection_turn(c);
	}
	if (!list_empty(&shard->touched))
		event_active(&shard->again, EV_TIMEOUT, 0);
}

static void on_again(evutil_socket_t fd, short what, void *arg)
{
	(void)fd; /* it only keeps the loop from waiting */
	(void)what;
	(void)arg;
}

/* ---- shards ----------------------------------------------------------------
 */

static struct shard *shard_find(struct http_server *s, const struct loop *loop)
{
	struct shard *found = NULL;

	pthread_mutex_lock(&s->lock);
	LIST_EACH (at, after, &s->shards) {
		struct shard *shard = LIST_ENTRY(at, struct shard, shards);

		if (shard->loop == loop)
			found = shard;
	}
	pthread_mutex_unlock(&s->lock);
	return found;
}

static void on_drain(struct task *task);

static struct shard *shard_new(struct http_server *s, struct loop *loop)
{
	struct shard *shard = calloc(1, sizeof(*shard));

	if (!shard)
		abort();
	shard->server = s;
	shard->loop = loop;
	list_init(&shard->listeners);
	list_init(&shard->touched);
	deadlines_init(&shard->deadlines, loop);
	shard->drain.done = on_drain;
	shard->turn.end = end_turn;
	loop_turn_add(loop, &shard->turn);
	evtimer_assign(&shard->again, loop_base(loop), on_again, shard);
	pthread_mutex_lock(&s->lock);
	list_append(&s->shards, &shard->shards);
	pthread_mutex_unlock(&s->lock);
	return shard;
}

int http_server_listen(struct http_server *s, struct loop *loop,
		       const char *address, char *bound, size_t bound_size,
		       struct fault *why)
{
	struct shard *shard = shard_find(s, loop);

	if (!shard)
		shard = shard_new(s, loop);
	return listener_open(shard, address, bound, bound_size, why);
}

/* ---- the end ---------------------------------------------------------------
 */

void shard_drained(struct shard *shard)
{
	struct http_server *s = shard->server;

	if (!shard->drain_begun || shard->drain_over || shard->connections)
		return;
	shard->drain_over = true;
	if (atomic_fetch_sub(&s->undrained, 1) == 1 && s->drained)
		s->drained(s->drained_arg);
}

static void on_drain(struct task *task)
{
	struct shard *shard = LIST_ENTRY(task, struct shard, drain);

	shard->now_ms = clock_monotonic_ms();
	listeners_close(shard);
	shard->drain_begun = true;
	LIST_EACH (at, after, &shard->deadlines.members) {
		struct deadline *d = LIST_ENTRY(at, struct deadline, members);

		connection_drain(LIST_ENTRY(d, struct connection, deadline));
	}
	shard_drained(shard);
}

void http_server_drain(struct http_server *s, void (*drained)(void *),
		       void *arg)
{
	size_t shards = 0;

	pthread_mutex_lock(&s->lock);
	LIST_EACH (at, after, &s->shards)
		shards++;
	s->drained = drained;
	s->drained_arg = arg;
	atomic_store(&s->undrained, shards);
	if (!atomic_exchange(&s->draining, true)) {
		LIST_EACH (at, after, &s->shards) {
			struct shard *shard =
			    LIST_ENTRY(at, struct shard, shards);

			loop_post(shard->loop, &shard->drain);
		}
	}
	pthread_mutex_unlock(&s->lock);
	if (shards == 0 && drained)
		drained(arg);
}

static void shard_free(struct shard *shard)
{
	shard->drain_over = true; /* nobody is to hear of it any more */
	listeners_close(shard);
	LIST_EACH (at, after, &shard->deadlines.members) {
		struct deadline *d = LIST_ENTRY(at, struct deadline, members);
		struct connection *c =
		    LIST_ENTRY(d, struct connection, deadline);

		connection_drop(c);
		connection_abandon(c);
	}
	deadlines_release(&shard->deadlines);
	loop_turn_remove(&shard->turn);
	event_del(&shard->again);
	list_remove(&shard->shards);
	free(shard);
}

void http_server_free(struct http_server *s)
{
	if (!s)
		return;
	LIST_EACH (at, after, &s->shards)
		shard_free(LIST_ENTRY(at, struct shard, shards));
	listener_forget_addresses(s);
	map_release(&s->per_address);
	pthread_mutex_destroy(&s->lock);
	free(s);
}

size_t http_server_connections(const struct http_server *s)
{
	return atomic_load(&s->connections);
}
