/* services/auth/mail/message.h - a letter as it travels: RFC 5322 and MIME
 *
 * Text, and beside it HTML where the template has one, both quoted-printable, so
 * that every server takes it. What a user said of itself is escaped in HTML and
 * can't end a header line. Pure.
 */
#ifndef PARLOR_AUTH_MESSAGE_H
#define PARLOR_AUTH_MESSAGE_H

#include "lib/base/buffer.h"
#include "services/auth/mail/mail.h"
#include "services/auth/mail/templates.h"

enum { AUTH_MESSAGE_MAX = 1 << 20 };

/* Appends it, dated `when` (milliseconds). `unique`, letters and digits, is its
 * id; the same message sent again has the same one. */
void auth_message_put(struct buffer *, const struct auth_mail *,
		      const struct auth_template *, const struct auth_letter *,
		      int64_t when, struct slice unique);

#endif
