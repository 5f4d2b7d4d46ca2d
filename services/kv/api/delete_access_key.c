/* services/kv/api/delete_access_key.c - DeleteAccessKey as messages */
#include "services/kv/api/access_key.h"

static void done(struct call *c, struct access_key_change *k)
{
	const Parlor__Kv__V1__DeleteAccessKeyResponse answer =
	    PARLOR__KV__V1__DELETE_ACCESS_KEY_RESPONSE__INIT;

	(void)k;
	call_reply(c, &answer.base);
}

void api_delete_access_key(struct call *c)
{
	const Parlor__Kv__V1__DeleteAccessKeyRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__delete_access_key_request__descriptor);
	struct access_key_change *k = arena_zalloc(c->mem, sizeof(*k));

	if (!m || !k) {
		call_end(c);
		return;
	}
	k->id = slice_of(m->access_key_id);
	k->done = done;
	kv_delete_access_key(c, k);
}
