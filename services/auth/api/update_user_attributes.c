/* services/auth/api/update_user_attributes.c */
#include "services/auth/op/update_user_attributes.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_update_user_attributes *s = c->state;
	Parlor__Auth__V1__UpdateUserAttributesResponse answer =
	    PARLOR__AUTH__V1__UPDATE_USER_ATTRIBUTES_RESPONSE__INIT;
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    form_delivery(s->destination);
	Parlor__Auth__V1__CodeDeliveryDetails *rows[] = { &details };

	answer.n_code_delivery_details_list = s->destination != NULL;
	answer.code_delivery_details_list = rows;
	call_reply(c, &answer.base);
}

void api_update_user_attributes(struct call *c)
{
	const Parlor__Auth__V1__UpdateUserAttributesRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__update_user_attributes_request__descriptor);
	struct auth_update_user_attributes *s =
	    arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->done = done;
	s->token = form_text(request->access_token);
	s->changes = form_changes(c, request->user_attributes,
				  request->n_user_attributes, &s->count);
	auth_update_user_attributes(c, s);
}
