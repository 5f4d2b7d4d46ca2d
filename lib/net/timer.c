/* lib/net/timer.c - something that happens later on a loop's thread */
#include "lib/net/loop.h"

#include <event2/event.h>
#include <stdlib.h>

static void on_time(evutil_socket_t fd, short what, void *arg)
{
	struct timer *t = arg;

	(void)fd;
	(void)what;
	t->fire(t);
}

void timer_init(struct timer *t, struct loop *loop,
		void (*fire)(struct timer *))
{
	t->fire = fire;
	t->event = evtimer_new(loop_base(loop), on_time, t);
	if (!t->event)
		abort();
}

void timer_set(struct timer *t, int64_t milliseconds)
{
	struct timeval delay;

	if (milliseconds < 0)
		milliseconds = 0;
	delay.tv_sec = milliseconds / 1000;
	delay.tv_usec = milliseconds % 1000 * 1000;
	if (evtimer_add((struct event *)t->event, &delay) != 0)
		abort();
}

void timer_cancel(struct timer *t)
{
	if (t->event)
		evtimer_del((struct event *)t->event);
}

void timer_release(struct timer *t)
{
	if (t->event)
		event_free(t->event);
	t->event = NULL;
}
