/* lib/net/deadline.c - many deadlines on a loop behind one timer */
#include "lib/net/deadline.h"
#include "lib/base/clock.h"

static void arm(struct deadlines *d, int64_t at_ms)
{
	d->armed_ms = at_ms;
	timer_set(&d->timer, at_ms - clock_monotonic_ms());
}

/* Moves those that have passed to `passed`; returns the earliest of the others,
 * or 0. */
static int64_t collect(struct deadlines *d, int64_t now, struct list *passed)
{
	int64_t earliest = 0;

	LIST_EACH (at, after, &d->members) {
		struct deadline *one = LIST_ENTRY(at, struct deadline, members);

		if (!one->at_ms)
			continue;
		if (one->at_ms <= now) {
			list_remove(at);
			list_append(passed, at);
		} else if (!earliest || one->at_ms < earliest) {
			earliest = one->at_ms;
		}
	}
	return earliest;
}

static void on_time(struct timer *timer)
{
	struct deadlines *d = LIST_ENTRY(timer, struct deadlines, timer);
	int64_t now = clock_monotonic_ms(), earliest;
	struct list passed;
	struct deadline *one;

	list_init(&passed);
	d->armed_ms = 0;
	earliest = collect(d, now, &passed);
	if (earliest)
		arm(d, earliest);
	while ((one = LIST_FIRST(&passed, struct deadline, members))) {
		list_remove(&one->members);
		list_append(&d->members, &one->members);
		if (!one->at_ms)
			continue;	/* another's `passed` took it back */
		if (one->at_ms > now) { /* or moved it on */
			deadline_set(d, one, one->at_ms);
			continue;
		}
		one->at_ms = 0;
		one->passed(one);
	}
}

void deadlines_init(struct deadlines *d, struct loop *loop)
{
	list_init(&d->members);
	timer_init(&d->timer, loop, on_time);
	d->armed_ms = 0;
}

void deadlines_release(struct deadlines *d)
{
	timer_release(&d->timer);
}

void deadline_join(struct deadlines *d, struct deadline *one,
		   void (*passed)(struct deadline *))
{
	one->at_ms = 0;
	one->passed = passed;
	list_append(&d->members, &one->members);
}

void deadline_leave(struct deadline *one)
{
	list_remove(&one->members);
}

void deadline_set(struct deadlines *d, struct deadline *one, int64_t at_ms)
{
	one->at_ms = at_ms;
	if (at_ms && (!d->armed_ms || at_ms < d->armed_ms))
		arm(d, at_ms);
}
