/* services/auth/op/user_pools.h - making, telling and changing pools and clients
 *
 * All of it for administrators (admin.h). What one replica has changed it knows
 * before it answers; the others do within a second or two. The settings' own pool
 * and client are told like others, but only the settings change them.
 */
#ifndef PARLOR_AUTH_USER_POOLS_H
#define PARLOR_AUTH_USER_POOLS_H

#include "services/auth/op/admin.h"
#include "services/auth/store/keys.h"

/* ---- pools ---------------------------------------------------------------- */

struct auth_user_pool {
	struct auth_admin admin; /* the first */
	struct auth_pool pool;	 /* in and out */
	struct auth_rule *rules; /* in: more attributes */
	size_t rule_count;
	/* the operation's own */
	struct auth_scope scope;
	struct auth_key key;
};

void auth_create_user_pool(struct call *, struct auth_user_pool *);
void auth_describe_user_pool(struct call *, struct auth_user_pool *);
void auth_update_user_pool(struct call *, struct auth_user_pool *);
void auth_delete_user_pool(struct call *, struct auth_user_pool *);

/* The pool as it is, with more attributes of its own. */
void auth_add_custom_attributes(struct call *, struct auth_user_pool *);

/* What is told of the call's pool. */
struct auth_pool auth_pool_told(const struct call *);

/* Stores the call's pool as it is to be from now on, and lets this replica know. */
void auth_user_pool_replace(struct call *, struct auth_user_pool *);

/* Fails with E_PARAMETER where it is the settings' own. */
int auth_pool_changeable(struct call *);

/* ---- clients -------------------------------------------------------------- */

struct auth_pool_client {
	struct auth_admin admin;   /* the first */
	struct auth_client client; /* in and out */
	bool draws;		   /* a secret, for a new one */
	struct slice secret;	   /* in and out; not sealed */
	int64_t before;		   /* the operation's own */
};

void auth_create_user_pool_client(struct call *, struct auth_pool_client *);
void auth_describe_user_pool_client(struct call *, struct auth_pool_client *);
void auth_update_user_pool_client(struct call *, struct auth_pool_client *);
void auth_delete_user_pool_client(struct call *, struct auth_pool_client *);

/* Takes the client of that id, one of the call's pool; -E_MISSING if it is
 * none. */
int auth_pool_client_take(struct call *, struct auth_pool_client *);

/* Can it be stored like that? Negative with Cognito's words if not. */
int auth_pool_client_storable(struct call *, const struct auth_pool_client *);

/* ---- lists ---------------------------------------------------------------- */

enum { AUTH_LISTING_MAX = 60 }; /* of pools, and of clients */

/* In order of ids. */
struct auth_listing {
	struct auth_admin admin; /* the first */
	bool counted;		 /* is there a maximum? */
	int64_t max;		 /* of rows */
	struct slice after;	 /* the id that ended the page before */
	const struct auth_pool *pools;
	const struct auth_client *clients;
	const struct auth_resource_server *servers;
	size_t count;
	struct slice next; /* of the next page; empty: there is none */
};

void auth_list_user_pools(struct call *, struct auth_listing *);
void auth_list_user_pool_clients(struct call *, struct auth_listing *);

/* Is the maximum a good one, up to `most`? -E_PARAMETER with Cognito's words if
 * not. */
int auth_listing_check(struct call *, const struct auth_listing *, int most);

#endif
