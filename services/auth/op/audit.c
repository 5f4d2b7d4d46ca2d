/* services/auth/op/audit.c - the audit log of security events */
#include "services/auth/op/audit.h"
#include "lib/meter/log.h"
#include "lib/rpc/op.h"
#include "services/auth/store/events.h"
#include "services/auth/token/uuid.h"

enum { STRANGER_SECONDS = 24 * 60 * 60 };

/* call.note, the innermost */
struct note {
	struct note *outer; /* an operation's that makes use of this one */
	struct auth_audit about;
	bool goes_on, joined;
	struct auth_event event;
	char id[UUID_TEXT];
	struct fault fault; /* the call's, while the event is written */
	void (*done)(struct call *);
};

/* Is the refusal somebody's who tried what he may not? */
static bool is_attempt(int code)
{
	static const int codes[] = {
		E_NOT_AUTHORIZED,   E_CODE_MISMATCH,
		E_CODE_EXPIRED,	    E_LIMIT,
		E_TOKEN_REUSED,	    E_TOTP_MISMATCH,
		E_USER_UNCONFIRMED, E_USER_EXISTS,
		E_DENIED,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (code == codes[i])
			return true;
	return false;
}

static void finish(struct call *c, struct note *note)
{
	c->note = note->outer;
	note->done(c);
}

static void written(struct call *c)
{
	struct note *note = c->note;

	if (call_failed(c))
		log_warn("an event of the audit log is lost: %s",
			 c->fault.message);
	c->fault = note->fault;
	finish(c, note);
}

static const char *response_of(const struct call *c, const struct note *note)
{
	if (call_failed(c))
		return AUTH_EVENT_FAIL;
	return note->goes_on ? AUTH_EVENT_IN_PROGRESS : AUTH_EVENT_PASS;
}

static void fill(struct call *c, struct note *note,
		 const struct auth_user *user)
{
	const struct auth_client *client = auth_client_of(c);

	uuid_text(note->id);
	note->event = (struct auth_event){
		.username = user ? user->username : note->about.name,
		.id = slice_of(note->id),
		.type = slice_of(note->about.type),
		.response = slice_of(response_of(c, note)),
		.operation = slice_of(c->op ? c->op->name : ""),
		.step = note->about.step,
		.reason = arena_slice(c->mem, slice_of(c->fault.message)),
		.client_id = client ? client->id : slice_make("", 0),
		.address = slice_of(c->peer ? c->peer : ""),
		.at_ms = c->now_ms,
	};
	if (note->about.by_principal)
		note->event.by = c->principal.text;
}

static const struct auth_user *user_of(const struct note *note)
{
	return note->about.user ? *note->about.user : NULL;
}

/* In seconds. */
static int64_t expiry(struct call *c, const struct note *note)
{
	bool stranger = note->about.user && !*note->about.user;

	return auth_now(c) + (stranger ? STRANGER_SECONDS
				       : auth_rules_of(c)->audit_ms / 1000);
}

static bool is_event(const struct call *c, const struct note *note)
{
	return (!call_failed(c) || is_attempt(c->fault.code)) &&
	       auth_username_is_good(note->about.name);
}

static void ended(struct call *c)
{
	struct note *note = c->note;

	if (!is_event(c, note) || (note->joined && !call_failed(c))) {
		finish(c, note);
		return;
	}
	fill(c, note, user_of(note));
	note->fault = c->fault;
	fault_clear(&c->fault);
	auth_events_put(c, &note->event, expiry(c, note), written);
}

bool auth_audit_join(struct call *c, struct kv_write *out)
{
	struct note *note = c->note;

	if (!note || call_failed(c) || !is_event(c, note))
		return false;
	fill(c, note, user_of(note));
	*out = auth_events_write(c, &note->event, expiry(c, note));
	note->joined = true;
	return true;
}

void auth_audit_begin(struct call *c, const struct auth_audit *about,
		      void (**done)(struct call *))
{
	struct note *note = arena_zalloc(c->mem, sizeof(*note));

	if (!note)
		return; /* the call fails of the same */
	note->about = *about;
	note->done = *done;
	note->outer = c->note;
	c->note = note;
	*done = ended;
}

void auth_audit_goes_on(struct call *c)
{
	struct note *note = c->note;

	if (note)
		note->goes_on = true;
}
