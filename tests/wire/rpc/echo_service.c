/* tests/wire/rpc/echo_service.c - the operations of tests/proto, in C */
#include "tests/wire/rpc/echo_service.h"
#include "lib/net/loop.h"
#include "lib/rpc/call.h"

#include "parlor/test/v1/echo.pb-c.h"

#include <pthread.h>
#include <stdatomic.h>

enum { PADDING_MAX = 4 << 20 };

static void say(struct call *c)
{
	Parlor__Test__V1__SayResponse out =
	    PARLOR__TEST__V1__SAY_RESPONSE__INIT;
	Parlor__Test__V1__SayRequest *in =
	    call_unpack(c, &parlor__test__v1__say_request__descriptor);

	if (in)
		out.sentence = in->sentence;
	call_reply(c, &out.base);
}

static void nothing(struct call *c)
{
	call_reply_bytes(c, slice_make("", 0));
}

static void reflect(struct call *c)
{
	call_reply_bytes(c, c->request);
}

/* ---- Sleep ----------------------------------------------------------------
 */

struct sleeper {
	struct timer timer;
	struct call *call;
	int remaining_ms;
	bool in_time;
};

static void wake(struct timer *timer)
{
	struct sleeper *s = LIST_ENTRY(timer, struct sleeper, timer);
	Parlor__Test__V1__SleepResponse out =
	    PARLOR__TEST__V1__SLEEP_RESPONSE__INIT;

	timer_release(timer);
	out.remaining_ms = s->remaining_ms;
	if (!s->in_time)
		call_fail(s->call, E_DEADLINE, "slept over the deadline");
	call_reply(s->call, &out.base);
}

static void sleep_call(struct call *c)
{
	Parlor__Test__V1__SleepRequest *in =
	    call_unpack(c, &parlor__test__v1__sleep_request__descriptor);
	struct sleeper *s = arena_zalloc(c->mem, sizeof(*s));
	int left = call_remaining_ms(c, -1);

	if (!in || !s) {
		call_end(c);
		return;
	}
	s->call = c;
	s->remaining_ms = left;
	s->in_time = left < 0 || in->milliseconds <= left;
	timer_init(&s->timer, c->loop, wake);
	timer_set(&s->timer, s->in_time ? in->milliseconds : left);
}

/* ---- Fail -----------------------------------------------------------------
 */

static void fail(struct call *c)
{
	Parlor__Test__V1__FailRequest *in =
	    call_unpack(c, &parlor__test__v1__fail_request__descriptor);

	if (in) {
		call_fail(c,
			  in->condition
			      ? E_CONDITION
			      : fault_from_connect(slice_of(in->code)),
			  "%s", in->message);
		c->fault.retry_after_ms = in->retry_after_ms;
		if (in->detail)
			call_detail_message(c, &in->detail->base);
	}
	call_end(c);
}

static void who_am_i(struct call *c)
{
	Parlor__Test__V1__WhoAmIResponse out =
	    PARLOR__TEST__V1__WHO_AM_IRESPONSE__INIT;

	out.principal =
	    arena_copy(c->mem, c->principal.text.data, c->principal.text.size);
	out.user = arena_copy(c->mem, c->user.text.data, c->user.text.size);
	call_reply(c, &out.base);
}

/* ---- Count ----------------------------------------------------------------
 */

struct counter {
	struct timer timer;
	struct call *call;
	Parlor__Test__V1__CountRequest *in;
	Parlor__Test__V1__CountResponse out;
	bool running; /* `resume` may come out of our own call_send */
};

static _Atomic size_t most_waiting;

size_t echo_most_waiting(void)
{
	return most_waiting;
}

static void end_count(struct counter *n)
{
	struct call *c = n->call;

	timer_release(&n->timer);
	c->resume = NULL;
	if (*n->in->fail)
		call_fail(c, fault_from_connect(slice_of(n->in->fail)),
			  "failed after %d messages", n->out.number);
	call_end(c);
}

/* Sends until the reader is slow, or once where there is an interval. */
static void count_on(struct counter *n)
{
	struct call *c = n->call;
	size_t waiting = 0;

	if (n->running)
		return;
	n->running = true;
	while (!c->closed && n->out.number < n->in->messages && !waiting) {
		n->out.number++;
		waiting = call_send(c, &n->out.base);
		if (waiting > most_waiting)
			most_waiting = waiting;
		if (n->in->interval_ms)
			break;
	}
	n->running = false;
	if (c->closed || call_failed(c) || n->out.number >= n->in->messages)
		end_count(n);
	else if (n->in->interval_ms)
		timer_set(&n->timer, n->in->interval_ms);
}

static void resume(struct call *c)
{
	count_on(c->state);
}

static void tick(struct timer *timer)
{
	count_on(LIST_ENTRY(timer, struct counter, timer));
}

static void count(struct call *c)
{
	struct counter *n = arena_zalloc(c->mem, sizeof(*n));
	Parlor__Test__V1__CountRequest *in =
	    call_unpack(c, &parlor__test__v1__count_request__descriptor);

	if (in && (in->size < 0 || in->size > PADDING_MAX))
		call_fail(c, E_INVALID, "size: at most %d", PADDING_MAX);
	if (!n || !in || call_failed(c)) {
		call_end(c);
		return;
	}
	n->call = c;
	n->in = in;
	parlor__test__v1__count_response__init(&n->out);
	n->out.padding.len = (size_t)in->size;
	n->out.padding.data = arena_zalloc(c->mem, (size_t)in->size + 1);
	timer_init(&n->timer, c->loop, tick);
	c->state = n;
	c->resume = resume;
	count_on(n);
}

static const struct op ops[] = {
	{ "Say", say, OP_READ | OP_PUBLIC, DOOR_CONNECT | DOOR_AWS, NULL },
	{ "Change", say, OP_WRITE | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "Nothing", nothing, OP_WRITE | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "Sleep", sleep_call, OP_READ | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "Fail", fail, OP_READ | OP_PUBLIC, DOOR_CONNECT | DOOR_AWS, NULL },
	{ "Reflect", reflect, OP_READ | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ "WhoAmI", who_am_i, OP_READ | OP_USER, DOOR_CONNECT, NULL },
	{ "Count", count, OP_READ | OP_STREAM | OP_PUBLIC, DOOR_CONNECT, NULL },
	{ 0 },
};

const struct op_service echo_services[] = {
	{ .name = "parlor.test.v1.Echo",
	  .ops = ops,
	  .aws = "Echo_1",
	  .aws_exceptions = "parlor.test#" },
	{ 0 },
};

extern const uint8_t test_descriptor_set[], test_descriptor_set_end[];
static struct descriptor_set *set;

static void load(void)
{
	struct fault fault = { 0 };

	set = descriptor_set_load(slice_make(test_descriptor_set,
					     (size_t)(test_descriptor_set_end -
						      test_descriptor_set)),
				  &fault);
	if (!set)
		abort(); /* the build made it */
}

const struct descriptor_set *echo_descriptors(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, load);
	return set;
}
