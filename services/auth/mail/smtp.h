/* services/auth/mail/smtp.h - messages to a mail server, by libcurl
 *
 * Submission as RFC 6409 has it: TLS from the first byte (smtps://) or by
 * STARTTLS, which must succeed, then authentication by what the server offers.
 * The connection stays open for the next message. Blocks; one thread at a time.
 */
#ifndef PARLOR_AUTH_SMTP_H
#define PARLOR_AUTH_SMTP_H

#include "services/auth/mail/mail.h"

#include <stdatomic.h>

enum { AUTH_SMTP_SECONDS = 60 /* a message takes at most */ };

/* What became of a message. */
enum auth_smtp_result {
	AUTH_SMTP_SENT,
	AUTH_SMTP_REFUSED, /* this message, for good (55x) */
	AUTH_SMTP_LATER,   /* this message, for now (45x) */
	AUTH_SMTP_DOWN,	   /* the server takes none: not there, no TLS, … */
};

struct auth_smtp;

/* Gives up what it does when *stop is set. Nothing is opened yet. */
struct auth_smtp *auth_smtp_new(const atomic_bool *stop);
void auth_smtp_free(struct auth_smtp *);

/* Sends the message to an address. Unless it was sent, `fault` has the server's
 * words or libcurl's. */
enum auth_smtp_result auth_smtp_send(struct auth_smtp *,
				     const struct auth_mail *, struct slice to,
				     struct slice message, struct fault *);

/* Is it smtp://HOST[:PORT][/NAME] or smtps://…, and plain only to a server on
 * this machine? -E_INVALID with words if not. */
int auth_smtp_check(const struct auth_mail *, struct fault *);

#endif
