/* services/auth/op/list_resource_servers.c - which servers with scopes there are
 */
#include "services/auth/op/resource_servers.h"

enum { MAX = 50 };

static void begun(struct call *c)
{
	struct auth_listing *s = c->state;
	struct auth_resource_servers all = auth_resource_servers_of(c);
	size_t from = 0;

	while (from < all.count &&
	       slice_compare(all.rows[from].id, s->after) <= 0)
		from++;
	s->count = all.count - from;
	if (s->count)
		s->servers = &all.rows[from];
	if (s->count > (size_t)s->max) {
		s->count = (size_t)s->max;
		s->next = s->servers[s->count - 1].id;
	}
	s->admin.done(c);
}

void auth_list_resource_servers(struct call *c, struct auth_listing *s)
{
	s->admin.renews = true;
	auth_listing_check(c, s, MAX);
	auth_admin_begin(c, &s->admin, begun);
}
