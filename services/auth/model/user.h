/* services/auth/model/user.h - an account, as the pool knows it
 *
 * This room holds what the other rooms of auth talk about: users, sessions,
 * the rules for names and passwords. It is pure and sees no other room.
 *
 * A username is compared without case (of ASCII letters), as in pools that
 * Cognito makes today; it is shown as it was given at sign-up.
 */
#ifndef PARLOR_AUTH_USER_H
#define PARLOR_AUTH_USER_H

#include "lib/base/arena.h"
#include "lib/base/fault.h"
#include "services/auth/model/group.h"
#include "services/auth/model/schema.h"

enum {
	AUTH_USERNAME_MAX = 128, /* characters */
	AUTH_SUB = 37,		 /* a UUID and its NUL */
	AUTH_CODE = 7,		 /* six digits and a NUL */
	AUTH_CODE_TRIES = 5,
	AUTH_CODE_SECONDS = 24 * 60 * 60,
};

enum auth_status {
	AUTH_UNCONFIRMED, /* signed up, the code has not come back yet */
	AUTH_CONFIRMED,
	AUTH_GUEST,		    /* without password, code and attributes */
	AUTH_FORCE_CHANGE_PASSWORD, /* an administrator's choice: to be changed */
	AUTH_RESET_REQUIRED, /* by a code that was mailed, at an administrator's
				wish */
	AUTH_STATUSES,
};

/* What is asked for behind a password, of whom it has been set up. */
enum auth_factor {
	AUTH_FACTOR_TOTP = 1 << 0,  /* an app's code that goes with the time */
	AUTH_FACTOR_EMAIL = 1 << 1, /* a code by mail */
};

struct auth_user {
	struct slice username, sub;
	enum auth_status status;
	bool disabled; /* by an administrator */
	/* What it says about itself; the ID token and GetUser say it again. */
	struct slice attributes[AUTH_ATTRIBUTES];   /* empty: not said */
	struct auth_change custom[AUTH_CUSTOM_MAX]; /* of the pool's own */
	size_t custom_count;
	bool email_verified, phone_verified;
	struct slice awaited_email;  /* an address to be, or empty */
	struct slice password;	     /* PHC text */
	struct slice past_passwords; /* lines of it, the latest first */
	int64_t password_expires;    /* seconds; of one that is to be changed */
	struct slice srp_salt, srp_verifier;	/* sealed; both or none */
	struct slice totp_secret, totp_pending; /* sealed, or empty */
	int64_t totp_step; /* of time, whose code was the last one good */
	unsigned factors, preferred; /* of enum auth_factor */
	struct slice code;	     /* sealed confirmation code, or empty */
	int64_t code_expires;	     /* seconds */
	int64_t code_tries;	     /* wrong ones so far */
	int64_t created_at, modified_at; /* seconds */
	int64_t signed_out_at; /* tokens issued before this second are void */
	int64_t expires_at;    /* a guest's, unless it comes back; 0: never */
	struct auth_groups groups;
	struct slice guest; /* whose sub this one has, by its name; or empty */
};

/* The status's name as in Cognito, and as it is stored: "CONFIRMED". */
const char *auth_status_name(enum auth_status);

/* Refuses a name that Cognito would: empty, over 128 characters, blanks or
 * control characters. Returns 0 or -E_PARAMETER with its words. */
int auth_username_check(struct slice username, struct fault *);

/* Has it neither blanks nor control characters, and anything at all? */
bool auth_name_is_dense(struct slice);

/* Guests get their names from the pool: nobody signs up by such a one. */
#define AUTH_GUEST_PREFIX "guest-"
enum { AUTH_GUEST_LETTERS = 10 }; /* behind it, drawn */
bool auth_username_is_guests(struct slice username);

/* The form under which a username is stored and found; empty when the arena is
 * full. */
struct slice auth_username_fold(struct arena *, struct slice username);

/* ---- what is said of it ---------------------------------------------------- */

enum {
	AUTH_CHANGES_MAX = AUTH_ATTRIBUTES + AUTH_CUSTOM_MAX,
	/* of all names and values: an item of the store has 400 KB */
	AUTH_SAID_BYTES_MAX = 384 << 10,
	/* as JSON, in which a byte may have six */
	AUTH_SAID_JSON_MAX = 7 * AUTH_SAID_BYTES_MAX,
};

/* All of it, one after the other, but what is verified: `at` counts from 0.
 * False: that was all. */
bool auth_user_next(const struct auth_user *, size_t *at, struct auth_change *);

/* What is said under that name; empty: nothing. */
struct slice auth_user_said(const struct auth_user *, struct slice name);

/* Notes it as it stands in the store. */
void auth_user_note(struct auth_user *, struct slice name, struct slice value);

/* Makes the changes that a user makes, to an account that is new or not; a new
 * address or number is not verified. Returns 0 or -E_PARAMETER with Cognito's
 * words. */
int auth_user_begin(struct auth_user *, const struct auth_schema *,
		    const struct auth_change *, size_t count, struct fault *);
int auth_user_apply(struct auth_user *, const struct auth_schema *,
		    const struct auth_change *, size_t count, struct fault *);

/* Those that an administrator makes, who vouches for addresses and numbers, too
 * ("email_verified" is "true" or "false"). */
int auth_user_change(struct auth_user *, const struct auth_schema *,
		     const struct auth_change *, size_t count, bool is_new,
		     struct fault *);

/* The code came back that was mailed: the address is verified, the one that was
 * awaited in place of the last. */
void auth_user_prove_email(struct auth_user *);

/* Has it what the schema requires? -E_PARAMETER if not. */
int auth_user_complete(const struct auth_user *, const struct auth_schema *,
		       struct fault *);

/* "a***@e***", as Cognito tells where a code went; NULL when the arena is full.
 */
const char *auth_email_masked(struct arena *, struct slice email);

#endif
