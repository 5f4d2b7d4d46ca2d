/* services/auth/mail/mail.h - letters to users
 *
 * The room: a letter's text in its reader's language (templates.h), the message
 * made of it (message.h), and how that leaves: to a mail server (smtp.h) or, on a
 * machine of one's own, as a file (folder.h). It knows no store and no request.
 * What blocks runs on a thread of its own.
 */
#ifndef PARLOR_AUTH_MAIL_H
#define PARLOR_AUTH_MAIL_H

#include "lib/base/fault.h"
#include "services/auth/model/letter.h"

/* As the settings say. */
struct auth_mail {
	const char *dir;       /* NULL or "": no files */
	const char *from;      /* an address */
	const char *from_name; /* UTF-8; NULL or "": none */
	const char *language;  /* where a letter's own isn't there */
	const char *templates; /* a folder of one's own; NULL or "": none */
	const char *smtp;      /* the server; NULL or "": none */
	bool smtp_tls;
	const char *smtp_user, *smtp_password;
	const char *smtp_authorities; /* NULL or "": the system's */
	int64_t queue;		      /* letters that wait at most */
};

#endif
