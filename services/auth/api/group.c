/* services/auth/api/group.c - groups as messages */
#include "services/auth/api/group.h"

Parlor__Auth__V1__GroupType *api_group_type(struct call *c,
					    const struct auth_group *group)
{
	struct slice pool = auth_pool_of(c)->id;
	Parlor__Auth__V1__GroupType *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__auth__v1__group_type__init(m);
	m->group_name = form_string(c, group->name);
	m->user_pool_id = form_string(c, pool);
	if (group->description.size)
		m->description = form_string(c, group->description);
	if (group->role.size)
		m->role_arn = form_string(c, group->role);
	m->has_precedence = group->precedence != AUTH_PRECEDENCE_NONE;
	m->precedence = (int32_t)group->precedence;
	m->has_creation_date = m->has_last_modified_date = 1;
	m->creation_date = (double)group->created_at;
	m->last_modified_date = (double)group->modified_at;
	return m;
}

static void done(struct call *c)
{
	const struct auth_group_op *s = c->state;
	Parlor__Auth__V1__GroupResponse answer =
	    PARLOR__AUTH__V1__GROUP_RESPONSE__INIT;

	if (!call_failed(c))
		answer.group = api_group_type(c, &s->group);
	call_reply(c, &answer.base);
}

void api_group(struct call *c, bool silent,
	       void (*begin)(struct call *, struct auth_group_op *))
{
	const Parlor__Auth__V1__GroupRequest *request =
	    call_unpack(c, &parlor__auth__v1__group_request__descriptor);
	struct auth_group_op *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = silent ? api_admin_done : done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->says_description = request->description != NULL;
	s->says_role = request->role_arn != NULL;
	s->says_precedence = request->has_precedence;
	s->group = (struct auth_group){
		.name = form_text(request->group_name),
		.description = form_text(request->description),
		.role = form_text(request->role_arn),
		.precedence = request->has_precedence ? request->precedence
						      : AUTH_PRECEDENCE_NONE,
	};
	begin(c, s);
}

void api_group_user(struct call *c,
		    void (*begin)(struct call *, struct auth_group_op *))
{
	const Parlor__Auth__V1__AdminGroupUserRequest *request = call_unpack(
	    c, &parlor__auth__v1__admin_group_user_request__descriptor);
	struct auth_group_op *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = api_admin_done;
	s->admin.pool_id = form_text(request->user_pool_id);
	s->admin.username = form_text(request->username);
	s->group.name = form_text(request->group_name);
	begin(c, s);
}
