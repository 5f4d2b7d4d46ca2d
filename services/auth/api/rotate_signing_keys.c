/* services/auth/api/rotate_signing_keys.c */
#include "services/auth/op/rotate_signing_keys.h"
#include "services/auth/api/api.h"
#include "services/auth/api/form.h"

static void done(struct call *c)
{
	const struct auth_rotate *s = c->state;
	Parlor__Auth__V1__RotateSigningKeysResponse answer =
	    PARLOR__AUTH__V1__ROTATE_SIGNING_KEYS_RESPONSE__INIT;

	answer.key_id = form_string(c, s->key.id);
	answer.has_creation_date = answer.has_signing_date = 1;
	answer.creation_date = (double)s->key.created_at;
	answer.signing_date = (double)(s->key.created_at + AUTH_KEY_DELAY);
	call_reply(c, &answer.base);
}

void api_rotate_signing_keys(struct call *c)
{
	const Parlor__Auth__V1__RotateSigningKeysRequest *request = call_unpack(
	    c, &parlor__auth__v1__rotate_signing_keys_request__descriptor);
	struct auth_rotate *s = arena_zalloc(c->mem, sizeof(*s));

	if (!request || !s) {
		call_reply(c, NULL);
		return;
	}
	s->admin.done = done;
	s->admin.pool_id = form_text(request->user_pool_id);
	auth_rotate_signing_keys(c, s);
}
