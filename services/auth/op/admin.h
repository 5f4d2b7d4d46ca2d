/* services/auth/op/admin.h - what only some may do with the pool
 *
 * Administrators' access keys may do all. Of any other principal, a service, a
 * key of its own or a user, the store's policies say what it may: the row's
 * permission on the pool's ARN.
 */
#ifndef PARLOR_AUTH_ADMIN_H
#define PARLOR_AUTH_ADMIN_H

#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

/* An operation's struct begins with it. */
struct auth_admin {
	struct slice pool_id, username; /* as given */
	bool renews; /* it wants the pools as they are in the store now */
	void (*done)(struct call *);
	struct auth_user *user;		/* found */
	struct auth_user *guest;	/* an operation's own */
	auth_next_fn *next, *find_next; /* admin.c's own */
};

/* Finds out whether the call's principal may, and whether there is such a pool;
 * then runs next, or `done` if the call has failed. The struct becomes the call's
 * state. */
void auth_admin_begin(struct call *, struct auth_admin *, auth_next_fn *next);

/* The same for what concerns no pool in particular. */
void auth_admin_begin_all(struct call *, struct auth_admin *,
			  auth_next_fn *next);

/* The last step of what has changed pools or what they have: `done` runs when this
 * replica knows it. */
void auth_admin_changed(struct call *);

/* A pool's ARN; NULL when the call's memory is full. */
const char *auth_pool_arn(struct call *, struct slice pool_id);

/* The same, and finds the user; fails with E_USER_MISSING where there is none. */
void auth_admin_find(struct call *, struct auth_admin *, auth_next_fn *next);

/* The same user again. */
void auth_admin_find_again(struct call *, struct auth_admin *,
			   auth_next_fn *next);

#endif
