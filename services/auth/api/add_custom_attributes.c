/* services/auth/api/add_custom_attributes.c */
#include "services/auth/api/api.h"
#include "services/auth/api/schema_form.h"

static void done(struct call *c)
{
	Parlor__Auth__V1__AddCustomAttributesResponse answer =
	    PARLOR__AUTH__V1__ADD_CUSTOM_ATTRIBUTES_RESPONSE__INIT;

	call_reply(c, &answer.base);
}

void api_add_custom_attributes(struct call *c)
{
	const Parlor__Auth__V1__AddCustomAttributesRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__add_custom_attributes_request__descriptor);
	struct auth_user_pool *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	form_read_rules(c, false, request->custom_attributes,
			request->n_custom_attributes, s);
	auth_add_custom_attributes(c, s);
}
