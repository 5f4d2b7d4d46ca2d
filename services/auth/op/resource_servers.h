/* services/auth/op/resource_servers.h - servers that apps have tokens for
 *
 * A resource server names its scopes, and clients are given some of them as
 * "ID/SCOPE". Who takes a scope away, or the server, ends that no token with it
 * is made any more; those that there are live on. What the operations answer and
 * when replicas know it is as with clients (user_pools.h).
 */
#ifndef PARLOR_AUTH_RESOURCE_SERVERS_H
#define PARLOR_AUTH_RESOURCE_SERVERS_H

#include "services/auth/op/user_pools.h"

struct auth_resource_server_op {
	struct auth_admin admin;	    /* the first */
	struct auth_resource_server server; /* in and out */
	int64_t before;			    /* the operation's own */
};

void auth_create_resource_server(struct call *,
				 struct auth_resource_server_op *);
void auth_describe_resource_server(struct call *,
				   struct auth_resource_server_op *);
void auth_update_resource_server(struct call *,
				 struct auth_resource_server_op *);
void auth_delete_resource_server(struct call *,
				 struct auth_resource_server_op *);
void auth_list_resource_servers(struct call *, struct auth_listing *);

/* Those of the call's pool, in order of their ids. */
struct auth_resource_servers {
	const struct auth_resource_server *rows;
	size_t count;
};

struct auth_resource_servers auth_resource_servers_of(struct call *);

/* The one of that id; NULL: the call's pool has none. */
const struct auth_resource_server *auth_resource_server_find(struct call *,
							     struct slice id);

/* The same, and -E_MISSING with Cognito's words if there is none. */
const struct auth_resource_server *auth_resource_server_get(struct call *,
							    struct slice id);

/* Is it a scope of one of them? */
bool auth_resource_scope_exists(struct call *, struct slice scope);

/* Or else one of OpenID Connect's, or Cognito's own? */
bool auth_oauth_scope_exists(struct call *, struct slice scope);

#endif
