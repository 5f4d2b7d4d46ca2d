/* services/auth/api/admin_list_groups_for_user.c */
#include "services/auth/api/list_groups.h"

void api_admin_list_groups_for_user(struct call *c)
{
	const Parlor__Auth__V1__AdminListGroupsForUserRequest *request =
	    call_unpack(
		c,
		&parlor__auth__v1__admin_list_groups_for_user_request__descriptor);
	struct auth_list_groups *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_list_groups_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->page = (struct auth_page){ .limited = request->has_limit,
				      .limit = request->limit,
				      .token = form_text(request->next_token) };
	auth_admin_list_groups_for_user(c, s);
}
