/* services/auth/store/letters.c - letters that wait to leave, in parlor.mail */
#include "services/auth/store/letters.h"
#include "lib/base/random.h"
#include "lib/item/item.h"
#include "services/auth/store/transaction.h"

#define WAITING SLICE("waiting")
#define COUNT SLICE("count")
#define NOBODY SLICE("nobody")
#define THERE "attribute_exists(pk)"

enum { STAMP = 13 /* digits of a time in milliseconds */ };

/* Where a sealed letter belongs. */
static struct slice place(struct call *c, struct slice id)
{
	return slice_of(
	    arena_printf(c->mem, AUTH_LETTERS_TABLE "/%.*s", SLICE_ARGS(id)));
}

/* TIME#ID: in order of time. */
static struct slice sort_key(struct call *c, const struct auth_waiting *w)
{
	return slice_of(arena_printf(c->mem, "%0*lld#%.*s", STAMP,
				     (long long)w->due_ms, SLICE_ARGS(w->id)));
}

static ProtobufCBinaryData waiting_key(struct call *c,
				       const struct auth_waiting *w)
{
	return kv_key(c, "", WAITING, sort_key(c, w));
}

/* ---- a letter's bytes ------------------------------------------------------ */

static struct slice seal_letter(struct call *c, const struct seal *seal,
				const struct auth_letter *l, struct slice id)
{
	struct buffer item;
	struct slice sealed;

	kv_item_begin(&item);
	item.wipes = true;
	item_put_text(&item, "kind", ITEM_S,
		      slice_of(auth_letter_name(l->kind)));
	item_put_text(&item, "to", ITEM_S, l->to);
	item_put_text(&item, "username", ITEM_S, l->username);
	item_put_text(&item, "locale", ITEM_S, l->locale);
	item_put_text(&item, "secret", ITEM_S, l->secret);
	sealed = seal_close(seal, buffer_slice(&item), place(c, id), c->mem);
	buffer_release(&item);
	return sealed;
}

static bool open_letter(struct call *c, const struct seal *seal,
			const struct auth_waiting *w, struct auth_letter *l)
{
	struct slice item;

	if (seal_open(seal, w->sealed, place(c, w->id), c->mem, &item))
		return false;
	l->kind = auth_letter_kind(item_find_text(item, ITEM_S, "kind"));
	l->to = item_find_text(item, ITEM_S, "to");
	l->username = item_find_text(item, ITEM_S, "username");
	l->locale = item_find_text(item, ITEM_S, "locale");
	l->secret = item_find_text(item, ITEM_S, "secret");
	return l->kind != AUTH_LETTERS;
}

static struct kv_write put(struct call *c, struct slice partition,
			   const struct auth_waiting *w)
{
	struct buffer item;

	kv_item_begin(&item);
	kv_put_key(&item, "", partition, sort_key(c, w));
	item_put_text(&item, "id", ITEM_S, w->id);
	item_put_text(&item, "sealed", ITEM_B, w->sealed);
	item_put_i64(&item, "created_at", w->created_ms);
	item_put_i64(&item, "tries", w->tries);
	if (slice_is(partition, "nobody"))
		item_put_i64(&item, "expires_at", w->created_ms / 1000);
	return (struct kv_write){ .table = AUTH_LETTERS_TABLE,
				  .item = kv_bytes(c, &item) };
}

/* One more or less are waiting; of `most` at most. */
static struct kv_write count(struct call *c, int64_t change, int64_t most)
{
	struct buffer values;

	kv_item_begin(&values);
	item_put_i64(&values, ":change", change);
	if (most)
		item_put_i64(&values, ":most", most);
	return (struct kv_write){
		.table = AUTH_LETTERS_TABLE,
		.key = kv_key(c, "", COUNT, COUNT),
		.update = "ADD letters :change",
		.condition = most ? "attribute_not_exists(letters) OR "
				    "letters < :most"
				  : NULL,
		.values = kv_bytes(c, &values),
	};
}

/* ---- in and out ------------------------------------------------------------ */

static void stored(struct kv_step *step)
{
	kv_next(step, E_CODE_DELIVERY, "Too many letters wait to be sent.");
}

void auth_letters_put(struct call *c, const struct seal *seal,
		      const struct auth_letter *letter, int64_t most,
		      auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, stored, next, NULL);
	char id[AUTH_LETTER_ID + 1];
	struct auth_waiting w = { .due_ms = c->now_ms,
				  .created_ms = c->now_ms };
	bool nobody = !letter->to.size;
	struct kv_write writes[2];

	if (!step)
		return;
	random_text(id, AUTH_LETTER_ID, "abcdefghijklmnopqrstuvwxyz0123456789");
	w.id = slice_of(id);
	w.sealed = seal_letter(c, seal, letter, w.id);
	writes[0] = put(c, nobody ? NOBODY : WAITING, &w);
	writes[1] = count(c, nobody ? 0 : 1, most);
	kv_send_transaction(step, writes, 2);
}

static void moved(struct kv_step *step)
{
	*(bool *)step->arg = step->refused;
	step->next(step->call);
}

static struct kv_write taken(struct call *c, const struct auth_waiting *w)
{
	return (struct kv_write){ .table = AUTH_LETTERS_TABLE,
				  .key = waiting_key(c, w),
				  .condition = THERE };
}

void auth_letters_move(struct call *c, struct auth_waiting *w, int64_t due_ms,
		       int64_t tries, bool *lost, auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, moved, next, lost);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = taken(c, w);
	w->due_ms = due_ms == w->due_ms ? due_ms + 1 : due_ms; /* another key */
	w->tries = tries;
	writes[1] = put(c, WAITING, w);
	kv_send_transaction(step, writes, 2);
}

/* That it was gone already is as good. */
static void removed(struct kv_step *step)
{
	step->next(step->call);
}

void auth_letters_remove(struct call *c, const struct auth_waiting *w,
			 auth_next_fn *next)
{
	struct kv_step *step = kv_step_new(c, removed, next, NULL);
	struct kv_write writes[2];

	if (!step)
		return;
	writes[0] = taken(c, w);
	writes[1] = count(c, -1, 0);
	kv_send_transaction(step, writes, 2);
}

/* ---- what is due ----------------------------------------------------------- */

struct listing {
	const struct seal *seal;
	struct auth_letters *out;
};

static void read_waiting(struct call *c, const struct seal *seal,
			 struct slice item, struct auth_waiting *w)
{
	struct slice due = item_find_text(item, ITEM_S, "sk");
	uint64_t stamp = 0;

	slice_to_u64(slice_cut(&due, '#'), INT64_MAX, &stamp);
	w->due_ms = (int64_t)stamp;
	w->id = item_find_text(item, ITEM_S, "id");
	w->created_ms = item_find_i64(item, "created_at", 0);
	w->tries = item_find_i64(item, "tries", 0);
	w->sealed = item_find(item, "sealed").bytes;
	w->readable = open_letter(c, seal, w, &w->letter);
}

static void listed(struct kv_step *step)
{
	const Parlor__Kv__V1__QueryResponse *answer =
	    kv_answer(step, &parlor__kv__v1__query_response__descriptor);
	const struct listing *listing = step->arg;
	struct auth_letters *out = listing->out;

	for (size_t i = 0;
	     answer && i < answer->n_items && out->count < AUTH_LETTERS_PAGE;
	     i++)
		read_waiting(step->call, listing->seal,
			     kv_slice(answer->items[i]),
			     &out->rows[out->count++]);
	step->next(step->call);
}

void auth_letters_list(struct call *c, const struct seal *seal,
		       struct auth_letters *out, auth_next_fn *next)
{
	Parlor__Kv__V1__QueryRequest request =
	    PARLOR__KV__V1__QUERY_REQUEST__INIT;
	struct listing *listing = arena_alloc(c->mem, sizeof(*listing));
	struct kv_step *step = kv_step_new(c, listed, next, listing);
	struct buffer values;

	*out = (struct auth_letters){ .count = 0 };
	if (!step)
		return;
	*listing = (struct listing){ seal, out };
	kv_item_begin(&values);
	item_put_text(&values, ":waiting", ITEM_S, WAITING);
	request.table_name = (char *)AUTH_LETTERS_TABLE;
	request.key_condition_expression = (char *)"pk = :waiting";
	request.has_expression_attribute_values = 1;
	request.expression_attribute_values = kv_bytes(c, &values);
	request.has_consistent_read = request.consistent_read = 1;
	request.has_limit = 1;
	request.limit = AUTH_LETTERS_PAGE;
	kv_send(step, "Query", &request.base, true);
}
