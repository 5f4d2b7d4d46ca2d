/* services/auth/op/browser.h - a browser in which somebody has signed in
 *
 * It has a session like an app's, which our own pages opened: its cookie is the
 * refresh token, which gets no tokens and only saves the user the password when
 * the next app asks. So it ends where the others do: with the account, by signing
 * out of everything, by /logout, and after an hour.
 */
#ifndef PARLOR_AUTH_BROWSER_H
#define PARLOR_AUTH_BROWSER_H

#include "services/auth/model/session.h"
#include "services/auth/op/auth.h"

enum { AUTH_BROWSER_MS = 60 * 60 * 1000 };

/* Whose client such a session is: no app's. */
struct slice auth_browser_client(struct call *);

struct auth_browser {
	struct slice cookie;	/* in; may be empty */
	struct auth_user *user; /* out; NULL: nobody has signed in */
	struct auth_session session;
	void (*next)(struct call *); /* the call's state is the caller's */
};

/* Who is it, of the call's pool? */
void auth_browser_find(struct call *, struct auth_browser *);

/* Ends its session, if it has one. */
void auth_browser_end(struct call *, struct auth_browser *);

#endif
