/* services/kv/op/list_access_keys.c - the keys there are, without secrets */
#include "services/kv/op/access_keys.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/kv.h"

const struct access_key *kv_list_access_keys(struct call *c, struct slice after,
					     size_t *count, bool *more)
{
	struct complaints complaints = { .count = 0 };
	const struct access_key *keys;

	complain_least(&complaints, (int64_t)*count, "maxItems", 1);
	complain_most(&complaints, (int64_t)*count, "maxItems",
		      ACCESS_KEYS_MAX);
	complain_length(&complaints, after, "marker", 1, ACCESS_KEY_ID_MAX);
	if (complaints_end(&complaints, &c->fault))
		return NULL;
	keys = access_keys_after(kv_of(c)->access_keys, after, count, more,
				 c->mem);
	return call_status(c) ? NULL : keys;
}
