/* services/kv/op/delete_access_key.c - a key that signs nothing any more */
#include "services/kv/op/access_keys.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/kv.h"

void kv_delete_access_key(struct call *c, struct access_key_change *k)
{
	struct complaints complaints = { .count = 0 };

	complain_null(&complaints, k->id, "accessKeyId");
	complain_length(&complaints, k->id, "accessKeyId", 1,
			ACCESS_KEY_ID_MAX);
	complaints_end(&complaints, &c->fault);
	access_keys_submit(c, k);
}
