/* services/auth/store/guests.c - accounts that have one sign-in and no password
 */
#include "services/auth/store/guests.h"
#include "lib/item/item.h"
#include "services/auth/store/account.h"
#include "services/auth/store/sessions.h"
#include "services/auth/store/transaction.h"
#include "services/auth/store/users.h"

static void created(struct kv_step *step)
{
	kv_next(step, E_UNAVAILABLE, "the guest's name is taken: try again");
}

void auth_guests_create(struct call *c, const struct auth_user *user,
			const struct auth_session *session, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, created, next, NULL);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = (struct kv_write){
		.table = AUTH_USERS,
		.item = auth_users_item(c, user),
		.condition = "attribute_not_exists(pk)",
	};
	writes[1] = (struct kv_write){
		.table = AUTH_SESSIONS,
		.item = auth_sessions_item(c, session),
	};
	kv_send_transaction(step, writes, 2);
}

static void kept(struct kv_step *step)
{
	step->next(step->call);
}

void auth_guests_keep(struct call *c, const struct auth_user *user,
		      const struct auth_session *session, int64_t expires_at,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, kept, next, NULL);
	struct kv_write writes[2];
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":expires", expires_at);
	writes[0] = (struct kv_write){
		.table = AUTH_USERS,
		.key = auth_users_key(c, user->username),
		.update = "SET expires_at = :expires",
		.condition = "attribute_exists(expires_at)",
		.values = kv_bytes(c, &values),
	};
	writes[1] = writes[0];
	writes[1].table = AUTH_SESSIONS;
	writes[1].key = auth_sessions_key(c, session);
	kv_send_transaction(step, writes, 2);
}

static void succeeded(struct kv_step *step)
{
	account_next(step, E_CODE_EXPIRED,
		     "Invalid code provided, please request a code again.");
}

static struct kv_write succession(struct call *c, const struct auth_user *guest,
				  const struct auth_user *successor)
{
	struct buffer values;

	kv_item_begin(&values);
	item_put_text(&values, ":successor", ITEM_S, successor->username);
	item_put_text(&values, ":sub", ITEM_S, successor->sub);
	item_put_i64(&values, ":signed_out", guest->signed_out_at);
	return (struct kv_write){
		.table = AUTH_USERS,
		.key = auth_users_key(c, guest->username),
		.update = "SET successor = :successor "
			  "REMOVE #sub, account_status, created_at, "
			  "signed_out_at",
		.condition = "#sub = :sub AND "
			     "(attribute_not_exists(signed_out_at) OR "
			     "signed_out_at = :signed_out)",
		.values = kv_bytes(c, &values),
		.name = "sub",
	};
}

void auth_guests_succeed(struct call *c, const struct auth_user *guest,
			 const struct auth_user *successor,
			 const struct auth_user *before, auth_next_fn *next)
{
	struct kv_step *step = account_step_new(c, succeeded, next);
	struct auth_user confirmed = *successor;
	struct kv_write write;

	if (!step)
		return;
	confirmed.signed_out_at = guest->signed_out_at;
	write = auth_users_confirmation(c, &confirmed);
	account_add(step, &write);
	write = succession(c, guest, successor);
	account_add(step, &write);
	account_add_aliases(step, before, successor);
	account_send(step);
}
