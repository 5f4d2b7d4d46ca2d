/* services/auth/api/list_groups.c */
#include "services/auth/api/list_groups.h"

void api_list_groups_done(struct call *c)
{
	const struct auth_list_groups *s = c->state;
	Parlor__Auth__V1__ListGroupsResponse answer =
	    PARLOR__AUTH__V1__LIST_GROUPS_RESPONSE__INIT;
	size_t count = call_failed(c) ? 0 : s->count;

	answer.groups = arena_array(c->mem, count + 1, sizeof(*answer.groups));
	for (size_t i = 0; answer.groups && i < count; i++)
		answer.groups[answer.n_groups++] =
		    api_group_type(c, &s->rows[i]);
	if (s->page.token.size)
		answer.next_token = form_string(c, s->page.token);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_groups(struct call *c)
{
	const Parlor__Auth__V1__ListGroupsRequest *request =
	    call_unpack(c, &parlor__auth__v1__list_groups_request__descriptor);
	struct auth_list_groups *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_list_groups_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->page = (struct auth_page){ .limited = request->has_limit,
				      .limit = request->limit,
				      .token = form_text(request->next_token) };
	auth_list_groups(c, s);
}
