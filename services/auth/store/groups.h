/* services/auth/store/groups.h - groups and who is in them, in parlor.users
 *
 * A group is an item, and each of its members is one, too. A member's account
 * carries what tokens say of its groups; it and the member's item change
 * together.
 */
#ifndef PARLOR_AUTH_STORE_GROUPS_H
#define PARLOR_AUTH_STORE_GROUPS_H

#include "services/auth/model/group.h"
#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

/* ---- groups ----------------------------------------------------------------
 */

/* Fails with E_GROUP_EXISTS where there is one of that name, with E_LIMIT where the
 * pool has as many as it may. */
void auth_groups_create(struct call *, const struct auth_group *,
			auth_next_fn *next);

/* *out is NULL where there is none of that name. */
void auth_groups_get(struct call *, struct slice name, struct auth_group **out,
		     auth_next_fn *next);

/* Stores it in place of its last version; fails with E_ABORTED where it has
 * changed since. */
void auth_groups_put(struct call *, const struct auth_group *,
		     auth_next_fn *next);

void auth_groups_delete(struct call *, struct slice name, auth_next_fn *next);

/* Some, in order of their names. */
struct auth_group_page {
	struct slice after; /* in: those behind this name; empty: the first */
	size_t limit;	    /* in */
	struct auth_group *rows;
	size_t count;
	bool more; /* there may be further ones */
};
void auth_groups_list(struct call *, struct auth_group_page *,
		      auth_next_fn *next);

/* ---- members ---------------------------------------------------------------
 */

struct auth_member_page {
	struct slice after;  /* in: those behind this name; empty: the first */
	size_t limit;	     /* in */
	struct slice *names; /* in lower case */
	size_t count;
	bool more;
};
void auth_groups_members(struct call *, struct slice group,
			 struct auth_member_page *, auth_next_fn *next);

/* The user's groups, with this one, become `now`. Fails with E_ABORTED where the
 * group or the account has changed since it was read. */
void auth_groups_join(struct call *, const struct auth_group *,
		      const struct auth_user *, const struct auth_groups *now,
		      auth_next_fn *next);

/* Likewise without it. */
void auth_groups_leave(struct call *, struct slice group,
		       const struct auth_user *, const struct auth_groups *now,
		       auth_next_fn *next);

/* What tokens say of them changes. */
void auth_groups_set(struct call *, const struct auth_user *,
		     const struct auth_groups *now, auth_next_fn *next);

/* A member whose account is gone. */
void auth_groups_drop(struct call *, struct slice group, struct slice username,
		      auth_next_fn *next);

/* The user's members in all its groups, before its account goes. */
void auth_groups_forget(struct call *, const struct auth_user *,
			auth_next_fn *next);

/* ---- in an account's item --------------------------------------------------
 */

#define AUTH_MEMBER_OF "member_of"

struct auth_groups auth_groups_read(struct call *, struct slice item);

#endif
