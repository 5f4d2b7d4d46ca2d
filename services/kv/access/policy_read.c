/* services/kv/access/policy_read.c - from IAM's JSON to a compiled policy
 *
 * Each reader takes its place in the document as text ("Statement[1].Action"),
 * which stands in front of every refusal.
 */
#include "services/kv/access/policy_form.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdlib.h>

enum {
	POLICY_MEMORY_MAX = 1 << 21,
	POLICY_PLACES_MAX = 1 << 21,
	POLICY_TEXT_MAX = 2048, /* of a pattern */
	POLICY_LIST_MAX = 256,
	POLICY_CONDITIONS_MAX = 32, /* of a statement */
};

struct reader {
	struct arena *mem;   /* the policy's */
	struct arena places; /* while reading */
	enum policy_kind kind;
	struct fault *fault;
};

/* ---- places and refusals ----------------------------------------------------
 */

static int refuse(struct reader *r, const char *place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int refuse(struct reader *r, const char *place, const char *format, ...)
{
	char words[512];
	va_list args;

	va_start(args, format);
	vsnprintf(words, sizeof(words), format, args);
	va_end(args);
	return fault_set(r->fault, E_INVALID, "%s%s%s", place,
			 *place ? " " : "", words);
}

static const char *inside(struct reader *r, const char *place, const char *name)
{
	const char *text =
	    arena_printf(&r->places, *place ? "%s.%s" : "%s%s", place, name);

	return text ? text : place;
}

static const char *element(struct reader *r, const char *place, size_t i)
{
	const char *text = arena_printf(&r->places, "%s[%zu]", place, i);

	return text ? text : place;
}

static void *list_new(struct reader *r, size_t count, size_t size)
{
	void *rows = arena_array(r->mem, count ? count : 1, size);

	if (!rows)
		fault_set(r->fault, E_INVALID, "the policy is too large");
	return rows;
}

/* Refuses a member of an object that isn't in `names`, or is in it behind
 * a '-': known to IAM but not supported. */
static int check_members(struct reader *r, const char *place, json_t *object,
			 const char *const *names)
{
	const char *key;
	json_t *value;

	if (!json_is_object(object))
		return refuse(r, place, "must be an object");
	json_object_foreach(object, key, value)
	{
		const char *const *name = names;

		while (*name &&
		       strcmp(**name == '-' ? *name + 1 : *name, key) != 0)
			name++;
		if (*name && **name != '-')
			continue;
		return refuse(r, inside(r, place, key), "is not %s",
			      *name ? "supported" : "part of a policy");
	}
	return 0;
}

/* ---- texts, and lists of them
 * ------------------------------------------------ */

/* Reads one text as a pattern after its own check. */
struct text_rule {
	unsigned flags;
	bool (*valid)(const char *text);
	const char *must_be;
};

static int pattern_from(struct reader *r, const char *place, json_t *value,
			const struct text_rule *rule, struct pattern *out)
{
	struct fault why = { 0 };

	if (!json_is_string(value))
		return refuse(r, place, "must be a text");
	if (json_string_length(value) > POLICY_TEXT_MAX)
		return refuse(r, place, "is longer than %d bytes",
			      POLICY_TEXT_MAX);
	if (rule->valid && !rule->valid(json_string_value(value)))
		return refuse(r, place, "must be %s, not '%s'", rule->must_be,
			      json_string_value(value));
	if (pattern_read(r->mem, slice_of(json_string_value(value)),
			 rule->flags, out, &why) != 0)
		return refuse(r, place, "has %s", why.message);
	return 0;
}

/* A text, or a list of at least one. */
static int patterns_from(struct reader *r, const char *place, json_t *value,
			 const struct text_rule *rule, struct patterns *out)
{
	size_t count = json_is_array(value) ? json_array_size(value) : 1;

	if (count == 0 || count > POLICY_LIST_MAX)
		return refuse(r, place, "must have 1 to %d elements",
			      POLICY_LIST_MAX);
	out->rows = list_new(r, count, sizeof(*out->rows));
	if (!out->rows)
		return -r->fault->code;
	out->count = count;
	if (!json_is_array(value))
		return pattern_from(r, place, value, rule, &out->rows[0]);
	for (size_t i = 0; i < count; i++)
		if (pattern_from(r, element(r, place, i),
				 json_array_get(value, i), rule,
				 &out->rows[i]) != 0)
			return -r->fault->code;
	return 0;
}

/* ---- the parts of a statement
 * ------------------------------------------------ */

static bool is_any(const char *text)
{
	return strcmp(text, "*") == 0;
}

static bool is_principal(const char *text)
{
	static const char *const kinds[] = { "user:", "group:", "service:",
					     "function:" };

	if (is_any(text) || strcmp(text, "anonymous") == 0)
		return true;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (slice_starts(slice_of(text), slice_of(kinds[i])))
			return text[strlen(kinds[i])] != '\0';
	return false;
}

/* "*", or an account: its number, or the ARN of its root. */
static bool is_account(const char *text)
{
	enum { NUMBER = 12 };
	struct slice rest = slice_of(text);

	if (is_any(text))
		return true;
	if (slice_starts(rest, SLICE("arn:"))) {
		static const char *const parts[] = { "arn", "aws", "iam", "" };

		for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
			if (!slice_is(slice_cut(&rest, ':'), parts[i]))
				return false;
		text = (const char *)rest.data;
		rest = slice_cut(&rest, ':');
		if (strcmp(text + rest.size, ":root") != 0)
			return false;
	}
	return rest.size == NUMBER && strspn(text, "0123456789") == NUMBER;
}

static bool is_action(const char *text)
{
	static const char *const services[] = { "dynamodb", "cognito-idp" };
	struct slice name = slice_of(text), service = slice_cut(&name, ':');

	if (is_any(text))
		return true;
	for (size_t i = 0; i < sizeof(services) / sizeof(*services); i++)
		if (slice_equal_nocase(service, slice_of(services[i])))
			return name.size > 0;
	return false;
}

/* arn:partition:service:region:account:resource, any part but the first of
 * which may be a wildcard. */
static bool is_resource(const char *text)
{
	struct slice rest = slice_of(text);
	size_t colons = 0;

	if (slice_is(rest, "*"))
		return true;
	if (!slice_starts(rest, SLICE("arn:")))
		return false;
	for (; rest.size > 0; colons++)
		slice_cut(&rest, ':');
	return colons >= 6;
}

/* The account is its administrators, who are allowed everything: it is no other
 * principal's name, so nobody else is meant. To deny the account something would
 * be to deny it to all. */
static int read_accounts(struct reader *r, const char *place, json_t *value,
			 struct policy_statement *out)
{
	static const struct text_rule rule = { PATTERN_WILD, is_account,
					       "'*' or an account" };
	static const struct text_rule denied = { PATTERN_WILD, is_any,
						 "'*' in a Deny" };

	return patterns_from(r, place, value, out->deny ? &denied : &rule,
			     &out->principals);
}

static int read_principals(struct reader *r, const char *place,
			   json_t *statement, struct policy_statement *out)
{
	static const char *const names[] = { "Parlor",	       "AWS",
					     "-Service",       "-Federated",
					     "-CanonicalUser", NULL };
	static const struct text_rule rule = {
		PATTERN_WILD, is_principal,
		"'*', 'anonymous', 'user:…', 'group:…', 'service:…' or "
		"'function:…'"
	};
	json_t *value = json_object_get(statement, "Principal"), *accounts;

	if (r->kind == POLICY_OF_ROLE)
		return value ? refuse(r, inside(r, place, "Principal"),
				      "has no place in a role's policy")
			     : 0;
	if (!value)
		return refuse(r, place, "needs a Principal");
	place = inside(r, place, "Principal");
	if (json_is_string(value)) {
		if (strcmp(json_string_value(value), "*") != 0)
			return refuse(r, place,
				      "must be '*' or {\"Parlor\": …}");
		return patterns_from(r, place, value, &rule, &out->principals);
	}
	if (check_members(r, place, value, names) != 0)
		return -r->fault->code;
	if (json_object_size(value) != 1)
		return refuse(r, place, "needs one member, 'Parlor' or 'AWS'");
	accounts = json_object_get(value, "AWS");
	if (accounts)
		return read_accounts(r, inside(r, place, "AWS"), accounts, out);
	return patterns_from(r, inside(r, place, "Parlor"),
			     json_object_get(value, "Parlor"), &rule,
			     &out->principals);
}

static int read_actions(struct reader *r, const char *place, json_t *statement,
			struct policy_statement *out)
{
	static const struct text_rule rule = { PATTERN_WILD | PATTERN_NOCASE,
					       is_action,
					       "'*', 'dynamodb:…' or "
					       "'cognito-idp:…'" };
	json_t *action = json_object_get(statement, "Action");
	json_t *not_action = json_object_get(statement, "NotAction");

	if (!action == !not_action)
		return refuse(r, place, "needs an Action or a NotAction");
	out->not_action = not_action != NULL;
	return patterns_from(r,
			     inside(r, place, action ? "Action" : "NotAction"),
			     action ? action : not_action, &rule,
			     &out->actions);
}

static int read_resources(struct reader *r, const char *place,
			  json_t *statement, struct policy_statement *out)
{
	static const struct text_rule rule = { PATTERN_WILD | PATTERN_VARIABLES,
					       is_resource, "'*' or an ARN" };
	json_t *value = json_object_get(statement, "Resource");

	if (!value)
		return refuse(r, place, "needs a Resource");
	return patterns_from(r, inside(r, place, "Resource"), value, &rule,
			     &out->resources);
}

static int read_effect(struct reader *r, const char *place, json_t *statement,
		       struct policy_statement *out)
{
	const char *text =
	    json_string_value(json_object_get(statement, "Effect"));

	out->deny = text && strcmp(text, "Deny") == 0;
	if (!out->deny && (!text || strcmp(text, "Allow") != 0))
		return refuse(r, inside(r, place, "Effect"),
			      "must be 'Allow' or 'Deny'");
	return 0;
}

static bool is_sid(struct slice sid)
{
	for (size_t i = 0; i < sid.size; i++) {
		uint8_t lower = sid.data[i] | 0x20;

		if (!(lower >= 'a' && lower <= 'z') &&
		    !(sid.data[i] >= '0' && sid.data[i] <= '9'))
			return false;
	}
	return sid.size > 0 && sid.size <= 128;
}

static int read_sid(struct reader *r, const char *place, json_t *statement,
		    struct policy_statement *out)
{
	json_t *value = json_object_get(statement, "Sid");
	struct slice sid = slice_of(json_string_value(value));

	out->sid = "";
	if (!value)
		return 0;
	if (!is_sid(sid))
		return refuse(r, inside(r, place, "Sid"),
			      "must be 1 to 128 letters and digits");
	out->sid = arena_copy(r->mem, sid.data, sid.size);
	return out->sid ? 0 : refuse(r, "", "the policy is too large");
}

/* ---- conditions
 * --------------------------------------------------------------- */

static const struct operator_row {
	const char *name;
	enum condition_test test;
	unsigned flags; /* of its values' patterns */
	bool negated;
} operators[] = {
	{ "StringEquals", CONDITION_MATCH, PATTERN_VARIABLES, false },
	{ "StringNotEquals", CONDITION_MATCH, PATTERN_VARIABLES, true },
	{ "StringEqualsIgnoreCase", CONDITION_MATCH,
	  PATTERN_VARIABLES | PATTERN_NOCASE, false },
	{ "StringNotEqualsIgnoreCase", CONDITION_MATCH,
	  PATTERN_VARIABLES | PATTERN_NOCASE, true },
	{ "StringLike", CONDITION_MATCH, PATTERN_VARIABLES | PATTERN_WILD,
	  false },
	{ "StringNotLike", CONDITION_MATCH, PATTERN_VARIABLES | PATTERN_WILD,
	  true },
	{ "Null", CONDITION_NULL, 0, false },
};

static const struct quantity_row {
	const char *prefix;
	enum condition_quantity quantity;
} quantities[] = {
	{ "ForAllValues:", CONDITION_ALL },
	{ "ForAnyValue:", CONDITION_ANY },
	{ "", CONDITION_ONE },
};

static const struct key_row {
	const char *name;
	enum condition_key key;
	bool many; /* may have several values */
} keys[] = {
	{ "dynamodb:LeadingKeys", CONDITION_LEADING_KEYS, true },
	{ "dynamodb:Attributes", CONDITION_ATTRIBUTES, true },
	{ "dynamodb:Select", CONDITION_SELECT, false },
	{ "dynamodb:ReturnValues", CONDITION_RETURN_VALUES, false },
	{ "dynamodb:ReturnConsumedCapacity", CONDITION_CAPACITY, false },
	{ "dynamodb:EnclosingOperation", CONDITION_ENCLOSING, false },
};

static const struct operator_row *operator_find(struct slice name)
{
	for (size_t i = 0; i < sizeof(operators) / sizeof(*operators); i++)
		if (slice_is(name, operators[i].name))
			return &operators[i];
	return NULL;
}

/* Cuts "ForAllValues:" and its like off the name. */
static enum condition_quantity quantity_cut(struct slice *name)
{
	const struct quantity_row *row = quantities;

	while (!slice_starts(*name, slice_of(row->prefix)))
		row++;
	name->data += strlen(row->prefix);
	name->size -= strlen(row->prefix);
	return row->quantity;
}

/* Cuts "IfExists" off the name's end; every operator but Null may have it. */
static bool if_exists_cut(struct slice *name)
{
	const struct slice end = SLICE("IfExists");
	struct slice tail;

	if (name->size <= end.size)
		return false;
	tail = slice_make(name->data + name->size - end.size, end.size);
	if (!slice_equal(tail, end))
		return false;
	name->size -= end.size;
	return true;
}

/* Condition keys are known in any case, as IAM's are. */
static const struct key_row *key_find(const char *name)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (slice_equal_nocase(slice_of(name), slice_of(keys[i].name)))
			return &keys[i];
	return NULL;
}

static int read_null(struct reader *r, const char *place, json_t *value,
		     struct policy_condition *out)
{
	const char *text = json_string_value(value);

	out->wants_absent =
	    json_is_true(value) || (text && strcmp(text, "true") == 0);
	if (!out->wants_absent && !json_is_false(value) &&
	    (!text || strcmp(text, "false") != 0))
		return refuse(r, place, "must be 'true' or 'false'");
	return 0;
}

/* One key below an operator. */
static int read_condition(struct reader *r, const char *place,
			  const struct operator_row *op,
			  const struct key_row *key, json_t *value,
			  struct policy_condition *out)
{
	struct text_rule rule = { op->flags, NULL, NULL };

	out->key = key->key;
	out->test = op->test;
	out->negated = op->negated;
	if (op->test == CONDITION_NULL)
		return read_null(r, place, value, out);
	if (key->many && out->quantity == CONDITION_ONE)
		return refuse(r, place,
			      "has several values: the operator needs "
			      "ForAllValues: or ForAnyValue:");
	return patterns_from(r, place, value, &rule, &out->values);
}

/* All keys below one operator, appended to the statement's conditions. */
static int read_operator(struct reader *r, const char *place, const char *name,
			 json_t *tests, struct policy_statement *out)
{
	struct slice rest = slice_of(name);
	enum condition_quantity quantity = quantity_cut(&rest);
	bool if_exists = if_exists_cut(&rest);
	const struct operator_row *op = operator_find(rest);
	const char *key;
	json_t *value;

	if (!op || (op->test == CONDITION_NULL &&
		    (if_exists || quantity != CONDITION_ONE)))
		return refuse(r, place, "is not supported");
	if (!json_is_object(tests))
		return refuse(r, place, "must be an object");
	json_object_foreach(tests, key, value)
	{
		const struct key_row *row = key_find(key);
		struct policy_condition *c;

		if (!row)
			return refuse(r, inside(r, place, key),
				      "is not supported");
		if (out->condition_count == POLICY_CONDITIONS_MAX)
			return refuse(r, place, "is one of more than %d tests",
				      POLICY_CONDITIONS_MAX);
		c = &out->conditions[out->condition_count++];
		c->name = arena_printf(r->mem, "%s %s", name, row->name);
		c->quantity = quantity;
		c->if_exists = if_exists;
		if (read_condition(r, inside(r, place, key), op, row, value,
				   c) != 0)
			return -r->fault->code;
	}
	return 0;
}

static int read_conditions(struct reader *r, const char *place,
			   json_t *statement, struct policy_statement *out)
{
	json_t *conditions = json_object_get(statement, "Condition"), *tests;
	const char *name;

	if (!conditions)
		return 0;
	place = inside(r, place, "Condition");
	if (!json_is_object(conditions))
		return refuse(r, place, "must be an object");
	out->conditions =
	    list_new(r, POLICY_CONDITIONS_MAX, sizeof(*out->conditions));
	if (!out->conditions)
		return -r->fault->code;
	json_object_foreach(conditions, name,
			    tests) if (read_operator(r, inside(r, place, name),
						     name, tests, out) !=
				       0) return -r->fault->code;
	return 0;
}

/* ---- statements and the document
 * ----------------------------------------------- */

static int read_statement(struct reader *r, const char *place,
			  json_t *statement, struct policy_statement *out)
{
	static const char *const names[] = { "Sid",	  "Effect",
					     "Principal", "-NotPrincipal",
					     "Action",	  "NotAction",
					     "Resource",  "-NotResource",
					     "Condition", NULL };
	static int (*const parts[])(struct reader *, const char *, json_t *,
				    struct policy_statement *) = {
		read_sid,     read_effect,    read_principals,
		read_actions, read_resources, read_conditions,
	};

	if (check_members(r, place, statement, names) != 0)
		return -r->fault->code;
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
		if (parts[i](r, place, statement, out) != 0)
			return -r->fault->code;
	return 0;
}

static int check_sids(struct reader *r, const struct policy *p)
{
	for (size_t i = 1; i < p->count; i++)
		for (size_t k = 0; k < i; k++)
			if (*p->statements[i].sid &&
			    strcmp(p->statements[i].sid,
				   p->statements[k].sid) == 0)
				return refuse(r, element(r, "Statement", i),
					      "has the Sid of another, '%s'",
					      p->statements[i].sid);
	return 0;
}

static int read_statements(struct reader *r, json_t *list, struct policy *p)
{
	size_t count = json_is_array(list) ? json_array_size(list) : 1;

	if (!list)
		return refuse(r, "", "the policy needs a Statement");
	if (count == 0 || count > POLICY_STATEMENTS_MAX)
		return refuse(r, "Statement", "must have 1 to %d elements",
			      POLICY_STATEMENTS_MAX);
	p->statements = list_new(r, count, sizeof(*p->statements));
	if (!p->statements)
		return -r->fault->code;
	p->count = count;
	if (!json_is_array(list))
		return read_statement(r, "Statement", list, p->statements);
	for (size_t i = 0; i < count; i++)
		if (read_statement(r, element(r, "Statement", i),
				   json_array_get(list, i),
				   &p->statements[i]) != 0)
			return -r->fault->code;
	return check_sids(r, p);
}

static int read_document(struct reader *r, json_t *document, struct policy *p)
{
	static const char *const names[] = { "Version", "Id", "Statement",
					     NULL };
	const char *version =
	    json_string_value(json_object_get(document, "Version"));
	json_t *id = json_object_get(document, "Id");

	if (!json_is_object(document))
		return refuse(r, "", "the policy must be a JSON object");
	if (check_members(r, "", document, names) != 0)
		return -r->fault->code;
	if (!version || strcmp(version, "2012-10-17") != 0)
		return refuse(r, "Version", "must be '2012-10-17'");
	if (id && !json_is_string(id))
		return refuse(r, "Id", "must be a text");
	return read_statements(r, json_object_get(document, "Statement"), p);
}

static json_t *parse(struct slice json, struct fault *fault)
{
	json_error_t why;
	json_t *document;

	if (json.size > POLICY_SIZE_MAX) {
		fault_set(fault, E_INVALID,
			  "the policy is larger than %d bytes",
			  POLICY_SIZE_MAX);
		return NULL;
	}
	document = json_loadb((const char *)json.data, json.size,
			      JSON_REJECT_DUPLICATES, &why);
	if (!document)
		fault_set(fault, E_INVALID,
			  "the policy is no JSON: line %d, column %d: %s",
			  why.line, why.column, why.text);
	return document;
}

struct policy *policy_new(struct slice json, enum policy_kind kind,
			  struct fault *fault)
{
	json_t *document = parse(json, fault);
	struct policy *p = document ? calloc(1, sizeof(*p)) : NULL;
	struct reader r = { .kind = kind, .fault = fault };

	if (!document)
		return NULL;
	if (!p)
		abort(); /* lack of memory ends the process */
	arena_init(&p->mem, POLICY_MEMORY_MAX);
	arena_init(&r.places, POLICY_PLACES_MAX);
	p->kind = kind;
	r.mem = &p->mem;
	if (read_document(&r, document, p) != 0) {
		policy_free(p);
		p = NULL;
	}
	arena_release(&r.places);
	json_decref(document);
	return p;
}
