/* services/auth/api/delete_user_attributes.c - as UpdateUserAttributes without
 * values */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/op/update_user_attributes.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__DeleteUserAttributesResponse answer =
	    PARLOR__AUTH__V1__DELETE_USER_ATTRIBUTES_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_delete_user_attributes(struct call *c)
{
	const Parlor__Auth__V1__DeleteUserAttributesRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__delete_user_attributes_request__descriptor);
	struct auth_update_user_attributes *s =
	    arena_zalloc(c->mem, sizeof(*s));
	struct auth_change *changes;

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	changes = arena_array(c->mem, request->n_user_attribute_names,
			      sizeof(*changes));
	s->done = done;
	s->token = form_text(request->access_token);
	s->changes = changes;
	s->count = changes ? request->n_user_attribute_names : 0;
	for (size_t i = 0; i < s->count; i++)
		changes[i].name = form_text(request->user_attribute_names[i]);
	call_status(c);
	auth_update_user_attributes(c, s);
}
