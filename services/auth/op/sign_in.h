/* services/auth/op/sign_in.h - what the requests of one sign-in share
 *
 * InitiateAuth begins it; RespondToAuthChallenge goes on while something is
 * still to be proved. At its end there is a session, and its tokens. Between two
 * requests the client keeps the state, sealed (ticket.h), so that any replica
 * goes on.
 *
 * A flow or challenge is a function of a table, which gets what the client gave
 * by name. Whoever has no account costs the same work and gets the same answer.
 */
#ifndef PARLOR_AUTH_SIGN_IN_H
#define PARLOR_AUTH_SIGN_IN_H

#include "lib/crypto/hash.h"
#include "services/auth/model/lockout.h"
#include "services/auth/op/auth.h"
#include "services/auth/op/ticket.h"
#include "services/auth/store/codes.h"

/* The parameters of all flows, and the answers to all challenges. */
enum auth_given {
	AUTH_GIVEN_USERNAME,
	AUTH_GIVEN_PASSWORD,
	AUTH_GIVEN_REFRESH_TOKEN,
	AUTH_GIVEN_SRP_A,
	AUTH_GIVEN_SECRET_BLOCK,
	AUTH_GIVEN_SIGNATURE,
	AUTH_GIVEN_TIMESTAMP,
	AUTH_GIVEN_TOTP,
	AUTH_GIVEN_EMAIL_CODE,
	AUTH_GIVEN_PREFERRED,
	AUTH_GIVEN_ANSWER,
	AUTH_GIVEN_NEW_PASSWORD,
	AUTH_GIVEN_SECRET_HASH,
	AUTH_GIVENS,
};

enum { AUTH_SAID_MAX = 8, AUTH_CHOICES_MAX = 4 };

/* What is to be proved next. */
struct auth_challenge {
	const char *name; /* NULL: nothing */
	struct slice session;
	struct {
		const char *name, *value;
	} said[AUTH_SAID_MAX]; /* ChallengeParameters */
	size_t count;
	const char *available[AUTH_CHOICES_MAX]; /* AvailableChallenges */
	size_t choices;
};

struct auth_sign_in {
	struct slice client_id;
	struct slice client_secret;	 /* where it is given whole */
	struct slice name;		 /* of the flow, or of the challenge */
	struct slice session;		 /* of the answer before */
	struct slice given[AUTH_GIVENS]; /* null: not given */
	bool browser; /* by our own pages: what it opens is the browser's */
	/* "userAttributes.NAME", as many as there is room for */
	struct auth_change changes[AUTH_CHANGES_MAX];
	size_t change_count;		 /* of all that were given */
	bool by_admin;			 /* for the user */
	struct auth_challenge challenge; /* out; without a name: */
	struct auth_tokens tokens;	 /* out */
	void (*done)(struct call *);
	/* the operation's own */
	struct auth_user *user, before;
	struct auth_session own; /* what it opens or renews */
	struct auth_ticket ticket;
	struct slice block; /* of SRP */
	const char *guess;  /* the kind of secret that is tried */
	void (*compare)(struct call *);
	struct auth_failures failures;
	bool right;
	int64_t totp_step; /* whose code it was; 0: none */
	bool chosen;	   /* by USER_AUTH, whatever other flows there are */
	bool hash_is_due;  /* of the client's secret, with the name */
	bool rotates;	   /* a refresh token gives way to the next one */
	bool repeats;	   /* it has done so a moment ago */
	bool
	    overtaken; /* by another request with the same one, or one like it */
	bool hurries;  /* that none failed meanwhile is the write's condition */
	bool keeps;    /* of the password something else from now on */
	const char *mails; /* a code for this purpose, or NULL; it goes to: */
	struct slice mailed_to; /* an account, or a name without one */
	struct auth_code sealed;
	char code[AUTH_CODE];
	bool reachable; /* there is an address */
	uint8_t refresh_hash[HASH_SIZE];
	char origin[AUTH_SUB];
};

/* One way to sign in, or to go on. */
struct auth_way {
	const char *name;
	void (*run)(struct call *, struct auth_sign_in *);
};

/* Notes a parameter or an answer by its name; others mean nothing to us. */
void auth_sign_in_give(struct auth_sign_in *, struct slice name,
		       struct slice value);

/* Takes the way of that name, out of a list that ends with an empty row. False:
 * there is none. */
bool auth_sign_in_go(struct call *, struct auth_sign_in *,
		     const struct auth_way *);

/* Was it given? E_PARAMETER with Cognito's words if not. */
int auth_sign_in_need(struct call *, const struct auth_sign_in *,
		      enum auth_given);

/* Fails with E_NOT_AUTHORIZED, "Incorrect username or password." */
void auth_sign_in_refuse(struct call *);

/* May the account, whose secret was right, sign in? Fails the call with Cognito's
 * words if not. */
int auth_sign_in_check(struct call *, const struct auth_user *);

/* Draws the id of the session to come, for a challenge that is made before it is
 * known whose it will be. */
void auth_sign_in_draw(struct auth_sign_in *);

/* Opens the user's session, which can be refreshed for `life_ms`. */
void auth_sign_in_open(struct call *, struct auth_sign_in *, int64_t life_ms);

/* Signs the tokens of the session. Takes its time: on the pool. */
void auth_sign_in_mint(struct call *, struct auth_sign_in *);

/* Fails the call where the tokens could not be signed. */
void auth_mint_check(struct call *, int result);

#define AUTH_GUESS_PASSWORD "password"

/* Guesses at a secret of one kind: looks whether the name is shut out, finds the
 * account (or none) and runs `compare` on the pool, which sets `right`, and then
 * lets the sign-in go on by auth_sign_in_go_on. What was wrong is counted and
 * refused. */
void auth_sign_in_guess(struct call *, struct auth_sign_in *, const char *kind,
			void (*compare)(struct call *));

/* On the pool, when the first factor was right: asks for the second, or if the
 * user has none and needs none does what stands below. */
void auth_sign_in_go_on(struct call *, struct auth_sign_in *);

/* Nothing is left to be proved: opens the session and signs its tokens. */
void auth_sign_in_finally(struct call *, struct auth_sign_in *);

/* What comes of the attempt goes in the audit log. */
void auth_sign_in_audit(struct call *, struct auth_sign_in *,
			struct slice name);

/* Ends on the loop, unless the call has failed: mails the code that is asked
 * for, or stores the session if there are tokens. */
void auth_sign_in_finish(struct call *);

/* Asks something of that name, with a `secret` of the challenge's own (or none):
 * sets the challenge, and the session that goes with it. */
void auth_sign_in_ask(struct call *, struct auth_sign_in *,
		      const char *challenge, struct slice name,
		      struct slice secret);

/* The answer to it, which must have a name and this: opens the session. Fails the
 * call. */
void auth_sign_in_resume(struct call *, struct auth_sign_in *,
			 const char *challenge, enum auth_given);

/* What the challenge says. */
void auth_sign_in_say(struct auth_sign_in *, const char *name,
		      const char *value);
void auth_sign_in_say_text(struct call *, struct auth_sign_in *,
			   const char *name, struct slice value);

/* ["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]: factors as challenges list them; NULL when
 * the arena is full. */
const char *auth_factors_text(struct call *, unsigned factors);

/* The ways that have files of their own. */
void auth_sign_in_by_choice(struct call *, struct auth_sign_in *);
void auth_sign_in_chosen(struct call *, struct auth_sign_in *);
void auth_sign_in_by_email(struct call *, struct auth_sign_in *);
void auth_sign_in_ask_email(struct call *, struct auth_sign_in *);
void auth_sign_in_mail(struct call *, struct auth_sign_in *);
void auth_sign_in_prove_email(struct call *, struct auth_sign_in *);
void auth_sign_in_choose_factor(struct call *, struct auth_sign_in *);
void auth_sign_in_ask_setup(struct call *, struct auth_sign_in *);
void auth_sign_in_set_up(struct call *, struct auth_sign_in *);
void auth_sign_in_by_password(struct call *, struct auth_sign_in *);
void auth_sign_in_by_admin(struct call *, struct auth_sign_in *);
void auth_sign_in_ask_new_password(struct call *, struct auth_sign_in *);
void auth_sign_in_prove_new_password(struct call *, struct auth_sign_in *);
void auth_sign_in_by_srp(struct call *, struct auth_sign_in *);
void auth_sign_in_prove_srp(struct call *, struct auth_sign_in *);
void auth_sign_in_ask_totp(struct call *, struct auth_sign_in *);
void auth_sign_in_prove_totp(struct call *, struct auth_sign_in *);
void auth_sign_in_as_guest(struct call *, struct auth_sign_in *);

#endif
