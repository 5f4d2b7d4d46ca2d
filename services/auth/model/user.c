/* services/auth/model/user.c - an account, as the pool knows it */
#include "services/auth/model/user.h"

#include <stdio.h>

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

/* No blank, no control character: Cognito's [\p{L}\p{M}\p{S}\p{N}\p{P}]+ for
 * all of ASCII and for U+0080 to U+00A0. */
bool auth_name_is_dense(struct slice text)
{
	for (size_t i = 0; i < text.size; i++) {
		uint8_t c = text.data[i];

		if (c <= ' ' || c == 0x7f ||
		    (c == 0xc2 && i + 1 < text.size &&
		     text.data[i + 1] <= 0xa0))
			return false;
	}
	return text.size > 0;
}

int auth_username_check(struct slice username, struct fault *fault)
{
	if (!username.size)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'username' failed to satisfy constraint: "
				 "Member must have length greater than or "
				 "equal to 1");
	if (slice_characters(username) > AUTH_USERNAME_MAX)
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'username' failed to satisfy constraint: "
				 "Member must have length less than or equal "
				 "to %d",
				 AUTH_USERNAME_MAX);
	if (!auth_name_is_dense(username))
		return fault_set(fault, E_PARAMETER,
				 "1 validation error detected: Value at "
				 "'username' failed to satisfy constraint: "
				 "Member must satisfy regular expression "
				 "pattern: [\\p{L}\\p{M}\\p{S}\\p{N}\\p{P}]+");
	return 0;
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

/* ---- what is said of it ---------------------------------------------------- */

bool auth_user_next(const struct auth_user *user, size_t *at,
		    struct auth_change *out)
{
	while (*at < AUTH_ATTRIBUTES && !user->attributes[*at].size)
		(*at)++;
	if (*at < AUTH_ATTRIBUTES)
		*out = (struct auth_change){
			slice_of(
			    auth_attribute_name((enum auth_attribute) * at)),
			user->attributes[*at],
		};
	else if (*at < AUTH_ATTRIBUTES + user->custom_count)
		*out = user->custom[*at - AUTH_ATTRIBUTES];
	else
		return false;
	(*at)++;
	return true;
}

static struct auth_change *find_custom(const struct auth_user *user,
				       struct slice name)
{
	for (size_t i = 0; i < user->custom_count; i++)
		if (slice_equal(user->custom[i].name, name))
			return (struct auth_change *)&user->custom[i];
	return NULL;
}

struct slice auth_user_said(const struct auth_user *user, struct slice name)
{
	enum auth_attribute which = auth_attribute_named(name);
	const struct auth_change *custom = find_custom(user, name);

	if (which < AUTH_ATTRIBUTES)
		return user->attributes[which];
	if (slice_is(name, "sub"))
		return user->sub;
	return custom ? custom->value : slice_make("", 0);
}

void auth_user_note(struct auth_user *user, struct slice name,
		    struct slice value)
{
	enum auth_attribute which = auth_attribute_named(name);
	struct auth_change *custom = find_custom(user, name);

	if (which < AUTH_ATTRIBUTES)
		user->attributes[which] = value;
	else if (custom && value.size)
		custom->value = value;
	else if (custom)
		*custom = user->custom[--user->custom_count];
	else if (value.size && user->custom_count < AUTH_CUSTOM_MAX)
		user->custom[user->custom_count++] =
		    (struct auth_change){ name, value };
}

static int check(const struct auth_schema *schema,
		 const struct auth_change *change, bool is_new,
		 struct fault *fault)
{
	struct slice name = change->name;
	const struct auth_rule *rule = auth_rule_find(schema, name);

	if (!rule)
		return fault_set(fault, E_PARAMETER,
				 "Attributes did not conform to the schema: "
				 "%.*s: Attribute does not exist in the "
				 "schema.\n",
				 SLICE_HEAD(name, 64));
	if (rule->frozen && !is_new)
		return fault_set(fault, E_PARAMETER,
				 "user.%.*s: Attribute cannot be updated.\n",
				 SLICE_ARGS(name));
	return change->value.size ? auth_rule_check(rule, change->value, fault)
				  : 0;
}

static int check_size(const struct auth_user *user, struct fault *fault)
{
	struct auth_change row;
	size_t at = 0, size = 0;

	while (auth_user_next(user, &at, &row))
		size += row.name.size + row.value.size;
	if (size <= AUTH_SAID_BYTES_MAX)
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "Attributes did not conform to the schema: all "
			 "together have more than %d bytes",
			 AUTH_SAID_BYTES_MAX);
}

static int say(struct auth_user *user, const struct auth_schema *schema,
	       const struct auth_change *changes, size_t count, bool is_new,
	       struct fault *fault)
{
	struct slice address = user->attributes[AUTH_EMAIL],
		     number = user->attributes[AUTH_PHONE_NUMBER];

	for (size_t i = 0; i < count; i++) {
		if (check(schema, &changes[i], is_new, fault))
			return -fault->code;
		auth_user_note(user, changes[i].name, changes[i].value);
	}
	if (!slice_equal(address, user->attributes[AUTH_EMAIL])) {
		user->email_verified = false;
		user->awaited_email = slice_make("", 0);
	}
	user->phone_verified &=
	    slice_equal(number, user->attributes[AUTH_PHONE_NUMBER]);
	return check_size(user, fault);
}

int auth_user_begin(struct auth_user *user, const struct auth_schema *schema,
		    const struct auth_change *changes, size_t count,
		    struct fault *fault)
{
	return say(user, schema, changes, count, true, fault);
}

int auth_user_apply(struct auth_user *user, const struct auth_schema *schema,
		    const struct auth_change *changes, size_t count,
		    struct fault *fault)
{
	return say(user, schema, changes, count, false, fault);
}

/* What is vouched for, where `what` has to be there. */
static int vouch(const struct auth_change *change, struct slice what,
		 const char *missing, bool *out, struct fault *fault)
{
	if (!what.size)
		return fault_set(fault, E_PARAMETER, "%s", missing);
	*out = slice_is(change->value, "true");
	if (*out || !change->value.size || slice_is(change->value, "false"))
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "Value of attribute %.*s must be true or false.",
			 SLICE_ARGS(change->name));
}

/* One by one, so that the last word on the address counts. */
int auth_user_change(struct auth_user *user, const struct auth_schema *schema,
		     const struct auth_change *changes, size_t count,
		     bool is_new, struct fault *fault)
{
	const struct auth_change *email = NULL, *phone = NULL;

	for (size_t i = 0; i < count; i++)
		if (slice_is(changes[i].name, "email_verified"))
			email = &changes[i];
		else if (slice_is(changes[i].name, "phone_number_verified"))
			phone = &changes[i];
		else if (slice_is(changes[i].name, "sub"))
			return fault_set(fault, E_PARAMETER,
					 "Cannot modify the non-mutable "
					 "attribute sub");
		else if (say(user, schema, &changes[i], 1, is_new, fault))
			return -fault->code;
	if (email && vouch(email, user->attributes[AUTH_EMAIL],
			   "Email is required to verify/un-verify an email",
			   &user->email_verified, fault))
		return -fault->code;
	return phone ? vouch(phone, user->attributes[AUTH_PHONE_NUMBER],
			     "Phone number is required to verify/un-verify a "
			     "phone number",
			     &user->phone_verified, fault)
		     : 0;
}

void auth_user_prove_email(struct auth_user *user)
{
	if (user->awaited_email.size)
		user->attributes[AUTH_EMAIL] = user->awaited_email;
	user->awaited_email = slice_make("", 0);
	user->email_verified = true;
}

int auth_user_complete(const struct auth_user *user,
		       const struct auth_schema *schema, struct fault *fault)
{
	char lacking[FAULT_TEXT / 2] = "";
	size_t size = 0;

	for (size_t i = 0; i < schema->count; i++) {
		const struct auth_rule *rule = &schema->rows[i];

		if (!rule->required || auth_user_said(user, rule->name).size)
			continue;
		if (size < sizeof(lacking))
			size += (size_t)
			    snprintf(lacking + size, sizeof(lacking) - size,
				     "%.*s: The attribute is required\n",
				     SLICE_ARGS(rule->name));
	}
	if (!size)
		return 0;
	return fault_set(fault, E_PARAMETER,
			 "Attributes did not conform to the schema: %s",
			 lacking);
}

const char *auth_email_masked(struct arena *mem, struct slice email)
{
	struct slice domain = email, local = slice_cut(&domain, '@');

	return arena_printf(mem, "%.1s***@%.1s***",
			    local.size ? (const char *)local.data : "",
			    domain.size ? (const char *)domain.data : "");
}
