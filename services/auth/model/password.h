/* services/auth/model/password.h - which passwords the pool takes
 *
 * Cognito's policy with Cognito's defaults and words.
 */
#ifndef PARLOR_AUTH_PASSWORD_H
#define PARLOR_AUTH_PASSWORD_H

#include "lib/base/fault.h"

enum { AUTH_PASSWORD_MAX = 256 };

struct auth_password_policy {
	int64_t min_length; /* 6 to 99 */
	bool upper, lower, digit, symbol;
	int64_t history; /* how many are not to come again, the last included */
};

/* What any pool demands, for whom it is a pattern: no blank at either end. */
#define AUTH_PASSWORD_PATTERN "^[\\S]+.*[\\S]+$"
bool auth_password_is_shaped(struct slice password);

/* Returns 0 or -E_PASSWORD with Cognito's words. */
int auth_password_check(const struct auth_password_policy *,
			struct slice password, struct fault *);

#endif
