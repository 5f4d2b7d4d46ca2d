/* services/kv/access/access.h - may this principal do this to that table?
 *
 * The one door to the room: administrators may do all; a user, a service or
 * anybody is allowed what the table's policy and its own role's policy say; a
 * function what these say and, besides, the service that speaks for it may
 * lend by its own role's policy. An explicit deny in any of them wins. Tables
 * named parlor.* are the suite's own: which service may do what with them is a
 * table in this room, and to everybody else they do not exist.
 */
#ifndef PARLOR_KV_ACCESS_H
#define PARLOR_KV_ACCESS_H

#include "services/kv/access/policy.h"

/* The policies that have a say; NULL where there is none. */
struct access_policies {
	const struct policy *table;
	const struct policy *role;   /* of the principal's text, as a role */
	const struct policy *lender; /* of "service:" principal->service, for a
					function only */
};

/* Is it one of the suite's own tables? */
bool access_is_system(struct slice table_name);

/* Returns 0, or -E_DENIED with AWS's words in the fault (-E_MISSING to an
 * administrator who names a table of the suite). `why`, unless NULL, says which
 * statement decided, for the log and not for the caller. Nothing is allocated.
 */
int access_check(const struct policy_request *, const struct access_policies *,
		 struct policy_verdict *why, struct fault *);

#endif
