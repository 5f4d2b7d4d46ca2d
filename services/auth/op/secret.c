/* services/auth/op/secret.c - a password: kept, compared, never told */
#include "services/auth/op/secret.h"
#include "lib/base/random.h"
#include "lib/crypto/seal.h"
#include "services/auth/store/kv.h"

enum { DRAWN = 12 /* characters of a password, unless the pool wants more */ };

/* Where a sealed verifier belongs. */
static struct slice place(struct call *c, const struct auth_user *user)
{
	return slice_of(arena_printf(c->mem, "parlor.users/%.*s/srp",
				     SLICE_ARGS(user->sub)));
}

/* The names that are hashed with the password: the pool's without its region, and
 * the user's in the one form that all of its spellings have. */
static struct srp_user name_of(struct call *c, struct slice username)
{
	const char *pool = strrchr(auth_realm_of(c)->pool_id, '_');

	return (struct srp_user){
		.pool = slice_of(pool + 1),
		.name = kv_name(c, username),
	};
}

/* A user's salt does not depend on whether there is an account. */
static void draw_salt(struct call *c, struct slice folded, uint8_t *salt)
{
	const struct slice pieces[] = { SLICE("srp salt/"),
					auth_pool_of(c)->prefix, folded };
	uint8_t bytes[SEAL_KEY];

	seal_derive(auth_of(c)->seal, pieces, 3, bytes);
	memcpy(salt, bytes, SRP_SALT);
}

void auth_verifier_keep(struct call *c, struct auth_user *user,
			struct slice password)
{
	uint8_t *salt = arena_alloc(c->mem, SRP_SALT), verifier[SRP_NUMBER];
	struct srp_user who = name_of(c, user->username);

	user->srp_salt = user->srp_verifier = (struct slice){ 0 };
	if (!auth_srp_is_used(c) || call_status(c))
		return;
	draw_salt(c, who.name, salt);
	who.salt = salt;
	srp_verifier(&who, password, verifier);
	user->srp_salt = slice_make(salt, SRP_SALT);
	user->srp_verifier =
	    seal_close(auth_of(c)->seal, slice_make(verifier, SRP_NUMBER),
		       place(c, user), c->mem);
	explicit_bzero(verifier, sizeof(verifier));
}

bool auth_verifier_fits(struct call *c, const struct auth_user *user)
{
	return auth_srp_is_used(c) == (user->srp_verifier.size > 0);
}

/* Who has no account costs the same work: there is a seal to try, too. */
void auth_verifier_get(struct call *c, const struct auth_user *user,
		       struct slice username, struct auth_verifier *out)
{
	static const uint8_t decoy[SEAL_OVERHEAD + SRP_NUMBER] = { 1 };
	static const struct auth_user nobody = {
		.srp_verifier = { decoy, sizeof(decoy) },
	};
	const struct auth_user *who =
	    user && user->srp_verifier.size ? user : &nobody;
	struct slice number = { 0 };

	out->user = name_of(c, username);
	out->user.salt = out->salt;
	random_bytes(out->number, SRP_NUMBER);
	draw_salt(c, out->user.name, out->salt);
	out->real = !seal_open(auth_of(c)->seal, who->srp_verifier,
			       place(c, who), c->mem, &number) &&
		    who->srp_salt.size == SRP_SALT && number.size == SRP_NUMBER;
	if (!out->real)
		return;
	memcpy(out->number, number.data, SRP_NUMBER);
	memcpy(out->salt, who->srp_salt.data, SRP_SALT);
}

static struct auth_password_policy policy_of(const struct call *c)
{
	const struct auth_rules *rules = auth_rules_of(c);

	return (struct auth_password_policy){
		.min_length = rules->password_min,
		.upper = rules->upper,
		.lower = rules->lower,
		.digit = rules->digit,
		.symbol = rules->symbol,
	};
}

int auth_password_allowed(struct call *c, const char *field,
			  struct slice password)
{
	const struct auth_password_policy policy = policy_of(c);

	if (!auth_password_is_shaped(password))
		return auth_required(c, field, AUTH_PASSWORD_PATTERN,
				     (struct slice){ 0 });
	return auth_password_check(&policy, password, &c->fault);
}

/* Without letters that look like digits. Most draws are taken at once. */
void auth_password_draw(struct call *c, char out[AUTH_PASSWORD_DRAWN])
{
	static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZ"
				       "abcdefghijkmnopqrstuvwxyz"
				       "2345678923456789!#%+?*!#%+?*";
	const struct auth_password_policy policy = policy_of(c);
	size_t length = DRAWN;
	struct fault refused;

	if (length < (size_t)policy.min_length)
		length = (size_t)policy.min_length;
	do {
		random_text(out, length, alphabet);
		fault_clear(&refused);
	} while (auth_password_check(&policy, slice_of(out), &refused));
}

void auth_password_lend(const struct call *c, struct auth_user *user)
{
	user->status = AUTH_FORCE_CHANGE_PASSWORD;
	user->password_expires =
	    auth_now(c) + auth_rules_of(c)->temporary_ms / 1000;
}

void auth_password_confirm(struct auth_user *user)
{
	user->status = AUTH_CONFIRMED;
	user->password_expires = 0;
}

/* Is it one of the last so many? They are remembered as long as they are to be.
 * One that is lent may come again: it is to be changed. */
static int retire(struct call *c, struct auth_user *user, struct slice password)
{
	int64_t size = auth_pool_of(c)->password.history;
	bool lent = user->status == AUTH_FORCE_CHANGE_PASSWORD;
	struct slice rest = user->past_passwords, hash = user->password;
	const char *past = "";

	for (int64_t i = 1; past && i <= size && hash.size; i++) {
		if (!lent && argon_verify(hash, password))
			return call_fail(c, E_PASSWORD_HISTORY,
					 "The password has been used before.");
		if (i < size)
			past =
			    arena_printf(c->mem, "%s%s%.*s", past,
					 *past ? "\n" : "", SLICE_ARGS(hash));
		hash = slice_cut(&rest, '\n');
	}
	user->past_passwords = slice_of(past ? past : "");
	return call_status(c);
}

void auth_password_keep(struct call *c, struct auth_user *user,
			struct slice password)
{
	struct argon_cost cost = auth_hash_cost(c);
	char *hash = arena_alloc(c->mem, ARGON_TEXT);

	if (call_status(c) || retire(c, user, password))
		return;
	argon_hash(&cost, password, hash);
	user->password = slice_of(hash);
	auth_verifier_keep(c, user, password);
}

bool auth_password_is(struct call *c, const struct auth_user *user,
		      struct slice password)
{
	struct argon_cost cost = auth_hash_cost(c);
	bool real = user && user->password.size, same;
	char dummy[ARGON_TEXT];

	argon_dummy(&cost, dummy);
	same = argon_verify(real ? user->password : slice_of(dummy), password);
	return same && real;
}
