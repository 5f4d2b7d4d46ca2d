/* services/auth/op/user_pool_mfa_config.h - a pool's second factors */
#ifndef PARLOR_AUTH_USER_POOL_MFA_CONFIG_H
#define PARLOR_AUTH_USER_POOL_MFA_CONFIG_H

#include "services/auth/op/user_pools.h"

struct auth_mfa_config {
	struct auth_admin admin;   /* the first */
	struct auth_mfa_rules mfa; /* in and out */
	struct auth_pool pool;	   /* the operation's own */
};

void auth_set_user_pool_mfa_config(struct call *, struct auth_mfa_config *);
void auth_get_user_pool_mfa_config(struct call *, struct auth_mfa_config *);

#endif
