/* services/auth/op/admin_create_user.c - an account that somebody else makes */
#include "services/auth/op/admin_create_user.h"
#include "services/auth/op/letter.h"
#include "services/auth/op/name.h"
#include "services/auth/store/users.h"
#include "services/auth/token/uuid.h"

static bool resends(const struct auth_admin_create_user *s)
{
	return slice_is(s->action, "RESEND");
}

static int check_letter(struct call *c, struct auth_admin_create_user *s)
{
	bool addressed = s->admin.user->attributes[AUTH_EMAIL].size > 0;

	s->silent = slice_is(s->action, "SUPPRESS") ||
		    !(addressed || s->by_mail || resends(s));
	if (s->silent)
		return 0;
	if (addressed)
		return auth_letter_possible(c);
	return call_fail(c, E_PARAMETER,
			 "The user has no email address to be invited at.");
}

/* ---- the password, and the invitation -------------------------------------
 */

static void invited(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	explicit_bzero(s->drawn, sizeof(s->drawn));
	s->admin.done(c);
}

/* The letter is nobody's where there is to be none. */
static void stored(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	auth_letter_send(c, AUTH_LETTER_INVITATION,
			 s->silent ? NULL : s->admin.user,
			 arena_copy(c->mem, s->password.data, s->password.size),
			 invited);
}

static void keep(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	auth_password_keep(c, s->admin.user, s->password);
}

static void create(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	if (call_failed(c))
		invited(c);
	else
		auth_users_create(c, s->admin.user, stored);
}

static void kept(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	if (call_failed(c))
		invited(c);
	else if (resends(s))
		auth_users_set_password(c, s->admin.user, s->before, stored);
	else if (s->seizes)
		auth_name_seize(c, s->admin.user, create);
	else
		create(c);
}

static void invite(struct call *c, struct auth_admin_create_user *s)
{
	if (call_failed(c) || check_letter(c, s)) {
		s->admin.done(c);
		return;
	}
	if (!s->password.data) {
		auth_password_draw(c, s->drawn);
		s->password = slice_of(s->drawn);
	}
	auth_password_lend(c, s->admin.user);
	auth_work(c, keep, kept);
}

/* ---- whose ----------------------------------------------------------------
 */

static void found(struct call *c)
{
	struct auth_admin_create_user *s = c->state;

	s->before = s->admin.user->password;
	if (s->admin.user->status != AUTH_FORCE_CHANGE_PASSWORD)
		call_fail(c, E_UNSUPPORTED_STATE,
			  "Resend not possible. %.*s status is not "
			  "FORCE_CHANGE_PASSWORD",
			  SLICE_ARGS(s->admin.user->username));
	invite(c, s);
}

static void make(struct call *c)
{
	struct auth_admin_create_user *s = c->state;
	struct auth_user *user = &s->user;

	s->admin.user = user;
	uuid_text(s->sub);
	user->sub = slice_of(s->sub);
	user->username = s->admin.username;
	user->created_at = user->modified_at = auth_now(c);
	if (!auth_name_take(c, user) &&
	    !auth_user_change(user, &auth_pool_of(c)->schema, s->changes,
			      s->count, true, &c->fault))
		auth_name_settle(c, user);
	invite(c, s);
}

void auth_admin_create_user(struct call *c, struct auth_admin_create_user *s)
{
	if (s->password.data)
		auth_password_allowed(c, "temporaryPassword", s->password);
	if (resends(s))
		auth_admin_find(c, &s->admin, found);
	else
		auth_admin_begin(c, &s->admin, make);
}
