/* services/auth/op/group.h - what the operations on groups share */
#ifndef PARLOR_AUTH_OP_GROUP_H
#define PARLOR_AUTH_OP_GROUP_H

#include "services/auth/op/admin.h"
#include "services/auth/store/groups.h"

struct auth_group_op {
	struct auth_admin admin; /* first; username: whose groups change */
	/* in: what is said of it; out: what it is now */
	struct auth_group group;
	bool says_description, says_role, says_precedence;
	/* the operation's own */
	struct auth_group *found;
	bool retold;
	void (*next)(struct call *);
};

/* May the caller, and is there such a group? Then next, with it found; or the
 * operation's `done`, and the call has failed. */
void auth_group_find(struct call *, struct auth_group_op *, auth_next_fn *next);

/* The same, with `next` the one that runs when there is none or the group goes,
 * too: it looks. */
void auth_group_look(struct call *, struct auth_group_op *, auth_next_fn *next);

/* Fails with E_MISSING, "Group not found." */
void auth_group_missing(struct call *);

/* Brings a change of the group to the accounts of all its members: what their
 * tokens say of it, or if it goes that they are in it no longer. */
void auth_group_tell(struct call *, const struct auth_group *,
		     auth_next_fn *next);

#endif
