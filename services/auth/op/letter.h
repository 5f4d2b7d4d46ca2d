/* services/auth/op/letter.h - a letter to a user, within an operation */
#ifndef PARLOR_AUTH_OP_LETTER_H
#define PARLOR_AUTH_OP_LETTER_H

#include "services/auth/model/letter.h"
#include "services/auth/model/user.h"
#include "services/auth/op/auth.h"
#include "services/auth/store/kv.h"

/* Writes to the user's address, with that code or password, and goes on with
 * `next` on the call's loop when the letter is on its way; when it can't be the
 * call fails with E_CODE_DELIVERY. A NULL user is nobody, and does the same but
 * for the letter. A call that has failed just goes on. */
void auth_letter_send(struct call *, enum auth_letter_kind,
		      const struct auth_user *, const char *secret,
		      auth_next_fn *next);

/* Fails with E_CODE_DELIVERY where no mail is configured. */
int auth_letter_possible(struct call *);

/* Fails with E_PARAMETER where the user has no address. */
int auth_letter_reaches(struct call *, const struct auth_user *);

#endif
