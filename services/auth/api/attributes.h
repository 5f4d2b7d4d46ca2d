/* services/auth/api/attributes.h - what is said of a user, as messages */
#ifndef PARLOR_AUTH_ATTRIBUTES_H
#define PARLOR_AUTH_ATTRIBUTES_H

#include "services/auth/api/form.h"
#include "services/auth/model/pool.h"
#include "services/auth/model/user.h"

/* sub, what is verified, and what the user said, as far as the client reads it
 * (NULL: all): so many. In the call's memory; none when that is full. */
Parlor__Auth__V1__AttributeType **api_attributes_of(struct call *,
						    const struct auth_user *,
						    const struct auth_client *,
						    size_t *count);

/* UserMFASettingList, likewise. */
char **api_factors_of(struct call *, const struct auth_user *, size_t *count);

#endif
