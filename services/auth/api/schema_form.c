/* services/auth/api/schema_form.c - a pool's attributes as messages */
#include "services/auth/api/schema_form.h"

enum { STANDARDS_MAX = 32 };

/* ---- asked for ------------------------------------------------------------ */

/* The shape knows no other words. */
static int64_t type_named(const char *word)
{
	int type = AUTH_TYPE_STRING;

	while (type < AUTH_TYPES &&
	       strcmp(word, auth_type_name((enum auth_type)type)) != 0)
		type++;
	return type;
}

/* A pool's own attributes have a prefix. */
static struct slice name_of(struct call *c, bool standards,
			    const form_rule *from)
{
	struct slice name = form_text(from->name);
	bool standard =
	    standards && (auth_attribute_named(name) < AUTH_ATTRIBUTES ||
			  slice_is(name, "sub"));

	if (standard && !from->developer_only_attribute)
		return name;
	return slice_of(
	    arena_printf(c->mem, "%s:%.*s",
			 from->developer_only_attribute ? "dev" : "custom",
			 SLICE_ARGS(name)));
}

static void read_bounds(const form_rule *from, struct auth_rule *rule)
{
	const Parlor__Auth__V1__StringAttributeConstraintsType *text =
	    from->string_attribute_constraints;
	const Parlor__Auth__V1__NumberAttributeConstraintsType *number =
	    from->number_attribute_constraints;

	if (text && rule->type != AUTH_TYPE_NUMBER) {
		rule->min = form_text(text->min_length);
		rule->max = form_text(text->max_length);
	} else if (number && rule->type != AUTH_TYPE_STRING) {
		rule->min = form_text(number->min_value);
		rule->max = form_text(number->max_value);
	}
}

void form_read_rules(struct call *c, bool standards, form_rule *const *from,
		     size_t count, struct auth_user_pool *s)
{
	s->rules = arena_array(c->mem, count, sizeof(*s->rules));
	if (call_status(c))
		return;
	for (size_t i = 0; i < count; i++) {
		struct auth_rule *rule = &s->rules[s->rule_count++];

		rule->name = name_of(c, standards, from[i]);
		if (from[i]->attribute_data_type)
			rule->type = type_named(from[i]->attribute_data_type);
		rule->frozen = from[i]->has_mutable_ && !from[i]->mutable_;
		rule->required = from[i]->required;
		read_bounds(from[i], rule);
	}
}

/* ---- told ----------------------------------------------------------------- */

struct parts {
	form_rule rule;
	Parlor__Auth__V1__StringAttributeConstraintsType text;
	Parlor__Auth__V1__NumberAttributeConstraintsType number;
};

static char *string_or_null(struct call *c, struct slice text)
{
	return text.size ? form_string(c, text) : NULL;
}

static form_rule *tell(struct call *c, const struct auth_rule *rule)
{
	struct parts *parts = arena_alloc(c->mem, sizeof(*parts));
	form_rule *out = &parts->rule;

	if (!parts)
		return NULL;
	parlor__auth__v1__schema_attribute_type__init(out);
	parlor__auth__v1__string_attribute_constraints_type__init(&parts->text);
	parlor__auth__v1__number_attribute_constraints_type__init(
	    &parts->number);
	out->name = form_string(c, rule->name);
	out->attribute_data_type =
	    (char *)auth_type_name((enum auth_type)rule->type);
	out->has_developer_only_attribute = out->has_mutable_ =
	    out->has_required = 1;
	out->developer_only_attribute = auth_rule_is_developers(rule);
	out->mutable_ = !rule->frozen;
	out->required = rule->required;
	if (rule->type == AUTH_TYPE_STRING) {
		parts->text.min_length = string_or_null(c, rule->min);
		parts->text.max_length = string_or_null(c, rule->max);
		out->string_attribute_constraints = &parts->text;
	} else if (rule->type == AUTH_TYPE_NUMBER) {
		parts->number.min_value = string_or_null(c, rule->min);
		parts->number.max_value = string_or_null(c, rule->max);
		out->number_attribute_constraints = &parts->number;
	}
	return out;
}

form_rule **form_rules(struct call *c, const struct auth_schema *schema,
		       size_t *count)
{
	form_rule **rows =
	    arena_array(c->mem, STANDARDS_MAX + schema->count, sizeof(*rows));
	const struct auth_rule *rule;
	size_t at = 0, told = 0;

	while (rows && (rule = auth_rule_next(schema, &at)))
		rows[told++] = tell(c, rule);
	*count = call_status(c) ? 0 : told;
	return rows;
}
