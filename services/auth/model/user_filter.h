/* services/auth/model/user_filter.h - which users ListUsers is to find
 *
 * Cognito's grammar: NAME = "VALUE", or NAME ^= "VALUE" for those that begin so,
 * where a backslash takes the meaning from a quote; one attribute at a time, out
 * of those that Cognito searches by. Nothing at all: everybody.
 */
#ifndef PARLOR_AUTH_USER_FILTER_H
#define PARLOR_AUTH_USER_FILTER_H

#include "services/auth/model/user.h"

enum { AUTH_FILTER_MAX = 256 };

enum auth_wanted {
	AUTH_WANT_ALL,
	AUTH_WANT_ATTRIBUTE,
	AUTH_WANT_USERNAME, /* in any case of its letters */
	AUTH_WANT_SUB,
	AUTH_WANT_STATUS,  /* of the account, in upper case */
	AUTH_WANT_ENABLED, /* "Enabled" or "Disabled" */
};

struct auth_user_filter {
	enum auth_wanted what;
	enum auth_attribute attribute;
	bool prefix;
	struct slice value; /* without quotes, in the arena */
};

/* Returns 0, or -E_PARAMETER with Cognito's words. */
int auth_user_filter_read(struct slice text, struct arena *,
			  struct auth_user_filter *, struct fault *);

#endif
