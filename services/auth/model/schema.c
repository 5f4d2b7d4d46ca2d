/* services/auth/model/schema.c - what may be said of a pool's users */
#include "services/auth/model/schema.h"

#include <stdlib.h>

enum { EMAIL_MAX = 254, PHONE_MAX = 16, NUMBER_MAX = 310 };

/* ---- forms ---------------------------------------------------------------- */

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter_or_digit(uint8_t c)
{
	return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

/* Of RFC 5322's dot-atom, ASCII: nothing that could end a header line. */
static bool is_dot_atom(struct slice text, const char *others)
{
	uint8_t before = '.';

	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c == '.' && before == '.')
			return false;
		if (c != '.' && !is_letter_or_digit(c) &&
		    (!c || !strchr(others, c)))
			return false;
		before = c;
	}
	return before != '.';
}

bool auth_email_is_good(struct slice text)
{
	struct slice domain = text, local = slice_cut(&domain, '@');

	return text.size <= EMAIL_MAX && local.size <= 64 &&
	       is_dot_atom(local, "!#$%&'*+-/=?^_`{|}~") &&
	       is_dot_atom(domain, "-");
}

bool auth_phone_is_good(struct slice text)
{
	if (text.size < 2 || text.size > PHONE_MAX || text.data[0] != '+')
		return false;
	for (size_t i = 1; i < text.size; i++)
		if (!is_digit(text.data[i]))
			return false;
	return true;
}

/* Digits where the form has a 0, else the form's own. */
static bool is_like(struct slice text, const char *form)
{
	if (text.size < strlen(form))
		return false;
	for (size_t i = 0; form[i]; i++)
		if (form[i] == '0' ? !is_digit(text.data[i])
				   : text.data[i] != (uint8_t)form[i])
			return false;
	return true;
}

static bool is_date(struct slice text)
{
	return text.size == strlen("0000-00-00") && is_like(text, "0000-00-00");
}

/* ISO 8601, to the day or with a time. */
static bool is_datetime(struct slice text)
{
	const char *form = "0000-00-00T00:00:00";
	size_t i = strlen(form);

	if (is_date(text))
		return true;
	if (!is_like(text, form))
		return false;
	if (i < text.size && text.data[i] == '.')
		for (i++; i < text.size && is_digit(text.data[i]);)
			i++;
	text = slice_make(text.data + i, text.size - i);
	return !text.size || slice_is(text, "Z") ||
	       (text.size == strlen("+00:00") &&
		(is_like(text, "+00:00") || is_like(text, "-00:00")));
}

/* A decimal, and what it is worth. */
static bool is_number(struct slice text, double *out)
{
	char digits[NUMBER_MAX];
	bool point = false, any = false;

	if (text.size >= sizeof(digits))
		return false;
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c == '.' ? point || !any : !is_digit(c) && (i || c != '-'))
			return false;
		point |= c == '.';
		any |= is_digit(c);
		digits[i] = (char)c;
	}
	digits[text.size] = '\0';
	*out = strtod(digits, NULL);
	return any && is_digit(text.data[text.size - 1]);
}

/* Nothing that a line of text has not. */
static bool is_line(struct slice text)
{
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] == 0x7f)
			return false;
	return true;
}

/* ---- the standard ones ---------------------------------------------------- */

#define NAMED(text)                                       \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}
#define TEXT(word, least, most, form, words)                    \
	{                                                       \
		{ NAMED(word), AUTH_TYPE_STRING, false,         \
		  false,       NAMED(least),	 NAMED(most) }, \
		    words, form                                 \
	}
#define LINE(word) TEXT(word, "0", "2048", is_line, "Invalid " word ".")

static const struct standard {
	struct auth_rule rule;
	const char *why;
	bool (*good)(struct slice);
} standards[] = {
	[AUTH_ADDRESS] = TEXT("address", "0", "2048", NULL, NULL),
	[AUTH_BIRTHDATE] = TEXT("birthdate", "10", "10", is_date,
				"Invalid birthdate, must be YYYY-MM-DD."),
	[AUTH_EMAIL] = TEXT("email", "0", "2048", auth_email_is_good,
			    "Invalid email address format."),
	[AUTH_FAMILY_NAME] = LINE("family_name"),
	[AUTH_GENDER] = LINE("gender"),
	[AUTH_GIVEN_NAME] = LINE("given_name"),
	[AUTH_LOCALE] = LINE("locale"),
	[AUTH_MIDDLE_NAME] = LINE("middle_name"),
	[AUTH_NAME] = LINE("name"),
	[AUTH_NICKNAME] = LINE("nickname"),
	[AUTH_PHONE_NUMBER] =
	    TEXT("phone_number", "0", "2048", auth_phone_is_good,
		 "Invalid phone number format."),
	[AUTH_PICTURE] = LINE("picture"),
	[AUTH_PREFERRED_USERNAME] = LINE("preferred_username"),
	[AUTH_PROFILE] = LINE("profile"),
	[AUTH_UPDATED_AT] = { { NAMED("updated_at"), AUTH_TYPE_NUMBER, false,
				false, NAMED("0"), NAMED("") },
			      NULL,
			      NULL },
	[AUTH_WEBSITE] = LINE("website"),
	[AUTH_ZONEINFO] = LINE("zoneinfo"),
	/* the pool's to say */
	{ { NAMED("sub"), AUTH_TYPE_STRING, true, true, NAMED("1"),
	    NAMED("2048") },
	  NULL,
	  NULL },
	{ { NAMED("email_verified"), AUTH_TYPE_BOOLEAN, false, false, NAMED(""),
	    NAMED("") },
	  NULL,
	  NULL },
	{ { NAMED("phone_number_verified"), AUTH_TYPE_BOOLEAN, false, false,
	    NAMED(""), NAMED("") },
	  NULL,
	  NULL },
};
enum { STANDARDS = sizeof(standards) / sizeof(*standards) };

static const char *const types[AUTH_TYPES] = {
	[AUTH_TYPE_STRING] = "String",
	[AUTH_TYPE_NUMBER] = "Number",
	[AUTH_TYPE_DATETIME] = "DateTime",
	[AUTH_TYPE_BOOLEAN] = "Boolean",
};

const char *auth_type_name(enum auth_type type)
{
	return types[type];
}

const char *auth_attribute_name(enum auth_attribute attribute)
{
	return (const char *)standards[attribute].rule.name.data;
}

static const struct standard *find_standard(struct slice name)
{
	for (size_t i = 0; i < STANDARDS; i++)
		if (slice_equal(standards[i].rule.name, name))
			return &standards[i];
	return NULL;
}

enum auth_attribute auth_attribute_named(struct slice name)
{
	const struct standard *found = find_standard(name);

	return found && found - standards < AUTH_ATTRIBUTES
		   ? (enum auth_attribute)(found - standards)
		   : AUTH_ATTRIBUTES;
}

/* ---- a pool's rules ------------------------------------------------------- */

static const struct auth_rule *find_own(const struct auth_schema *schema,
					struct slice name)
{
	for (size_t i = 0; i < schema->count; i++)
		if (slice_equal(schema->rows[i].name, name))
			return &schema->rows[i];
	return NULL;
}

const struct auth_rule *auth_rule_find(const struct auth_schema *schema,
				       struct slice name)
{
	const struct auth_rule *own = find_own(schema, name);
	const struct standard *standard = own ? NULL : find_standard(name);

	return standard ? &standard->rule : own;
}

const struct auth_rule *auth_rule_next(const struct auth_schema *schema,
				       size_t *at)
{
	size_t i = (*at)++;

	if (i < STANDARDS)
		return auth_rule_find(schema, standards[i].rule.name);
	for (i -= STANDARDS; i < schema->count; i++, (*at)++)
		if (!find_standard(schema->rows[i].name))
			return &schema->rows[i];
	return NULL;
}

bool auth_rule_is_developers(const struct auth_rule *rule)
{
	return slice_starts(rule->name, SLICE("dev:"));
}

static int refuse(struct fault *fault, const struct auth_rule *rule,
		  const char *words)
{
	return fault_set(fault, E_PARAMETER, "%.*s: %s", SLICE_ARGS(rule->name),
			 words);
}

/* Bounds that some value is between. */
static int check_bounds(const struct auth_rule *rule, struct fault *fault)
{
	bool text = rule->type == AUTH_TYPE_STRING;
	double min = 0, max = AUTH_VALUE_MAX;

	if (rule->type != AUTH_TYPE_STRING && rule->type != AUTH_TYPE_NUMBER)
		return 0;
	if ((rule->min.size && !is_number(rule->min, &min)) ||
	    (rule->max.size && !is_number(rule->max, &max)))
		return refuse(fault, rule, "a constraint is not a number");
	if (text && (min < 0 || max > AUTH_VALUE_MAX))
		return refuse(fault, rule,
			      "String must have between 0 and 2048 characters");
	if ((text || (rule->min.size && rule->max.size)) && min > max)
		return refuse(fault, rule,
			      "the minimum is greater than the maximum");
	return 0;
}

static int complete_standard(struct auth_rule *rule,
			     const struct auth_rule *usual, struct fault *fault)
{
	if (rule->type && rule->type != usual->type)
		return fault_set(fault, E_PARAMETER,
				 "You can not change AttributeDataType or set "
				 "developerOnlyAttribute for standard schema "
				 "attribute %.*s",
				 SLICE_ARGS(rule->name));
	if (auth_attribute_named(rule->name) == AUTH_ATTRIBUTES) {
		*rule = *usual; /* sub is what it is */
		return 0;
	}
	rule->type = usual->type;
	if (!rule->min.size && !rule->max.size) {
		rule->min = usual->min;
		rule->max = usual->max;
	}
	return check_bounds(rule, fault);
}

static int check_own(const struct auth_rule *rule, struct fault *fault)
{
	if (!rule->type)
		return fault_set(fault, E_PARAMETER,
				 "Invalid AttributeDataType input, consider "
				 "using the provided AttributeDataType enum.");
	if (rule->required)
		return fault_set(fault, E_PARAMETER,
				 "Required custom attributes are not supported "
				 "currently.");
	return check_bounds(rule, fault);
}

int auth_schema_add(struct auth_schema *schema, struct auth_rule *more,
		    size_t count, struct arena *mem, struct fault *fault)
{
	struct auth_rule *rows =
	    arena_array(mem, schema->count + count, sizeof(*rows));
	struct auth_schema whole = { rows, rows ? schema->count : 0 };
	size_t own = 0;

	for (size_t i = 0; i < whole.count; i++)
		own += !find_standard((rows[i] = schema->rows[i]).name);
	for (size_t i = 0; rows && i < count; i++) {
		const struct standard *standard = find_standard(more[i].name);

		if (find_own(&whole, more[i].name))
			return fault_set(fault, E_PARAMETER,
					 "%.*s: Existing attribute already has "
					 "name %.*s.",
					 SLICE_ARGS(more[i].name),
					 SLICE_ARGS(more[i].name));
		if (standard
			? complete_standard(&more[i], &standard->rule, fault)
			: check_own(&more[i], fault))
			return -fault->code;
		own += !standard;
		rows[whole.count++] = more[i];
	}
	if (own > AUTH_CUSTOM_MAX)
		return fault_set(fault, E_PARAMETER,
				 "The user pool would have more than %d custom "
				 "attributes.",
				 AUTH_CUSTOM_MAX);
	*schema = whole;
	return 0;
}

/* ---- a value -------------------------------------------------------------- */

static int does_not_conform(const struct auth_rule *rule, const char *what,
			    struct slice bound, struct fault *fault)
{
	return fault_set(fault, E_PARAMETER,
			 "Attributes did not conform to the schema: %.*s: "
			 "%s%.*s\n",
			 SLICE_ARGS(rule->name), what, SLICE_ARGS(bound));
}

static int check_text(const struct auth_rule *rule, struct slice value,
		      struct fault *fault)
{
	double size = (double)slice_characters(value), bound;

	if (is_number(rule->min, &bound) && size < bound)
		return does_not_conform(rule,
					"String must have at least as "
					"many characters as ",
					rule->min, fault);
	if (is_number(rule->max, &bound) && size > bound)
		return does_not_conform(rule,
					"String must have no more characters "
					"than ",
					rule->max, fault);
	return 0;
}

static int check_number(const struct auth_rule *rule, struct slice value,
			struct fault *fault)
{
	double number, bound;

	if (!is_number(value, &number))
		return does_not_conform(rule, "Attribute is not a number",
					SLICE(""), fault);
	if (is_number(rule->min, &bound) && number < bound)
		return does_not_conform(rule, "Number must be no less than ",
					rule->min, fault);
	if (is_number(rule->max, &bound) && number > bound)
		return does_not_conform(rule, "Number must be no greater than ",
					rule->max, fault);
	return 0;
}

int auth_rule_check(const struct auth_rule *rule, struct slice value,
		    struct fault *fault)
{
	const struct standard *standard = find_standard(rule->name);

	if (slice_characters(value) > AUTH_VALUE_MAX)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'userAttributes.member.value' failed to "
				 "satisfy constraint: Member must have length "
				 "less than or equal to %d",
				 AUTH_VALUE_MAX);
	if (!slice_is_utf8(value))
		return does_not_conform(rule, "is not UTF-8", SLICE(""), fault);
	if (standard && standard->good && !standard->good(value))
		return fault_set(fault, E_PARAMETER, "%s", standard->why);
	switch ((enum auth_type)rule->type) {
	case AUTH_TYPE_STRING:
		return check_text(rule, value, fault);
	case AUTH_TYPE_NUMBER:
		return check_number(rule, value, fault);
	case AUTH_TYPE_DATETIME:
		return is_datetime(value)
			   ? 0
			   : does_not_conform(rule, "Attribute is not a date",
					      SLICE(""), fault);
	case AUTH_TYPE_BOOLEAN:
		return slice_is(value, "true") || slice_is(value, "false")
			   ? 0
			   : does_not_conform(rule,
					      "Attribute is not true or false",
					      SLICE(""), fault);
	default:
		return 0;
	}
}
