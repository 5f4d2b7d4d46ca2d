/* services/auth/api/attributes.c - what is said of a user, as messages */
#include "services/auth/api/attributes.h"
#include "services/auth/model/factor.h"

enum { BESIDE = 3, FACTORS_MAX = 8 };

typedef Parlor__Auth__V1__AttributeType row;

/* The rows being gathered, for who reads them. */
struct telling {
	struct call *call;
	const struct auth_client *client;
	row **rows;
	size_t count;
};

static void tell(struct telling *t, struct slice name, struct slice value)
{
	row *r;

	if (!auth_client_reads(t->client, name))
		return;
	r = arena_alloc(t->call->mem, sizeof(*r));
	if (!r)
		return;
	parlor__auth__v1__attribute_type__init(r);
	r->name = form_string(t->call, name);
	r->value = form_string(t->call, value);
	t->rows[t->count++] = r;
}

static struct slice truth(bool yes)
{
	return yes ? SLICE("true") : SLICE("false");
}

row **api_attributes_of(struct call *c, const struct auth_user *user,
			const struct auth_client *client, size_t *count)
{
	struct telling t = { .call = c, .client = client };
	struct auth_change said;
	size_t at = 0;

	t.rows =
	    arena_array(c->mem, AUTH_ATTRIBUTES + user->custom_count + BESIDE,
			sizeof(*t.rows));
	if (t.rows) {
		tell(&t, SLICE("sub"), user->sub);
		if (user->attributes[AUTH_EMAIL].size)
			tell(&t, SLICE("email_verified"),
			     truth(user->email_verified));
		if (user->attributes[AUTH_PHONE_NUMBER].size)
			tell(&t, SLICE("phone_number_verified"),
			     truth(user->phone_verified));
		while (auth_user_next(user, &at, &said))
			tell(&t, said.name, said.value);
	}
	*count = call_status(c) ? 0 : t.count;
	return t.rows;
}

char **api_factors_of(struct call *c, const struct auth_user *user,
		      size_t *count)
{
	char **names = arena_array(c->mem, FACTORS_MAX, sizeof(*names));

	*count = 0;
	for (const struct auth_factor_row *f = auth_factor_rows;
	     names && f->factor && *count < FACTORS_MAX; f++)
		if (user->factors & f->factor)
			names[(*count)++] = (char *)f->name;
	return names;
}
