/* lib/crypto/principal.h - who makes a call
 *
 * A call carries up to two identities: the end user (from `authorization`) and
 * the calling service (from `parlor-caller`), which may speak for a function.
 * The texts policies and the ledger see are "anonymous", "user:SUB",
 * "service:NAME", "function:NAME" and "admin:ACCESS_KEY_ID". An access key may
 * speak for a user or for a service that is not one of the suite's; it has
 * their text, and none of the trust that a token brings: what it may do is what
 * policies say.
 */
#ifndef PARLOR_CRYPTO_PRINCIPAL_H
#define PARLOR_CRYPTO_PRINCIPAL_H

#include "lib/base/arena.h"

enum principal_kind {
	PRINCIPAL_ANONYMOUS,
	PRINCIPAL_USER,
	PRINCIPAL_SERVICE,
	PRINCIPAL_FUNCTION, /* lent by a service, which `service` names */
	PRINCIPAL_ADMIN,    /* an administrator's access key */
	PRINCIPAL_KEY,	    /* an access key of another principal */
};

struct principal {
	enum principal_kind kind;
	struct slice text; /* as above; billed and logged */
	/* the end user, also when a function acts on behalf of one */
	struct slice sub, username, groups; /* groups: comma-separated */
	struct slice service;		    /* of a service or a function */
	struct slice function;		    /* NAME */
	struct slice access_key;	    /* the id of who signed */
	/* of a user's access token */
	struct slice issuer, client_id, origin_jti, jti, scope;
	int64_t issued_at, expires_at; /* seconds since 1970 */
};

/* Who signs with an access key that was made for "admin", "service:NAME" or
 * "user:SUB"; texts are in the arena. */
struct principal principal_of_access_key(struct slice name, struct slice id,
					 struct arena *);

#endif
