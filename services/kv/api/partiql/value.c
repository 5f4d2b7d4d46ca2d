/* services/kv/api/partiql/value.c - literals and parameters */
#include "services/kv/api/partiql/parser.h"
#include "services/kv/model/item.h"

enum { LITERAL_MAX = 1 << 20 }; /* bytes that parameters may make of one */

static struct item_value nothing(struct pql *p, const char *words)
{
	pql_malformed(p, words);
	return (struct item_value){ .type = ITEM_NONE };
}

static struct item_value read_parameter(struct pql *p)
{
	pql_advance(p);
	if (p->used < p->count)
		return p->parameters[p->used++];
	fault_set(p->scope->fault, E_INVALID,
		  "Number of parameters in request and statement don't match.");
	return (struct item_value){ .type = ITEM_NONE };
}

static struct item_value read_number(struct pql *p)
{
	bool minus = pql_is(&p->token, "-");
	struct item_value value = { .type = ITEM_N };
	char *text;

	if (!pql_take(p, "-"))
		pql_take(p, "+");
	if (p->token.kind != PQL_NUMBER)
		return nothing(p, "Unexpected term");
	text = arena_printf(p->scope->mem, "%s%.*s", minus ? "-" : "",
			    SLICE_ARGS(p->token.text));
	value.bytes = slice_of(text);
	pql_advance(p);
	return value;
}

static void put_member(struct buffer *out, enum item_type of,
		       const struct item_value *member)
{
	item_put_value(out, of, member->type,
		       member->type == ITEM_BOOL && member->truth
			   ? SLICE("1")
			   : member->bytes);
}

/* What the buffer holds, in the arena, as a value of this type. */
static struct item_value finish(struct pql *p, enum item_type type,
				struct buffer *inner)
{
	struct item_value value = {
		.type = type,
		.bytes = arena_slice(p->scope->mem, buffer_slice(inner)),
	};

	if (inner->failed || p->scope->mem->full)
		fault_set(p->scope->fault, E_INVALID, "too much data");
	buffer_release(inner);
	return value;
}

static struct item_value read_list(struct pql *p)
{
	struct buffer inner;

	buffer_init(&inner, LITERAL_MAX);
	if (!pql_is(&p->token, "]"))
		do {
			struct item_value member = pql_value(p);

			put_member(&inner, ITEM_L, &member);
		} while (!pql_failed(p) && pql_take(p, ","));
	pql_expect(p, "]");
	return finish(p, ITEM_L, &inner);
}

/* <<…>>: a set of the type of its members. */
static struct item_value read_set(struct pql *p)
{
	enum item_type type = ITEM_NONE;
	struct buffer inner;

	buffer_init(&inner, LITERAL_MAX);
	do {
		struct item_value member = pql_value(p);

		if (type == ITEM_NONE)
			type = member.type;
		if (member.type != type || type < ITEM_S || type > ITEM_B)
			fault_set(p->scope->fault, E_INVALID,
				  "Set elements must be all of one of the "
				  "types String, Number and Binary");
		else
			put_member(&inner, type - ITEM_S + ITEM_SS, &member);
	} while (!pql_failed(p) && pql_take(p, ","));
	pql_expect(p, ">>");
	return finish(p, type - ITEM_S + ITEM_SS, &inner);
}

static struct item_value read_map(struct pql *p)
{
	struct buffer inner;

	buffer_init(&inner, LITERAL_MAX);
	if (!pql_is(&p->token, "}"))
		do {
			struct item_value member;
			struct slice name;

			if (p->token.kind != PQL_STRING) {
				pql_malformed(p, "Unexpected term");
				break;
			}
			name = pql_unquote(&p->token, p->scope->mem);
			pql_advance(p);
			pql_expect(p, ":");
			member = pql_value(p);
			item_put(&inner, name, &member);
		} while (!pql_failed(p) && pql_take(p, ","));
	pql_expect(p, "}");
	return finish(p, ITEM_M, &inner);
}

static const struct opening {
	const char *text;
	struct item_value (*read)(struct pql *);
} openings[] = { { "[", read_list }, { "<<", read_set }, { "{", read_map } };

static const struct opening *find_opening(const struct pql *p)
{
	for (size_t i = 0; i < sizeof(openings) / sizeof(*openings); i++)
		if (pql_is(&p->token, openings[i].text))
			return &openings[i];
	return NULL;
}

static const struct word {
	const char *text;
	struct item_value value;
} words[] = {
	{ "true", { .type = ITEM_BOOL, .truth = true } },
	{ "false", { .type = ITEM_BOOL } },
	{ "null", { .type = ITEM_NULL, .truth = true } },
};

static const struct word *find_word(const struct pql *p)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (pql_is(&p->token, words[i].text))
			return &words[i];
	return NULL;
}

bool pql_is_value(const struct pql *p)
{
	return p->token.kind == PQL_STRING || p->token.kind == PQL_NUMBER ||
	       pql_is(&p->token, "?") || pql_is(&p->token, "-") ||
	       pql_is(&p->token, "+") || find_opening(p) || find_word(p);
}

struct item_value pql_value(struct pql *p)
{
	const struct opening *opening = find_opening(p);
	const struct word *word = find_word(p);
	struct item_value value = { .type = ITEM_NONE };

	if (pql_failed(p) || !pql_enter(p))
		return value;
	if (word) {
		value = word->value;
		pql_advance(p);
	} else if (opening) {
		pql_advance(p);
		value = opening->read(p);
	} else if (p->token.kind == PQL_STRING) {
		value.type = ITEM_S;
		value.bytes = pql_unquote(&p->token, p->scope->mem);
		pql_advance(p);
	} else if (pql_is(&p->token, "?")) {
		value = read_parameter(p);
	} else {
		value = read_number(p);
	}
	pql_leave(p);
	return value;
}

const struct kv_node *pql_constant(struct pql *p)
{
	struct item_value value = pql_value(p), canonical;
	struct buffer bytes;
	struct slice whole;

	if (pql_failed(p))
		return NULL;
	buffer_init(&bytes, LITERAL_MAX);
	item_value_put(&bytes, &value);
	whole = arena_slice(p->scope->mem, buffer_slice(&bytes));
	buffer_release(&bytes);
	if (kv_value_canonical(whole, p->scope->mem, &canonical,
			       p->scope->fault))
		return NULL;
	return kv_build_value(p->scope, &canonical);
}
