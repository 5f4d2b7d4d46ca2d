/* services/kv/api/list_access_keys.c - ListAccessKeys as messages */
#include "services/kv/api/access_key.h"

enum { ITEMS = 100 }; /* IAM's default */

static void reply(struct call *c, const struct access_key *keys, size_t count,
		  bool more)
{
	Parlor__Kv__V1__ListAccessKeysResponse answer =
	    PARLOR__KV__V1__LIST_ACCESS_KEYS_RESPONSE__INIT;

	answer.access_key_metadata =
	    arena_array(c->mem, count + 1, sizeof(void *));
	for (size_t i = 0; i < count && !call_status(c); i++)
		answer.access_key_metadata[answer.n_access_key_metadata++] =
		    api_access_key(c, &keys[i]);
	answer.has_is_truncated = true;
	answer.is_truncated = more;
	if (more)
		answer.marker = message_text(c, keys[count - 1].id);
	call_reply(c, &answer.base);
}

void api_list_access_keys(struct call *c)
{
	const Parlor__Kv__V1__ListAccessKeysRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__list_access_keys_request__descriptor);
	const struct access_key *keys = NULL;
	size_t count = ITEMS;
	bool more = false;

	if (m && m->has_max_items)
		count = m->max_items > 0 ? (size_t)m->max_items : 0;
	if (m)
		keys =
		    kv_list_access_keys(c, slice_of(m->marker), &count, &more);
	if (keys)
		reply(c, keys, count, more);
	else
		call_end(c);
}
