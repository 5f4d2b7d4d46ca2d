/* services/auth/mail/folder.h - messages as files, for a machine of one's own */
#ifndef PARLOR_AUTH_FOLDER_H
#define PARLOR_AUTH_FOLDER_H

#include "services/auth/mail/mail.h"

/* Writes a message into the folder, complete or not there at all; made 0700 when
 * it is not there. Blocks. `when` in milliseconds. Returns 0, or -E_CODE_DELIVERY
 * with words. */
int auth_folder_put(const char *folder, struct slice message, int64_t when,
		    const char *unique, struct fault *);

#endif
