/* services/kv/api/execute_transaction.c - ExecuteTransaction's messages
 *
 * All reads are TransactGetItems' story, all writes TransactWriteItems'.
 */
#include "lib/crypto/hash.h"
#include "services/kv/api/capacity.h"
#include "services/kv/api/items.h"
#include "services/kv/api/statement.h"
#include "services/kv/api/transaction.h"
#include "services/kv/op/get_item.h"

typedef Parlor__Kv__V1__ExecuteTransactionRequest request;
typedef Parlor__Kv__V1__ExecuteTransactionResponse response;

/* What is kept of a request until it is done. */
struct transaction {
	struct kv_get get;	     /* of reads */
	struct kv_transact transact; /* of writes */
	struct kv_cost *costs;	     /* of each read */
	enum api_capacity capacity;
};

/* ---- the answer ------------------------------------------------------------
 */

/* In the order of the statements. */
static void add_capacity(struct call *c, response *r,
			 const struct kv_cost *cost, enum api_capacity kind)
{
	Parlor__Kv__V1__ConsumedCapacity *capacity =
	    api_capacity(c->mem, cost, kind, true);

	if (capacity)
		r->consumed_capacity[r->n_consumed_capacity++] = capacity;
}

static void read_done(struct call *c, struct kv_get *get)
{
	struct transaction *t = get->arg;
	response r = PARLOR__KV__V1__EXECUTE_TRANSACTION_RESPONSE__INIT;

	r.responses = arena_array(c->mem, get->count + 1, sizeof(void *));
	r.consumed_capacity =
	    arena_array(c->mem, get->count + 1, sizeof(void *));
	if (call_status(c)) {
		call_end(c);
		return;
	}
	for (size_t i = 0; !c->mem->full && i < get->count; i++) {
		kv_cost_bill(&t->costs[i], c);
		add_capacity(c, &r, &t->costs[i], t->capacity);
		r.responses[r.n_responses++] =
		    api_item_response(c, get->wanted[i].item);
	}
	call_status(c);
	call_reply(c, &r.base);
}

static void write_done(struct call *c, struct kv_transact *transact)
{
	struct transaction *t = transact->arg;
	response r = PARLOR__KV__V1__EXECUTE_TRANSACTION_RESPONSE__INIT;

	r.consumed_capacity =
	    arena_array(c->mem, transact->count + 1, sizeof(void *));
	if (call_status(c)) {
		api_transaction_refuse(c, transact->reasons, transact->count);
		return;
	}
	for (size_t i = 0; i < transact->count; i++)
		add_capacity(c, &r, &transact->changes[i].cost, t->capacity);
	call_reply(c, &r.base);
}

/* ---- the request -----------------------------------------------------------
 */

static int check(struct call *c, const request *r)
{
	struct complaints complaints = { .count = 0 };

	complain_enum(&complaints, slice_of(r->return_consumed_capacity),
		      "returnConsumedCapacity", api_capacity_words);
	complain_length(&complaints, slice_of(r->client_request_token),
			"clientRequestToken", 1, API_TOKEN_MAX);
	complain_members(&complaints, r->n_transact_statements,
			 API_EMPTY(r, transact_statements), "[]",
			 "transactStatements");
	complain_list(&complaints, r->n_transact_statements,
		      "ParameterizedStatement", "transactStatements",
		      KV_TRANSACT_MAX);
	for (size_t i = 0; i < r->n_transact_statements; i++) {
		const struct api_statement_request statement =
		    API_STATEMENT(r->transact_statements[i],
				  r->return_consumed_capacity);
		char path[64];

		snprintf(path, sizeof(path),
			 "transactStatements.%zu.member.statement", i + 1);
		api_statement_complain(&complaints, &statement, path);
	}
	return complaints_end(&complaints, &c->fault);
}

/* All of them, or NULL and the call has failed. */
static struct api_statement *read_statements(struct call *c, const request *r)
{
	size_t count = r->n_transact_statements;
	struct api_statement *all = arena_array(c->mem, count, sizeof(*all));

	for (size_t i = 0; all && i < count; i++) {
		const struct api_statement_request statement =
		    API_STATEMENT(r->transact_statements[i],
				  r->return_consumed_capacity);

		if (api_statement_read(c, &statement, &all[i]))
			return NULL;
		if (api_statement_reads(&all[i]) ==
		    api_statement_reads(&all[0]))
			continue;
		call_fail(c, E_INVALID,
			  "A transaction must be all reads or all writes");
		return NULL;
	}
	return call_status(c) ? NULL : all;
}

static int read_all(struct call *c, const struct api_statement *all,
		    size_t count, struct transaction *t)
{
	struct kv_wanted *wanted = arena_array(c->mem, count, sizeof(*wanted));

	t->costs = arena_array(c->mem, count, sizeof(*t->costs));
	t->get = (struct kv_get){
		.wanted = wanted,
		.count = count,
		.transaction = true,
		.done = read_done,
		.arg = t,
	};
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < count; i++) {
		if (api_statement_wanted(c, &all[i], &wanted[i]))
			return -c->fault.code;
		wanted[i].price = KV_READ_TRANSACTIONAL;
		wanted[i].cost = &t->costs[i];
		kv_cost_init(&t->costs[i], c, wanted[i].table, KV_READ_UNITS);
	}
	if (kv_get_prepare(c, &t->get, all[0].action,
			   "Transaction request cannot include multiple "
			   "operations on one item"))
		return -c->fault.code;
	kv_get_items(c, &t->get);
	return 0;
}

/* What makes two requests the same under one token. Each piece follows its
 * length. */
static void digest_request(const request *r, uint8_t out[HASH_SIZE])
{
	enum { DIGESTED_MAX = 64 << 20 };
	struct buffer b;

	buffer_init(&b, DIGESTED_MAX);
	for (size_t i = 0; i < r->n_transact_statements; i++) {
		const Parlor__Kv__V1__ParameterizedStatement *s =
		    r->transact_statements[i];

		api_digest_piece(&b, slice_of(s->statement));
		api_digest_piece(
		    &b, slice_of(s->return_values_on_condition_check_failure));
		for (size_t j = 0; j < s->n_parameters; j++)
			api_digest_piece(&b, api_bytes(s->parameters[j]));
	}
	hash_sha256(buffer_slice(&b), out);
	buffer_release(&b);
}

static int write_all(struct call *c, const request *r,
		     const struct api_statement *all, struct transaction *t)
{
	size_t count = r->n_transact_statements;

	t->transact = (struct kv_transact){
		.changes =
		    arena_array(c->mem, count, sizeof(*t->transact.changes)),
		.count = count,
		.token = slice_of(r->client_request_token),
		.done = write_done,
		.arg = t,
	};
	if (call_status(c))
		return -c->fault.code;
	for (size_t i = 0; i < count; i++)
		if (api_statement_change(c, &all[i], &t->transact.changes[i]))
			return -c->fault.code;
	digest_request(r, t->transact.digest);
	kv_transact_write_items(c, &t->transact);
	return 0;
}

void api_execute_transaction(struct call *c)
{
	const request *r = call_unpack(
	    c, &parlor__kv__v1__execute_transaction_request__descriptor);
	struct transaction *t = arena_zalloc(c->mem, sizeof(*t));
	const struct api_statement *all;

	if (!r || !t || check(c, r) || !(all = read_statements(c, r))) {
		call_end(c);
		return;
	}
	t->capacity = api_capacity_of(r->return_consumed_capacity);
	if (api_statement_reads(all)
		? read_all(c, all, r->n_transact_statements, t)
		: write_all(c, r, all, t))
		api_transaction_refuse(c, t->get.reasons, t->get.count);
}
