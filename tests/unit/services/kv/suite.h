/* tests/unit/services/kv/suite.h - parlor-kv without a socket
 *
 * Operations by name, with requests and answers as AWS's JSON, on LMDB or on
 * the fault engine: one line in, one line out.
 */
#ifndef PARLOR_TEST_KV_SUITE_H
#define PARLOR_TEST_KV_SUITE_H

#include "lib/rpc/json.h"
#include "services/kv/api/api.h"
#include "services/kv/op/catalog.h"
#include "tests/unit/services/kv/store/stage.h"

struct suite {
	struct stage *stage;
	struct kv kv;
	struct kv_thread thread;
	int64_t started_ns; /* when all calls came; 0: when they do */
	int64_t later_ms;   /* how much later than it is they come */
	/* of the call under way */
	struct buffer answer;
	bool answered;
};

static inline void suite_open(struct suite *s)
{
	struct fault why;

	fault_clear(&why);
	s->kv = (struct kv){ .store = s->stage->store,
			     .catalog = catalog_open(s->stage->store, &why),
			     .region = "local-1" };
	if (!s->kv.catalog)
		fail_msg("%s", why.message);
}

static inline struct suite *suite_new(bool faults)
{
	struct suite *s = calloc(1, sizeof(*s));

	assert_non_null(s);
	s->stage = stage_new(faults, NULL);
	buffer_init(&s->answer, 64 << 20);
	suite_open(s);
	return s;
}

static inline void suite_close(struct suite *s)
{
	snapshot_reader_release(&s->thread.catalog);
	catalog_free(s->kv.catalog);
}

static inline void suite_free(struct suite *s)
{
	suite_close(s);
	stage_free(s->stage);
	buffer_release(&s->answer);
	free(s);
}

/* Stops the store and starts it again, as a daemon would. */
static inline void suite_reopen(struct suite *s)
{
	suite_close(s);
	store_close(s->stage->store);
	stage_open(s->stage);
	suite_open(s);
}

static inline void suite_answer(struct call *c, struct slice message)
{
	struct suite *s = c->door_state;

	buffer_put_slice(&s->answer, message);
	s->answered = true;
	loop_stop(c->loop);
}

static inline const struct op *suite_op(const char *name)
{
	for (const struct op *op = kv_ops; op->name; op++)
		if (strcmp(op->name, name) == 0)
			return op;
	fail_msg("no operation %s", name);
	return NULL;
}

/* "admin", "anonymous", "user:SUB", "service:NAME", or "function:NAME" that the
 * game lends, for "user:1". */
static inline void suite_principal(struct call *c, const char *text)
{
	struct slice rest = slice_of(text), kind = slice_cut(&rest, ':');
	struct principal *p = &c->principal;

	p->text = slice_of(text);
	if (slice_is(kind, "admin")) {
		p->kind = PRINCIPAL_ADMIN;
	} else if (slice_is(kind, "user")) {
		p->kind = PRINCIPAL_USER;
		p->sub = rest;
	} else if (slice_is(kind, "service")) {
		p->kind = PRINCIPAL_SERVICE;
		p->service = rest;
	} else if (slice_is(kind, "function")) {
		p->kind = PRINCIPAL_FUNCTION;
		p->service = SLICE("game");
		p->function = rest;
		c->user = (struct principal){ .kind = PRINCIPAL_USER,
					      .text = SLICE("user:1"),
					      .sub = SLICE("1") };
	}
	if (!c->user.text.size)
		c->user = *p;
}

/* The answer as JSON, or "code/Exception: message"; freed by the caller. */
static inline char *suite_call(struct suite *s, const char *who,
			       const char *operation, const char *json)
{
	static const struct call_door door = { .answer = suite_answer };
	const struct descriptor_method *method;
	struct buffer request, out;
	struct arena mem;
	struct call c;
	char path[100], *text;

	snprintf(path, sizeof(path), "parlor.kv.v1.KeyValue/%s", operation);
	method =
	    descriptor_method_find(descriptor_set_parlor(), slice_of(path));
	assert_non_null(method);
	arena_init(&mem, 64 << 20);
	buffer_init(&request, 64 << 20);
	buffer_init(&out, 64 << 20);
	call_init(&c, &mem);
	if (json_to_message(method->input, slice_of(json), JSON_AWS, &mem,
			    &request, &c.fault) < 0)
		fail_msg("%s", c.fault.message);
	c.op = suite_op(operation);
	c.door = &door;
	c.door_state = s;
	c.service = &s->kv;
	c.thread = &s->thread;
	c.loop = s->stage->loop;
	c.request = buffer_slice(&request);
	if (s->started_ns)
		c.started_ns = s->started_ns;
	c.now_ms += s->later_ms;
	suite_principal(&c, who);
	s->answered = false;
	buffer_reset(&s->answer);
	c.op->handle(&c);
	loop_run(c.loop);
	assert_true(s->answered);
	if (c.fault.code)
		buffer_printf(&out, "%s/%s: %s",
			      fault_row(c.fault.code)->connect,
			      fault_row(c.fault.code)->aws, c.fault.message);
	else if (json_from_message(method->output, buffer_slice(&s->answer),
				   JSON_AWS, &out, &c.fault) < 0)
		fail_msg("%s", c.fault.message);
	text =
	    strndup((const char *)buffer_slice(&out).data, buffer_size(&out));
	buffer_release(&request);
	buffer_release(&out);
	arena_release(&mem);
	return text;
}

/* A line of a test: who asks for what, and how the answer must look. `want` may
 * end with "*": the answer begins so; or begin with it: it is in there. */
struct suite_line {
	const char *name, *who, *operation, *request, *want;
};

static inline bool suite_like(const char *got, const char *want)
{
	size_t size = strlen(want);

	if (want[0] == '*')
		return strstr(got, want + 1) != NULL;
	if (size && want[size - 1] == '*')
		return strncmp(got, want, size - 1) == 0;
	return strcmp(got, want) == 0;
}

static inline void suite_run(struct suite *s, const struct suite_line *lines,
			     size_t count)
{
	for (size_t i = 0; i < count; i++) {
		char *got = suite_call(s, lines[i].who, lines[i].operation,
				       lines[i].request);

		if (!suite_like(got, lines[i].want))
			fail_msg("%s:\n got  %s\n want %s", lines[i].name, got,
				 lines[i].want);
		free(got);
	}
}

#define SUITE_RUN(suite, lines) \
	suite_run(suite, lines, sizeof(lines) / sizeof(*(lines)))

#endif
