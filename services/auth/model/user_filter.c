/* services/auth/model/user_filter.c - which users ListUsers is to find */
#include "services/auth/model/user_filter.h"

static const struct {
	const char *name;
	enum auth_wanted what;
	enum auth_attribute attribute;
} searched[] = {
	{ "username", AUTH_WANT_USERNAME, AUTH_ATTRIBUTES },
	{ "sub", AUTH_WANT_SUB, AUTH_ATTRIBUTES },
	{ "status", AUTH_WANT_ENABLED, AUTH_ATTRIBUTES },
	{ "cognito:user_status", AUTH_WANT_STATUS, AUTH_ATTRIBUTES },
	{ "email", AUTH_WANT_ATTRIBUTE, AUTH_EMAIL },
	{ "name", AUTH_WANT_ATTRIBUTE, AUTH_NAME },
	{ "preferred_username", AUTH_WANT_ATTRIBUTE, AUTH_PREFERRED_USERNAME },
	{ "phone_number", AUTH_WANT_ATTRIBUTE, AUTH_PHONE_NUMBER },
	{ "given_name", AUTH_WANT_ATTRIBUTE, AUTH_GIVEN_NAME },
	{ "family_name", AUTH_WANT_ATTRIBUTE, AUTH_FAMILY_NAME },
};

static int malformed(struct fault *fault)
{
	return fault_set(fault, E_PARAMETER, "Error while parsing filter.");
}

static struct slice skip_blanks(struct slice text)
{
	while (text.size && text.data[0] == ' ')
		text = slice_make(text.data + 1, text.size - 1);
	return text;
}

static bool take(struct slice *text, const char *word)
{
	struct slice rest = skip_blanks(*text);

	if (!slice_starts(rest, slice_of(word)))
		return false;
	*text = slice_make(rest.data + strlen(word), rest.size - strlen(word));
	return true;
}

static struct slice take_name(struct slice *text)
{
	struct slice rest = skip_blanks(*text), name = rest;

	name.size = 0;
	while (name.size < rest.size && rest.data[name.size] != ' ' &&
	       rest.data[name.size] != '=' && rest.data[name.size] != '^')
		name.size++;
	*text = slice_make(rest.data + name.size, rest.size - name.size);
	return name;
}

/* What is between the quotes, to the end of the text. */
static int read_value(struct slice text, struct arena *mem, struct slice *out)
{
	uint8_t *value = arena_alloc(mem, text.size + 1);
	size_t size = 0, i = 0;

	if (!value || !take(&text, "\""))
		return -1;
	for (; i < text.size && text.data[i] != '"'; i++) {
		if (text.data[i] == '\\' && ++i == text.size)
			return -1;
		value[size++] = text.data[i];
	}
	*out = slice_make(value, size);
	if (i == text.size)
		return -1;
	text = slice_make(text.data + i + 1, text.size - i - 1);
	return skip_blanks(text).size ? -1 : 0;
}

static int find(struct slice name, struct auth_user_filter *out,
		struct fault *fault)
{
	for (size_t i = 0; i < sizeof(searched) / sizeof(*searched); i++)
		if (slice_equal_nocase(name, slice_of(searched[i].name))) {
			out->what = searched[i].what;
			out->attribute = searched[i].attribute;
			return 0;
		}
	return fault_set(fault, E_PARAMETER, "Invalid search attribute: %.*s",
			 SLICE_HEAD(name, 64));
}

int auth_user_filter_read(struct slice text, struct arena *mem,
			  struct auth_user_filter *out, struct fault *fault)
{
	struct slice name;

	*out = (struct auth_user_filter){ .what = AUTH_WANT_ALL };
	if (text.size > AUTH_FILTER_MAX)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'filter' failed to satisfy constraint: "
				 "Member must have length less than or equal "
				 "to %d",
				 AUTH_FILTER_MAX);
	if (!skip_blanks(text).size)
		return 0;
	name = take_name(&text);
	out->prefix = take(&text, "^=");
	if (!out->prefix && !take(&text, "="))
		return malformed(fault);
	if (read_value(text, mem, &out->value))
		return malformed(fault);
	return find(name, out, fault);
}
