/* services/auth/api/user_type.c - a user among others, as a message */
#include "services/auth/api/user_type.h"
#include "services/auth/api/attributes.h"

/* Moves those that are wanted to the front. Returns how many there are. */
static size_t keep_wanted(Parlor__Auth__V1__AttributeType **rows, size_t count,
			  const struct auth_texts *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (auth_texts_have(wanted, slice_of(rows[i]->name)))
			rows[kept++] = rows[i];
	return kept;
}

Parlor__Auth__V1__UserType *api_user_type(struct call *c,
					  const struct auth_user *user,
					  const struct auth_texts *wanted)
{
	Parlor__Auth__V1__UserType *m = arena_alloc(c->mem, sizeof(*m));

	if (!m)
		return NULL;
	parlor__auth__v1__user_type__init(m);
	m->username = form_string(c, user->username);
	m->attributes = api_attributes_of(c, user, NULL, &m->n_attributes);
	if (wanted && wanted->count)
		m->n_attributes =
		    keep_wanted(m->attributes, m->n_attributes, wanted);
	m->has_user_create_date = m->has_user_last_modified_date = 1;
	m->user_create_date = (double)user->created_at;
	m->user_last_modified_date = (double)user->modified_at;
	m->has_enabled = 1;
	m->enabled = !user->disabled;
	m->user_status = (char *)auth_status_name(user->status);
	return m;
}
