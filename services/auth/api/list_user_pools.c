/* services/auth/api/list_user_pools.c */
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"
#include "services/auth/api/pool_form.h"

static void done(struct call *c)
{
	const struct auth_listing *s = c->state;
	Parlor__Auth__V1__ListUserPoolsResponse answer =
	    PARLOR__AUTH__V1__LIST_USER_POOLS_RESPONSE__INIT;
	Parlor__Auth__V1__UserPoolDescriptionType *rows =
	    arena_array(c->mem, s->count, sizeof(*rows));
	Parlor__Auth__V1__UserPoolDescriptionType **pointers =
	    arena_array(c->mem, s->count, sizeof(*pointers));

	for (size_t i = 0; rows && pointers && i < s->count; i++) {
		parlor__auth__v1__user_pool_description_type__init(&rows[i]);
		rows[i].id = form_string(c, s->pools[i].id);
		rows[i].name = form_string(c, s->pools[i].name);
		rows[i].has_creation_date = 1;
		rows[i].creation_date = form_time(s->pools[i].created_at);
		rows[i].has_last_modified_date = 1;
		rows[i].last_modified_date = form_time(s->pools[i].changed_at);
		pointers[i] = &rows[i];
		answer.n_user_pools++;
	}
	answer.user_pools = pointers;
	if (s->next.size)
		answer.next_token = form_string(c, s->next);
	call_status(c);
	call_reply(c, &answer.base);
}

void api_list_user_pools(struct call *c)
{
	const Parlor__Auth__V1__ListUserPoolsRequest *request =
	    call_unpack(c,
			&parlor__auth__v1__list_user_pools_request__descriptor);
	struct auth_listing *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->counted = request->has_max_results;
	s->max = request->max_results;
	s->after = form_text(request->next_token);
	auth_list_user_pools(c, s);
}
