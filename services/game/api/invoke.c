/* services/game/api/invoke.c - a function called by its name
 *
 * What the function itself came to is part of the answer, as in Lambda: 200,
 * with FunctionError set and the error as JSON in the payload. The call fails
 * only when no function was run.
 */
#include "services/game/op/invoke.h"
#include "lib/base/quote.h"
#include "services/game/api/api.h"
#include "services/game/op/game.h"

#include "parlor/function/v1/functions.pb-c.h"

enum { ERROR_MAX = 8192 };

/* {"errorType":…,"errorMessage":…} */
static struct slice error_json(const struct fault *fault, struct arena *mem)
{
	const struct fault_row *row = fault_row(fault->code);
	struct buffer text;
	struct slice copy;

	buffer_init(&text, ERROR_MAX);
	buffer_put_text(&text, "{\"errorType\":");
	buffer_put_quoted(&text, slice_of(*row->aws ? row->aws : row->connect));
	buffer_put_text(&text, ",\"errorMessage\":");
	buffer_put_quoted(&text, slice_of(fault->message));
	buffer_put_text(&text, "}");
	copy = arena_slice(mem, buffer_slice(&text));
	buffer_release(&text);
	return copy;
}

static void on_invoked(struct call *c, const struct host_invocation *i)
{
	Parlor__Function__V1__InvokeResponse answer =
	    PARLOR__FUNCTION__V1__INVOKE_RESPONSE__INIT;
	struct slice payload = i->answer;
	bool ran = i->duration_ms > 0;

	if (i->fault.code != E_NONE && !ran)
		c->fault = i->fault;
	if (i->fault.code != E_NONE && ran) {
		payload = error_json(&i->fault, c->mem);
		answer.function_error =
		    (char *)(uintptr_t)(i->handled ? "Handled" : "Unhandled");
	}
	answer.has_status_code = answer.has_payload = true;
	answer.status_code = 200;
	answer.payload.data = (uint8_t *)(uintptr_t)payload.data;
	answer.payload.len = payload.size;
	call_reply(c, &answer.base);
}

void api_invoke(struct call *c)
{
	const Parlor__Function__V1__InvokeRequest *request =
	    call_unpack(c, &parlor__function__v1__invoke_request__descriptor);
	const struct game_thread *t = c->thread;
	const struct host_function *f = NULL;

	if (request && !request->function_name)
		call_fail(c, E_INVALID, "FunctionName is missing");
	if (request && !call_failed(c)) {
		f = host_find(t->host, slice_of(request->function_name));
		if (!f)
			call_fail(c, E_MISSING, "no function '%.100s'",
				  request->function_name);
	}
	if (f)
		game_invoke(c, c->mem, f,
			    slice_make(request->payload.data,
				       request->payload.len),
			    on_invoked);
	else
		call_end(c);
}
