/* services/auth/store/users.c - accounts, as items of parlor.users */
#include "services/auth/store/users.h"
#include "lib/item/item.h"
#include "services/auth/store/account.h"
#include "services/auth/store/fields.h"
#include "services/auth/store/groups.h"
#include "services/auth/store/transaction.h"

#include <pthread.h>

#define TABLE (char *)AUTH_USERS
#define PREFIX AUTH_USERS_PREFIX
#define PROFILE SLICE("profile")

ProtobufCBinaryData auth_users_key(struct call *c, struct slice username)
{
	return kv_key(c, kv_pool_prefix(c, PREFIX), kv_name(c, username),
		      PROFILE);
}

void auth_users_put_key(struct call *c, struct buffer *item,
			struct slice username)
{
	kv_put_key(item, kv_pool_prefix(c, PREFIX), kv_name(c, username),
		   PROFILE);
}

/* ---- an account and its item ---------------------------------------------- */

static enum auth_status read_status(struct slice text)
{
	for (int i = AUTH_UNCONFIRMED; i < AUTH_STATUSES; i++)
		if (slice_is(text, auth_status_name((enum auth_status)i)))
			return (enum auth_status)i;
	return AUTH_UNCONFIRMED;
}

/* A factor's attributes. */
static const struct factor_row {
	enum auth_factor factor;
	const char *enabled, *preferred; /* as names of values */
} factor_rows[] = {
	{ AUTH_FACTOR_TOTP, ":totp_enabled", ":totp_preferred" },
	{ AUTH_FACTOR_EMAIL, ":email_mfa_enabled", ":email_mfa_preferred" },
};
enum { FACTORS = sizeof(factor_rows) / sizeof(*factor_rows) };

static void read_factors(struct auth_user *user, struct slice item)
{
	for (size_t i = 0; i < FACTORS; i++) {
		const struct factor_row *row = &factor_rows[i];

		if (item_find(item, row->enabled + 1).truth)
			user->factors |= row->factor;
		if (item_find(item, row->preferred + 1).truth)
			user->preferred |= row->factor;
	}
}

#define USER_AT(member) offsetof(struct auth_user, member)

static const struct field user_fields[] = {
	{ "username", FIELD_TEXT, USER_AT(username) },
	{ "sub", FIELD_TEXT, USER_AT(sub) },
	{ "disabled", FIELD_BOOL, USER_AT(disabled) },
	{ "email_verified", FIELD_BOOL, USER_AT(email_verified) },
	{ "phone_number_verified", FIELD_BOOL, USER_AT(phone_verified) },
	{ "awaited_email", FIELD_TEXT, USER_AT(awaited_email) },
	{ "password", FIELD_TEXT, USER_AT(password) },
	{ "past_passwords", FIELD_TEXT, USER_AT(past_passwords) },
	{ "password_expires", FIELD_NUMBER, USER_AT(password_expires) },
	{ "srp_salt", FIELD_BYTES, USER_AT(srp_salt) },
	{ "srp_verifier", FIELD_BYTES, USER_AT(srp_verifier) },
	{ "totp_secret", FIELD_BYTES, USER_AT(totp_secret) },
	{ "totp_pending", FIELD_BYTES, USER_AT(totp_pending) },
	{ "totp_step", FIELD_NUMBER, USER_AT(totp_step) },
	{ "confirm_code", FIELD_BYTES, USER_AT(code) },
	{ "confirm_expires", FIELD_NUMBER, USER_AT(code_expires) },
	{ "confirm_tries", FIELD_NUMBER, USER_AT(code_tries) },
	{ "created_at", FIELD_NUMBER, USER_AT(created_at) },
	{ "modified_at", FIELD_NUMBER, USER_AT(modified_at) },
	{ "signed_out_at", FIELD_NUMBER, USER_AT(signed_out_at) },
	{ "expires_at", FIELD_NUMBER, USER_AT(expires_at) },
	{ "guest", FIELD_TEXT, USER_AT(guest) },
	{ 0 }
};

static void put_status(struct buffer *item, const char *name,
		       enum auth_status status)
{
	item_put_text(item, name, ITEM_S, slice_of(auth_status_name(status)));
}

static struct slice text(struct slice item, const char *name)
{
	return item_find_text(item, ITEM_S, name);
}

struct auth_user *auth_users_read(struct call *c, struct slice item)
{
	struct auth_user *user = arena_zalloc(c->mem, sizeof(*user));
	struct slice said = item_find(item, "attributes").bytes, name;
	struct item_value value;

	if (!user) {
		call_status(c);
		return NULL;
	}
	fields_read(c->mem, user_fields, item, user);
	if (!user->modified_at)
		user->modified_at = user->created_at;
	user->status = read_status(text(item, "account_status"));
	while (item_next(&said, &name, &value) > 0)
		auth_user_note(user, name, value.bytes);
	read_factors(user, item);
	user->groups = auth_groups_read(c, item);
	return user;
}

static void put_attributes(struct buffer *item, const char *name,
			   const struct auth_user *user)
{
	struct auth_change row;
	struct buffer said;
	size_t at = 0;

	kv_item_begin(&said);
	while (auth_user_next(user, &at, &row))
		item_put(&said, row.name,
			 &(struct item_value){ .type = ITEM_S,
					       .bytes = row.value });
	item_put_inner(item, name, ITEM_M, buffer_slice(&said));
	item->failed |= said.failed;
	buffer_release(&said);
}

/* What only an account has that signs in by itself. */
static void put_identity(struct buffer *item, const struct auth_user *user)
{
	item_put_bool(item, "email_verified", user->email_verified);
	item_put_bool(item, "phone_number_verified", user->phone_verified);
	put_attributes(item, "attributes", user);
	item_put_text(item, "password", ITEM_S, user->password);
	if (user->past_passwords.size)
		item_put_text(item, "past_passwords", ITEM_S,
			      user->past_passwords);
	if (user->srp_verifier.size) {
		item_put_text(item, "srp_salt", ITEM_B, user->srp_salt);
		item_put_text(item, "srp_verifier", ITEM_B, user->srp_verifier);
	}
	if (user->code.size) {
		item_put_text(item, "confirm_code", ITEM_B, user->code);
		item_put_i64(item, "confirm_expires", user->code_expires);
		item_put_i64(item, "confirm_tries", 0);
	}
	if (user->password_expires)
		item_put_i64(item, "password_expires", user->password_expires);
	if (user->guest.size)
		item_put_text(item, "guest", ITEM_S, user->guest);
}

static void put_user(struct buffer *item, const struct auth_user *user)
{
	item_put_text(item, "username", ITEM_S, user->username);
	item_put_text(item, "sub", ITEM_S, user->sub);
	put_status(item, "account_status", user->status);
	if (user->status != AUTH_GUEST)
		put_identity(item, user);
	item_put_i64(item, "created_at", user->created_at);
	if (user->expires_at)
		item_put_i64(item, "expires_at", user->expires_at);
}

ProtobufCBinaryData auth_users_item(struct call *c,
				    const struct auth_user *user)
{
	struct buffer item;

	kv_item_begin(&item);
	auth_users_put_key(c, &item, user->username);
	put_user(&item, user);
	return kv_bytes(c, &item);
}

/* ---- nobody's ------------------------------------------------------------- */

/* The item of an account as most are: as long as the process. */
static struct buffer nobody;

static void make_nobody(void)
{
	static const uint8_t bytes[512]; /* as long as what is kept */
	const struct auth_user user = {
		.username = SLICE("username"),
		.sub = slice_make(bytes, 36),
		.status = AUTH_CONFIRMED,
		.attributes[AUTH_EMAIL] = SLICE("username@mail.example"),
		.email_verified = true,
		.password = slice_make(bytes, 97),
		.srp_salt = slice_make(bytes, 16),
		.srp_verifier = slice_make(bytes, 413),
		.created_at = 1700000000,
	};

	kv_item_begin(&nobody);
	kv_put_key(&nobody, PREFIX, user.username, PROFILE);
	put_user(&nobody, &user);
}

/* Who has no account costs the same work: there is an item to read, too. */
static void read_nobody(struct call *c)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	pthread_once(&once, make_nobody);
	auth_users_read(c, buffer_slice(&nobody));
}

/* ---- reading -------------------------------------------------------------- */

static void get(struct call *c, struct slice username,
		void (*answered)(struct kv_step *), struct auth_user **out,
		auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, answered, next, out);

	if (step)
		kv_send_get(step, TABLE, auth_users_key(c, username));
}

static void take(struct call *c, struct slice item, struct auth_user **out,
		 auth_next_fn *next)
{
	if (item.size)
		*out = auth_users_read(c, item);
	else
		read_nobody(c);
	next(c);
}

/* No successor has one. */
static void got_successor(struct kv_step *step)
{
	take(step->call, kv_item(step), step->arg, step->next);
}

void auth_users_take(struct call *c, struct slice item, struct auth_user **out,
		     auth_next_fn *next)
{
	struct slice successor = text(item, "successor");

	*out = NULL;
	if (successor.size)
		get(c, successor, got_successor, out, next);
	else
		take(c, item, out, next);
}

static void got(struct kv_step *step)
{
	auth_users_take(step->call, kv_item(step), step->arg, step->next);
}

void auth_users_get(struct call *c, struct slice username,
		    struct auth_user **out, auth_next_fn *next)
{
	*out = NULL;
	get(c, username, got, out, next);
}

static void resolved(struct kv_step *step)
{
	struct slice item = kv_item(step), successor = text(item, "successor");

	*(struct slice *)step->arg =
	    successor.size ? successor : text(item, "username");
	step->next(step->call);
}

void auth_users_resolve(struct call *c, struct slice name, struct slice *out,
			auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, resolved, next, out);

	*out = (struct slice){ 0 };
	if (step)
		kv_send_get(step, TABLE, auth_users_key(c, name));
}

/* ---- writing -------------------------------------------------------------- */

static void created(struct kv_step *step)
{
	account_next(step, E_USER_EXISTS, "User already exists");
}

void auth_users_create(struct call *c, const struct auth_user *user,
		       auth_next_fn *next)
{
	struct kv_write write = { .table = TABLE,
				  .condition = "attribute_not_exists(pk)" };
	struct kv_step *step = account_step_new(c, created, next);
	struct buffer values;

	if (!step)
		return;
	write.item = auth_users_item(c, user);
	if (user->guest.size) {
		kv_item_begin(&values);
		item_put_text(&values, ":guest", ITEM_S, user->guest);
		put_status(&values, ":unconfirmed", AUTH_UNCONFIRMED);
		write.condition = "attribute_not_exists(pk) OR (guest = :guest "
				  "AND account_status = :unconfirmed)";
		write.values = kv_bytes(c, &values);
	}
	account_add(step, &write);
	account_add_aliases(step, NULL, user);
	account_send(step);
}

/* What all changes of an account have in common. `values` is released. */
static void update(struct kv_step *step, struct slice username,
		   const char *change, const char *condition,
		   struct buffer *values, bool whole_answer)
{
	kv_send_write(step, &(struct kv_write){
				.table = TABLE,
				.key = auth_users_key(step->call, username),
				.update = change,
				.condition = condition,
				.values = kv_bytes(step->call, values),
				.returns = whole_answer ? "ALL_NEW" : NULL });
}

#define CHANGED "The account has just changed: try again."

static void changed(struct kv_step *step)
{
	kv_next(step, E_ABORTED, CHANGED);
}

/* What changes with a password: those before it, SRP's half of it, the time by
 * which it must have been changed, and that no code is waited for any more. */
static const char *password_change(struct call *c, const struct auth_user *user)
{
	const char *gone = "confirm_code, confirm_expires, confirm_tries";
	bool srp = user->srp_verifier.size > 0;
	bool past = user->past_passwords.size > 0;

	if (user->status == AUTH_UNCONFIRMED)
		gone = "password_expires";
	else if (!user->password_expires)
		gone = "password_expires, confirm_code, confirm_expires, "
		       "confirm_tries";
	return arena_printf(
	    c->mem,
	    "SET password = :password, account_status = :status, "
	    "modified_at = :modified%s%s%s REMOVE %s%s%s",
	    past ? ", past_passwords = :past" : "",
	    srp ? ", srp_salt = :salt, srp_verifier = :verifier" : "",
	    user->password_expires ? ", password_expires = :expires" : "", gone,
	    srp ? "" : ", srp_salt, srp_verifier",
	    past ? "" : ", past_passwords");
}

static void put_modified(struct buffer *values, const struct call *c)
{
	item_put_i64(values, ":modified", c->now_ms / 1000);
}

void auth_users_set_password(struct call *c, const struct auth_user *user,
			     struct slice before, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":password", ITEM_S, user->password);
	item_put_text(&values, ":before", ITEM_S, before);
	put_status(&values, ":status", user->status);
	put_modified(&values, c);
	if (user->srp_verifier.size) {
		item_put_text(&values, ":salt", ITEM_B, user->srp_salt);
		item_put_text(&values, ":verifier", ITEM_B, user->srp_verifier);
	}
	if (user->past_passwords.size)
		item_put_text(&values, ":past", ITEM_S, user->past_passwords);
	if (user->password_expires)
		item_put_i64(&values, ":expires", user->password_expires);
	update(step, user->username, password_change(c, user),
	       "password = :before", &values, false);
}

void auth_users_set_status(struct call *c, const struct auth_user *user,
			   auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":password", ITEM_S, user->password);
	put_status(&values, ":status", user->status);
	put_modified(&values, c);
	update(step, user->username,
	       "SET account_status = :status, modified_at = :modified",
	       "password = :password", &values, false);
}

void auth_users_set_disabled(struct call *c, const struct auth_user *user,
			     bool disabled, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_bool(&values, ":disabled", disabled);
	put_modified(&values, c);
	update(step, user->username,
	       "SET disabled = :disabled, modified_at = :modified",
	       "attribute_exists(account_status)", &values, false);
}

#define SET_ATTRIBUTES                                      \
	"SET #attributes = :now, email_verified = :email, " \
	"phone_number_verified = :phone, modified_at = :modified"

static void attributes_set(struct kv_step *step)
{
	account_next(step, E_ABORTED, CHANGED);
}

void auth_users_set_attributes(struct call *c, const struct auth_user *user,
			       const struct auth_user *before,
			       auth_next_fn *next)
{
	struct kv_step *step = account_step_new(c, attributes_set, next);
	struct kv_write write = {
		.table = AUTH_USERS,
		.update = user->awaited_email.size
			      ? SET_ATTRIBUTES ", awaited_email = :awaited"
			      : SET_ATTRIBUTES " REMOVE awaited_email",
		.condition = "#attributes = :before",
		.name = "attributes",
	};
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	put_attributes(&values, ":now", user);
	put_attributes(&values, ":before", before);
	item_put_bool(&values, ":email", user->email_verified);
	item_put_bool(&values, ":phone", user->phone_verified);
	if (user->awaited_email.size)
		item_put_text(&values, ":awaited", ITEM_S, user->awaited_email);
	put_modified(&values, c);
	write.key = auth_users_key(c, user->username);
	write.values = kv_bytes(c, &values);
	account_add(step, &write);
	account_add_aliases(step, before, user);
	account_send(step);
}

/* ---- the second factor ---------------------------------------------------- */

void auth_users_put_totp(struct call *c, const struct auth_user *user,
			 auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":pending", ITEM_B, user->totp_pending);
	update(step, user->username, "SET totp_pending = :pending",
	       "attribute_exists(password)", &values, false);
}

void auth_users_verify_totp(struct call *c, const struct auth_user *user,
			    bool enabled, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":pending", ITEM_B, user->totp_pending);
	item_put_i64(&values, ":step", user->totp_step);
	if (enabled)
		item_put_bool(&values, ":true", true);
	update(step, user->username,
	       enabled ? "SET totp_secret = :pending, totp_step = :step, "
			 "totp_enabled = :true, totp_preferred = :true "
			 "REMOVE totp_pending"
		       : "SET totp_secret = :pending, totp_step = :step "
			 "REMOVE totp_pending",
	       "totp_pending = :pending", &values, false);
}

static void totp_used(struct kv_step *step)
{
	kv_next(step, E_CODE_EXPIRED,
		"Your software token has already been used once.");
}

void auth_users_use_totp(struct call *c, const struct auth_user *user,
			 int64_t code_step, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, totp_used, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":secret", ITEM_B, user->totp_secret);
	item_put_i64(&values, ":step", code_step);
	update(step, user->username, "SET totp_step = :step",
	       "totp_secret = :secret AND totp_step < :step", &values, false);
}

void auth_users_set_mfa(struct call *c, const struct auth_user *user,
			auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	for (size_t i = 0; i < FACTORS; i++) {
		const struct factor_row *row = &factor_rows[i];

		item_put_bool(&values, row->enabled,
			      user->factors & row->factor);
		item_put_bool(&values, row->preferred,
			      user->preferred & row->factor);
	}
	update(step, user->username,
	       "SET totp_enabled = :totp_enabled, "
	       "totp_preferred = :totp_preferred, "
	       "email_mfa_enabled = :email_mfa_enabled, "
	       "email_mfa_preferred = :email_mfa_preferred",
	       user->factors & AUTH_FACTOR_TOTP
		   ? "attribute_exists(totp_secret)"
		   : "attribute_exists(password)",
	       &values, false);
}

/* ---- confirmation --------------------------------------------------------- */

static void code_set(struct kv_step *step)
{
	kv_next(step, E_PARAMETER, "User is already confirmed.");
}

void auth_users_set_code(struct call *c, const struct auth_user *user,
			 auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, code_set, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":code", ITEM_B, user->code);
	item_put_i64(&values, ":expires", user->code_expires);
	item_put_i64(&values, ":zero", 0);
	put_status(&values, ":unconfirmed", AUTH_UNCONFIRMED);
	update(step, user->username,
	       "SET confirm_code = :code, confirm_expires = :expires, "
	       "confirm_tries = :zero",
	       "account_status = :unconfirmed", &values, false);
}

static void code_tried(struct kv_step *step)
{
	take(step->call, kv_attributes(step), step->arg, step->next);
}

void auth_users_try_code(struct call *c, struct slice username,
			 struct auth_user **out, auth_next_fn *next)
{
	struct buffer values;
	struct kv_step *step;

	*out = NULL;
	step = kv_step_new(c, code_tried, next, out);
	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	item_put_i64(&values, ":limit", AUTH_CODE_TRIES);
	update(step, username, "ADD confirm_tries :one",
	       "attribute_exists(confirm_code) AND confirm_tries < :limit",
	       &values, true);
}

static void confirmed(struct kv_step *step)
{
	account_next(step, E_CODE_EXPIRED,
		     "Invalid code provided, please request a code again.");
}

struct kv_write auth_users_confirmation(struct call *c,
					const struct auth_user *user)
{
	struct kv_write write = {
		.table = AUTH_USERS,
		.key = auth_users_key(c, user->username),
		.update = "SET account_status = :confirmed, email_verified = "
			  ":verified, signed_out_at = :signed_out, "
			  "modified_at = :modified REMOVE confirm_code, "
			  "confirm_expires, confirm_tries",
	};
	struct buffer values;

	kv_item_begin(&values);
	put_status(&values, ":confirmed", AUTH_CONFIRMED);
	item_put_bool(&values, ":verified", user->email_verified);
	item_put_i64(&values, ":signed_out", user->signed_out_at);
	put_modified(&values, c);
	if (user->code.size) {
		item_put_text(&values, ":code", ITEM_B, user->code);
		write.condition = "confirm_code = :code";
	} else {
		put_status(&values, ":unconfirmed", AUTH_UNCONFIRMED);
		write.condition = "account_status = :unconfirmed";
	}
	write.values = kv_bytes(c, &values);
	return write;
}

void auth_users_confirm(struct call *c, const struct auth_user *user,
			const struct auth_user *before, auth_next_fn *next)
{
	struct kv_step *step = account_step_new(c, confirmed, next);
	struct kv_write write;

	if (!step)
		return;
	write = auth_users_confirmation(c, user);
	account_add(step, &write);
	account_add_aliases(step, before, user);
	account_send(step);
}
