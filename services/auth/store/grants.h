/* services/auth/store/grants.h - authorization codes, each good once
 *
 * An item of parlor.sessions under the code's hash. It stays for a while after
 * the code has expired, so that one that is shown again is told from one that
 * never was.
 */
#ifndef PARLOR_AUTH_GRANTS_H
#define PARLOR_AUTH_GRANTS_H

#include "services/auth/model/grant.h"
#include "services/auth/store/kv.h"

void auth_grants_put(struct call *, struct slice code,
		     const struct auth_grant *, auth_next_fn *next);

/* Takes the code out of use. out->origin stays empty where there is no such
 * code (any more); out->used: it was taken before. */
void auth_grants_take(struct call *, struct slice code, struct auth_grant *out,
		      auth_next_fn *next);

#endif
