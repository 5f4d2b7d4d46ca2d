/* services/auth/op/admin_reset_user_password.c - a password that has to be
 * replaced by a code
 *
 * From now on the old one opens nothing. The code is asked for as the user itself
 * would, and counts like one that it asked for.
 */
#include "services/auth/op/admin_reset_user_password.h"
#include "services/auth/op/forgot_password.h"
#include "services/auth/op/letter.h"
#include "services/auth/store/users.h"

static void set(struct call *c)
{
	struct auth_admin *a = c->state;
	struct auth_forgot *forgot = arena_zalloc(c->mem, sizeof(*forgot));

	if (call_status(c)) {
		a->done(c);
		return;
	}
	forgot->username = a->user->username;
	forgot->done = a->done;
	auth_forgot_begin(c, forgot);
}

static void found(struct call *c)
{
	struct auth_admin *a = c->state;

	if (auth_forgot_check(a->user, &c->fault) || auth_letter_possible(c)) {
		a->done(c);
		return;
	}
	a->user->status = AUTH_RESET_REQUIRED;
	auth_users_set_status(c, a->user, set);
}

void auth_admin_reset_user_password(struct call *c, struct auth_admin *a)
{
	auth_admin_find(c, a, found);
}
