/* services/auth/op/ticket.h - what a sign-in knows between two of its requests
 *
 * Sealed with the key that all replicas share and handed to the client, which
 * gives it back with its answer. It opens for the client and the challenge it was
 * made for, and for some minutes. It carries the id of the session that the
 * sign-in will have, and the store takes each id once: so it is good for one
 * sign-in.
 */
#ifndef PARLOR_AUTH_TICKET_H
#define PARLOR_AUTH_TICKET_H

#include "services/auth/op/auth.h"

/* When one made now is good no longer: Cognito's AuthSessionValidity, in seconds
 * since 1970. */
int64_t auth_ticket_end(const struct call *);

struct auth_ticket {
	struct slice origin;   /* of the session to come */
	struct slice username; /* as it was given */
	struct slice secret;   /* the challenge's own */
	int64_t expires_at;    /* seconds */
};

/* In the call's memory; empty when that is full. */
struct slice auth_ticket_close(struct call *, const char *challenge,
			       const struct auth_ticket *);

/* Fails the call with E_NOT_AUTHORIZED when it is no such ticket, or too old. */
int auth_ticket_open(struct call *, const char *challenge, struct slice sealed,
		     struct auth_ticket *);

/* The same as text, of the alphabet that fits in a URL. */
struct slice auth_ticket_text(struct call *, struct slice sealed);
int auth_ticket_read(struct call *, const char *challenge, struct slice text,
		     struct auth_ticket *);

#endif
