/* services/auth/op/audit.h - the audit log of security events
 *
 * An operation says early that its end is an event; what came of it is read from
 * the call. The event is in the store before the answer goes out. Where the store
 * can't take it the answer goes out all the same, and the log says so.
 *
 * What is merely malformed, or came too often, is none: whoever floods the pool
 * shall not fill the store. Events of names that nobody has are kept for a day.
 */
#ifndef PARLOR_AUTH_AUDIT_H
#define PARLOR_AUTH_AUDIT_H

#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

/* Cognito's, and ours beside them. */
#define AUTH_EVENT_SIGN_IN "SignIn"
#define AUTH_EVENT_SIGN_UP "SignUp"
#define AUTH_EVENT_RESEND "ResendCode"
#define AUTH_EVENT_FORGOT "ForgotPassword"
#define AUTH_EVENT_PASSWORD "PasswordChange"
#define AUTH_EVENT_MFA "MfaChange"
#define AUTH_EVENT_ADDRESS "AddressChange"
#define AUTH_EVENT_REUSE "TokenReuse"
#define AUTH_EVENT_SIGN_OUT "SignOut"
#define AUTH_EVENT_DELETE "AccountDelete"

/* What is known of it before. */
struct auth_audit {
	const char *type;
	struct slice name; /* of whom; where there is an account, its own: */
	struct auth_user *const *user; /* NULL: there is one, of that name */
	struct slice step;	       /* of a sign-in; or empty */
	bool by_principal;	       /* an administrator's act */
};

/* *done runs when the event is written. */
void auth_audit_begin(struct call *, const struct auth_audit *,
		      void (**done)(struct call *));

/* The call has but one write left to do: the event of its success, to be written
 * together with that. False where there is none; what fails is written by itself
 * as ever. */
bool auth_audit_join(struct call *, struct kv_write *out);

/* What succeeds is not the end of it. */
void auth_audit_goes_on(struct call *);

#endif
