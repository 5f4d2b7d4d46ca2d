/* services/auth/op/id_hint.c - an ID token that an app has kept */
#include "services/auth/op/id_hint.h"
#include "lib/crypto/token.h"

int auth_id_hint_read(struct call *c, struct slice token,
		      struct auth_id_hint *hint)
{
	const struct auth_realm *realm = auth_realm_of(c);
	struct snapshot_reader keys = { 0 };
	struct fault fault = { 0 };
	struct token read;

	token_verify(token, KEY_RS256,
		     keyset_look(realm->verifier, &keys, NULL), c->now_ms,
		     c->mem, &read, &fault);
	snapshot_reader_release(&keys);
	if ((fault.code && fault.code != E_TOKEN_EXPIRED) ||
	    !slice_is(read.use, "id") || !slice_is(read.issuer, realm->issuer))
		return call_fail(c, E_OAUTH_REQUEST,
				 "id_token_hint: is no ID token of the pool's");
	*hint = (struct auth_id_hint){ read.subject, read.audience };
	return 0;
}
