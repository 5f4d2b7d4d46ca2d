/* services/kv/api/batch_execute_statement.c - BatchExecuteStatement's messages
 */
#include "services/kv/op/batch_execute_statement.h"
#include "services/kv/api/capacity.h"
#include "services/kv/api/items.h"
#include "services/kv/api/statement.h"
#include "services/kv/api/table_message.h"

typedef Parlor__Kv__V1__BatchExecuteStatementRequest request;
typedef Parlor__Kv__V1__BatchExecuteStatementResponse response;
typedef Parlor__Kv__V1__BatchStatementResponse statement_response;
typedef Parlor__Kv__V1__BatchStatementError statement_error;

/* What is kept of a request until all is done. */
struct batch {
	struct kv_batch_execute execute;
	struct api_statement *statements;
	enum api_capacity capacity;
};

/* ---- the answer ------------------------------------------------------------
 */

static const struct code {
	int fault;
	const char *name;
} codes[] = {
	{ E_CONDITION, "ConditionalCheckFailed" },
	{ E_COLLECTION_SIZE, "ItemCollectionSizeLimitExceeded" },
	{ E_LIMIT, "RequestLimitExceeded" },
	{ E_INVALID, "ValidationError" },
	{ E_THROUGHPUT, "ProvisionedThroughputExceeded" },
	{ E_TRANSACTION_CONFLICT, "TransactionConflict" },
	{ E_EXHAUSTED, "ThrottlingError" },
	{ E_MISSING, "ResourceNotFound" },
	{ E_DENIED, "AccessDenied" },
	{ E_DUPLICATE, "DuplicateItem" },
};

static const char *code_name(int fault)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++)
		if (codes[i].fault == fault)
			return codes[i].name;
	return "InternalServerError";
}

static statement_error *make_error(struct call *c,
				   const struct kv_executed *one)
{
	statement_error *out = arena_alloc(c->mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__kv__v1__batch_statement_error__init(out);
	out->code = (char *)code_name(one->fault.code);
	out->message = message_text(c, slice_of(one->fault.message));
	out->has_item = one->item.data != NULL;
	out->item.data = (uint8_t *)one->item.data;
	out->item.len = one->item.size;
	return out;
}

static statement_response *make_response(struct call *c,
					 const struct kv_executed *one,
					 const struct api_statement *s)
{
	statement_response *out = arena_alloc(c->mem, sizeof(*out));

	if (!out)
		return NULL;
	parlor__kv__v1__batch_statement_response__init(out);
	if (s->table)
		out->table_name = message_text(c, s->table->name);
	if (one->fault.code) {
		out->error = make_error(c, one);
		return out;
	}
	out->has_item = one->item.data != NULL;
	out->item.data = (uint8_t *)one->item.data;
	out->item.len = one->item.size;
	return out;
}

static void done(struct call *c, struct kv_batch_execute *execute)
{
	struct batch *b = execute->arg;
	size_t count = execute->count;
	response r = PARLOR__KV__V1__BATCH_EXECUTE_STATEMENT_RESPONSE__INIT;

	r.responses = arena_array(c->mem, count + 1, sizeof(void *));
	r.consumed_capacity = arena_array(c->mem, count + 1, sizeof(void *));
	for (size_t i = 0; !c->mem->full && i < count; i++) {
		const struct kv_executed *one = &execute->all[i];
		Parlor__Kv__V1__ConsumedCapacity *capacity =
		    one->fault.code
			? NULL
			: api_capacity(c->mem, &one->cost, b->capacity, false);

		r.responses[r.n_responses++] =
		    make_response(c, one, &b->statements[i]);
		if (capacity)
			r.consumed_capacity[r.n_consumed_capacity++] = capacity;
	}
	call_status(c);
	call_reply(c, &r.base);
}

/* ---- the request -----------------------------------------------------------
 */

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_members(&complaints, r->n_statements, API_EMPTY(r, statements),
			 "[]", "statements");
	complain_list(&complaints, r->n_statements, "BatchStatementRequest",
		      "statements", KV_BATCH_EXECUTE_MAX);
	for (size_t i = 0; i < r->n_statements; i++) {
		const struct api_statement_request statement =
		    API_STATEMENT(r->statements[i],
				  r->return_consumed_capacity);
		char path[60];

		snprintf(path, sizeof(path), "statements.%zu.member.statement",
			 i + 1);
		api_statement_complain(&complaints, &statement, path);
	}
	return complaints_end(&complaints, &c->fault);
}

static int read_statement(struct call *c,
			  const Parlor__Kv__V1__BatchStatementRequest *r,
			  const char *capacity, struct api_statement *s,
			  struct kv_executed *one)
{
	const struct api_statement_request statement =
	    API_STATEMENT(r, capacity);

	if (api_statement_read(c, &statement, s))
		return -c->fault.code;
	one->reads = api_statement_reads(s);
	if (s->parsed.verb == PARTIQL_EXISTS)
		return call_fail(c, E_INVALID,
				 "EXISTS can only be used in transactions");
	if (!one->reads)
		return api_statement_change(c, s, &one->write.change);
	if (api_statement_wanted(c, s, &one->wanted))
		return -c->fault.code;
	one->wanted.price =
	    r->consistent_read ? KV_READ_CONSISTENT : KV_READ_EVENTUAL;
	return 0;
}

/* What is wrong with one statement is left to that one. */
static void read_statements(struct call *c, const request *r, struct batch *b)
{
	bool reads = false, writes = false;

	for (size_t i = 0; i < r->n_statements; i++) {
		struct kv_executed *one = &b->execute.all[i];

		read_statement(c, r->statements[i], r->return_consumed_capacity,
			       &b->statements[i], one);
		one->fault = c->fault;
		fault_clear(&c->fault);
		if (b->statements[i].table)
			*(one->reads ? &reads : &writes) = true;
	}
	if (reads && writes)
		call_fail(c, E_INVALID,
			  "A batch must be all reads or all writes");
}

void api_batch_execute_statement(struct call *c)
{
	const request *r = call_unpack(
	    c, &parlor__kv__v1__batch_execute_statement_request__descriptor);
	struct batch *b = arena_zalloc(c->mem, sizeof(*b));

	if (!r || !b || check(c, r)) {
		call_end(c);
		return;
	}
	b->capacity = api_capacity_of(r->return_consumed_capacity);
	b->statements =
	    arena_array(c->mem, r->n_statements, sizeof(*b->statements));
	b->execute = (struct kv_batch_execute){
		.all = arena_array(c->mem, r->n_statements,
				   sizeof(*b->execute.all)),
		.count = r->n_statements,
		.action = "dynamodb:PartiQLSelect",
		.done = done,
		.arg = b,
	};
	if (call_status(c) == 0)
		read_statements(c, r, b);
	if (call_failed(c))
		call_end(c);
	else
		kv_batch_execute_statement(c, &b->execute);
}
