/* lib/function/failure.c - a fault on its way through a socket */
#include "lib/function/failure.h"
#include "lib/wire/message.h"

#include "parlor/function/v1/event.pb-c.h"

enum { DETAILS_MAX = 16 };

typedef Parlor__Function__V1__Failure Failure;
typedef Parlor__Function__V1__Failure__Detail Detail;

struct slice failure_pack(const struct fault *fault, struct arena *mem)
{
	const struct fault_row *row = fault_row(fault->code);
	Failure failure = PARLOR__FUNCTION__V1__FAILURE__INIT;
	Detail details[DETAILS_MAX], *rows[DETAILS_MAX];
	const struct fault_detail *d = fault->details;

	for (; d && failure.n_details < DETAILS_MAX; d = d->next) {
		Detail *detail = &details[failure.n_details];

		parlor__function__v1__failure__detail__init(detail);
		detail->type = (char *)(uintptr_t)d->type;
		detail->has_value = true;
		detail->value.data = (uint8_t *)(uintptr_t)d->value.data;
		detail->value.len = d->value.size;
		rows[failure.n_details++] = detail;
	}
	failure.details = rows;
	failure.code = (char *)(uintptr_t)row->connect;
	failure.exception = (char *)(uintptr_t)row->aws;
	failure.message = (char *)(uintptr_t)fault->message;
	failure.has_retry_after_ms = fault->retry_after_ms != 0;
	failure.retry_after_ms = fault->retry_after_ms;
	return message_pack(&failure.base, mem);
}

/* The code with both names, or the first with Connect's. */
static int code_of(const char *connect, const char *exception)
{
	for (int code = E_NONE + 1; code < E_COUNT; code++) {
		const struct fault_row *row = fault_row(code);

		if (strcmp(row->connect, connect) == 0 &&
		    strcmp(row->aws, exception) == 0)
			return code;
	}
	return fault_from_connect(slice_of(connect));
}

static void unpack_details(const Failure *failure, struct arena *mem,
			   struct fault *fault)
{
	for (size_t i = failure->n_details; i-- > 0;) {
		const Detail *from = failure->details[i];
		struct fault_detail *to = arena_zalloc(mem, sizeof(*to));

		if (!to || !from->type)
			continue;
		to->type = from->type;
		to->value = slice_make(from->value.data, from->value.len);
		to->next = fault->details;
		fault->details = to;
	}
}

void failure_unpack(struct slice bytes, struct arena *mem, struct fault *fault)
{
	struct fault malformed = { 0 };
	const Failure *failure =
	    message_unpack(&parlor__function__v1__failure__descriptor, bytes,
			   mem, &malformed);

	fault_clear(fault);
	if (!failure || !failure->code) {
		fault_set(fault, E_INTERNAL, "a failure without a code");
		return;
	}
	fault_set(fault,
		  code_of(failure->code,
			  failure->exception ? failure->exception : ""),
		  "%s", failure->message ? failure->message : "");
	fault->retry_after_ms = failure->retry_after_ms;
	unpack_details(failure, mem, fault);
}
