/* services/auth/op/name.c - the account that is meant by a name */
#include "services/auth/op/name.h"
#include "lib/crypto/seal.h"
#include "services/auth/model/alias.h"
#include "services/auth/op/sign_up.h"
#include "services/auth/store/users.h"
#include "services/auth/token/uuid.h"

/* ---- finding -------------------------------------------------------------- */

/* In the place of the operation's state meanwhile. */
struct search {
	void *state;
	struct slice *name, found;
	auth_next_fn *next;
};

static struct slice nobodys_sub(struct call *c, struct slice name)
{
	const struct slice pieces[] = { SLICE("sub/"), auth_pool_of(c)->prefix,
					kv_name(c, name) };
	uint8_t bytes[SEAL_KEY];
	char *text = arena_alloc(c->mem, UUID_TEXT);

	if (!text)
		return name;
	seal_derive(auth_of(c)->seal, pieces, 3, bytes);
	uuid_mark(bytes);
	uuid_format(bytes, text);
	return slice_of(text);
}

static void found(struct call *c)
{
	const struct search *s = c->state;

	c->state = s->state;
	if (s->found.size)
		*s->name = s->found;
	else if (auth_pool_of(c)->usernames.count)
		*s->name = nobodys_sub(c, *s->name);
	call_status(c);
	s->next(c);
}

void auth_name_resolve(struct call *c, struct slice *name, auth_next_fn *next)
{
	struct search *s;

	if (call_failed(c) || !auth_pool_has_aliases(auth_pool_of(c)) ||
	    !auth_username_is_good(*name)) {
		next(c);
		return;
	}
	s = arena_alloc(c->mem, sizeof(*s));
	if (!s) {
		call_status(c);
		next(c);
		return;
	}
	*s = (struct search){ .state = c->state, .name = name, .next = next };
	c->state = s;
	auth_users_resolve(c, *name, &s->found, found);
}

/* ---- a new one ------------------------------------------------------------ */

int auth_name_take(struct call *c, struct auth_user *user)
{
	if (auth_username_check(user->username, &c->fault) ||
	    auth_sign_up_check_name(c, user->username))
		return -c->fault.code;
	return auth_alias_take_name(auth_pool_of(c), user, &c->fault);
}

int auth_name_settle(struct call *c, struct auth_user *user)
{
	return auth_alias_settle_name(auth_pool_of(c), user, &c->fault);
}

/* ---- somebody else's ------------------------------------------------------ */

struct seizure {
	void *state;
	const struct auth_user *user;
	struct auth_alias aliases[AUTH_ALIASES_MAX];
	size_t count, at;
	struct auth_user *owner, before;
	auth_next_fn *next;
};

static void seize_next(struct call *);

static void owner_found(struct call *c)
{
	struct seizure *s = c->state;
	struct auth_user *owner = s->owner;

	if (call_failed(c) || !owner || slice_equal(owner->sub, s->user->sub)) {
		seize_next(c);
		return;
	}
	s->before = *owner;
	if (s->aliases[s->at - 1].of == AUTH_EMAIL)
		owner->email_verified = false;
	else
		owner->phone_verified = false;
	auth_users_set_attributes(c, owner, &s->before, seize_next);
}

/* A preferred name is never verified: it stays whose it is. */
static void seize_next(struct call *c)
{
	struct seizure *s = c->state;

	while (s->at < s->count &&
	       s->aliases[s->at].of == AUTH_PREFERRED_USERNAME)
		s->at++;
	if (call_failed(c) || s->at == s->count) {
		c->state = s->state;
		s->next(c);
		return;
	}
	auth_users_get(c, s->aliases[s->at++].name, &s->owner, owner_found);
}

void auth_name_seize(struct call *c, const struct auth_user *user,
		     auth_next_fn *next)
{
	struct seizure *s = arena_zalloc(c->mem, sizeof(*s));

	if (call_status(c)) {
		next(c);
		return;
	}
	s->state = c->state;
	s->user = user;
	s->next = next;
	if (auth_pool_of(c)->aliases.count)
		s->count = auth_aliases_of(auth_pool_of(c), user, s->aliases);
	c->state = s;
	seize_next(c);
}
