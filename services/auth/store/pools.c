/* services/auth/store/pools.c - pools and their clients, as items of parlor.pools
 */
#include "services/auth/store/pools.h"
#include "lib/item/item.h"
#include "services/auth/store/fields.h"
#include "services/auth/store/revocations.h"
#include "services/auth/store/transaction.h"

#define TABLE "parlor.pools"
#define POOL SLICE("pool")
#define CLIENT "client#"
#define SERVER "server#"
#define GONE SLICE("gone") /* the partition of deleted pools */

#define POOL_AT(member) offsetof(struct auth_pool, member)
#define CLIENT_AT(member) offsetof(struct auth_client, member)
#define SERVER_AT(member) offsetof(struct auth_resource_server, member)

static const struct field pool_fields[] = {
	{ "id", FIELD_TEXT, POOL_AT(id) },
	{ "name", FIELD_TEXT, POOL_AT(name) },
	{ "created_at", FIELD_NUMBER, POOL_AT(created_at) },
	{ "changed_at", FIELD_NUMBER, POOL_AT(changed_at) },
	{ "protected", FIELD_BOOL, POOL_AT(protected) },
	{ "password_length", FIELD_NUMBER, POOL_AT(password.min_length) },
	{ "password_upper", FIELD_BOOL, POOL_AT(password.upper) },
	{ "password_lower", FIELD_BOOL, POOL_AT(password.lower) },
	{ "password_digit", FIELD_BOOL, POOL_AT(password.digit) },
	{ "password_symbol", FIELD_BOOL, POOL_AT(password.symbol) },
	{ "password_history", FIELD_NUMBER, POOL_AT(password.history) },
	{ "temporary_days", FIELD_NUMBER, POOL_AT(temporary_days) },
	{ "mfa", FIELD_NUMBER, POOL_AT(mfa.mode) },
	{ "mfa_totp", FIELD_BOOL, POOL_AT(mfa.totp) },
	{ "mfa_email", FIELD_BOOL, POOL_AT(mfa.email) },
	{ "first_factors", FIELD_TEXTS, POOL_AT(first_factors) },
	{ "recovery", FIELD_TEXT, POOL_AT(recovery[0].name) },
	{ "recovery_priority", FIELD_NUMBER, POOL_AT(recovery[0].priority) },
	{ "recovery_else", FIELD_TEXT, POOL_AT(recovery[1].name) },
	{ "recovery_else_priority", FIELD_NUMBER,
	  POOL_AT(recovery[1].priority) },
	{ "closed", FIELD_BOOL, POOL_AT(closed) },
	{ "verified", FIELD_TEXTS, POOL_AT(verified) },
	{ "awaited", FIELD_TEXTS, POOL_AT(awaited) },
	{ "aliases", FIELD_TEXTS, POOL_AT(aliases) },
	{ "usernames", FIELD_TEXTS, POOL_AT(usernames) },
	{ "case_sensitive", FIELD_BOOL, POOL_AT(case_sensitive) },
	{ "schema", FIELD_RULES, POOL_AT(schema) },
	{ "tags", FIELD_TEXTS, POOL_AT(tags) },
	{ "tag_values", FIELD_TEXTS, POOL_AT(tag_values) },
	{ 0 }
};

static const struct field client_fields[] = {
	{ "id", FIELD_TEXT, CLIENT_AT(id) },
	{ "name", FIELD_TEXT, CLIENT_AT(name) },
	{ "pool_id", FIELD_TEXT, CLIENT_AT(pool_id) },
	{ "secret", FIELD_BYTES, CLIENT_AT(secret) },
	{ "created_at", FIELD_NUMBER, CLIENT_AT(created_at) },
	{ "changed_at", FIELD_NUMBER, CLIENT_AT(changed_at) },
	{ "access", FIELD_NUMBER, CLIENT_AT(access.number) },
	{ "access_unit", FIELD_NUMBER, CLIENT_AT(access.unit) },
	{ "id_token", FIELD_NUMBER, CLIENT_AT(id_token.number) },
	{ "id_token_unit", FIELD_NUMBER, CLIENT_AT(id_token.unit) },
	{ "refresh", FIELD_NUMBER, CLIENT_AT(refresh.number) },
	{ "refresh_unit", FIELD_NUMBER, CLIENT_AT(refresh.unit) },
	{ "flows", FIELD_TEXTS, CLIENT_AT(flows) },
	{ "readable", FIELD_TEXTS, CLIENT_AT(readable) },
	{ "writable", FIELD_TEXTS, CLIENT_AT(writable) },
	{ "tells_missing", FIELD_BOOL, CLIENT_AT(tells_missing) },
	{ "irrevocable", FIELD_BOOL, CLIENT_AT(irrevocable) },
	{ "rotates", FIELD_BOOL, CLIENT_AT(rotates) },
	{ "rotation_said", FIELD_BOOL, CLIENT_AT(rotation_said) },
	{ "grace_seconds", FIELD_NUMBER, CLIENT_AT(grace_seconds) },
	{ "session_minutes", FIELD_NUMBER, CLIENT_AT(session_minutes) },
	{ "oauth", FIELD_BOOL, CLIENT_AT(oauth) },
	{ "oauth_flows", FIELD_TEXTS, CLIENT_AT(oauth_flows) },
	{ "oauth_scopes", FIELD_TEXTS, CLIENT_AT(oauth_scopes) },
	{ "callback_urls", FIELD_TEXTS, CLIENT_AT(callback_urls) },
	{ "logout_urls", FIELD_TEXTS, CLIENT_AT(logout_urls) },
	{ "providers", FIELD_TEXTS, CLIENT_AT(providers) },
	{ "redirect_uri", FIELD_TEXT, CLIENT_AT(redirect_uri) },
	{ 0 }
};

static const struct field server_fields[] = {
	{ "id", FIELD_TEXT, SERVER_AT(id) },
	{ "name", FIELD_TEXT, SERVER_AT(name) },
	{ "pool_id", FIELD_TEXT, SERVER_AT(pool_id) },
	{ "changed_at", FIELD_NUMBER, SERVER_AT(changed_at) },
	{ "scopes", FIELD_TEXTS, SERVER_AT(scopes) },
	{ "described", FIELD_TEXTS, SERVER_AT(described) },
	{ 0 }
};

/* The pool's partition. */
static struct slice partition(struct call *c, struct slice pool_id)
{
	return slice_of(arena_printf(c->mem, "%.*s/pool", SLICE_ARGS(pool_id)));
}

static struct slice client_sort(struct call *c,
				const struct auth_client *client)
{
	return slice_of(
	    arena_printf(c->mem, CLIENT "%.*s", SLICE_ARGS(client->id)));
}

static struct slice server_sort(struct call *c,
				const struct auth_resource_server *server)
{
	return slice_of(
	    arena_printf(c->mem, SERVER "%.*s", SLICE_ARGS(server->id)));
}

/* ---- reading -------------------------------------------------------------- */

static void counted(struct kv_step *step)
{
	*(int64_t *)step->arg = item_find_i64(kv_item(step), "changes", 0);
	step->next(step->call);
}

void auth_pools_count(struct call *c, int64_t *out, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, counted, next, out);

	*out = 0;
	if (step)
		kv_send_get(step, TABLE,
			    kv_key(c, "", SLICE("changes"), SLICE("changes")));
}

/* The same rows with room for more. */
static void *grow(struct call *c, void *rows, size_t count, size_t more,
		  size_t size)
{
	char *grown = arena_array(c->mem, count + more, size);

	if (grown && count)
		memcpy(grown, rows, count * size);
	return grown;
}

static void read_row(struct call *c, struct auth_pool_rows *rows,
		     struct slice item)
{
	struct slice sort = item_find_text(item, ITEM_S, "sk");

	if (slice_equal(sort, POOL))
		fields_read(c->mem, pool_fields, item,
			    &rows->pools[rows->pool_count++]);
	else if (slice_starts(sort, SLICE(CLIENT)))
		fields_read(c->mem, client_fields, item,
			    &rows->clients[rows->client_count++]);
	else if (slice_starts(sort, SLICE(SERVER)))
		fields_read(c->mem, server_fields, item,
			    &rows->servers[rows->server_count++]);
	else if (slice_equal(item_find_text(item, ITEM_S, "pk"), GONE)) {
		rows->gone = sort;
		rows->gone_ms = item_find_i64(item, "gone_ms", 0);
	}
}

static void scan(struct call *, struct auth_pool_rows *,
		 const ProtobufCBinaryData *start, auth_next_fn *);

static void scanned(struct kv_step *step)
{
	const Parlor__Kv__V1__ScanResponse *answer =
	    kv_answer(step, &parlor__kv__v1__scan_response__descriptor);
	struct auth_pool_rows *rows = step->arg;
	struct call *c = step->call;

	if (answer) {
		rows->pools = grow(c, rows->pools, rows->pool_count,
				   answer->n_items, sizeof(*rows->pools));
		rows->clients = grow(c, rows->clients, rows->client_count,
				     answer->n_items, sizeof(*rows->clients));
		rows->servers = grow(c, rows->servers, rows->server_count,
				     answer->n_items, sizeof(*rows->servers));
	}
	if (!answer || call_status(c)) {
		step->next(c);
		return;
	}
	for (size_t i = 0; i < answer->n_items; i++)
		read_row(c, rows, kv_slice(answer->items[i]));
	if (answer->has_last_evaluated_key)
		scan(c, rows, &answer->last_evaluated_key, step->next);
	else
		step->next(c);
}

static void scan(struct call *c, struct auth_pool_rows *rows,
		 const ProtobufCBinaryData *start, auth_next_fn *next)
{
	Parlor__Kv__V1__ScanRequest request =
	    PARLOR__KV__V1__SCAN_REQUEST__INIT;
	struct kv_step *step = kv_step_new(c, scanned, next, rows);

	if (!step)
		return;
	request.table_name = (char *)TABLE;
	request.has_consistent_read = request.consistent_read = 1;
	if (start) {
		request.has_exclusive_start_key = 1;
		request.exclusive_start_key = *start;
	}
	kv_send(step, "Scan", &request.base, true);
}

void auth_pools_list(struct call *c, struct auth_pool_rows *out,
		     auth_next_fn *next)
{
	*out = (struct auth_pool_rows){ 0 };
	scan(c, out, NULL, next);
}

/* ---- writing -------------------------------------------------------------- */

static void changed(struct kv_step *step)
{
	kv_next(step, E_CONCURRENT,
		"The user pool has just been changed: try again.");
}

/* The writes, with room for one more: the change is counted. */
static void send_changes(struct kv_step *step, struct kv_write *writes,
			 size_t count)
{
	struct call *c = step->call;
	struct buffer values;

	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	writes[count] = (struct kv_write){
		.table = TABLE,
		.key = kv_key(c, "", SLICE("changes"), SLICE("changes")),
		.update = "ADD changes :one",
		.values = kv_bytes(c, &values),
	};
	kv_send_transaction(step, writes, count + 1);
}

static void send_change(struct kv_step *step, const struct kv_write *write)
{
	struct kv_write writes[2] = { *write };

	send_changes(step, writes, 1);
}

/* Is the item still the one that was read? */
static ProtobufCBinaryData is_before(struct call *c, int64_t changed_at)
{
	struct buffer values;

	kv_item_begin(&values);
	item_put_i64(&values, ":before", changed_at);
	return kv_bytes(c, &values);
}

#define UNCHANGED "changed_at = :before"

static void put(struct call *c, struct slice pool_id, struct slice sort,
		const struct field *fields, const void *from, int64_t before,
		auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct kv_write write = { .table = TABLE };
	struct buffer item;

	if (!step)
		return;
	kv_item_begin(&item);
	kv_put_key(&item, "", partition(c, pool_id), sort);
	fields_put(&item, fields, from);
	write.item = kv_bytes(c, &item);
	write.condition = "attribute_not_exists(pk)";
	if (before) {
		write.condition = UNCHANGED;
		write.values = is_before(c, before);
	}
	send_change(step, &write);
}

void auth_pools_put(struct call *c, const struct auth_pool *pool,
		    int64_t before, auth_next_fn *next)
{
	put(c, pool->id, POOL, pool_fields, pool, before, next);
}

void auth_pools_put_client(struct call *c, const struct auth_client *client,
			   int64_t before, auth_next_fn *next)
{
	put(c, client->pool_id, client_sort(c, client), client_fields, client,
	    before, next);
}

void auth_pools_put_server(struct call *c,
			   const struct auth_resource_server *server,
			   int64_t before, auth_next_fn *next)
{
	put(c, server->pool_id, server_sort(c, server), server_fields, server,
	    before, next);
}

static void touched(struct kv_step *step)
{
	step->next(step->call);
}

void auth_pools_touch(struct call *c, auth_next_fn *next)
{
	const struct auth_scope *scope = c->scope;
	struct kv_step *step = kv_step_new(c, touched, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":one", 1);
	send_change(step,
		    &(struct kv_write){
			.table = TABLE,
			.key =
			    kv_key(c, "", partition(c, scope->pool->id), POOL),
			.update = "ADD changed_at :one",
			.condition = "attribute_exists(pk)",
			.values = kv_bytes(c, &values) });
}

static void remove_row(struct call *c, struct slice pool_id, struct slice sort,
		       auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);

	if (step)
		send_change(step,
			    &(struct kv_write){
				.table = TABLE,
				.key =
				    kv_key(c, "", partition(c, pool_id), sort),
			    });
}

void auth_pools_delete_client(struct call *c, const struct auth_client *client,
			      auth_next_fn *next)
{
	remove_row(c, client->pool_id, client_sort(c, client), next);
}

void auth_pools_delete_server(struct call *c,
			      const struct auth_resource_server *server,
			      auth_next_fn *next)
{
	remove_row(c, server->pool_id, server_sort(c, server), next);
}

/* ---- a pool's end --------------------------------------------------------- */

void auth_pools_delete(struct call *c, const struct auth_pool *pool,
		       struct slice issuer, int64_t expires_at,
		       auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct kv_write writes[4];
	struct buffer item;

	if (!step)
		return;
	writes[0] = (struct kv_write){
		.table = TABLE,
		.key = kv_key(c, "", partition(c, pool->id), POOL),
		.condition = UNCHANGED,
		.values = is_before(c, pool->changed_at),
	};
	kv_item_begin(&item);
	kv_put_key(&item, "", GONE, pool->id);
	item_put_i64(&item, "gone_ms", c->now_ms);
	writes[1] =
	    (struct kv_write){ .table = TABLE, .item = kv_bytes(c, &item) };
	writes[2] =
	    auth_revocations_write(c, REVOKE_ISSUER, issuer, 0, expires_at);
	send_changes(step, writes, 3);
}

static void leased(struct kv_step *step)
{
	*(bool *)step->arg = !step->refused && !call_failed(step->call);
	step->next(step->call);
}

void auth_pools_lease(struct call *c, struct slice pool_id,
		      struct slice replica, int64_t until_ms, bool *taken,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, leased, next, taken);
	struct buffer values;

	*taken = false;
	if (!step)
		return;
	kv_item_begin(&values);
	item_put_text(&values, ":us", ITEM_S, replica);
	item_put_i64(&values, ":now", c->now_ms);
	item_put_i64(&values, ":until", until_ms);
	kv_send_write(step,
		      &(struct kv_write){
			  .table = TABLE,
			  .key = kv_key(c, "", GONE, pool_id),
			  .update = "SET swept_by = :us, swept_until = :until",
			  .condition = "attribute_exists(gone_ms) AND "
				       "(attribute_not_exists(swept_until) OR "
				       "swept_until < :now OR swept_by = :us)",
			  .values = kv_bytes(c, &values),
			  .repeatable = true });
}

void auth_pools_forget(struct call *c, struct slice pool_id, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);

	if (step)
		send_change(step, &(struct kv_write){
				      .table = TABLE,
				      .key = kv_key(c, "", GONE, pool_id) });
}
