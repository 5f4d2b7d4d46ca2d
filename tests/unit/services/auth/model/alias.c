/* tests/unit/services/auth/model/alias.c - names beside a user's own */
#include "services/auth/model/alias.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define TEXT(text)                                        \
	{                                                 \
		(const uint8_t *)(text), sizeof(text) - 1 \
	}

static const struct slice attributes[] = { TEXT("email"), TEXT("phone_number"),
					   TEXT("preferred_username") };

static const struct auth_pool plain = { .srp = false },
			      by_alias = { .aliases = { attributes, 3 } },
			      by_email = { .usernames = { attributes, 1 } },
			      by_phone = { .usernames = { attributes + 1, 1 } },
			      by_either = { .usernames = { attributes, 2 } };

static void test_aliases(void **state)
{
	static const struct {
		const char *name;
		const struct auth_pool *pool;
		bool email_verified, phone_verified;
		size_t count;
	} cases[] = {
		{ "none in a pool without", &plain, true, true, 0 },
		{ "what is verified, and the name", &by_alias, true, true, 3 },
		{ "not the address before it is", &by_alias, false, true, 2 },
		{ "not the number either", &by_alias, true, false, 2 },
		{ "an address in the name's place, verified or not", &by_email,
		  false, false, 1 },
		{ "both in its place", &by_either, false, false, 2 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_user user = {
			.email_verified = cases[i].email_verified,
			.phone_verified = cases[i].phone_verified,
		};
		struct auth_alias got[AUTH_ALIASES_MAX];
		size_t count;

		user.attributes[AUTH_EMAIL] = SLICE("a@b.c");
		user.attributes[AUTH_PHONE_NUMBER] = SLICE("+1234");
		user.attributes[AUTH_PREFERRED_USERNAME] = SLICE("ann");
		count = auth_aliases_of(cases[i].pool, &user, got);
		if (count != cases[i].count)
			fail_msg("%s: got %zu", cases[i].name, count);
	}
}

static void test_name(void **state)
{
	static const struct {
		const struct auth_pool *pool;
		const char *name, *email;
		const char *words; /* "": it is taken */
		bool is_sub;	   /* from then on */
	} cases[] = {
		{ &plain, "a@b.c", NULL, "", false },
		{ &by_alias, "ann", NULL, "", false },
		{ &by_alias, "a@b.c", NULL,
		  "Username cannot be of email format, since user pool is "
		  "configured for email alias.",
		  false },
		{ &by_alias, "+1234", NULL,
		  "Username cannot be of phone number format, since user pool "
		  "is configured for phone number alias.",
		  false },
		{ &by_email, "a@b.c", NULL, "", true },
		{ &by_email, "a@b.c", "a@b.c", "", true },
		{ &by_email, "a@b.c", "x@b.c",
		  "User email should be empty or same as username, since "
		  "username attribute is email",
		  false },
		{ &by_email, "ann", NULL, "Username should be an email.",
		  false },
		{ &by_phone, "ann", NULL, "Username should be a phone number.",
		  false },
		{ &by_either, "ann", NULL,
		  "Username should be either an email or a phone number.",
		  false },
		{ &by_either, "+1234", "a@b.c", "", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct auth_user user = { .username = slice_of(cases[i].name),
					  .sub = SLICE("the sub") };
		struct fault fault = { 0 };
		bool taken =
		    !auth_alias_take_name(cases[i].pool, &user, &fault);

		if (cases[i].email)
			user.attributes[AUTH_EMAIL] = slice_of(cases[i].email);
		if (taken)
			auth_alias_settle_name(cases[i].pool, &user, &fault);
		if (strcmp(fault.message, cases[i].words) != 0 ||
		    slice_is(user.username, "the sub") != cases[i].is_sub)
			fail_msg("'%s': got '%s', '%.*s'", cases[i].name,
				 fault.message, SLICE_ARGS(user.username));
	}
}

static void test_wish(void **state)
{
	static const struct auth_rule rules[] = {
		{ TEXT("email"), .required = true },
		{ TEXT("birthdate"), .required = true },
		{ TEXT("name"), .required = false },
	};
	const struct auth_schema schema = { rules, 3 };
	const struct auth_texts email = { attributes, 1 },
				phone = { attributes + 1, 1 },
				both = { attributes, 2 },
				all = { attributes, 3 };
	const struct {
		const char *name;
		struct auth_pool pool;
		enum auth_attribute of;
		enum auth_wish wish;
	} cases[] = {
		{ "nothing in a pool without rules", plain, AUTH_EMAIL,
		  AUTH_WISH_NONE },
		{ "what is required",
		  { .schema = schema },
		  AUTH_BIRTHDATE,
		  AUTH_WISH_MUST },
		{ "not what has but a rule",
		  { .schema = schema },
		  AUTH_NAME,
		  AUTH_WISH_NONE },
		{ "where a code goes",
		  { .verified = email },
		  AUTH_EMAIL,
		  AUTH_WISH_MUST },
		{ "by what one may sign in",
		  { .aliases = all },
		  AUTH_PHONE_NUMBER,
		  AUTH_WISH_MAY },
		{ "not another name",
		  { .aliases = all },
		  AUTH_PREFERRED_USERNAME,
		  AUTH_WISH_NONE },
		{ "not what is the name",
		  { .schema = schema, .usernames = email },
		  AUTH_EMAIL,
		  AUTH_WISH_NONE },
		{ "what may be the name",
		  { .schema = schema, .usernames = both },
		  AUTH_EMAIL,
		  AUTH_WISH_MAY },
		{ "what is required beside it",
		  { .schema = schema, .usernames = phone },
		  AUTH_EMAIL,
		  AUTH_WISH_MUST },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (auth_pool_wish(&cases[i].pool, cases[i].of) !=
		    cases[i].wish)
			fail_msg("%s", cases[i].name);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_aliases),
					    cmocka_unit_test(test_name),
					    cmocka_unit_test(test_wish) };

	return cmocka_run_group_tests_name("alias", tests, NULL, NULL);
}
