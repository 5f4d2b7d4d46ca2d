/* services/auth/api/list_users_in_group.c */
#include "services/auth/api/admin.h"
#include "services/auth/api/user_type.h"
#include "services/auth/op/list_users.h"

static void done(struct call *c)
{
	const struct auth_list_users *s = c->state;
	Parlor__Auth__V1__ListUsersInGroupResponse answer =
	    PARLOR__AUTH__V1__LIST_USERS_IN_GROUP_RESPONSE__INIT;
	size_t count = call_failed(c) ? 0 : s->count;

	answer.users = arena_array(c->mem, count + 1, sizeof(*answer.users));
	for (size_t i = 0; answer.users && i < count; i++)
		answer.users[answer.n_users++] =
		    api_user_type(c, s->rows[i], NULL);
	if (s->page.token.size)
		answer.next_token = form_string(c, s->page.token);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_users_in_group(struct call *c)
{
	const Parlor__Auth__V1__ListUsersInGroupRequest *request = call_unpack(
	    c, &parlor__auth__v1__list_users_in_group_request__descriptor);
	struct auth_list_users *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->group = form_text(request->group_name);
	s->page = (struct auth_page){ .limited = request->has_limit,
				      .limit = request->limit,
				      .token = form_text(request->next_token) };
	auth_list_users_in_group(c, s);
}
