/* lib/daemon/thread.c - threads with a loop each */
#include "lib/daemon/state.h"
#include "lib/meter/log.h"

#include <errno.h>

static _Thread_local void *own;

void *thread_own(struct loop *loop, void *service)
{
	(void)loop;
	(void)service;
	return own;
}

void *daemon_thread(void)
{
	return own;
}

static void flush(struct loop_turn *turn)
{
	(void)turn;
	log_flush();
}

static void run_loop(struct io_thread *t)
{
	log_gather();
	t->turn.end = flush;
	loop_turn_add(t->loop, &t->turn);
	sem_post(&t->state->started);
	loop_run(t->loop);
	log_flush();
}

static void *serve(void *arg)
{
	struct io_thread *t = arg;
	const struct daemon *d = t->state->daemon;

	if (d->thread_start)
		own = d->thread_start(t->state, t->state->service, t->loop);
	run_loop(t);
	if (d->thread_stop)
		d->thread_stop(t->state->service, own);
	return NULL;
}

static void *follow(void *arg)
{
	struct io_thread *t = arg;

	follow_start(t->state);
	run_loop(t);
	follow_stop(t->state);
	return NULL;
}

static int start(struct io_thread *t, void *(*run)(void *), const char *name,
		 struct fault *fault)
{
	int error = pthread_create(&t->thread, NULL, run, t);

	if (error)
		return fault_set(fault, E_UNAVAILABLE,
				 "cannot start a thread: %s", strerror(error));
	t->running = true;
	pthread_setname_np(t->thread, name);
	while (sem_wait(&t->state->started) < 0 && errno == EINTR)
		;
	return 0;
}

int threads_start(struct daemon_state *s, struct fault *fault)
{
	for (size_t i = 0; i < s->thread_count; i++)
		if (start(&s->threads[i], serve, "serve", fault) < 0)
			return -fault->code;
	return start(&s->follower, follow, "follow", fault);
}

static void stop(struct io_thread *t)
{
	if (!t->running)
		return;
	loop_stop(t->loop);
	pthread_join(t->thread, NULL);
	t->running = false;
}

void threads_stop(struct daemon_state *s)
{
	for (size_t i = 0; i < s->thread_count; i++)
		stop(&s->threads[i]);
	stop(&s->follower);
}

void threads_settle(struct daemon_state *s)
{
	bool any;

	do { /* one's task may post to another's loop */
		any = loop_settle(s->follower.loop);
		for (size_t i = 0; i < s->thread_count; i++)
			any |= loop_settle(s->threads[i].loop);
	} while (any);
}
