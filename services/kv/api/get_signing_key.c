/* services/kv/api/get_signing_key.c - GetSigningKey as messages */
#include "services/kv/op/get_signing_key.h"
#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"

void api_get_signing_key(struct call *c)
{
	const Parlor__Kv__V1__GetSigningKeyRequest *m =
	    call_unpack(c,
			&parlor__kv__v1__get_signing_key_request__descriptor);
	Parlor__Kv__V1__GetSigningKeyResponse answer =
	    PARLOR__KV__V1__GET_SIGNING_KEY_RESPONSE__INIT;
	struct signing_key_request k = { .principal.size = 0 };

	if (m) {
		k.scope = (struct sigv4_credential){
			.access_key_id = slice_of(m->access_key_id),
			.day = slice_of(m->date),
			.region = slice_of(m->region),
			.service = slice_of(m->service),
		};
		kv_get_signing_key(c, &k);
	}
	answer.has_signing_key = 1;
	answer.signing_key = (ProtobufCBinaryData){ sizeof(k.key), k.key };
	answer.user_name = message_text(c, k.principal);
	call_reply(c, &answer.base);
	explicit_bzero(k.key, sizeof(k.key));
}
