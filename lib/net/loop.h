/* lib/net/loop.h - an I/O thread's event base, and how work gets back to it
 *
 * Each I/O thread owns one loop and all that happens on it. Another thread
 * reaches it only by loop_post. A pool runs work that blocks, and posts each
 * task back to the loop that submitted it.
 */
#ifndef PARLOR_NET_LOOP_H
#define PARLOR_NET_LOOP_H

#include "lib/base/list.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_base;
struct loop;
struct pool;

/* Embedded by whoever has work; it must stay until `done` has run. */
struct task {
	struct list queue;	     /* the loop's or the pool's */
	struct loop *loop;	     /* where `done` runs */
	void (*run)(struct task *);  /* on a pool's thread; may block */
	void (*done)(struct task *); /* on the loop's thread */
};

/* A loop for the calling thread to run. Never NULL. */
struct loop *loop_new(void);
/* Settles it, then frees. */
void loop_free(struct loop *);
/* Runs what is posted, says whether there was anything. Its own thread, or when
 * nobody runs it. */
bool loop_settle(struct loop *);
struct event_base *loop_base(struct loop *);

/* Bytes that whoever handles an event may read a socket into; theirs until they
 * return to the loop. */
enum { LOOP_SCRATCH = 65536 };
uint8_t *loop_scratch(struct loop *);

/* Runs until loop_stop, which any thread may call, also beforehand. */
void loop_run(struct loop *);
void loop_stop(struct loop *);

/* Any thread: runs task->done once on the loop's thread, in order of posting.
 */
void loop_post(struct loop *, struct task *);

/* The same in two steps, for many tasks at once: when loop_push says true,
 * loop_wake must follow for the loop, once for all that were pushed before it.
 */
bool loop_push(struct loop *, struct task *);
void loop_wake(struct loop *);

/* Something to do at the end of each of the loop's turns, before it waits again
 * (a log's gathered lines go out here). Embedded by its owner; on the loop's
 * thread only, or before the loop runs. It may remove itself. */
struct loop_turn {
	struct list turns;
	void (*end)(struct loop_turn *);
};
void loop_turn_add(struct loop *, struct loop_turn *);
void loop_turn_remove(struct loop_turn *);

/* `threads` workers behind a queue of at most `depth` tasks. */
struct pool *pool_new(size_t threads, size_t depth);

/* The same, and all other threads of the machine's go first (on Linux niceness is
 * a thread's): for work that takes long, beside work that must not wait for it. */
struct pool *pool_new_behind(size_t threads, size_t depth);

/* Waits for what runs and what waits, and takes nothing more. */
void pool_end(struct pool *);
/* Of one that has ended, or NULL. */
void pool_free(struct pool *);

/* From the loop's thread: run, then done. Returns 0, or -E_EXHAUSTED when the
 * queue is full or the pool has ended (neither is called then). */
int pool_submit(struct pool *, struct loop *, struct task *);

/* A one-shot timer on a loop's thread; set again it starts anew. `fire` may set
 * or release it. */
struct timer {
	void *event; /* libevent's */
	void (*fire)(struct timer *);
};
void timer_init(struct timer *, struct loop *, void (*fire)(struct timer *));
void timer_set(struct timer *, int64_t milliseconds);
void timer_cancel(struct timer *);
void timer_release(struct timer *);

#endif
