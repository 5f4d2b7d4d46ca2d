/* services/gateway/forward/plan.c - what the settings say, ready to be used */
#include "services/gateway/forward/plan.h"

#include <stdlib.h>

enum { PLAN_BYTES = 1 << 20 };

struct plan *plan_new(void)
{
	struct plan *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	arena_init(&p->mem, PLAN_BYTES);
	p->routes = route_table_new();
	return p;
}

void plan_free(struct plan *p)
{
	if (!p)
		return;
	route_table_free(p->routes);
	throttle_free(p->per_user);
	throttle_free(p->per_address);
	for (size_t i = 0; p->sets && p->sets[i]; i++)
		descriptor_set_free(p->sets[i]);
	free(p->sets);
	free(p->metrics);
	arena_release(&p->mem);
	free(p);
}
