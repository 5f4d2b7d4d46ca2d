/* services/auth/op/admin_confirm_sign_up.c - an account that needs no code */
#include "services/auth/op/admin_confirm_sign_up.h"
#include "services/auth/op/confirm_sign_up.h"
#include "services/auth/store/guests.h"
#include "services/auth/store/users.h"

static void guest_found(struct call *c)
{
	struct auth_admin *a = c->state;

	if (auth_confirm_check_guest(c, a->guest, a->user))
		a->done(c);
	else
		auth_guests_succeed(c, a->guest, a->user, a->user, a->done);
}

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	if (a->user->status != AUTH_UNCONFIRMED) {
		call_fail(c, E_NOT_AUTHORIZED,
			  "User cannot be confirmed. Current status is %s",
			  auth_status_name(a->user->status));
		a->done(c);
	} else if (a->user->guest.size) {
		auth_users_get(c, a->user->guest, &a->guest, guest_found);
	} else {
		auth_users_confirm(c, a->user, a->user, a->done);
	}
}

void auth_admin_confirm_sign_up(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
