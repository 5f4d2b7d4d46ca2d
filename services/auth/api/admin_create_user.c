/* services/auth/api/admin_create_user.c */
#include "services/auth/op/admin_create_user.h"
#include "services/auth/api/admin.h"
#include "services/auth/api/user_type.h"

static void done(struct call *c)
{
	const struct auth_admin *a = c->state;
	Parlor__Auth__V1__AdminCreateUserResponse answer =
	    PARLOR__AUTH__V1__ADMIN_CREATE_USER_RESPONSE__INIT;

	if (!call_failed(c))
		answer.user = api_user_type(c, a->user, NULL);
	call_reply(c, &answer.base);
}

static bool has(char *const *mediums, size_t count, const char *medium)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(mediums[i], medium) == 0)
			return true;
	return false;
}

/* By mail is the only way there is. */
static void read_mediums(struct call *c, char *const *mediums, size_t count,
			 struct auth_admin_create_user *s)
{
	s->by_mail = has(mediums, count, "EMAIL");
	if (!s->by_mail && has(mediums, count, "SMS"))
		call_fail(c, E_PARAMETER,
			  "DesiredDeliveryMediums: there are no text messages "
			  "(SMS).");
}

void api_admin_create_user(struct call *c)
{
	const Parlor__Auth__V1__AdminCreateUserRequest *request = call_unpack(
	    c, &parlor__auth__v1__admin_create_user_request__descriptor);
	struct auth_admin_create_user *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->password = form_text(request->temporary_password);
	s->action = form_text(request->message_action);
	s->seizes = request->force_alias_creation;
	s->changes = form_changes(c, request->user_attributes,
				  request->n_user_attributes, &s->count);
	read_mediums(c, request->desired_delivery_mediums,
		     request->n_desired_delivery_mediums, s);
	auth_admin_create_user(c, s);
}
