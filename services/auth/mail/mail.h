/* services/auth/mail/mail.h - messages to users, a file each
 *
 * The sink of a machine of one's own: an RFC 5322 message per file in a
 * directory, complete or not there at all. Writing blocks, so it runs on a pool.
 */
#ifndef PARLOR_AUTH_MAIL_H
#define PARLOR_AUTH_MAIL_H

#include "lib/base/fault.h"

struct auth_mail {
	const char *dir;  /* made 0700 when it is not there */
	const char *from; /* an address */
};

/* Writes the message with a confirmation code. `to` is a checked address, `when`
 * in milliseconds. Returns 0, or -E_CODE_DELIVERY with words. */
int auth_mail_code(const struct auth_mail *, struct slice to,
		   struct slice username, const char *code, int64_t when,
		   struct fault *);

#endif
