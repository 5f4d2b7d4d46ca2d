/* services/auth/api/admin_list_user_auth_events.c */
#include "services/auth/op/admin_list_user_auth_events.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

typedef Parlor__Auth__V1__AuthEventType row;
typedef Parlor__Auth__V1__ChallengeResponseType challenge;
typedef Parlor__Auth__V1__EventContextDataType context;

/* NULL where there is nothing. */
static char *text(struct call *c, struct slice value)
{
	return value.size ? form_string(c, value) : NULL;
}

/* What was proved, or not: the flow's or the challenge's name says what. */
static void put_challenge(struct call *c, row *r,
			  const struct auth_event *event)
{
	bool second = slice_is(event->step, "SOFTWARE_TOKEN_MFA") ||
		      slice_is(event->step, "EMAIL_OTP") ||
		      slice_is(event->step, "MFA_SETUP");
	challenge *said = arena_alloc(c->mem, sizeof(*said));
	challenge **list = arena_alloc(c->mem, sizeof(*list));

	if (!said || !list || !event->step.size)
		return;
	parlor__auth__v1__challenge_response_type__init(said);
	said->challenge_name = (char *)(second ? "Mfa" : "Password");
	said->challenge_response =
	    (char *)(slice_is(event->response, AUTH_EVENT_FAIL) ? "Failure"
								: "Success");
	*list = said;
	r->n_challenge_responses = 1;
	r->challenge_responses = list;
}

static void put_address(struct call *c, row *r, const struct auth_event *event)
{
	context *data = arena_alloc(c->mem, sizeof(*data));

	if (!data || !event->address.size)
		return;
	parlor__auth__v1__event_context_data_type__init(data);
	data->ip_address = form_string(c, event->address);
	r->event_context_data = data;
}

static row *row_of(struct call *c, const struct auth_event *event)
{
	row *r = arena_alloc(c->mem, sizeof(*r));

	if (!r)
		return NULL;
	parlor__auth__v1__auth_event_type__init(r);
	r->event_id = text(c, event->id);
	r->event_type = text(c, event->type);
	r->has_creation_date = 1;
	r->creation_date = (double)event->at_ms / 1000;
	r->event_response = text(c, event->response);
	r->operation = text(c, event->operation);
	r->reason = text(c, event->reason);
	r->principal = text(c, event->by);
	r->client_id = text(c, event->client_id);
	put_challenge(c, r, event);
	put_address(c, r, event);
	return r;
}

static void done(struct call *c)
{
	const struct auth_events *found =
	    &((struct auth_list_events *)c->state)->found;
	Parlor__Auth__V1__AdminListUserAuthEventsResponse answer =
	    PARLOR__AUTH__V1__ADMIN_LIST_USER_AUTH_EVENTS_RESPONSE__INIT;
	row **rows = arena_array(c->mem, found->count + 1, sizeof(*rows));

	for (size_t i = 0; rows && i < found->count; i++)
		rows[i] = row_of(c, &found->rows[i]);
	answer.auth_events = rows;
	answer.next_token = text(c, found->next);
	if (!call_status(c))
		answer.n_auth_events = found->count;
	call_reply(c, &answer.base);
}

void api_admin_list_user_auth_events(struct call *c)
{
	const Parlor__Auth__V1__AdminListUserAuthEventsRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_list_user_auth_events_request__descriptor);
	struct auth_list_events *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->max = request->max_results;
	s->after = form_text(request->next_token);
	auth_admin_list_user_auth_events(c, s);
}
