/* services/auth/api/attributes.h - what is said of a user, as messages */
#ifndef PARLOR_AUTH_ATTRIBUTES_H
#define PARLOR_AUTH_ATTRIBUTES_H

#include "services/auth/api/form.h"
#include "services/auth/model/user.h"

/* sub, whether the address is verified, and what the user said: so many. In the
 * call's memory; none when that is full. */
Parlor__Auth__V1__AttributeType **api_attributes_of(struct call *,
						    const struct auth_user *,
						    size_t *count);

/* UserMFASettingList, likewise. */
char **api_factors_of(struct call *, const struct auth_user *, size_t *count);

#endif
