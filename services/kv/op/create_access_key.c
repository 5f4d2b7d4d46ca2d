/* services/kv/op/create_access_key.c - a key that speaks for a principal */
#include "lib/base/random.h"
#include "services/kv/op/access_keys.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/kv.h"

enum { PRINCIPAL_MAX = 128 };

static bool is_word(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] <= ' ' || text.data[i] > '~')
			return false;
	return text.size > 0;
}

/* The suite's own daemons prove who they are by their private keys. */
static bool is_daemon(struct slice name)
{
	static const char *const daemons[] = { "auth", "kv", "game",
					       "gateway" };

	for (size_t i = 0; i < sizeof(daemons) / sizeof(*daemons); i++)
		if (slice_is(name, daemons[i]))
			return true;
	return false;
}

static int check(struct call *c, struct slice principal)
{
	struct complaints complaints = { .count = 0 };
	struct slice kind, name = principal;

	complain_null(&complaints, principal, "userName");
	complain_length(&complaints, principal, "userName", 1, PRINCIPAL_MAX);
	if (complaints_end(&complaints, &c->fault) ||
	    slice_is(principal, "admin"))
		return call_status(c);
	kind = slice_cut(&name, ':');
	if (!is_word(name) ||
	    !(slice_is(kind, "service") || slice_is(kind, "user")))
		return call_fail(c, E_INVALID,
				 "UserName: '%.*s' is no principal of a key: "
				 "admin, service:NAME or user:SUB",
				 SLICE_ARGS(principal));
	if (slice_is(kind, "service") && is_daemon(name))
		return call_fail(c, E_INVALID,
				 "UserName: '%.*s' is a daemon of the suite",
				 SLICE_ARGS(principal));
	return 0;
}

void kv_create_access_key(struct call *c, struct access_key_change *k)
{
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
	static const char mixed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				    "mnopqrstuvwxyz0123456789+/";
	struct access_keys *keys = kv_of(c)->access_keys;
	char *id = arena_alloc(c->mem, ACCESS_KEY_ID + 1);

	if (id && !check(c, k->principal) &&
	    access_keys_count(keys) >= ACCESS_KEYS_MAX)
		call_fail(c, E_LIMIT, "there are %d access keys already",
			  ACCESS_KEYS_MAX);
	if (call_status(c)) {
		k->done(c, k);
		return;
	}
	random_text(id, ACCESS_KEY_ID, upper);
	random_text(k->secret, ACCESS_KEY_SECRET, mixed);
	k->id = slice_of(id);
	k->created_s = c->now_ms / 1000;
	k->item =
	    access_keys_row(keys,
			    &(struct access_key){ .id = k->id,
						  .principal = k->principal,
						  .created_s = k->created_s },
			    slice_of(k->secret), c->mem);
	call_status(c);
	access_keys_submit(c, k);
}
