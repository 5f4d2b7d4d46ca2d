/* services/auth/op/list_users.c - the pool's users, those that a filter wants
 *
 * One by name is looked up. For all others the pool is read through: a page that
 * has found too little after a while says where to go on, as DynamoDB's do.
 */
#include "services/auth/op/list_users.h"
#include "services/auth/store/users.h"

static void named(struct call *c)
{
	struct auth_list_users *s = c->state;

	/* by other names it is found, too */
	if (!call_failed(c) && s->admin.user &&
	    slice_equal(kv_name(c, s->admin.user->username),
			kv_name(c, s->wanted.value))) {
		s->rows = arena_array(c->mem, 1, sizeof(*s->rows));
		if (s->rows)
			s->rows[s->count++] = s->admin.user;
	}
	call_status(c);
	s->admin.done(c);
}

static void listed(struct call *c)
{
	struct auth_list_users *s = c->state;

	s->rows = s->stored.rows;
	s->count = s->stored.count;
	if (!call_failed(c) && s->stored.last.size)
		auth_page_go_on(c, &s->page, s->stored.last);
	s->admin.done(c);
}

static int check_attributes(struct call *c, const struct auth_list_users *s)
{
	const struct auth_schema *schema = &auth_pool_of(c)->schema;

	for (size_t i = 0; i < s->attributes.count; i++)
		if (!auth_rule_find(schema, s->attributes.rows[i]))
			return call_fail(c, E_PARAMETER,
					 "One or more requested attributes do "
					 "not exist.");
	return 0;
}

static void list(struct call *c)
{
	struct auth_list_users *s = c->state;

	if (check_attributes(c, s) || auth_page_read(c, &s->page) ||
	    auth_user_filter_read(s->filter, c->mem, &s->wanted, &c->fault)) {
		s->admin.done(c);
		return;
	}
	if (s->wanted.what == AUTH_WANT_USERNAME && !s->wanted.prefix) {
		auth_users_get(c, s->wanted.value, &s->admin.user, named);
		return;
	}
	s->stored.after = s->page.after;
	s->stored.limit = s->page.rows;
	s->stored.wanted = &s->wanted;
	auth_users_list(c, &s->stored, listed);
}

void auth_list_users(struct call *c, struct auth_list_users *s)
{
	auth_admin_begin(c, &s->admin, list);
}
