/* services/auth/api/mfa_config_form.h - a pool's second factors as messages */
#ifndef PARLOR_AUTH_MFA_CONFIG_FORM_H
#define PARLOR_AUTH_MFA_CONFIG_FORM_H

#include "services/auth/op/user_pool_mfa_config.h"

/* Cognito's word for the mode, "OPTIONAL"; and -1 for one that is none. */
const char *form_mfa_mode(int mode);
int form_mfa_mode_named(const char *word);

/* For `done` of both operations: what the pool has. */
void api_answer_mfa_config(struct call *);

#endif
