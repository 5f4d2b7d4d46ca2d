/* services/kv/api/partiql/parser.h - what the parts of the parser share
 *
 * A recursive parser a token ahead, bounded in depth. Its failure is the
 * scope's fault: from then on nothing is read any more. This room's own.
 */
#ifndef PARLOR_KV_PARTIQL_PARSER_H
#define PARLOR_KV_PARTIQL_PARSER_H

#include "services/kv/api/partiql/lexer.h"
#include "services/kv/api/partiql/statement.h"
#include "services/kv/expr/build.h"

struct pql {
	struct kv_scope *scope;
	struct slice text;
	struct pql_token token; /* the next one */
	const struct item_value *parameters;
	size_t count, used;
	size_t depth;
};

static inline bool pql_failed(const struct pql *p)
{
	return p->scope->fault->code != E_NONE;
}

/* "Statement wasn't well formed, can't be processed: …" */
void pql_malformed(struct pql *, const char *words);

void pql_advance(struct pql *);

/* Takes the token if it is this one; pql_expect fails if it isn't. */
bool pql_take(struct pql *, const char *text);
void pql_expect(struct pql *, const char *text);

/* How many of what a comma divides there can be in the rest. */
size_t pql_room(const struct pql *);

/* One more level of nesting: false, and failed, when there are too many. */
bool pql_enter(struct pql *);
void pql_leave(struct pql *);

/* A name, quoted or not; null data when failed. */
struct slice pql_name(struct pql *);

/* a.b[0]; NULL when failed, so below. */
const struct kv_path *pql_path(struct pql *);

/* Does a literal or parameter begin here? Reads it, not yet canonical. */
bool pql_is_value(const struct pql *);
struct item_value pql_value(struct pql *);

/* The same as a node, canonical. */
const struct kv_node *pql_constant(struct pql *);

/* What may stand behind WHERE. */
const struct kv_node *pql_condition(struct pql *);

/* The clauses of an UPDATE. */
void pql_changes(struct pql *, struct kv_update *);

#endif
