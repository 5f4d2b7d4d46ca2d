/* services/auth/model/group.h - users who are something together
 *
 * A user's tokens say which groups it is in, and the role of the one that takes
 * precedence: the lowest number does; no number comes last. A user's account
 * carries what its tokens say of its groups, so that a sign-in asks for nothing
 * more.
 */
#ifndef PARLOR_AUTH_GROUP_H
#define PARLOR_AUTH_GROUP_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"

enum {
	AUTH_GROUPS_OF_POOL = 10000,
	AUTH_GROUPS_OF_USER = 100,
	AUTH_PRECEDENCE_NONE = -1,
};

struct auth_group {
	struct slice name, description, role; /* an ARN; or empty */
	int64_t precedence;		      /* or AUTH_PRECEDENCE_NONE */
	int64_t created_at, modified_at;      /* seconds */
	int64_t version;		      /* one more with each change */
	bool going;			      /* is being deleted */
};

/* A user's: of each its name, role and precedence, the one that takes precedence
 * first; names in order where none does. */
struct auth_groups {
	struct auth_group *rows;
	size_t count;
};

/* Is one of that name among them? */
bool auth_groups_have(const struct auth_groups *, struct slice name);

/* The same with the group in its place, instead of what was said of it before;
 * without the group of that name. No rows when the arena is full. */
struct auth_groups auth_groups_with(const struct auth_groups *,
				    const struct auth_group *, struct arena *);
struct auth_groups auth_groups_without(const struct auth_groups *,
				       struct slice name, struct arena *);

/* The role of the group that takes precedence among those that have one; empty
 * when they have none, or when several take it with different ones. */
struct slice auth_groups_preferred_role(const struct auth_groups *);

#endif
