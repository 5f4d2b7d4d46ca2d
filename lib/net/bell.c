/* lib/net/bell.c - rung by any thread, heard on a loop's */
#include "lib/net/bell.h"

static void on_rung(struct task *task)
{
	struct bell *b = LIST_ENTRY(task, struct bell, task);

	if (b->closed) {
		b->gone(b);
		return;
	}
	atomic_store(&b->ringing, false);
	b->heard(b);
}

void bell_init(struct bell *b, struct loop *loop, void (*heard)(struct bell *),
	       void (*gone)(struct bell *))
{
	*b = (struct bell){
		.task = { .loop = loop, .done = on_rung },
		.heard = heard,
		.gone = gone,
	};
}

void bell_ring(struct bell *b)
{
	if (!atomic_exchange(&b->ringing, true))
		loop_post(b->task.loop, &b->task);
}

void bell_close(struct bell *b)
{
	b->closed = true;
	if (!atomic_load(&b->ringing))
		b->gone(b);
}
