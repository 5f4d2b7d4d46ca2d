/* services/auth/store/user_list.c - the pool's users, some at a time
 *
 * The table is scanned, since a pool is searched by its administrators, now and
 * then, and each index would cost every sign-up a write.
 */
#include "services/auth/store/user_list.h"
#include "lib/item/item.h"
#include "services/auth/store/users.h"

enum {
	TURNS = 8,	 /* pages of the store for one of ours */
	EVERYBODY = 100, /* items of such a page, where all are wanted */
	NAMES = 3,
};

typedef Parlor__Kv__V1__ScanRequest__ExpressionAttributeNamesEntry name_entry;

/* A Scan's expression while it is put together. */
struct search {
	const char *filter;
	name_entry rows[NAMES], *names[NAMES];
	size_t count;
	struct buffer values;
};

static void name_it(struct search *s, const char *key, const char *value)
{
	name_entry *row = &s->rows[s->count];

	parlor__kv__v1__scan_request__expression_attribute_names_entry__init(
	    row);
	row->key = (char *)key;
	row->value = (char *)value;
	s->names[s->count++] = row;
}

/* The attribute's place; NULL: it is compared in another way. */
static const char *path_of(struct search *s, const struct auth_user_filter *f)
{
	switch (f->what) {
	case AUTH_WANT_ATTRIBUTE:
		name_it(s, "#attributes", "attributes");
		name_it(s, "#name", auth_attribute_name(f->attribute));
		return "#attributes.#name";
	case AUTH_WANT_USERNAME:
		return "pk";
	case AUTH_WANT_SUB:
		return "#sub";
	case AUTH_WANT_STATUS:
		return "account_status";
	default:
		return NULL;
	}
}

static bool begins(struct slice text, const struct auth_user_filter *f)
{
	return f->prefix ? slice_starts(text, f->value)
			 : slice_equal(text, f->value);
}

/* What one who is disabled has, or has not. */
static const char *disabled_is(const struct auth_user_filter *f)
{
	bool on = begins(SLICE("Enabled"), f);
	bool off = begins(SLICE("Disabled"), f);

	if (on && off)
		return "";
	if (on)
		return " AND (attribute_not_exists(disabled) OR disabled = "
		       ":false)";
	return off ? " AND disabled = :true" : NULL;
}

static struct slice value_of(struct call *c, const struct auth_user_filter *f)
{
	struct slice name;

	if (f->what != AUTH_WANT_USERNAME)
		return f->value;
	name = kv_name(c, f->value);
	return slice_of(arena_printf(c->mem, "%s%.*s",
				     kv_pool_prefix(c, AUTH_USERS_PREFIX),
				     SLICE_ARGS(name)));
}

/* False: nobody can be found. */
static bool put_filter(struct call *c, struct search *s,
		       const struct auth_user_filter *f)
{
	const char *path = path_of(s, f), *rest = "";

	if (f->what == AUTH_WANT_ENABLED) {
		rest = disabled_is(f);
		if (!rest)
			return false;
		if (strstr(rest, ":true"))
			item_put_bool(&s->values, ":true", true);
		if (strstr(rest, ":false"))
			item_put_bool(&s->values, ":false", false);
	} else if (path) {
		item_put_text(&s->values, ":value", ITEM_S, value_of(c, f));
		rest = arena_printf(c->mem,
				    f->prefix ? " AND begins_with(%s, :value)"
					      : " AND %s = :value",
				    path);
	}
	/* an account has a sub, what a guest left behind has none */
	s->filter =
	    arena_printf(c->mem,
			 "begins_with(pk, :user) AND attribute_exists(#sub)%s",
			 rest);
	return true;
}

static void scan(struct call *, struct auth_user_page *, auth_next_fn *next);

/* Where the store goes on behind an item: its sort key and its partition key, on
 * a line each; neither has a line's end in it. */
static struct slice place_of(struct call *c, struct slice item)
{
	struct slice pk = item_find_text(item, ITEM_S, "pk");
	struct slice sk = item_find_text(item, ITEM_S, "sk");

	return slice_of(
	    arena_printf(c->mem, "%.*s\n%.*s", SLICE_ARGS(sk), SLICE_ARGS(pk)));
}

static ProtobufCBinaryData key_of(struct call *c, struct slice place)
{
	struct slice sort = slice_cut(&place, '\n');

	return kv_key(c, "", place, sort);
}

static void scanned(struct kv_step *step)
{
	const Parlor__Kv__V1__ScanResponse *answer =
	    kv_answer(step, &parlor__kv__v1__scan_response__descriptor);
	struct auth_user_page *page = step->arg;
	struct call *c = step->call;
	size_t i = 0;

	if (!answer) {
		step->next(c);
		return;
	}
	for (; i < answer->n_items && page->count < page->limit; i++)
		page->rows[page->count++] =
		    auth_users_read(c, kv_slice(answer->items[i]));
	if (i < answer->n_items)
		page->last = place_of(c, kv_slice(answer->items[i - 1]));
	else if (answer->has_last_evaluated_key)
		page->last = place_of(c, kv_slice(answer->last_evaluated_key));
	else
		page->last = (struct slice){ 0 };
	if (call_status(c) || page->count == page->limit || !page->last.size ||
	    ++page->turns == TURNS)
		step->next(c);
	else
		scan(c, page, step->next);
}

static void scan(struct call *c, struct auth_user_page *page,
		 auth_next_fn *next)
{
	Parlor__Kv__V1__ScanRequest request =
	    PARLOR__KV__V1__SCAN_REQUEST__INIT;
	struct search search = { .count = 0 };
	struct kv_step *step;

	kv_item_begin(&search.values);
	if (!put_filter(c, &search, page->wanted)) {
		buffer_release(&search.values);
		next(c);
		return;
	}
	name_it(&search, "#sub", "sub");
	item_put_text(&search.values, ":user", ITEM_S,
		      slice_of(kv_pool_prefix(c, AUTH_USERS_PREFIX)));
	request.table_name = (char *)AUTH_USERS;
	request.filter_expression = (char *)search.filter;
	request.n_expression_attribute_names = search.count;
	request.expression_attribute_names = search.names;
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &search.values);
	request.has_limit = page->wanted->what == AUTH_WANT_ALL;
	request.limit = EVERYBODY;
	request.has_consistent_read = request.consistent_read = 1;
	request.has_exclusive_start_key = page->last.size > 0;
	if (page->last.size)
		request.exclusive_start_key = key_of(c, page->last);
	step = kv_step_new(c, scanned, next, page);
	if (step)
		kv_send(step, "Scan", &request.base, true);
}

void auth_users_list(struct call *c, struct auth_user_page *page,
		     auth_next_fn *next)
{
	page->count = 0;
	page->last = page->after;
	page->rows = arena_array(c->mem, page->limit, sizeof(*page->rows));
	if (call_status(c))
		next(c);
	else
		scan(c, page, next);
}
