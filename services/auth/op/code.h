/* services/auth/op/code.h - confirmation codes: six digits for a day
 *
 * Kept sealed and not hashed: a million hashes are tried in a second by whoever
 * reads the store.
 */
#ifndef PARLOR_AUTH_CODE_H
#define PARLOR_AUTH_CODE_H

#include "services/auth/model/user.h"
#include "services/auth/op/auth.h"

/* Draws a code for the user, sets code and code_expires. */
void auth_code_draw(struct call *, struct auth_user *, char code[AUTH_CODE]);

/* Is it the user's code, now? -E_CODE_MISMATCH or -E_CODE_EXPIRED. */
int auth_code_check(struct call *, const struct auth_user *, struct slice code);

/* Mails it to the user. Blocks: on the pool. The call fails with
 * E_CODE_DELIVERY. */
void auth_code_send(struct call *, const struct auth_user *, const char *code);

/* Fails with E_CODE_DELIVERY where no mail is configured. */
int auth_code_deliverable(struct call *);

#endif
