/* services/auth/model/factor.h - which second factors a sign-in asks for
 *
 * A pool may have none, leave them to its users, or demand one of everybody. A
 * user chooses among those that have been set up, unless one of them is
 * preferred. Who has set up none, where one is demanded, gets a code by mail if
 * there is an address that is known to be the user's.
 */
#ifndef PARLOR_AUTH_FACTOR_H
#define PARLOR_AUTH_FACTOR_H

#include "services/auth/model/user.h"

enum auth_mfa { AUTH_MFA_OFF, AUTH_MFA_OPTIONAL, AUTH_MFA_ON };

struct auth_mfa_rules {
	int mode;	  /* enum auth_mfa */
	bool totp, email; /* can they be set up? */
};

/* Those that can be set up in the pool now, of enum auth_factor. */
unsigned auth_factors_offered(const struct auth_mfa_rules *);

/* Those that the user can set up: what each needs is there. */
unsigned auth_factors_ready(const struct auth_mfa_rules *,
			    const struct auth_user *);

/* Those of which one must be proved, of enum auth_factor; 0: none. What was set
 * up goes on to be asked for when it can't be set up any more. */
unsigned auth_factors_asked(const struct auth_mfa_rules *,
			    const struct auth_user *);

/* Is one demanded that the user has not got? */
bool auth_factors_missing(const struct auth_mfa_rules *,
			  const struct auth_user *);

/* Cognito's names: "SOFTWARE_TOKEN_MFA". Rows in the order in which they are
 * told, the last one with a factor of 0. */
struct auth_factor_row {
	enum auth_factor factor;
	const char *name;
};
extern const struct auth_factor_row auth_factor_rows[];

/* Of exactly one; NULL for anything else. */
const char *auth_factor_name(unsigned factor);

/* 0 for a name that is none of them. */
unsigned auth_factor_named(struct slice name);

#endif
