/* services/auth/store/revocations.c - tokens that all daemons refuse, as items of
 * parlor.revocations */
#include "services/auth/store/revocations.h"
#include "lib/base/random.h"
#include "lib/item/item.h"

enum { UNIQUE = 12 };

struct kv_write auth_revocations_write(struct call *c,
				       enum revocation_kind kind,
				       struct slice value, int64_t before,
				       int64_t expires_at)
{
	char unique[UNIQUE + 1];
	struct buffer item;

	random_text(unique, UNIQUE, "abcdefghijklmnopqrstuvwxyz0123456789");
	kv_item_begin(&item);
	kv_put_key(&item, "", SLICE("revocation"),
		   slice_of(arena_printf(c->mem, "%013lld#%s",
					 (long long)c->now_ms, unique)));
	item_put_text(&item, "kind", ITEM_S,
		      slice_of(revocation_kind_name(kind)));
	item_put_text(&item, "value", ITEM_S, value);
	item_put_i64(&item, "before", before);
	item_put_i64(&item, "expires_at", expires_at);
	return (struct kv_write){ .table = "parlor.revocations",
				  .item = kv_bytes(c, &item) };
}
