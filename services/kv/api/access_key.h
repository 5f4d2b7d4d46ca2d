/* services/kv/api/access_key.h - an access key as a message */
#ifndef PARLOR_KV_API_ACCESS_KEY_H
#define PARLOR_KV_API_ACCESS_KEY_H

#include "services/kv/api/table_message.h"
#include "services/kv/api/tables.h"
#include "services/kv/op/access_keys.h"

/* Without its secret, in the call's memory; NULL when that is full. */
Parlor__Kv__V1__AccessKey *api_access_key(struct call *,
					  const struct access_key *);

#endif
