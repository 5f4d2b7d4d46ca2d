/* services/auth/api/list_users.c */
#include "services/auth/op/list_users.h"
#include "services/auth/api/admin.h"
#include "services/auth/api/user_type.h"

static void done(struct call *c)
{
	const struct auth_list_users *s = c->state;
	Parlor__Auth__V1__ListUsersResponse answer =
	    PARLOR__AUTH__V1__LIST_USERS_RESPONSE__INIT;
	size_t count = call_failed(c) ? 0 : s->count;

	answer.users = arena_array(c->mem, count + 1, sizeof(*answer.users));
	for (size_t i = 0; answer.users && i < count; i++)
		answer.users[answer.n_users++] =
		    api_user_type(c, s->rows[i], &s->attributes);
	if (s->page.token.size)
		answer.pagination_token = form_string(c, s->page.token);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_users(struct call *c)
{
	const Parlor__Auth__V1__ListUsersRequest *request =
	    call_unpack(c, &parlor__auth__v1__list_users_request__descriptor);
	struct auth_list_users *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->filter = form_text(request->filter);
	s->page = (struct auth_page){
		.limited = request->has_limit,
		.limit = request->limit,
		.token = form_text(request->pagination_token),
	};
	s->attributes = form_texts(c, request->attributes_to_get,
				   request->n_attributes_to_get);
	auth_list_users(c, s);
}
