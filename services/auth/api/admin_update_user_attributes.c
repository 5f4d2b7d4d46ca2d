/* services/auth/api/admin_update_user_attributes.c */
#include "services/auth/op/admin_update_user_attributes.h"
#include "services/auth/api/admin.h"

void api_admin_update_user_attributes(struct call *c)
{
	const Parlor__Auth__V1__AdminUpdateUserAttributesRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_update_user_attributes_request__descriptor);
	struct auth_admin_update *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->changes = form_changes(c, request->user_attributes,
				  request->n_user_attributes, &s->count);
	auth_admin_update_user_attributes(c, s);
}
