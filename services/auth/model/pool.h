/* services/auth/model/pool.h - a user pool and its clients, as configured
 *
 * What DescribeUserPool and DescribeUserPoolClient tell. Beside the pool of
 * parlor.yaml, which is there from the start and has the settings' rules, there
 * are those that CreateUserPool has made, and either may have clients of their
 * own. Texts live as long as whoever holds the struct.
 */
#ifndef PARLOR_AUTH_POOL_H
#define PARLOR_AUTH_POOL_H

#include "lib/base/arena.h"
#include "services/auth/model/factor.h"
#include "services/auth/model/password.h"
#include "services/auth/model/schema.h"

struct auth_realm;
struct auth_rules;

enum { AUTH_POOL_ID_MAX = 55, AUTH_CLIENT_ID_MAX = 128 };

struct auth_texts {
	const struct slice *rows;
	size_t count;
};

bool auth_texts_have(const struct auth_texts *, struct slice);

/* ---- pools ---------------------------------------------------------------- */

enum { AUTH_RECOVERIES = 2 };

/* A way to a new password for one that was forgotten. */
struct auth_recovery {
	struct slice name; /* "verified_email"; empty: none is said */
	int64_t priority;
};

struct auth_pool {
	struct slice id, name;
	/* In front of the names in the pool's keys in the store, so that two
	 * pools have no user in common; empty for the pool of the settings. */
	struct slice prefix;
	int64_t created_at, changed_at; /* milliseconds */
	bool protected;			/* from being deleted */
	struct auth_password_policy password;
	int64_t temporary_days; /* that an administrator's password is good */
	struct auth_mfa_rules mfa;
	struct auth_texts first_factors; /* empty: a password alone */
	struct auth_recovery recovery[AUTH_RECOVERIES]; /* as it was said */
	bool closed;		    /* only administrators make accounts */
	struct auth_texts verified; /* attributes that a code is mailed to */
	struct auth_texts awaited;  /* that change when it came back */
	/* attributes by which users sign in, beside their name or in its
	 * place */
	struct auth_texts aliases, usernames;
	bool case_sensitive; /* are such names, and the users' own */
	struct auth_texts tags, tag_values; /* a value each */
	struct auth_schema schema;
	/* Does a client of it prove passwords by SRP? */
	bool srp;
};

/* May a sign-in begin with "PASSWORD", or with "EMAIL_OTP"? */
bool auth_pool_begins_with(const struct auth_pool *, const char *factor);

/* May users ask for a new password themselves, or administrators alone? */
bool auth_pool_recovers(const struct auth_pool *);

/* Can there be such a pool? -E_PARAMETER with Cognito's words if not. */
int auth_pool_valid(const struct auth_pool *, struct fault *);

/* ---- clients -------------------------------------------------------------- */

/* As the numbers of a token's life were given. */
enum auth_unit {
	AUTH_UNIT_UNSET,
	AUTH_SECONDS,
	AUTH_MINUTES,
	AUTH_HOURS,
	AUTH_DAYS,
	AUTH_UNITS,
};

/* "minutes"; NULL when unset. */
const char *auth_unit_name(enum auth_unit);

/* AUTH_UNITS for a name that is none of them. */
enum auth_unit auth_unit_named(struct slice name);

struct auth_life {
	int64_t number; /* 0: not said */
	int64_t unit;	/* enum auth_unit */
};

struct auth_client {
	struct slice id, name, pool_id;
	struct slice secret;		/* sealed; empty: a public client */
	int64_t created_at, changed_at; /* milliseconds */
	struct auth_life access, id_token, refresh;
	struct auth_texts flows; /* ALLOW_…; empty: Cognito's default */
	struct auth_texts readable, writable; /* attributes; empty: default */
	bool tells_missing;		      /* that a user does not exist */
	bool irrevocable;		      /* its tokens */
	bool rotates;			      /* refresh tokens */
	bool rotation_said;		      /* whether they do */
	int64_t grace_seconds;
	int64_t session_minutes; /* for the next answer; 0: three */
	/* OAuth */
	bool oauth;
	struct auth_texts oauth_flows, oauth_scopes, callback_urls, logout_urls,
	    providers;
	struct slice redirect_uri; /* the default */
};

/* Is the flow (without ALLOW_ in front) one of the client's? */
bool auth_client_allows(const struct auth_client *, const char *flow);

/* No access token lives longer, whosever it is. */
enum { AUTH_ACCESS_SECONDS_MAX = 24 * 60 * 60 };

/* How long a token lives, in milliseconds: what was said, or the default. */
int64_t auth_access_ms(const struct auth_client *);
int64_t auth_id_ms(const struct auth_client *);
int64_t auth_refresh_ms(const struct auth_client *);

/* Does the client see that attribute of its users, and may they change these (as
 * far as the schema has them)? Where it says nothing, Cognito's standard ones; NULL
 * is an administrator, who may all. E_NOT_AUTHORIZED. */
bool auth_client_reads(const struct auth_client *, struct slice name);
int auth_client_may_write(const struct auth_client *,
			  const struct auth_schema *,
			  const struct auth_change *, size_t count,
			  struct fault *);

/* Can there be such a client in a pool of that schema? Negative with Cognito's words if not. */
int auth_client_valid(const struct auth_client *, const struct auth_schema *,
		      struct fault *);

/* ---- resource servers ----------------------------------------------------- */

enum { AUTH_RESOURCE_SERVERS_MAX = 25 };

/* What has scopes of its own, "ID/SCOPE", that apps may be given tokens for. */
struct auth_resource_server {
	struct slice pool_id, id, name;
	int64_t changed_at;		     /* milliseconds */
	struct auth_texts scopes, described; /* a description each */
};

/* Is the scope, which begins with its id and a slash, one of the server's? */
bool auth_resource_server_has(const struct auth_resource_server *,
			      struct slice scope);

/* ---- what a call is about ------------------------------------------------- */

/* Lives as long as the call. */
struct auth_scope {
	struct auth_realm *realm; /* the pool while it is served */
	const struct auth_pool *pool;
	const struct auth_client *client; /* NULL: none has been named */
	const struct auth_rules *rules;	  /* NULL: those of the settings */
};

#endif
