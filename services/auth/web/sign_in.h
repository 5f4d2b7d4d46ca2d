/* services/auth/web/sign_in.h - what the pages of one sign-in share
 *
 * Each form is one of the operations' requests; what is still to be proved goes
 * from page to page as the challenge's session, in a hidden field.
 */
#ifndef PARLOR_AUTH_WEB_SIGN_IN_H
#define PARLOR_AUTH_WEB_SIGN_IN_H

#include "services/auth/op/sign_in.h"
#include "services/auth/web/web.h"

/* A request of the browser's user for the flow or challenge of that name; NULL,
 * and answered, when there is no memory for it. */
struct auth_sign_in *web_sign_in_new(struct web *, const char *name,
				     void (*done)(struct call *));

/* When it went well: asks what is still to be proved, or sends the browser back
 * to the app. */
void web_go_on(struct web *, const struct auth_sign_in *);

/* Shows the page that asks for it. */
void web_ask_proof(struct web *, struct slice challenge, struct slice session,
		   struct slice username);

/* The page for a new password by a code that was mailed. */
void web_show_reset(struct web *, struct slice username);

/* The page that sets up an app's codes, for who needs them to sign in. */
void web_ask_set_up(struct web *, struct slice session);

#endif
