/* services/auth/model/pool.h - a user pool and its clients, as configured
 *
 * What DescribeUserPool and DescribeUserPoolClient tell. Beside the pool of
 * parlor.yaml, which is there from the start and has the settings' rules, there
 * are those that CreateUserPool has made, and either may have clients of their
 * own. Texts live as long as whoever holds the struct.
 */
#ifndef PARLOR_AUTH_POOL_H
#define PARLOR_AUTH_POOL_H

#include "services/auth/model/password.h"

struct auth_realm;
struct auth_rules;

struct auth_texts {
	const struct slice *rows;
	size_t count;
};

struct auth_pool {
	struct slice id, name;
	/* In front of the names in the pool's keys in the store, so that two
	 * pools have no user in common; empty for the pool of the settings. */
	struct slice prefix;
	int64_t created_at, changed_at; /* milliseconds */
	struct auth_password_policy password;
};

struct auth_client {
	struct slice id, name, pool_id;
	struct slice secret;		/* sealed; empty: a public client */
	int64_t created_at, changed_at; /* milliseconds */
};

/* What a call is about. Lives as long as the call. */
struct auth_scope {
	struct auth_realm *realm; /* the pool while it is served */
	const struct auth_pool *pool;
	const struct auth_client *client; /* NULL: none has been named */
	const struct auth_rules *rules;	  /* NULL: those of the settings */
};

#endif
