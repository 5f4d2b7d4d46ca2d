/* services/auth/api/admin_delete_user_attributes.c - as
 * AdminUpdateUserAttributes without values */
#include "services/auth/api/admin.h"
#include "services/auth/op/admin_update_user_attributes.h"

void api_admin_delete_user_attributes(struct call *c)
{
	const Parlor__Auth__V1__AdminDeleteUserAttributesRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_delete_user_attributes_request__descriptor);
	struct auth_admin_update *s = arena_zalloc(c->mem, sizeof(*s));
	struct auth_change *changes;

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	changes = arena_array(c->mem, request->n_user_attribute_names,
			      sizeof(*changes));
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->changes = changes;
	s->count = changes ? request->n_user_attribute_names : 0;
	for (size_t i = 0; i < s->count; i++)
		changes[i].name = form_text(request->user_attribute_names[i]);
	call_status(c);
	auth_admin_update_user_attributes(c, s);
}
