/* services/auth/model/schema.h - what may be said of a pool's users
 *
 * Cognito's standard attributes are the same in every pool. A schema has a rule
 * for each of them that the pool wants otherwise, and for each of the pool's own,
 * whose names begin with "custom:", or with "dev:" where users only see them.
 * Attributes are added and never taken away.
 */
#ifndef PARLOR_AUTH_SCHEMA_H
#define PARLOR_AUTH_SCHEMA_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

/* The standard ones that a user may say; in the order of their names. */
enum auth_attribute {
	AUTH_ADDRESS,
	AUTH_BIRTHDATE,
	AUTH_EMAIL,
	AUTH_FAMILY_NAME,
	AUTH_GENDER,
	AUTH_GIVEN_NAME,
	AUTH_LOCALE,
	AUTH_MIDDLE_NAME,
	AUTH_NAME,
	AUTH_NICKNAME,
	AUTH_PHONE_NUMBER,
	AUTH_PICTURE,
	AUTH_PREFERRED_USERNAME,
	AUTH_PROFILE,
	AUTH_UPDATED_AT,
	AUTH_WEBSITE,
	AUTH_ZONEINFO,
	AUTH_ATTRIBUTES,
};

enum {
	AUTH_CUSTOM_MAX = 50,  /* attributes of a pool's own */
	AUTH_VALUE_MAX = 2048, /* characters */
};

enum auth_type {
	AUTH_TYPE_UNSET,
	AUTH_TYPE_STRING,
	AUTH_TYPE_NUMBER,
	AUTH_TYPE_DATETIME,
	AUTH_TYPE_BOOLEAN,
	AUTH_TYPES,
};

/* "String"; NULL when unset. */
const char *auth_type_name(enum auth_type);

struct auth_rule {
	struct slice name;
	int64_t type; /* enum auth_type */
	bool frozen;  /* as it was said when the account was made */
	bool required;
	/* of a String's characters, or of a Number; empty: none */
	struct slice min, max;
};

struct auth_schema {
	const struct auth_rule *rows;
	size_t count;
};

/* Something said of a user. */
struct auth_change {
	struct slice name, value; /* empty: says it no longer */
};

/* The attribute's name as in Cognito: "email"; and the other way round,
 * AUTH_ATTRIBUTES for any other name. */
const char *auth_attribute_name(enum auth_attribute);
enum auth_attribute auth_attribute_named(struct slice name);

/* The rule of that name; NULL: there is no such attribute. Also of "sub" and of
 * the two that say what is verified, which are the pool's to say. */
const struct auth_rule *auth_rule_find(const struct auth_schema *,
				       struct slice name);

/* All rules, one after the other, as DescribeUserPool tells them: `at` counts
 * from 0. NULL: that was the last. */
const struct auth_rule *auth_rule_next(const struct auth_schema *, size_t *at);

/* Is it one that only administrators change? */
bool auth_rule_is_developers(const struct auth_rule *);

/* The schema with more rules, which are changed to be whole: what a standard
 * attribute's leaves unset is as usual. -E_PARAMETER with Cognito's words for one
 * that can't be. No rows when the arena is full. */
int auth_schema_add(struct auth_schema *, struct auth_rule *more, size_t count,
		    struct arena *, struct fault *);

/* May it be said? -E_PARAMETER with Cognito's words if not. */
int auth_rule_check(const struct auth_rule *, struct slice value,
		    struct fault *);

/* Could it be an address? ASCII, nothing that could end a header's line. */
bool auth_email_is_good(struct slice);

/* A plus sign and up to 15 digits (E.164)? */
bool auth_phone_is_good(struct slice);

#endif
