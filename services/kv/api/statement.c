/* services/kv/api/statement.c - statements as the operations they are */
#include "services/kv/api/statement.h"
#include "services/kv/expr/build.h"
#include "services/kv/model/item.h"

static const char *const actions[] = {
	[PARTIQL_SELECT] = "dynamodb:PartiQLSelect",
	[PARTIQL_INSERT] = "dynamodb:PartiQLInsert",
	[PARTIQL_UPDATE] = "dynamodb:PartiQLUpdate",
	[PARTIQL_DELETE] = "dynamodb:PartiQLDelete",
	[PARTIQL_EXISTS] = "dynamodb:PartiQLSelect",
};

void api_statement_complain(struct complaints *complaints,
			    const struct api_statement_request *r,
			    const char *path)
{
	struct slice text = slice_of(r->text);

	complain_null(complaints, text, path);
	complain_length(complaints, text, path, 1, PARTIQL_SIZE_MAX);
	if (r->empty)
		complain_members(complaints, 0, true, "[]", "parameters");
	complain_enum(complaints, slice_of(r->on_failure),
		      "returnValuesOnConditionCheckFailure", api_failure_words);
}

/* ---- reading ---------------------------------------------------------------
 */

static struct item_value *read_parameters(struct call *c,
					  const struct api_statement_request *r)
{
	struct item_value *out =
	    arena_array(c->mem, r->count + 1, sizeof(*out));

	for (size_t i = 0; out && i < r->count; i++)
		if (kv_value_canonical(api_bytes(r->parameters[i]), c->mem,
				       &out[i], &c->fault))
			return NULL;
	return out;
}

static int find_table(struct call *c, struct api_statement *s)
{
	const struct catalog_table *found = kv_find_table(c, s->parsed.table);

	if (!found)
		return -c->fault.code;
	s->table = &found->table;
	if (!s->parsed.index.size)
		return 0;
	s->index = kv_table_index(s->table, s->parsed.index);
	return s->index ? 0
			: call_fail(c, E_INVALID,
				    "The table does not have the specified "
				    "index: %.*s",
				    SLICE_ARGS(s->parsed.index));
}

int api_statement_read(struct call *c, const struct api_statement_request *r,
		       struct api_statement *out)
{
	struct item_value *parameters = read_parameters(c, r);

	*out = (struct api_statement){
		.scope = arena_zalloc(c->mem, sizeof(*out->scope)),
		.show = api_is(r->on_failure, "ALL_OLD"),
		.capacity = slice_of(r->capacity),
	};
	if (call_status(c))
		return -c->fault.code;
	kv_scope_init(out->scope, c->mem, &c->fault);
	if (partiql_parse(out->scope, slice_of(r->text), parameters, r->count,
			  &out->parsed))
		return -E_INVALID;
	out->action = actions[out->parsed.verb];
	return find_table(c, out);
}

/* ---- what it means ---------------------------------------------------------
 */

/* Is the item there (or is it missing)? Its partition key says so. */
static const struct kv_node *presence(const struct api_statement *s,
				      enum kv_node_kind kind)
{
	const struct kv_node *hash = kv_build_operand(
	    s->scope, kv_build_name(s->scope, s->table->key.parts[0].name));

	return kv_build_node(s->scope, kind, &hash, 1);
}

static const struct kv_node *join(const struct api_statement *s,
				  enum kv_node_kind kind,
				  const struct kv_node *a,
				  const struct kv_node *b)
{
	const struct kv_node *both[] = { a, b };

	return kv_build_junction(s->scope, kind, both, b ? 2 : 1);
}

/* The condition of a write whose WHERE says `rest` besides the key. UPDATE and
 * EXISTS need the item; DELETE is content without it, but not with another. */
static const struct kv_node *write_condition(const struct api_statement *s,
					     const struct kv_node *rest)
{
	if (s->parsed.verb == PARTIQL_INSERT)
		return presence(s, NODE_NOT_EXISTS);
	if (s->parsed.verb != PARTIQL_DELETE)
		return join(s, NODE_AND, presence(s, NODE_EXISTS), rest);
	return rest ? join(s, NODE_OR, presence(s, NODE_NOT_EXISTS), rest)
		    : NULL;
}

int api_statement_change(struct call *c, const struct api_statement *s,
			 struct kv_change *out)
{
	static const enum kv_change_kind kinds[] = {
		[PARTIQL_INSERT] = KV_CHANGE_PUT,
		[PARTIQL_UPDATE] = KV_CHANGE_UPDATE,
		[PARTIQL_DELETE] = KV_CHANGE_DELETE,
		[PARTIQL_EXISTS] = KV_CHANGE_CHECK,
	};
	const struct kv_node *rest = NULL;

	*out = (struct kv_change){
		.kind = kinds[s->parsed.verb],
		.action = s->action,
		.insert = s->parsed.verb == PARTIQL_INSERT,
		.table = s->table,
		.item = s->parsed.item,
		.update = s->parsed.update,
		.scope = s->scope,
		.returns = api_returns(s->parsed.returns),
		.show = s->show,
		.capacity = s->capacity,
		.price = KV_WRITE_PLAIN,
	};
	if (!out->insert && partiql_key(s->scope, s->parsed.where,
					&s->table->key, &out->item, &rest))
		return -c->fault.code;
	out->condition = write_condition(s, rest);
	return call_status(c);
}

int api_statement_wanted(struct call *c, const struct api_statement *s,
			 struct kv_wanted *out)
{
	if (s->index)
		return call_fail(c, E_INVALID,
				 "This operation is not supported on an index");
	*out = (struct kv_wanted){
		.table = s->table,
		.paths = s->parsed.paths,
		.scope = s->scope,
		.capacity = s->capacity,
	};
	return partiql_key(s->scope, s->parsed.where, &s->table->key, &out->map,
			   &out->filter);
}
