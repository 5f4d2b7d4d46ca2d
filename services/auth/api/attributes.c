/* services/auth/api/attributes.c - what is said of a user, as messages */
#include "services/auth/api/attributes.h"
#include "services/auth/model/factor.h"

enum { BESIDE = 2, FACTORS_MAX = 8 };

typedef Parlor__Auth__V1__AttributeType row;

static row *row_of(struct call *c, const char *name, struct slice value)
{
	row *r = arena_alloc(c->mem, sizeof(*r));

	if (!r)
		return NULL;
	parlor__auth__v1__attribute_type__init(r);
	r->name = (char *)name;
	r->value = form_string(c, value);
	return r;
}

row **api_attributes_of(struct call *c, const struct auth_user *user,
			size_t *count)
{
	row **rows =
	    arena_array(c->mem, AUTH_ATTRIBUTES + BESIDE, sizeof(*rows));

	*count = 0;
	if (!rows)
		return NULL;
	rows[(*count)++] = row_of(c, "sub", user->sub);
	rows[(*count)++] =
	    row_of(c, "email_verified",
		   slice_of(user->email_verified ? "true" : "false"));
	for (int i = 0; i < AUTH_ATTRIBUTES; i++)
		if (user->attributes[i].size)
			rows[(*count)++] =
			    row_of(c,
				   auth_attribute_name((enum auth_attribute)i),
				   user->attributes[i]);
	if (call_status(c))
		*count = 0;
	return rows;
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
