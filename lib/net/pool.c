/* lib/net/pool.c - threads for work that blocks, behind a bounded queue */
#include "lib/base/fault.h"
#include "lib/net/loop.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

enum { BEHIND = 10 /* of niceness */ };

struct pool {
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct list waiting;
	size_t count, depth;
	bool ending, behind;
	size_t thread_count;
	pthread_t threads[];
};

/* NULL when the pool ends and nothing waits. */
static struct task *next_task(struct pool *p)
{
	struct task *task;

	pthread_mutex_lock(&p->lock);
	while (list_empty(&p->waiting) && !p->ending)
		pthread_cond_wait(&p->more, &p->lock);
	task = LIST_FIRST(&p->waiting, struct task, queue);
	if (task) {
		list_remove(&task->queue);
		p->count--;
	}
	pthread_mutex_unlock(&p->lock);
	return task;
}

static void *work(void *arg)
{
	const struct pool *p = arg;
	struct task *task;

	if (p->behind)
		setpriority(PRIO_PROCESS, (id_t)gettid(), BEHIND);
	while ((task = next_task(arg)) != NULL) {
		task->run(task);
		loop_post(task->loop, task);
	}
	return NULL;
}

static struct pool *start(size_t threads, size_t depth, bool behind)
{
	struct pool *p = calloc(1, sizeof(*p) + threads * sizeof(pthread_t));
	sigset_t all, before;

	if (!p)
		abort();
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->more, NULL);
	list_init(&p->waiting);
	p->depth = depth;
	p->behind = behind;
	p->thread_count = threads;
	sigfillset(&all); /* signals are the main thread's */
	pthread_sigmask(SIG_SETMASK, &all, &before);
	for (size_t i = 0; i < threads; i++)
		if (pthread_create(&p->threads[i], NULL, work, p) != 0)
			abort();
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return p;
}

struct pool *pool_new(size_t threads, size_t depth)
{
	return start(threads, depth, false);
}

struct pool *pool_new_behind(size_t threads, size_t depth)
{
	return start(threads, depth, true);
}

void pool_end(struct pool *p)
{
	pthread_mutex_lock(&p->lock);
	p->ending = true;
	pthread_cond_broadcast(&p->more);
	pthread_mutex_unlock(&p->lock);
	for (size_t i = 0; i < p->thread_count; i++)
		pthread_join(p->threads[i], NULL);
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	pthread_cond_destroy(&p->more);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

int pool_submit(struct pool *p, struct loop *loop, struct task *task)
{
	int result = -E_EXHAUSTED;

	task->loop = loop;
	pthread_mutex_lock(&p->lock);
	if (p->count < p->depth && !p->ending) {
		list_append(&p->waiting, &task->queue);
		p->count++;
		pthread_cond_signal(&p->more);
		result = 0;
	}
	pthread_mutex_unlock(&p->lock);
	return result;
}
