/* services/auth/api/user_type.h - a user among others, as a message */
#ifndef PARLOR_AUTH_USER_TYPE_H
#define PARLOR_AUTH_USER_TYPE_H

#include "services/auth/api/form.h"
#include "services/auth/model/pool.h"
#include "services/auth/model/user.h"

/* Everything in the call's memory; NULL when that is full. `wanted` NULL or none:
 * all its attributes. */
Parlor__Auth__V1__UserType *api_user_type(struct call *,
					  const struct auth_user *,
					  const struct auth_texts *wanted);

#endif
