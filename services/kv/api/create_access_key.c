/* services/kv/api/create_access_key.c - CreateAccessKey as messages */
#include "services/kv/api/access_key.h"

static void done(struct call *c, struct access_key_change *k)
{
	Parlor__Kv__V1__CreateAccessKeyResponse answer =
	    PARLOR__KV__V1__CREATE_ACCESS_KEY_RESPONSE__INIT;

	if (!call_failed(c))
		answer.access_key =
		    api_access_key(c, &(struct access_key){
					  .id = k->id,
					  .principal = k->principal,
					  .created_s = k->created_s });
	if (answer.access_key)
		answer.access_key->secret_access_key = k->secret;
	call_reply(c, &answer.base);
}

void api_create_access_key(struct call *c)
{
	const Parlor__Kv__V1__CreateAccessKeyRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__create_access_key_request__descriptor);
	struct access_key_change *k = arena_zalloc(c->mem, sizeof(*k));

	if (!m || !k) {
		call_end(c);
		return;
	}
	k->principal = slice_of(m->user_name);
	k->done = done;
	kv_create_access_key(c, k);
}
