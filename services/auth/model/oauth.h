/* services/auth/model/oauth.h - scopes and addresses, as OAuth compares them */
#ifndef PARLOR_AUTH_OAUTH_H
#define PARLOR_AUTH_OAUTH_H

#include "lib/base/slice.h"

#define AUTH_SCOPE_USER "aws.cognito.signin.user.admin" /* Cognito's API */
#define AUTH_SCOPE_OPENID "openid"
#define AUTH_SCOPE_EMAIL "email"
#define AUTH_SCOPE_PROFILE "profile"
#define AUTH_SCOPE_PHONE "phone"

/* Is it one that each pool has? */
bool auth_scope_is_standard(struct slice scope);

/* Is the word one of the scope's, which blanks separate? */
bool auth_scopes_have(struct slice scope, const char *word);

/* Does a sign-in of this scope have an ID token? One without a scope is not
 * OAuth's and has. */
bool auth_scopes_want_id(struct slice scope);

/* Does the scope say all that there is about the user, as Cognito has it for
 * `openid` alone, or as much as this word lets through? */
bool auth_scopes_show(struct slice scope, const char *word);

/* The scope that shows an attribute of that name. */
const char *auth_scope_showing(struct slice attribute);

/* Is it an address that an app may be sent a code to: an absolute URI without
 * a fragment, of https, of http on this machine, or of an app's own scheme? */
bool auth_redirect_is_good(struct slice uri);

/* The part of such a URI that a browser's policy names: "https://app.example",
 * or "com.example.app:". */
struct slice auth_redirect_origin(struct slice uri);

/* The letters of a PKCE challenge or verifier (RFC 7636), that many of them. */
bool auth_pkce_is_text(struct slice text, size_t min, size_t max);

#endif
