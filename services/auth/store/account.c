/* services/auth/store/account.c - an account and its aliases, in one write */
#include "services/auth/store/account.h"
#include "lib/item/item.h"
#include "lib/wire/message.h"
#include "services/auth/store/users.h"

#include <assert.h>

struct account {
	struct kv_write rows[KV_WRITES_MAX];
	const char
	    *aliases[KV_WRITES_MAX]; /* the attribute that a row is for */
	size_t count;
};

struct kv_step *account_step_new(struct call *c,
				 void (*answered)(struct kv_step *),
				 auth_next_fn *next)
{
	struct account *account = arena_zalloc(c->mem, sizeof(*account));
	struct kv_step *step = kv_step_new(c, answered, next, account);

	if (!step || account)
		return step;
	call_status(c);
	next(c);
	return NULL;
}

void account_add(struct kv_step *step, const struct kv_write *write)
{
	struct account *account = step->arg;

	assert(account->count < KV_WRITES_MAX);
	account->rows[account->count++] = *write;
}

static bool is_among(struct call *c, const struct auth_alias *aliases,
		     size_t count, struct slice name)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(kv_name(c, aliases[i].name), kv_name(c, name)))
			return true;
	return false;
}

/* What is not there, or has become somebody else's, needs no end. */
static void add_end(struct kv_step *step, struct slice name,
		    struct slice username)
{
	struct call *c = step->call;
	struct buffer values;

	kv_item_begin(&values);
	item_put_text(&values, ":name", ITEM_S, username);
	account_add(step, &(struct kv_write){
			      .table = AUTH_USERS,
			      .key = auth_users_key(c, name),
			      .condition = "attribute_not_exists(pk) OR "
					   "successor = :name",
			      .values = kv_bytes(c, &values),
			  });
}

static void add_begin(struct kv_step *step, const struct auth_alias *alias,
		      struct slice username)
{
	struct account *account = step->arg;
	struct call *c = step->call;
	struct buffer item;

	kv_item_begin(&item);
	auth_users_put_key(c, &item, alias->name);
	item_put_text(&item, "successor", ITEM_S, username);
	account->aliases[account->count] = auth_attribute_name(alias->of);
	account_add(step, &(struct kv_write){
			      .table = AUTH_USERS,
			      .item = kv_bytes(c, &item),
			      .condition = "attribute_not_exists(pk)",
			  });
}

void account_add_aliases(struct kv_step *step, const struct auth_user *before,
			 const struct auth_user *after)
{
	struct call *c = step->call;
	const struct auth_pool *pool = kv_pool(c);
	struct auth_alias old[AUTH_ALIASES_MAX], young[AUTH_ALIASES_MAX];
	size_t olds = auth_aliases_of(pool, before, old),
	       youngs = auth_aliases_of(pool, after, young);

	for (size_t i = 0; i < olds; i++)
		if (!is_among(c, young, youngs, old[i].name))
			add_end(step, old[i].name, before->username);
	for (size_t i = 0; i < youngs; i++)
		if (!is_among(c, old, olds, young[i].name))
			add_begin(step, &young[i], after->username);
}

void account_send(struct kv_step *step)
{
	const struct account *account = step->arg;

	if (account->count == 1 && !account->rows[0].name)
		kv_send_write(step, &account->rows[0]);
	else
		kv_send_transaction(step, account->rows, account->count);
}

static bool is_reason(const Parlor__Kv__V1__CancellationReason *reason)
{
	return reason->code && strcmp(reason->code, "None") != 0;
}

/* The alias that a transaction was refused for; NULL: another row was. */
static const char *refused_alias(struct kv_step *step)
{
	const ProtobufCMessageDescriptor *type =
	    &parlor__kv__v1__transaction_canceled__descriptor;
	const struct account *account = step->arg;
	const struct fault_detail *d = step->rpc.fault.details;
	const Parlor__Kv__V1__TransactionCanceled *m;
	struct fault ignored = { 0 };
	size_t i = 0;

	while (d && strcmp(d->type, type->name) != 0)
		d = d->next;
	m = d ? message_unpack(type, d->value, step->call->mem, &ignored)
	      : NULL;
	if (!m)
		return NULL;
	while (i < m->n_cancellation_reasons && i < account->count &&
	       !is_reason(m->cancellation_reasons[i]))
		i++;
	return i < account->count ? account->aliases[i] : NULL;
}

void account_next(struct kv_step *step, int code, const char *words)
{
	struct call *c = step->call;
	const char *alias = step->refused ? refused_alias(step) : NULL;
	bool is_name =
	    alias && code == E_USER_EXISTS && kv_pool(c)->usernames.count;

	if (alias)
		call_fail(c, is_name ? E_USER_EXISTS : E_ALIAS_EXISTS,
			  "An account with the given %s already exists.",
			  alias);
	kv_next(step, code, words);
}
