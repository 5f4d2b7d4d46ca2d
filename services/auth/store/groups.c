/* services/auth/store/groups.c - groups and who is in them, in parlor.users */
#include "services/auth/store/groups.h"
#include "lib/item/item.h"
#include "services/auth/store/transaction.h"
#include "services/auth/store/users.h"

#define TABLE (char *)AUTH_USERS
#define GROUPS "groups"
#define MEMBERS "group#"
#define COUNTS "counts"

static struct slice text(struct slice item, const char *name)
{
	return item_find_text(item, ITEM_S, name);
}

static void put_text(struct buffer *item, const char *name, struct slice value)
{
	if (value.size)
		item_put_text(item, name, ITEM_S, value);
}

/* ---- a group and its item --------------------------------------------------
 */

static ProtobufCBinaryData key_of(struct call *c, struct slice name)
{
	return kv_key(c, kv_pool_prefix(c, GROUPS), SLICE(""), name);
}

static ProtobufCBinaryData item_of(struct call *c,
				   const struct auth_group *group)
{
	struct buffer item;

	kv_item_begin(&item);
	kv_put_key(&item, kv_pool_prefix(c, GROUPS), SLICE(""), group->name);
	put_text(&item, "description", group->description);
	put_text(&item, "role", group->role);
	item_put_i64(&item, "precedence", group->precedence);
	item_put_i64(&item, "created_at", group->created_at);
	item_put_i64(&item, "modified_at", group->modified_at);
	item_put_i64(&item, "version", group->version);
	item_put_bool(&item, "going", group->going);
	return kv_bytes(c, &item);
}

static struct auth_group read_group(struct slice item)
{
	return (struct auth_group){
		.name = text(item, "sk"),
		.description = text(item, "description"),
		.role = text(item, "role"),
		.precedence =
		    item_find_i64(item, "precedence", AUTH_PRECEDENCE_NONE),
		.created_at = item_find_i64(item, "created_at", 0),
		.modified_at = item_find_i64(item, "modified_at", 0),
		.version = item_find_i64(item, "version", 0),
		.going = item_find(item, "going").truth,
	};
}

/* How many groups the pool has, counted with each that comes or goes. */
static struct kv_write count(struct call *c, int64_t more)
{
	struct buffer values;

	kv_item_begin(&values);
	item_put_i64(&values, ":more", more);
	if (more > 0)
		item_put_i64(&values, ":most", AUTH_GROUPS_OF_POOL);
	return (struct kv_write){
		.table = TABLE,
		.key = kv_key(c, kv_pool_prefix(c, COUNTS), SLICE(""),
			      SLICE(GROUPS)),
		.update = "ADD how_many :more",
		.condition = more > 0 ? "attribute_not_exists(how_many) OR "
					"how_many < :most"
				      : NULL,
		.values = kv_bytes(c, &values),
	};
}

/* Which of the two was it? */
static void refused(struct kv_step *step)
{
	if (kv_item(step).size)
		call_fail(step->call, E_GROUP_EXISTS,
			  "A group with the name already exists.");
	else
		call_fail(step->call, E_LIMIT,
			  "The user pool has %d groups already.",
			  AUTH_GROUPS_OF_POOL);
	step->next(step->call);
}

static void created(struct kv_step *step)
{
	const struct auth_group *group = step->arg;
	struct call *c = step->call;
	auth_next_fn *next = step->next;

	if (!step->refused) {
		next(c);
		return;
	}
	step = kv_step_new(c, refused, next, NULL);
	if (step)
		kv_send_get(step, TABLE, key_of(c, group->name));
}

void auth_groups_create(struct call *c, const struct auth_group *group,
			auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, created, next, (void *)group);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = (struct kv_write){
		.table = TABLE,
		.item = item_of(c, group),
		.condition = "attribute_not_exists(pk)",
	};
	writes[1] = count(c, 1);
	kv_send_transaction(step, writes, 2);
}

static void got(struct kv_step *step)
{
	struct slice item = kv_item(step);
	struct auth_group **out = step->arg;

	if (item.size) {
		*out = arena_alloc(step->call->mem, sizeof(**out));
		if (*out)
			**out = read_group(item);
	}
	call_status(step->call);
	step->next(step->call);
}

void auth_groups_get(struct call *c, struct slice name, struct auth_group **out,
		     auth_next_fn *next)
{
	struct kv_step *step;

	*out = NULL;
	step = kv_step_new(c, got, next, out);
	if (step)
		kv_send_get(step, TABLE, key_of(c, name));
}

static void changed(struct kv_step *step)
{
	kv_next(step, E_ABORTED,
		"The group or the account has just changed: try again.");
}

void auth_groups_put(struct call *c, const struct auth_group *group,
		     auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct buffer values;

	if (!step)
		return;
	kv_item_begin(&values);
	item_put_i64(&values, ":before", group->version - 1);
	kv_send_write(step,
		      &(struct kv_write){ .table = TABLE,
					  .item = item_of(c, group),
					  .condition = "version = :before",
					  .values = kv_bytes(c, &values) });
}

static void done(struct kv_step *step)
{
	step->next(step->call);
}

/* One that has gone meanwhile is counted no further time. */
void auth_groups_delete(struct call *c, struct slice name, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, done, next, NULL);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = (struct kv_write){ .table = TABLE,
				       .key = key_of(c, name),
				       .condition = "attribute_exists(pk)" };
	writes[1] = count(c, -1);
	kv_send_transaction(step, writes, 2);
}

/* ---- pages -----------------------------------------------------------------
 */

/* The items of a partition behind a sort key. */
static void query(struct kv_step *step, const char *prefix, struct slice name,
		  struct slice after, size_t limit)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct call *c = step->call;
	struct buffer values;

	kv_item_begin(&values);
	item_put_text(&values, ":pk", ITEM_S,
		      slice_of(arena_printf(c->mem, "%s%.*s",
					    kv_pool_prefix(c, prefix),
					    SLICE_ARGS(name))));
	put_text(&values, ":after", after);
	request.table_name = TABLE;
	request.key_condition_expression =
	    (char *)(after.size ? "pk = :pk AND sk > :after" : "pk = :pk");
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	request.has_limit = 1;
	request.limit = (int32_t)limit;
	request.has_consistent_read = request.consistent_read = 1;
	kv_send(step, "Query", &request.base, true);
}

static const Parlor__Kv__V1__QueryResponse *page_of(struct kv_step *step)
{
	return kv_answer(step, &parlor__kv__v1__query_response__descriptor);
}

static void listed(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer = page_of(step);
	struct auth_group_page *page = step->arg;

	if (answer) {
		page->rows = arena_array(step->call->mem, answer->n_items + 1,
					 sizeof(*page->rows));
		page->count = page->rows ? answer->n_items : 0;
		page->more = answer->has_last_evaluated_key;
	}
	for (size_t i = 0; answer && i < page->count; i++)
		page->rows[i] = read_group(kv_slice(answer->items[i]));
	call_status(step->call);
	step->next(step->call);
}

void auth_groups_list(struct call *c, struct auth_group_page *page,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, listed, next, page);

	page->count = 0;
	if (step)
		query(step, GROUPS, SLICE(""), page->after, page->limit);
}

static void members_listed(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer = page_of(step);
	struct auth_member_page *page = step->arg;

	if (answer) {
		page->names = arena_array(step->call->mem, answer->n_items + 1,
					  sizeof(*page->names));
		page->count = page->names ? answer->n_items : 0;
		page->more = answer->has_last_evaluated_key;
	}
	for (size_t i = 0; answer && i < page->count; i++)
		page->names[i] = text(kv_slice(answer->items[i]), "sk");
	call_status(step->call);
	step->next(step->call);
}

void auth_groups_members(struct call *c, struct slice group,
			 struct auth_member_page *page, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, members_listed, next, page);

	page->count = 0;
	if (step)
		query(step, MEMBERS, group, page->after, page->limit);
}

/* ---- in an account's item --------------------------------------------------
 */

struct auth_groups auth_groups_read(struct call *c, struct slice item)
{
	struct slice list = item_find(item, AUTH_MEMBER_OF).bytes, rest = list;
	struct auth_groups groups = { .count = 0 };
	struct item_value value;
	size_t room = 0;

	while (item_next_value(ITEM_L, &rest, &value) == 1)
		room++;
	if (!room)
		return groups;
	groups.rows = arena_array(c->mem, room, sizeof(*groups.rows));
	while (groups.rows && groups.count < room &&
	       item_next_value(ITEM_L, &list, &value) == 1)
		groups.rows[groups.count++] = (struct auth_group){
			.name = text(value.bytes, "name"),
			.role = text(value.bytes, "role"),
			.precedence = item_find_i64(value.bytes, "precedence",
						    AUTH_PRECEDENCE_NONE),
		};
	return groups;
}

/* What tokens say of them: a list of maps. */
static void put_groups(struct buffer *values, const char *name,
		       const struct auth_groups *groups)
{
	struct buffer list, one;

	kv_item_begin(&list);
	kv_item_begin(&one);
	for (size_t i = 0; i < groups->count; i++) {
		const struct auth_group *group = &groups->rows[i];

		buffer_reset(&one);
		item_put_text(&one, "name", ITEM_S, group->name);
		item_put_i64(&one, "precedence", group->precedence);
		put_text(&one, "role", group->role);
		item_put_value(&list, ITEM_L, ITEM_M, buffer_slice(&one));
	}
	item_put_inner(values, name, ITEM_L, buffer_slice(&list));
	values->failed |= list.failed || one.failed;
	buffer_release(&list);
	buffer_release(&one);
}

/* The account's groups, if they are still those that were read. */
static struct kv_write membership(struct call *c, const struct auth_user *user,
				  const struct auth_groups *now)
{
	struct buffer values;

	kv_item_begin(&values);
	put_groups(&values, ":now", now);
	put_groups(&values, ":before", &user->groups);
	item_put_text(&values, ":sub", ITEM_S, user->sub);
	return (struct kv_write){
		.table = AUTH_USERS,
		.key = auth_users_key(c, user->username),
		.update = "SET " AUTH_MEMBER_OF " = :now",
		.condition = user->groups.count
				 ? "#sub = :sub AND " AUTH_MEMBER_OF
				   " = :before"
				 : "#sub = :sub AND "
				   "(attribute_not_exists(" AUTH_MEMBER_OF
				   ") OR " AUTH_MEMBER_OF " = :before)",
		.values = kv_bytes(c, &values),
		.name = "sub",
	};
}

/* ---- members ---------------------------------------------------------------
 */

static ProtobufCBinaryData member_key(struct call *c, struct slice group,
				      struct slice username)
{
	return kv_key(c, kv_pool_prefix(c, MEMBERS), group,
		      kv_name(c, username));
}

/* A group that is about to go takes in nobody, nor does one that has changed
 * after what is to be said of it was read. */
static struct kv_write unchanged(struct call *c, const struct auth_group *group)
{
	struct buffer values;

	kv_item_begin(&values);
	item_put_i64(&values, ":version", group->version);
	item_put_bool(&values, ":false", false);
	return (struct kv_write){
		.table = AUTH_USERS,
		.key = key_of(c, group->name),
		.checks = true,
		.condition = "version = :version AND going = :false",
		.values = kv_bytes(c, &values),
	};
}

void auth_groups_join(struct call *c, const struct auth_group *group,
		      const struct auth_user *user,
		      const struct auth_groups *now, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct kv_write writes[3];

	if (!step)
		return;
	writes[0] = membership(c, user, now);
	writes[1] = (struct kv_write){
		.table = AUTH_USERS,
		.item = member_key(c, group->name, user->username),
	};
	writes[2] = unchanged(c, group);
	kv_send_transaction(step, writes, 3);
}

void auth_groups_leave(struct call *c, struct slice group,
		       const struct auth_user *user,
		       const struct auth_groups *now, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = membership(c, user, now);
	writes[1] = (struct kv_write){
		.table = AUTH_USERS,
		.key = member_key(c, group, user->username),
	};
	kv_send_transaction(step, writes, 2);
}

void auth_groups_set(struct call *c, const struct auth_user *user,
		     const struct auth_groups *now, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, changed, next, NULL);
	struct kv_write write;

	if (!step)
		return;
	write = membership(c, user, now);
	kv_send_transaction(step, &write, 1);
}

void auth_groups_drop(struct call *c, struct slice group, struct slice username,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, done, next, NULL);

	if (step)
		kv_send_write(step, &(struct kv_write){
					.table = TABLE,
					.key = member_key(c, group, username),
					.repeatable = true });
}

/* ---- of a user that goes ---------------------------------------------------
 */

struct forgetting {
	const struct auth_user *user;
	size_t at;
};

static void forget_some(struct call *, struct forgetting *, auth_next_fn *next);

static void forgotten(struct kv_step *step)
{
	struct forgetting *f = step->arg;

	if (!call_failed(step->call) && f->at < f->user->groups.count)
		forget_some(step->call, f, step->next);
	else
		step->next(step->call);
}

static void forget_some(struct call *c, struct forgetting *f,
			auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, forgotten, next, f);
	struct kv_write writes[KV_WRITES_MAX];
	size_t count = 0;

	if (!step)
		return;
	while (count < KV_WRITES_MAX && f->at < f->user->groups.count)
		writes[count++] = (struct kv_write){
			.table = AUTH_USERS,
			.key = member_key(c, f->user->groups.rows[f->at++].name,
					  f->user->username),
		};
	kv_send_transaction(step, writes, count);
}

void auth_groups_forget(struct call *c, const struct auth_user *user,
			auth_next_fn *next)
{
	struct forgetting *f = arena_zalloc(c->mem, sizeof(*f));

	if (call_status(c) || !user->groups.count) {
		next(c);
		return;
	}
	f->user = user;
	forget_some(c, f, next);
}
