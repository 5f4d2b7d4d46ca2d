/* services/kv/api/partiql/changes.c - the clauses of an UPDATE
 *
 * SET path = value, …, and REMOVE path, …, as often as wanted. A value may add
 * to or take from numbers, lists and sets.
 */
#include "services/kv/api/partiql/parser.h"

/* ---- values ----------------------------------------------------------------
 */

static const struct kv_node *read_sum(struct pql *);

/* (first, second): NULL, and failed, when it isn't two. */
static bool read_pair(struct pql *p, const struct kv_node *args[2])
{
	pql_expect(p, "(");
	args[0] = read_sum(p);
	pql_expect(p, ",");
	args[1] = read_sum(p);
	pql_expect(p, ")");
	return !pql_failed(p);
}

static const struct function {
	const char *name;
	enum kv_node_kind kind;
} functions[] = {
	{ "LIST_APPEND", NODE_LIST_APPEND },
	{ "IF_NOT_EXISTS", NODE_IF_NOT_EXISTS },
};

static const struct kv_node *read_function(struct pql *p)
{
	const struct kv_node *args[2];

	for (size_t i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (pql_take(p, functions[i].name)) {
			bool path = functions[i].kind == NODE_IF_NOT_EXISTS;

			if (read_pair(p, args) && path &&
			    args[0]->kind != NODE_PATH)
				pql_malformed(p, "Unexpected term");
			return pql_failed(p)
				   ? NULL
				   : kv_build_node(p->scope, functions[i].kind,
						   args, 2);
		}
	fault_set(p->scope->fault, E_INVALID,
		  "Invalid function name; function: %.*s",
		  SLICE_ARGS(p->token.text));
	return NULL;
}

static const struct kv_node *read_term(struct pql *p)
{
	struct pql_token after = pql_after(p->text, &p->token);
	const struct kv_node *node;

	if (pql_failed(p))
		return NULL;
	if (pql_take(p, "(")) {
		node = read_sum(p);
		pql_expect(p, ")");
		return node;
	}
	if (pql_is_value(p))
		return pql_constant(p);
	if (p->token.kind == PQL_WORD && pql_is(&after, "("))
		return read_function(p);
	return kv_build_operand(p->scope, pql_path(p));
}

/* Terms with + and - between them. */
static const struct kv_node *read_sum(struct pql *p)
{
	const struct kv_node *args[2] = { NULL, NULL };

	if (!pql_enter(p))
		return NULL;
	args[0] = read_term(p);
	while (args[0] && (pql_is(&p->token, "+") || pql_is(&p->token, "-"))) {
		bool minus = pql_is(&p->token, "-");

		pql_advance(p);
		args[1] = read_term(p);
		args[0] =
		    kv_build_node(p->scope, minus ? NODE_MINUS : NODE_PLUS,
				  args, 2);
	}
	pql_leave(p);
	return args[0];
}

/* ---- clauses ---------------------------------------------------------------
 */

/* SET a = SET_ADD(a, <<…>>) is the update's ADD, SET_DELETE its DELETE. */
static void read_members(struct pql *p, struct kv_action *action)
{
	const unsigned sets = 1U << ITEM_SS | 1U << ITEM_NS | 1U << ITEM_BS;
	const char *name =
	    action->kind == ACTION_ADD ? "SET_ADD" : "SET_DELETE";
	const struct kv_node *args[2];

	pql_advance(p);
	if (!read_pair(p, args))
		return;
	if (args[0]->kind != NODE_PATH ||
	    kv_path_compare(args[0]->path, action->path) != 0 ||
	    args[1]->kind != NODE_VALUE)
		fault_set(p->scope->fault, E_INVALID,
			  "%s takes the path that is set, and a set", name);
	else if (!(sets & 1U << args[1]->value.type))
		fault_set(p->scope->fault, E_INVALID,
			  "Incorrect operand type for operator or function; "
			  "operator or function: %s, operand type: %s",
			  name, item_type_name(args[1]->value.type));
	action->value = args[1];
}

static void read_set(struct pql *p, struct kv_action *action)
{
	action->path = pql_path(p);
	if (!pql_failed(p) && !pql_is(&p->token, "="))
		pql_malformed(p, "Expected assignment for SET");
	pql_take(p, "=");
	action->kind = pql_is(&p->token, "SET_ADD")	 ? ACTION_ADD
		       : pql_is(&p->token, "SET_DELETE") ? ACTION_DELETE
							 : ACTION_SET;
	if (pql_failed(p))
		return;
	if (action->kind == ACTION_SET)
		action->value = read_sum(p);
	else
		read_members(p, action);
}

static void read_remove(struct pql *p, struct kv_action *action)
{
	action->kind = ACTION_REMOVE;
	action->path = pql_path(p);
}

void pql_changes(struct pql *p, struct kv_update *out)
{
	size_t room = pql_room(p), count = 0;
	struct kv_action *actions =
	    arena_array(p->scope->mem, room, sizeof(*actions));
	bool set;

	if (!actions) {
		fault_set(p->scope->fault, E_INVALID, "too much data");
		return;
	}
	while (count < room &&
	       ((set = pql_take(p, "SET")) || pql_take(p, "REMOVE")))
		do
			(set ? read_set : read_remove)(p, &actions[count++]);
		while (count < room && pql_take(p, ","));
	if (count == 0)
		pql_malformed(p, "Expected data manipulation");
	if (!pql_failed(p))
		kv_build_update(p->scope, actions, count, out);
}
