/* services/kv/access/access.h - may this principal do this to that table?
 *
 * The one door to the room: administrators may do all; a user, a service or
 * anybody is allowed what the table's policy, its own role's policies and, for
 * a user, those of its groups say; a function what these say and, besides, the
 * service that speaks for it may lend by its own. An explicit deny in any of
 * them wins. Tables
 * named parlor.* are the suite's own: which service may do what with them is a
 * table in this room, and to everybody else they do not exist.
 */
#ifndef PARLOR_KV_ACCESS_H
#define PARLOR_KV_ACCESS_H

#include "services/kv/access/policy.h"

/* Some policies, evaluated as one. */
struct access_set {
	const struct policy *const *rows; /* NULLs among them are skipped */
	size_t count;
};

/* The policies that have a say. */
struct access_policies {
	/* the table's, those of the principal as a role, and those of a user's
	 * groups */
	struct access_set own;
	/* of "service:" principal->service, for a function only */
	struct access_set lender;
};

/* Is it one of the suite's own tables? */
bool access_is_system(struct slice table_name);

/* Does the daemon of that name stand for that AWS service ("cognito-idp")? Then
 * it may check who signs requests to it, and ask what policies say of them. */
bool access_stands_for(struct slice daemon, struct slice aws_service);

/* Returns 0, or -E_DENIED with AWS's words in the fault (-E_MISSING to an
 * administrator who names a table of the suite). `why`, unless NULL, says which
 * statement decided, for the log and not for the caller. Nothing is allocated.
 */
int access_check(const struct policy_request *, const struct access_policies *,
		 struct policy_verdict *why, struct fault *);

#endif
