/* services/kv/op/get_signing_key.h - what a daemon checks signatures with
 *
 * A key for one day, region and service, derived from an access key's secret,
 * which stays here. A daemon gets it for the AWS service it stands for and for no
 * other, and for days that requests may be of now: what it keeps is of no use
 * elsewhere, nor for long.
 */
#ifndef PARLOR_KV_GET_SIGNING_KEY_H
#define PARLOR_KV_GET_SIGNING_KEY_H

#include "lib/crypto/sigv4.h"
#include "lib/rpc/call.h"

struct signing_key_request {
	struct sigv4_credential scope; /* in: id, day, region, service */
	/* out; the name is in the call's memory */
	uint8_t key[HASH_SIZE];
	struct slice principal; /* "admin", "service:NAME", "user:SUB" */
};

/* Fails the call with -E_DENIED, -E_INVALID, or -E_ACCESS_KEY where there is no
 * such access key. */
void kv_get_signing_key(struct call *, struct signing_key_request *);

#endif
