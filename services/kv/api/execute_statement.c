/* services/kv/api/execute_statement.c - ExecuteStatement's messages */
#include "services/kv/op/execute_statement.h"
#include "lib/crypto/base64.h"
#include "lib/crypto/hash.h"
#include "lib/wire/message.h"
#include "lib/wire/wire.h"
#include "services/kv/api/item_write.h"
#include "services/kv/api/items.h"
#include "services/kv/api/statement.h"
#include "services/kv/api/table_message.h"

typedef Parlor__Kv__V1__ExecuteStatementRequest request;
typedef Parlor__Kv__V1__ExecuteStatementResponse response;

/* Fields of ExecuteStatementResponse. */
enum { ANSWER_ITEMS = 1 };

enum {
	ANSWER_MAX = 24 << 20, /* as Query's and Scan's */
	TOKEN_MAX = 32768,     /* characters of a NextToken */
};

/* What is kept of a SELECT until it is answered. */
struct reading {
	struct kv_select select;
	struct buffer items; /* as bytes of the answer */
	enum api_capacity capacity;
	uint8_t digest[HASH_SIZE]; /* of the statement */
};

/* ---- NextToken -------------------------------------------------------------
 * The digest of the statement it belongs to, which of its partitions comes
 * next, and the key behind which that goes on. */

static void digest_request(const request *r, uint8_t out[HASH_SIZE])
{
	struct slice pieces[2] = { slice_of(r->statement), { 0 } };
	uint8_t next[HASH_SIZE];

	hash_sha256_pieces(pieces, 1, out);
	for (size_t i = 0; i < r->n_parameters; i++) {
		pieces[0] = slice_make(out, HASH_SIZE);
		pieces[1] = api_bytes(r->parameters[i]);
		hash_sha256_pieces(pieces, 2, next);
		memcpy(out, next, HASH_SIZE);
	}
}

static char *write_token(struct call *c, const struct reading *reading)
{
	struct buffer b;
	char *text;

	buffer_init(&b, TOKEN_MAX);
	buffer_put(&b, reading->digest, HASH_SIZE);
	buffer_put_byte(&b, (uint8_t)reading->select.at);
	buffer_put_slice(&b, reading->select.read.page.last);
	text = arena_zalloc(c->mem, BASE64_SIZE(buffer_size(&b)) + 1);
	if (text)
		base64url_encode(buffer_slice(&b), text);
	buffer_release(&b);
	return text;
}

static int bad_token(struct call *c)
{
	return call_fail(c, E_INVALID, "Invalid NextToken");
}

static int read_token(struct call *c, const char *text, struct reading *reading)
{
	struct slice token = slice_of(text), key;
	uint8_t *bytes = arena_alloc(c->mem, BASE64_BYTES(token.size));
	size_t size;

	if (!bytes || base64url_decode(token, bytes, &size) ||
	    size <= HASH_SIZE || memcmp(bytes, reading->digest, HASH_SIZE) != 0)
		return bad_token(c);
	reading->select.at = bytes[HASH_SIZE];
	key = slice_make(bytes + HASH_SIZE + 1, size - HASH_SIZE - 1);
	if (reading->select.at && reading->select.at >= reading->select.count)
		return bad_token(c);
	if (key.size)
		reading->select.read.page.start = key;
	return 0;
}

/* ---- SELECT ----------------------------------------------------------------
 */

static void take_item(struct kv_page *page, struct slice item)
{
	struct reading *reading = page->arg;

	wire_put_bytes(&reading->items, ANSWER_ITEMS, item);
}

static void finish(struct call *c, struct reading *reading)
{
	const struct kv_select *select = &reading->select;
	struct slice last = select->read.page.last;
	response r = PARLOR__KV__V1__EXECUTE_STATEMENT_RESPONSE__INIT;

	if (select->more)
		r.next_token = write_token(c, reading);
	r.has_last_evaluated_key = last.size != 0;
	r.last_evaluated_key.data = (uint8_t *)last.data;
	r.last_evaluated_key.len = last.size;
	r.consumed_capacity =
	    api_capacity(c->mem, &select->cost, reading->capacity, false);
	buffer_put_slice(&reading->items, message_pack(&r.base, c->mem));
	if (reading->items.failed)
		call_fail(c, E_HTTP_TOO_LARGE, "the answer is too large");
}

static void selected(struct call *c, struct kv_select *select)
{
	struct reading *reading = select->arg;

	if (!call_failed(c))
		finish(c, reading);
	call_reply_bytes(c, buffer_slice(&reading->items));
	buffer_release(&reading->items);
}

static int plan(struct call *c, const struct api_statement *s,
		struct reading *reading)
{
	struct partiql_plan plan;

	if (partiql_plan(s->scope, &s->parsed,
			 s->index ? &s->index->key : &s->table->key, &plan))
		return -c->fault.code;
	reading->select.conditions = plan.conditions;
	reading->select.count = plan.count;
	reading->select.read.query.backward = plan.backward;
	reading->select.read.page.filter = plan.filter;
	return 0;
}

static int prepare(struct call *c, const request *r,
		   const struct api_statement *s, struct reading *reading)
{
	struct kv_page *page = &reading->select.read.page;

	if (r->consistent_read && s->index && !s->index->local)
		return call_fail(c, E_INVALID,
				 "Consistent reads are not supported on global "
				 "secondary indexes");
	page->table = s->table;
	page->index = s->index;
	page->paths = s->parsed.paths;
	page->scope = s->scope;
	page->action = s->action;
	page->capacity = s->capacity;
	page->limit = r->has_limit ? (size_t)r->limit : 0;
	page->price =
	    r->consistent_read ? KV_READ_CONSISTENT : KV_READ_EVENTUAL;
	page->item = take_item;
	page->arg = reading;
	reading->capacity = api_capacity_of(r->return_consumed_capacity);
	digest_request(r, reading->digest);
	if (plan(c, s, reading))
		return -c->fault.code;
	return r->next_token ? read_token(c, r->next_token, reading) : 0;
}

static void execute_select(struct call *c, const request *r,
			   const struct api_statement *s)
{
	struct reading *reading = arena_zalloc(c->mem, sizeof(*reading));

	if (!reading || prepare(c, r, s, reading)) {
		call_end(c);
		return;
	}
	buffer_init(&reading->items, ANSWER_MAX);
	reading->select.done = selected;
	reading->select.arg = reading;
	kv_select(c, &reading->select);
}

/* ---- writes ----------------------------------------------------------------
 */

static void written(struct call *c, struct kv_item_write *write)
{
	struct api_item_answer answer = api_item_written(c, write);
	response r = PARLOR__KV__V1__EXECUTE_STATEMENT_RESPONSE__INIT;

	r.n_items = answer.has_attributes;
	r.items = &answer.attributes;
	r.consumed_capacity = answer.capacity;
	call_reply(c, &r.base);
}

static void execute_write(struct call *c, const request *r,
			  const struct api_statement *s)
{
	struct kv_item_write *write =
	    api_item_write_new(c, r->return_consumed_capacity, NULL, written);

	if (s->parsed.verb == PARTIQL_EXISTS)
		call_fail(c, E_INVALID,
			  "EXISTS can only be used in transactions");
	if (!write || call_failed(c) ||
	    api_statement_change(c, s, &write->change)) {
		call_end(c);
		return;
	}
	kv_item_write_whole(c, write);
}

/* ---- the request -----------------------------------------------------------
 */

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };
	const struct api_statement_request statement =
	    API_STATEMENT(r, r->return_consumed_capacity);

	api_statement_complain(&complaints, &statement, "statement");
	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	if (r->has_limit)
		complain_least(&complaints, r->limit, "limit", 1);
	complain_length(&complaints, slice_of(r->next_token), "nextToken", 1,
			TOKEN_MAX);
	return complaints_end(&complaints, &c->fault);
}

void api_execute_statement(struct call *c)
{
	const request *r =
	    call_unpack(c,
			&parlor__kv__v1__execute_statement_request__descriptor);
	struct api_statement_request statement;
	struct api_statement s;

	if (!r || check(c, r)) {
		call_end(c);
		return;
	}
	statement = API_STATEMENT(r, r->return_consumed_capacity);
	if (api_statement_read(c, &statement, &s))
		call_end(c);
	else if (api_statement_reads(&s))
		execute_select(c, r, &s);
	else
		execute_write(c, r, &s);
}
