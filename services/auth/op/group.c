/* services/auth/op/group.c - what the operations on groups share */
#include "services/auth/op/group.h"
#include "services/auth/store/users.h"

enum {
	MEMBERS = 25, /* of a page */
	PAGE_MEMORY = 16 << 20,
	NAME_BYTES = 4 * AUTH_USERNAME_MAX,
};

void auth_group_missing(struct call *c)
{
	call_fail(c, E_MISSING, "Group not found.");
}

static void found(struct call *c)
{
	struct auth_group_op *s = c->state;

	if (!call_failed(c) && (!s->found || s->found->going))
		auth_group_missing(c);
	if (call_failed(c))
		s->admin.done(c);
	else
		s->next(c);
}

static void look(struct call *c)
{
	struct auth_group_op *s = c->state;

	auth_groups_get(c, s->group.name, &s->found, s->next);
}

static void find(struct call *c)
{
	struct auth_group_op *s = c->state;

	auth_groups_get(c, s->group.name, &s->found, found);
}

void auth_group_look(struct call *c, struct auth_group_op *s,
		     auth_next_fn *next)
{
	s->next = next;
	auth_admin_begin(c, &s->admin, look);
}

void auth_group_find(struct call *c, struct auth_group_op *s,
		     auth_next_fn *next)
{
	s->next = next;
	auth_admin_begin(c, &s->admin, find);
}

/* ---- telling its members ---------------------------------------------------
 */

/* In the place of the operation's state until all are told. However many there
 * are, the memory of one page serves the one after the next: the last step of a
 * page still stands in it when the next one is asked for. */
struct telling {
	void *state;
	const struct auth_group *group;
	auth_next_fn *next;
	struct arena *call_mem, pages[2];
	int turn;
	char after[NAME_BYTES];
	struct auth_member_page page;
	size_t at;
	struct auth_user *user;
	struct auth_groups now;
};

static void tell_next(struct call *);

static void release(void *arg)
{
	struct telling *t = arg;

	arena_release(&t->pages[0]);
	arena_release(&t->pages[1]);
}

static void told(struct call *c)
{
	struct telling *t = c->state;

	c->state = t->state;
	c->mem = t->call_mem;
	t->next(c);
}

static void member_found(struct call *c)
{
	struct telling *t = c->state;
	struct slice group = t->group->name;
	bool is_in = t->user && auth_groups_have(&t->user->groups, group);

	if (is_in)
		t->now =
		    t->group->going
			? auth_groups_without(&t->user->groups, group, c->mem)
			: auth_groups_with(&t->user->groups, t->group, c->mem);
	if (call_status(c))
		told(c);
	else if (is_in && t->group->going)
		auth_groups_leave(c, group, t->user, &t->now, tell_next);
	else if (is_in)
		auth_groups_set(c, t->user, &t->now, tell_next);
	else if (t->group->going)
		auth_groups_drop(c, group, t->page.names[t->at - 1], tell_next);
	else
		tell_next(c);
}

static void page_read(struct call *c)
{
	const struct telling *t = c->state;

	if (call_failed(c) || t->page.count)
		tell_next(c);
	else
		told(c);
}

static void read_page(struct call *c, struct telling *t)
{
	t->turn = !t->turn;
	c->mem = &t->pages[t->turn];
	arena_reset(c->mem);
	t->at = 0;
	auth_groups_members(c, t->group->name, &t->page, page_read);
}

static void tell_next(struct call *c)
{
	struct telling *t = c->state;
	struct slice last;

	if (call_failed(c)) {
		told(c);
	} else if (t->at < t->page.count) {
		auth_users_get(c, t->page.names[t->at++], &t->user,
			       member_found);
	} else if (t->page.more) {
		last = t->page.names[t->page.count - 1];
		memcpy(t->after, last.data, last.size);
		t->page.after = slice_make(t->after, last.size);
		read_page(c, t);
	} else {
		told(c);
	}
}

void auth_group_tell(struct call *c, const struct auth_group *group,
		     auth_next_fn *next)
{
	struct telling *t = arena_zalloc(c->mem, sizeof(*t));

	if (call_status(c)) {
		next(c);
		return;
	}
	t->state = c->state;
	t->group = group;
	t->next = next;
	t->call_mem = c->mem;
	t->page.limit = MEMBERS;
	for (int i = 0; i < 2; i++)
		arena_init(&t->pages[i], PAGE_MEMORY);
	c->state = t;
	if (arena_at_end(c->mem, release, t)) {
		read_page(c, t);
		return;
	}
	call_status(c); /* that is full */
	told(c);
}
