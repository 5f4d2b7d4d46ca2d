/* lib/net/loop.c - an I/O thread's event base, and how work gets back to it */
#include "lib/net/loop.h"

#include <errno.h>
#include <event2/event.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* Posted tasks are a stack that any thread pushes to and the loop takes whole,
 * so posting takes no lock; the loop turns it round to keep their order. */
struct loop {
	struct event_base *base;
	struct event *wake;
	int wake_fd;
	_Atomic(struct list *) posted;
	atomic_bool stopping;
	struct list turns;
	uint8_t scratch[LOOP_SCRATCH];
};

void loop_wake(struct loop *l)
{
	static const uint64_t one = 1;

	while (write(l->wake_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
}

static struct list *take_posted(struct loop *l)
{
	struct list *newest =
	    atomic_exchange_explicit(&l->posted, NULL, memory_order_acquire);
	struct list *oldest = NULL;

	while (newest) {
		struct list *below = newest->next;

		newest->next = oldest;
		oldest = newest;
		newest = below;
	}
	return oldest;
}

bool loop_settle(struct loop *l)
{
	struct list *at = take_posted(l);
	bool any = at;

	while (at) {
		struct task *task = LIST_ENTRY(at, struct task, queue);

		at = at->next; /* the task is its owner's again */
		task->done(task);
	}
	return any;
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	uint64_t count;

	(void)what;
	while (read(fd, &count, sizeof(count)) < 0 && errno == EINTR)
		;
	loop_settle(l);
}

struct loop *loop_new(void)
{
	struct loop *l = calloc(1, sizeof(*l));
	struct event_config *config = event_config_new();

	if (!l || !config)
		abort();
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	l->base = event_base_new_with_config(config);
	event_config_free(config);
	l->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (!l->base || l->wake_fd < 0)
		abort();
	l->wake =
	    event_new(l->base, l->wake_fd, EV_READ | EV_PERSIST, on_wake, l);
	if (!l->wake || event_add(l->wake, NULL) != 0)
		abort();
	list_init(&l->turns);
	return l;
}

void loop_free(struct loop *l)
{
	if (!l)
		return;
	loop_settle(l);
	event_free(l->wake);
	event_base_free(l->base);
	close(l->wake_fd);
	free(l);
}

struct event_base *loop_base(struct loop *l)
{
	return l->base;
}

uint8_t *loop_scratch(struct loop *l)
{
	return l->scratch;
}

static void end_turn(struct loop *l)
{
	LIST_EACH (at, after, &l->turns) {
		struct loop_turn *turn =
		    LIST_ENTRY(at, struct loop_turn, turns);

		turn->end(turn);
	}
}

void loop_run(struct loop *l)
{
	while (!atomic_load_explicit(&l->stopping, memory_order_acquire)) {
		event_base_loop(l->base, EVLOOP_ONCE);
		end_turn(l);
	}
	atomic_store_explicit(&l->stopping, false, memory_order_relaxed);
}

void loop_stop(struct loop *l)
{
	atomic_store_explicit(&l->stopping, true, memory_order_release);
	loop_wake(l);
}

bool loop_push(struct loop *l, struct task *task)
{
	struct list *below =
	    atomic_load_explicit(&l->posted, memory_order_relaxed);

	do
		task->queue.next = below;
	while (!atomic_compare_exchange_weak_explicit(&l->posted, &below,
						      &task->queue,
						      memory_order_release,
						      memory_order_relaxed));
	return !below; /* else whoever pushed the first one wakes it */
}

void loop_post(struct loop *l, struct task *task)
{
	if (loop_push(l, task))
		loop_wake(l);
}

void loop_turn_add(struct loop *l, struct loop_turn *turn)
{
	list_append(&l->turns, &turn->turns);
}

void loop_turn_remove(struct loop_turn *turn)
{
	list_remove(&turn->turns);
}
