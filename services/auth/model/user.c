/* services/auth/model/user.c - an account, as the pool knows it */
#include "services/auth/model/user.h"

enum { EMAIL_MAX = 254, VALUE_MAX = 2048 };

static bool is_text(struct slice);

static const struct {
	const char *name, *why;
	bool (*good)(struct slice);
} attributes[AUTH_ATTRIBUTES] = {
	[AUTH_EMAIL] = { "email", "Invalid email address format.",
			 auth_email_is_good },
	[AUTH_LOCALE] = { "locale", "Invalid locale.", is_text },
	[AUTH_NAME] = { "name", "Invalid name.", is_text },
	[AUTH_NICKNAME] = { "nickname", "Invalid nickname.", is_text },
	[AUTH_PICTURE] = { "picture", "Invalid picture.", is_text },
	[AUTH_PREFERRED_USERNAME] = { "preferred_username",
				      "Invalid preferred_username.", is_text },
	[AUTH_ZONEINFO] = { "zoneinfo", "Invalid zoneinfo.", is_text },
};

const char *auth_status_name(enum auth_status status)
{
	static const char *const names[AUTH_STATUSES] = {
		[AUTH_UNCONFIRMED] = "UNCONFIRMED",
		[AUTH_CONFIRMED] = "CONFIRMED",
		[AUTH_GUEST] = "GUEST",
		[AUTH_FORCE_CHANGE_PASSWORD] = "FORCE_CHANGE_PASSWORD",
		[AUTH_RESET_REQUIRED] = "RESET_REQUIRED",
	};

	return names[status];
}

const char *auth_attribute_name(enum auth_attribute attribute)
{
	return attributes[attribute].name;
}

static bool is_letter_or_digit(uint8_t c)
{
	return (c >= '0' && c <= '9') ||
	       ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
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

static bool is_text(struct slice text)
{
	if (!text.size || text.size > VALUE_MAX || !slice_is_utf8(text))
		return false;
	for (size_t i = 0; i < text.size; i++)
		if (text.data[i] < ' ' || text.data[i] == 0x7f)
			return false;
	return true;
}

static size_t characters(struct slice text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += (text.data[i] & 0xc0) != 0x80;
	return count;
}

/* No blank, no control character: Cognito's [\p{L}\p{M}\p{S}\p{N}\p{P}]+ for
 * all of ASCII and for U+0080 to U+00A0. */
static bool is_name(struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c <= ' ' || c == 0x7f ||
		    (c == 0xc2 && i + 1 < text.size &&
		     text.data[i + 1] <= 0xa0))
			return false;
	}
	return true;
}

int auth_name_check(const char *field, struct slice name, size_t max,
		    struct fault *fault)
{
	if (!name.size)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'%s' failed to satisfy constraint: "
				 "Member must have length greater than or "
				 "equal to 1",
				 field);
	if (characters(name) > max)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'%s' failed to satisfy constraint: "
				 "Member must have length less than or equal "
				 "to %zu",
				 field, max);
	if (!is_name(name))
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'%s' failed to satisfy constraint: "
				 "Member must satisfy regular expression "
				 "pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+",
				 field);
	return 0;
}

int auth_username_check(struct slice username, struct fault *fault)
{
	return auth_name_check("username", username, AUTH_USERNAME_MAX, fault);
}

bool auth_username_is_guests(struct slice username)
{
	struct slice prefix = SLICE(AUTH_GUEST_PREFIX);

	return username.size >= prefix.size &&
	       slice_equal_nocase(slice_make(username.data, prefix.size),
				  prefix);
}

struct slice auth_username_fold(struct arena *mem, struct slice username)
{
	uint8_t *out = (uint8_t *)arena_copy(mem, username.data, username.size);

	if (!out)
		return (struct slice){ 0 };
	for (size_t i = 0; i < username.size; i++)
		if (out[i] >= 'A' && out[i] <= 'Z')
			out[i] |= 0x20;
	return slice_make(out, username.size);
}

/* The attribute of that name; -E_… for one that only the pool may write, or that
 * there is none of. */
static int find_attribute(struct slice name, struct fault *fault)
{
	static const char *const ours[] = { "sub", "email_verified",
					    "phone_number_verified",
					    "updated_at" };

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (slice_is(name, ours[i]))
			return fault_set(fault, E_NOT_AUTHORIZED,
					 "A client attempted to write "
					 "unauthorized attribute");
	for (int i = 0; i < AUTH_ATTRIBUTES; i++)
		if (slice_is(name, attributes[i].name))
			return i;
	return fault_set(fault, E_PARAMETER,
			 "Attributes did not conform to the schema: %.*s: "
			 "Attribute does not exist in the schema.\n",
			 (int)(name.size < 64 ? name.size : 64), name.data);
}

int auth_user_set(struct auth_user *user, struct slice name, struct slice value,
		  struct fault *fault)
{
	int which = find_attribute(name, fault);

	if (which < 0)
		return which;
	if (!attributes[which].good(value))
		return fault_set(fault, E_PARAMETER, "%s",
				 attributes[which].why);
	user->attributes[which] = value;
	return 0;
}

int auth_user_unset(struct auth_user *user, struct slice name,
		    struct fault *fault)
{
	int which = find_attribute(name, fault);

	if (which < 0)
		return which;
	user->attributes[which] = (struct slice){ 0 };
	return 0;
}

int auth_user_apply(struct auth_user *user, const struct auth_change *changes,
		    size_t count, struct fault *fault)
{
	struct slice address = user->attributes[AUTH_EMAIL];

	for (size_t i = 0; i < count; i++) {
		const struct auth_change *change = &changes[i];
		int result = change->value.size
				 ? auth_user_set(user, change->name,
						 change->value, fault)
				 : auth_user_unset(user, change->name, fault);

		if (result)
			return result;
	}
	user->email_verified =
	    user->email_verified &&
	    slice_equal(address, user->attributes[AUTH_EMAIL]);
	return 0;
}

static int read_truth(const struct auth_change *change, bool *out,
		      struct fault *fault)
{
	*out = slice_is(change->value, "true");
	if (*out || !change->value.size || slice_is(change->value, "false"))
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "Value of attribute %.*s must be true or false.",
			 SLICE_ARGS(change->name));
}

/* One by one, so that the last word on the address counts. */
int auth_user_change(struct auth_user *user, const struct auth_change *changes,
		     size_t count, struct fault *fault)
{
	const struct auth_change *vouched = NULL;

	for (size_t i = 0; i < count; i++)
		if (slice_is(changes[i].name, "email_verified"))
			vouched = &changes[i];
		else if (slice_is(changes[i].name, "sub"))
			return fault_set(fault, E_PARAMETER,
					 "Cannot modify the non-mutable "
					 "attribute sub");
		else if (auth_user_apply(user, &changes[i], 1, fault))
			return -fault->code;
	if (!vouched)
		return 0;
	if (!user->attributes[AUTH_EMAIL].size)
		return fault_set(fault, E_PARAMETER,
				 "Email is required to verify/un-verify an "
				 "email");
	return read_truth(vouched, &user->email_verified, fault);
}

bool auth_attribute_exists(struct slice name)
{
	for (int i = 0; i < AUTH_ATTRIBUTES; i++)
		if (slice_is(name, attributes[i].name))
			return true;
	return slice_is(name, "sub") || slice_is(name, "email_verified");
}

int auth_user_complete(const struct auth_user *user, struct fault *fault)
{
	if (!user->attributes[AUTH_EMAIL].size)
		return fault_set(fault, E_PARAMETER,
				 "Attributes did not conform to the schema: "
				 "email: The attribute is required\n");
	return 0;
}

const char *auth_email_masked(struct arena *mem, struct slice email)
{
	struct slice domain = email, local = slice_cut(&domain, '@');

	return arena_printf(mem, "%.1s***@%.1s***",
			    local.size ? (const char *)local.data : "",
			    domain.size ? (const char *)domain.data : "");
}
