/* lib/crypto/principal.c - who makes a call */
#include "lib/crypto/principal.h"

struct principal principal_of_access_key(struct slice name, struct slice id,
					 struct arena *mem)
{
	struct principal p = { .access_key = arena_slice(mem, id) };

	if (slice_is(name, "admin")) {
		p.kind = PRINCIPAL_ADMIN;
		p.text =
		    slice_of(arena_printf(mem, "admin:%.*s", SLICE_ARGS(id)));
		return p;
	}
	p.kind = PRINCIPAL_KEY;
	p.text = arena_slice(mem, name);
	if (slice_starts(name, SLICE("user:"))) {
		p.sub = p.text;
		slice_cut(&p.sub, ':');
	}
	return p;
}
