/* services/auth/store/sessions.h - sign-ins, and their end
 *
 * A session is an item of parlor.sessions that expires with its refresh token.
 * What ends before its time is told to all daemons by an item of
 * parlor.revocations, written in the same transaction.
 */
#ifndef PARLOR_AUTH_SESSIONS_H
#define PARLOR_AUTH_SESSIONS_H

#include "services/auth/model/session.h"
#include "services/auth/model/user.h"
#include "services/auth/store/kv.h"

#define AUTH_SESSIONS "parlor.sessions"

/* A session's key and whole item, for writes that change more than it. */
ProtobufCBinaryData auth_sessions_key(struct call *,
				      const struct auth_session *);
ProtobufCBinaryData auth_sessions_item(struct call *,
				       const struct auth_session *);

/* Together with `count` other writes of at most AUTH_SESSIONS_BESIDE, or nothing is
 * written: where there has been one of that id, or a condition of theirs does not
 * hold. That is E_NOT_AUTHORIZED, unless `refused` is not NULL to be told. */
enum { AUTH_SESSIONS_BESIDE = 2 };
void auth_sessions_put(struct call *, const struct auth_session *,
		       const struct kv_write *beside, size_t count,
		       bool *refused, auth_next_fn *next);

/* out->expires_at stays 0 when there is none (any more). */
void auth_sessions_get(struct call *, struct slice sub, struct slice origin,
		       struct auth_session *out, auth_next_fn *next);

/* Lets the refresh token whose hash is `before` give way to the session's;
 * *overtaken, and nothing done, when it has done so already. */
void auth_sessions_rotate(struct call *, const struct auth_session *,
			  struct slice before, bool *overtaken,
			  auth_next_fn *next);

/* Ends one: its refresh token and all of its access tokens, the last of which
 * expires by `expires_at` (seconds). */
void auth_sessions_end(struct call *, const struct auth_session *,
		       int64_t expires_at, auth_next_fn *next);

/* Deletes all that there are of a user's, refresh tokens and all. Their access
 * tokens go on. */
void auth_sessions_forget(struct call *, struct slice sub, auth_next_fn *next);

/* Ends all of a user's: tokens issued before the second `before` are void. */
void auth_sessions_end_all(struct call *, const struct auth_user *,
			   int64_t before, int64_t expires_at,
			   auth_next_fn *next);

/* The same, and deletes the account, also under the name of the guest that it
 * was. */
void auth_sessions_end_account(struct call *, const struct auth_user *,
			       int64_t before, int64_t expires_at,
			       auth_next_fn *next);

#endif
