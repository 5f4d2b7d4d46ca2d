/* services/auth/api/list_users.c */
#include "services/auth/op/list_users.h"
#include "services/auth/api/admin.h"
#include "services/auth/api/user_type.h"

struct asked {
	struct auth_list_users list; /* first */
	struct api_wanted wanted;
	bool some;
};

static void done(struct call *c)
{
	const struct asked *a = c->state;
	const struct auth_list_users *s = &a->list;
	Parlor__Auth__V1__ListUsersResponse answer =
	    PARLOR__AUTH__V1__LIST_USERS_RESPONSE__INIT;
	size_t count = call_failed(c) ? 0 : s->count;

	answer.users = arena_array(c->mem, count + 1, sizeof(*answer.users));
	for (size_t i = 0; answer.users && i < count; i++)
		answer.users[answer.n_users++] =
		    api_user_type(c, s->rows[i], a->some ? &a->wanted : NULL);
	if (s->page.token.size)
		answer.pagination_token = form_string(c, s->page.token);
	call_status(c);
	call_reply(c, &answer.base);
}

static void check_wanted(struct call *c, const struct api_wanted *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (!auth_attribute_exists(slice_of(wanted->names[i])))
			call_fail(c, E_PARAMETER,
				  "One or more requested attributes do not "
				  "exist.");
}

void api_list_users(struct call *c)
{
	const Parlor__Auth__V1__ListUsersRequest *request =
	    call_unpack(c, &parlor__auth__v1__list_users_request__descriptor);
	struct asked *a = arena_zalloc(c->mem, sizeof(*a));

	if (!request || !a) {
		call_reply(c, NULL);
		return;
	}
	a->list.admin.done = done;
	a->list.admin.pool_id = form_text(request->user_pool_id);
	a->list.filter = form_text(request->filter);
	a->list.page = (struct auth_page){
		.limited = request->has_limit,
		.limit = request->limit,
		.token = form_text(request->pagination_token),
	};
	a->wanted = (struct api_wanted){ request->attributes_to_get,
					 request->n_attributes_to_get };
	a->some = a->wanted.count > 0;
	check_wanted(c, &a->wanted);
	auth_list_users(c, &a->list);
}
