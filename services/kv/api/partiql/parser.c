/* services/kv/api/partiql/parser.c - statements */
#include "services/kv/api/partiql/parser.h"
#include "services/kv/model/item.h"

enum { DEPTH_MAX = 160 };

/* ---- failures and tokens ---------------------------------------------------
 */

void pql_malformed(struct pql *p, const char *words)
{
	fault_set(p->scope->fault, E_INVALID,
		  "Statement wasn't well formed, can't be processed: %s",
		  words);
}

static void refuse(struct pql *p, const char *words)
{
	fault_set(p->scope->fault, E_INVALID, "%s", words);
}

void pql_advance(struct pql *p)
{
	p->token = pql_after(p->text, &p->token);
}

bool pql_take(struct pql *p, const char *text)
{
	if (pql_failed(p) || !pql_is(&p->token, text))
		return false;
	pql_advance(p);
	return true;
}

void pql_expect(struct pql *p, const char *text)
{
	char words[64];

	if (pql_failed(p) || pql_take(p, text))
		return;
	snprintf(words, sizeof(words), "Expected '%s'", text);
	pql_malformed(p, words);
}

size_t pql_room(const struct pql *p)
{
	return (p->text.size - p->token.at) / 2 + 1;
}

bool pql_enter(struct pql *p)
{
	if (++p->depth > DEPTH_MAX)
		refuse(p, "The statement is nested too deeply");
	return !pql_failed(p);
}

void pql_leave(struct pql *p)
{
	p->depth--;
}

/* "…at LINE:COLUMN:LENGTH", of the next token. */
static void refuse_here(struct pql *p, const char *words)
{
	const struct pql_token *token = &p->token;
	size_t line = 1, column = 1;

	for (size_t i = 0; i < token->at; i++) {
		column++;
		if (p->text.data[i] == '\n') {
			line++;
			column = 1;
		}
	}
	fault_set(p->scope->fault, E_INVALID, "%s at %zu:%zu:%zu", words, line,
		  column, token->text.size);
}

/* ---- names and paths -------------------------------------------------------
 */

/* Words that are no names unless they stand in quotes. */
static bool is_keyword(const struct pql_token *token)
{
	static const char *const keywords[] = {
		"ALL",	  "AND",    "AS",    "ASC",    "BETWEEN", "BY",
		"DELETE", "DESC",   "FALSE", "FROM",   "GROUP",	  "HAVING",
		"IN",	  "INSERT", "INTO",  "IS",     "LIMIT",	  "MISSING",
		"NOT",	  "NULL",   "OR",    "ORDER",  "REMOVE",  "RETURNING",
		"SELECT", "SET",    "TRUE",  "UPDATE", "VALUE",	  "VALUES",
		"WHERE",
	};

	for (size_t i = 0; i < sizeof(keywords) / sizeof(*keywords); i++)
		if (pql_is(token, keywords[i]))
			return true;
	return false;
}

static bool is_name(const struct pql_token *token)
{
	return token->kind == PQL_NAME ||
	       (token->kind == PQL_WORD && !is_keyword(token));
}

struct slice pql_name(struct pql *p)
{
	struct slice name = p->token.text;

	if (!pql_failed(p) && !is_name(&p->token))
		pql_malformed(p, "Unexpected term");
	if (pql_failed(p))
		return slice_make(NULL, 0);
	if (p->token.kind == PQL_NAME)
		name = pql_unquote(&p->token, p->scope->mem);
	pql_advance(p);
	return name;
}

/* Behind "[": an index, or a name as a text. */
static struct kv_step read_bracket(struct pql *p)
{
	struct kv_step step = { .index = 0 };
	uint64_t index;

	if (p->token.kind == PQL_STRING) {
		step.name = pql_unquote(&p->token, p->scope->mem);
	} else if (slice_to_u64(p->token.text, INT32_MAX, &index) == 0) {
		step.index = (uint32_t)index;
	} else {
		refuse_here(p, "Unexpected path component");
		return step;
	}
	pql_advance(p);
	pql_expect(p, "]");
	return step;
}

const struct kv_path *pql_path(struct pql *p)
{
	struct kv_step steps[KV_PATH_STEPS_MAX] = { { .name = pql_name(p) } };
	size_t count = 1;

	while (!pql_failed(p)) {
		struct kv_step step = { .index = 0 };

		if (pql_take(p, "."))
			step.name = pql_name(p);
		else if (pql_take(p, "["))
			step = read_bracket(p);
		else
			break;
		if (count < KV_PATH_STEPS_MAX)
			steps[count] = step;
		count++;
	}
	if (count > KV_PATH_STEPS_MAX)
		fault_set(p->scope->fault, E_INVALID,
			  "The document path has too many nesting elements; "
			  "nesting levels: %zu",
			  count);
	return pql_failed(p) ? NULL : kv_build_path(p->scope, steps, count);
}

/* A table, perhaps with an index behind it. */
static void read_table(struct pql *p, struct partiql_statement *out)
{
	out->table = pql_name(p);
	if (pql_take(p, "."))
		out->index = pql_name(p);
	if (is_name(&p->token) || pql_is(&p->token, "AS"))
		refuse(p, "Aliasing is not supported");
}

/* Where a write can't go to an index. */
static void read_target(struct pql *p, struct partiql_statement *out)
{
	read_table(p, out);
	if (out->index.size)
		refuse(p, "This operation is not supported on an index");
}

/* ---- SELECT ----------------------------------------------------------------
 */

/* What a column is called: the last name of its path; one that ends in an index
 * has its place in the list, "_1". */
static struct slice column_name(struct pql *p, const struct kv_path *path,
				size_t place)
{
	struct slice name = path->steps[path->count - 1].name;

	return name.data ? name
			 : slice_of(arena_printf(p->scope->mem, "_%zu", place));
}

static void read_columns(struct pql *p, struct partiql_statement *out)
{
	size_t room = pql_room(p);
	struct kv_column *columns =
	    arena_array(p->scope->mem, room, sizeof(*columns));
	struct kv_paths *paths = arena_zalloc(p->scope->mem, sizeof(*paths));
	size_t count = 0;

	if (!columns || !paths) {
		refuse(p, "too much data");
		return;
	}
	do {
		const struct kv_path *path;

		if (pql_is(&p->token, "*")) {
			refuse(p, "Other attributes should not be present in "
				  "the projection when '*' is used.");
			return;
		}
		path = pql_path(p);
		if (!path)
			return;
		columns[count++].path = path;
		columns[count - 1].name = column_name(p, path, count);
		if (pql_is(&p->token, "AS") || is_name(&p->token))
			refuse(p, "Aliasing is not supported");
	} while (count < room && pql_take(p, ","));
	kv_build_columns(p->scope, columns, count, paths);
	out->paths = paths;
}

static void read_order(struct pql *p, struct partiql_statement *out)
{
	pql_expect(p, "BY");
	do {
		struct partiql_order order = { .name = pql_name(p) };

		order.descending = pql_take(p, "DESC");
		if (!order.descending)
			pql_take(p, "ASC");
		if (out->order_count < 2 * KV_KEY_PARTS_MAX)
			out->order[out->order_count++] = order;
		else
			refuse(p, "ORDER BY has eight keys at most");
	} while (pql_take(p, ","));
}

static void refuse_clauses(struct pql *p)
{
	static const char *const clauses[] = { "LIMIT", "GROUP", "HAVING",
					       "OFFSET" };
	char words[40];

	for (size_t i = 0; i < sizeof(clauses) / sizeof(*clauses); i++) {
		if (pql_failed(p) || !pql_is(&p->token, clauses[i]))
			continue;
		snprintf(words, sizeof(words), "Unsupported clause: %s",
			 clauses[i]);
		refuse_here(p, words);
	}
}

static void read_select(struct pql *p, struct partiql_statement *out)
{
	if (!pql_take(p, "*"))
		read_columns(p, out);
	else if (pql_is(&p->token, ","))
		refuse(p, "Other attributes should not be present in the "
			  "projection when '*' is used.");
	if (!pql_failed(p) && !pql_is(&p->token, "FROM"))
		pql_malformed(p, "Expected FROM after SELECT list");
	pql_expect(p, "FROM");
	if (pql_failed(p))
		return;
	read_table(p, out);
	if (pql_take(p, "WHERE"))
		out->where = pql_condition(p);
	if (pql_take(p, "ORDER"))
		read_order(p, out);
	refuse_clauses(p);
}

static void read_exists(struct pql *p, struct partiql_statement *out)
{
	pql_expect(p, "(");
	pql_expect(p, "SELECT");
	read_select(p, out);
	pql_expect(p, ")");
}

/* ---- writes ----------------------------------------------------------------
 */

static void read_insert(struct pql *p, struct partiql_statement *out)
{
	const struct kv_node *node;

	pql_expect(p, "INTO");
	read_target(p, out);
	pql_expect(p, "VALUE");
	node = pql_constant(p);
	if (!node)
		return;
	if (node->value.type == ITEM_M)
		out->item = node->value.bytes;
	else
		refuse(p, "Unsupported type in INSERT: the value is no map");
}

static const struct returning {
	const char *which, *when, *word;
} returnings[] = {
	{ "ALL", "OLD", "ALL_OLD" },
	{ "MODIFIED", "OLD", "UPDATED_OLD" },
	{ "ALL", "NEW", "ALL_NEW" },
	{ "MODIFIED", "NEW", "UPDATED_NEW" },
};

/* The ending of a write, which means a single item. */
static void read_where(struct pql *p, struct partiql_statement *out)
{
	if (pql_take(p, "WHERE"))
		out->where = pql_condition(p);
	if (!pql_take(p, "RETURNING"))
		return;
	for (size_t i = 0; i < sizeof(returnings) / sizeof(*returnings); i++) {
		struct pql_token when = pql_after(p->text, &p->token);

		if (!pql_is(&p->token, returnings[i].which) ||
		    !pql_is(&when, returnings[i].when))
			continue;
		pql_advance(p);
		pql_advance(p);
		out->returns = returnings[i].word;
		break;
	}
	if (!out->returns)
		pql_malformed(p, "Expected ( MODIFIED | ALL ) ( NEW | OLD ) in "
				 "each returning element.");
	pql_expect(p, "*");
}

static void read_update(struct pql *p, struct partiql_statement *out)
{
	read_target(p, out);
	pql_changes(p, &out->update);
	read_where(p, out);
}

static void read_delete(struct pql *p, struct partiql_statement *out)
{
	if (!pql_is(&p->token, "FROM"))
		pql_malformed(p, "Expected FROM after DELETE");
	pql_take(p, "FROM");
	read_target(p, out);
	read_where(p, out);
	if (out->returns && strcmp(out->returns, "ALL_OLD") != 0)
		refuse(p, "DELETE can only return ALL OLD *");
}

/* ---- the whole -------------------------------------------------------------
 */

static const struct verb {
	const char *word;
	enum partiql_verb verb;
	void (*read)(struct pql *, struct partiql_statement *);
} verbs[] = {
	{ "SELECT", PARTIQL_SELECT, read_select },
	{ "INSERT", PARTIQL_INSERT, read_insert },
	{ "UPDATE", PARTIQL_UPDATE, read_update },
	{ "DELETE", PARTIQL_DELETE, read_delete },
	{ "EXISTS", PARTIQL_EXISTS, read_exists },
};

static void read_statement(struct pql *p, struct partiql_statement *out)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (pql_take(p, verbs[i].word)) {
			out->verb = verbs[i].verb;
			verbs[i].read(p, out);
			return;
		}
	pql_malformed(p, "Unexpected term");
}

int partiql_parse(struct kv_scope *scope, struct slice text,
		  const struct item_value *parameters, size_t count,
		  struct partiql_statement *out)
{
	struct pql p = { .scope = scope,
			 .text = text,
			 .token = pql_next(text, 0),
			 .parameters = parameters,
			 .count = count };

	*out = (struct partiql_statement){ .verb = PARTIQL_SELECT };
	read_statement(&p, out);
	pql_take(&p, ";");
	if (!pql_failed(&p) && p.token.kind != PQL_END)
		pql_malformed(&p, "Unexpected token after expression");
	if (p.used != count)
		refuse(&p, "Number of parameters in request and statement "
			   "don't match.");
	return pql_failed(&p) ? -E_INVALID : 0;
}
