/* services/kv/api/access_key.c - an access key as a message */
#include "services/kv/api/access_key.h"

Parlor__Kv__V1__AccessKey *api_access_key(struct call *c,
					  const struct access_key *key)
{
	Parlor__Kv__V1__AccessKey *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__kv__v1__access_key__init(m);
	m->user_name = message_text(c, key->principal);
	m->access_key_id = message_text(c, key->id);
	m->status = message_text(c, SLICE("Active"));
	m->has_create_date = true;
	m->create_date = (double)key->created_s;
	return m;
}
