/* services/auth/model/event.h - what happened to an account's security
 *
 * Who signed in, and who tried to; what changed what a sign-in needs; what ended
 * one; what an administrator did. Never a secret.
 */
#ifndef PARLOR_AUTH_EVENT_H
#define PARLOR_AUTH_EVENT_H

#include "lib/base/slice.h"

/* What came of it, by Cognito's names. */
#define AUTH_EVENT_PASS "Pass"
#define AUTH_EVENT_FAIL "Fail"
#define AUTH_EVENT_IN_PROGRESS "InProgress" /* the first factor was right */

struct auth_event {
	struct slice username; /* whose, as given; there may be no such */
	struct slice id;
	struct slice type;     /* "SignIn" */
	struct slice response; /* one of the above */
	struct slice operation;
	struct slice
	    step; /* of a sign-in: the flow's or the challenge's name */
	struct slice reason; /* of a failure: what the caller was told */
	struct slice by;     /* an administrator's principal; or empty */
	struct slice client_id;
	struct slice address;
	int64_t at_ms;
	struct slice place; /* in the order of time; of one that was read */
};

#endif
