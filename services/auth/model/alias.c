/* services/auth/model/alias.c - names by which a user signs in beside its own */
#include "services/auth/model/alias.h"

/* What may stand in a name's place. */
static const struct form {
	enum auth_attribute of;
	const char *name;
	bool (*good)(struct slice);
} forms[] = {
	{ AUTH_EMAIL, "email", auth_email_is_good },
	{ AUTH_PHONE_NUMBER, "phone number", auth_phone_is_good },
};
enum { FORMS = sizeof(forms) / sizeof(*forms) };

static bool has(const struct auth_texts *texts, enum auth_attribute attribute)
{
	return auth_texts_have(texts, slice_of(auth_attribute_name(attribute)));
}

static bool is_verified(const struct auth_user *user,
			enum auth_attribute attribute)
{
	if (attribute == AUTH_EMAIL)
		return user->email_verified;
	return attribute != AUTH_PHONE_NUMBER || user->phone_verified;
}

size_t auth_aliases_of(const struct auth_pool *pool,
		       const struct auth_user *user,
		       struct auth_alias out[AUTH_ALIASES_MAX])
{
	static const enum auth_attribute all[AUTH_ALIASES_MAX] = {
		AUTH_EMAIL, AUTH_PHONE_NUMBER, AUTH_PREFERRED_USERNAME
	};
	size_t count = 0;

	for (size_t i = 0; user && i < AUTH_ALIASES_MAX; i++)
		if (user->attributes[all[i]].size &&
		    (has(&pool->usernames, all[i]) ||
		     (has(&pool->aliases, all[i]) &&
		      is_verified(user, all[i]))))
			out[count++] =
			    (struct auth_alias){ all[i],
						 user->attributes[all[i]] };
	return count;
}

bool auth_pool_has_aliases(const struct auth_pool *pool)
{
	return pool->aliases.count || pool->usernames.count;
}

/* The form that the pool wants of the name, and it has. */
static const struct form *form_of(const struct auth_texts *wanted,
				  struct slice name)
{
	for (size_t i = 0; i < FORMS; i++)
		if (has(wanted, forms[i].of) && forms[i].good(name))
			return &forms[i];
	return NULL;
}

int auth_alias_take_name(const struct auth_pool *pool, struct auth_user *user,
			 struct fault *fault)
{
	const struct form *taken = form_of(&pool->aliases, user->username),
			  *form = form_of(&pool->usernames, user->username);

	if (taken)
		return fault_set(fault, E_PARAMETER,
				 "Username cannot be of %s format, since user "
				 "pool is configured for %s alias.",
				 taken->name, taken->name);
	if (form)
		user->attributes[form->of] = user->username;
	if (form || !pool->usernames.count)
		return 0;
	return fault_set(fault, E_PARAMETER,
			 pool->usernames.count == FORMS
			     ? "Username should be either an email or a phone "
			       "number."
			 : has(&pool->usernames, AUTH_EMAIL)
			     ? "Username should be an email."
			     : "Username should be a phone number.");
}

int auth_alias_settle_name(const struct auth_pool *pool, struct auth_user *user,
			   struct fault *fault)
{
	const struct form *form = form_of(&pool->usernames, user->username);

	if (!form)
		return 0;
	if (!slice_equal(user->attributes[form->of], user->username))
		return fault_set(fault, E_PARAMETER,
				 "User %s should be empty or same as username, "
				 "since username attribute is %s",
				 form->name, form->name);
	user->username = user->sub;
	return 0;
}

enum auth_wish auth_pool_wish(const struct auth_pool *pool,
			      enum auth_attribute attribute)
{
	const struct auth_rule *rule =
	    auth_rule_find(&pool->schema,
			   slice_of(auth_attribute_name(attribute)));
	bool must = rule->required || has(&pool->verified, attribute);

	if (has(&pool->usernames, attribute))
		return must && pool->usernames.count > 1 ? AUTH_WISH_MAY
							 : AUTH_WISH_NONE;
	if (must)
		return AUTH_WISH_MUST;
	return attribute != AUTH_PREFERRED_USERNAME &&
		       has(&pool->aliases, attribute)
		   ? AUTH_WISH_MAY
		   : AUTH_WISH_NONE;
}

bool auth_pool_mails_codes(const struct auth_pool *pool,
			   const struct auth_user *user)
{
	return user->attributes[AUTH_EMAIL].size &&
	       has(&pool->verified, AUTH_EMAIL);
}

void auth_pool_await_email(const struct auth_pool *pool, struct auth_user *user,
			   const struct auth_user *before)
{
	if (!has(&pool->awaited, AUTH_EMAIL) ||
	    !before->attributes[AUTH_EMAIL].size)
		return;
	user->awaited_email = user->attributes[AUTH_EMAIL];
	user->attributes[AUTH_EMAIL] = before->attributes[AUTH_EMAIL];
	user->email_verified = before->email_verified;
}
