/* services/auth/store/policies.h - what policies allow, as the store says */
#ifndef PARLOR_AUTH_POLICIES_H
#define PARLOR_AUTH_POLICIES_H

#include "services/auth/store/kv.h"

/* May the call's principal do its operation with that resource (an ARN)? Fails
 * the call with E_DENIED and AWS's words if not. */
void auth_policies_ask(struct call *, const char *resource, auth_next_fn *next);

#endif
