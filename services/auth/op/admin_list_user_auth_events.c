/* services/auth/op/admin_list_user_auth_events.c - a user's part of the audit
 * log */
#include "services/auth/op/admin_list_user_auth_events.h"

enum { PLACE_MAX = 64 };

static int check(struct call *c, const struct auth_list_events *s)
{
	if (s->max < 0 || s->max > AUTH_EVENTS_MAX)
		return call_fail(c, E_PARAMETER,
				 "1 validation error detected: Value '%lld' at "
				 "'maxResults' failed to satisfy constraint: "
				 "Member must have value %s than or equal to "
				 "%d",
				 (long long)s->max,
				 s->max < 0 ? "greater" : "less",
				 s->max < 0 ? 0 : AUTH_EVENTS_MAX);
	if (s->after.data && (!s->after.size || s->after.size > PLACE_MAX))
		return call_fail(c, E_PARAMETER, "Invalid NextToken");
	return 0;
}

/* What a guest did before it signed up stands under the name that it had. */
static struct slice name_of(struct call *c, const struct auth_list_events *s)
{
	const struct auth_user *user = s->admin.user;

	return slice_equal(kv_name(c, s->asked), user->guest) ? user->guest
							      : user->username;
}

static void found(struct call *c)
{
	struct auth_list_events *s = c->state;

	if (check(c, s))
		s->admin.done(c);
	else
		auth_events_list(c, name_of(c, s), s->after,
				 s->max ? (size_t)s->max : AUTH_EVENTS_MAX,
				 &s->found, s->admin.done);
}

void auth_admin_list_user_auth_events(struct call *c,
				      struct auth_list_events *s)
{
	s->asked = s->admin.username;
	auth_admin_find(c, &s->admin, found);
}
