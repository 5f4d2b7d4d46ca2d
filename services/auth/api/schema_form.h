/* services/auth/api/schema_form.h - a pool's attributes as messages */
#ifndef PARLOR_AUTH_SCHEMA_FORM_H
#define PARLOR_AUTH_SCHEMA_FORM_H

#include "services/auth/api/form.h"
#include "services/auth/op/user_pools.h"

typedef Parlor__Auth__V1__SchemaAttributeType form_rule;

/* The attributes that are asked for; do `standards` count as such? */
void form_read_rules(struct call *, bool standards, form_rule *const *,
		     size_t count, struct auth_user_pool *);

/* All that there are, the standard ones too; none when the call's memory is
 * full. */
form_rule **form_rules(struct call *, const struct auth_schema *,
		       size_t *count);

#endif
