/* services/kv/access/pattern.c - a text of a policy with * ? and ${…} in it */
#include "services/kv/access/pattern.h"

enum piece_kind {
	PIECE_TEXT,
	PIECE_ANY,
	PIECE_ONE,
	PIECE_SUB,
	PIECE_USERNAME,
	PIECE_GROUP,
};

struct pattern_piece {
	enum piece_kind kind;
	struct slice text; /* of PIECE_TEXT */
};

static const struct variable {
	const char *name;
	enum piece_kind kind;
	const char *text; /* of PIECE_TEXT */
} variables[] = {
	{ "sub", PIECE_SUB, NULL },	 { "username", PIECE_USERNAME, NULL },
	{ "groups", PIECE_GROUP, NULL }, { "*", PIECE_TEXT, "*" },
	{ "?", PIECE_TEXT, "?" },	 { "$", PIECE_TEXT, "$" },
};

/* ---- reading ------------------------------------------------------------- */

/* Reads "${name}" at the start of *rest. */
static int variable_read(struct slice *rest, struct pattern_piece *piece,
			 struct fault *fault)
{
	struct slice inside = slice_make(rest->data + 2, rest->size - 2);
	struct slice name;

	if (!memchr(inside.data, '}', inside.size))
		return fault_set(fault, E_INVALID, "'${' without '}'");
	name = slice_cut(&inside, '}');
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		if (slice_is(name, variables[i].name)) {
			piece->kind = variables[i].kind;
			piece->text = slice_of(variables[i].text);
			*rest = inside;
			return 0;
		}
	return fault_set(fault, E_INVALID, "unknown variable '${%.*s}'",
			 SLICE_ARGS(name));
}

/* How many bytes of plain text stand in front. */
static size_t plain_length(struct slice rest, unsigned flags)
{
	for (size_t i = 0; i < rest.size; i++) {
		char c = (char)rest.data[i];

		if ((flags & PATTERN_WILD) && (c == '*' || c == '?'))
			return i;
		if ((flags & PATTERN_VARIABLES) && c == '$' &&
		    i + 1 < rest.size && rest.data[i + 1] == '{')
			return i;
	}
	return rest.size;
}

static int piece_read(struct slice *rest, unsigned flags,
		      struct pattern_piece *piece, struct fault *fault)
{
	size_t plain = plain_length(*rest, flags);

	if (plain > 0) {
		piece->kind = PIECE_TEXT;
		piece->text = slice_make(rest->data, plain);
	} else if (rest->data[0] == '$') {
		return variable_read(rest, piece, fault);
	} else {
		piece->kind = rest->data[0] == '*' ? PIECE_ANY : PIECE_ONE;
		plain = 1;
	}
	*rest = slice_make(rest->data + plain, rest->size - plain);
	return 0;
}

/* Reads all of it: into `pieces`, or only counting them when that is NULL. */
static int pieces_read(struct slice text, unsigned flags,
		       struct pattern_piece *pieces, size_t *count,
		       struct fault *fault)
{
	*count = 0;
	while (text.size > 0) {
		struct pattern_piece piece = { 0 };

		if (piece_read(&text, flags, &piece, fault) != 0)
			return -fault->code;
		if (pieces)
			pieces[*count] = piece;
		++*count;
	}
	return 0;
}

int pattern_read(struct arena *mem, struct slice text, unsigned flags,
		 struct pattern *out, struct fault *fault)
{
	struct pattern_piece *pieces;
	size_t count;

	text = arena_slice(mem, text);
	if (pieces_read(text, flags, NULL, &count, fault) != 0)
		return -fault->code;
	pieces = arena_array(mem, count, sizeof(*pieces));
	if (!pieces)
		return fault_set(fault, E_INVALID, "the policy is too large");
	pieces_read(text, flags, pieces, &count, fault);
	*out = (struct pattern){ .pieces = pieces,
				 .count = count,
				 .nocase = (flags & PATTERN_NOCASE) != 0 };
	for (size_t i = 0; i < count; i++)
		out->grouped |= pieces[i].kind == PIECE_GROUP;
	return 0;
}

/* ---- matching ------------------------------------------------------------ */

/* The text a piece stands for; false when its variable has no value. */
static bool piece_text(const struct pattern_piece *piece,
		       const struct principal *user, struct slice group,
		       struct slice *text)
{
	switch (piece->kind) {
	case PIECE_TEXT:
		*text = piece->text;
		return true;
	case PIECE_SUB:
		*text = user ? user->sub : slice_make(NULL, 0);
		break;
	case PIECE_USERNAME:
		*text = user ? user->username : slice_make(NULL, 0);
		break;
	case PIECE_GROUP:
		*text = group;
		break;
	case PIECE_ANY:
	case PIECE_ONE:
		*text = slice_make(NULL, 0);
		return true;
	}
	return text->size > 0;
}

/* The length of the UTF-8 character at the start of `text`, which isn't empty.
 */
static size_t character_length(struct slice text)
{
	size_t length = 1;

	while (length < text.size && (text.data[length] & 0xc0) == 0x80)
		length++;
	return length;
}

/* Does the piece, which is not PIECE_ANY, match the start of `rest`? Says how
 * many bytes it took. */
static bool piece_matches(const struct pattern *p, size_t at,
			  const struct principal *user, struct slice group,
			  struct slice rest, size_t *taken)
{
	const struct pattern_piece *piece = &p->pieces[at];
	struct slice want;

	if (piece->kind == PIECE_ONE) {
		*taken = rest.size ? character_length(rest) : 0;
		return rest.size > 0;
	}
	if (!piece_text(piece, user, group, &want) || want.size > rest.size)
		return false;
	*taken = want.size;
	rest.size = want.size;
	return p->nocase ? slice_equal_nocase(rest, want)
			 : slice_equal(rest, want);
}

/* What stands between two stars is found at its first place or nowhere, so one
 * place to return to, behind the last star, is enough. */
static bool matches_with(const struct pattern *p, const struct principal *user,
			 struct slice group, struct slice text)
{
	size_t at = 0, from = 0, taken;
	size_t star = SIZE_MAX, star_from = 0;

	for (;;) {
		struct slice rest =
		    slice_make(text.data + from, text.size - from);

		if (at == p->count && rest.size == 0)
			return true;
		if (at < p->count && p->pieces[at].kind == PIECE_ANY) {
			star = at++;
			star_from = from;
			continue;
		}
		if (at < p->count &&
		    piece_matches(p, at, user, group, rest, &taken)) {
			at++;
			from += taken;
			continue;
		}
		if (star == SIZE_MAX || star_from == text.size)
			return false;
		at = star + 1;
		from = ++star_from;
	}
}

static bool has_values(const struct pattern *p, const struct principal *user,
		       struct slice group)
{
	struct slice text = { 0 };

	for (size_t i = 0; i < p->count; i++)
		if (!piece_text(&p->pieces[i], user, group, &text))
			return false;
	return true;
}

bool pattern_matches(const struct pattern *p, const struct principal *user,
		     struct slice text)
{
	struct slice groups = user ? user->groups : slice_make(NULL, 0);

	if (!p->grouped)
		return matches_with(p, user, groups, text);
	while (groups.size > 0)
		if (matches_with(p, user, slice_cut(&groups, ','), text))
			return true;
	return false;
}

bool patterns_match(const struct patterns *set, const struct principal *user,
		    struct slice text)
{
	for (size_t i = 0; i < set->count; i++)
		if (pattern_matches(&set->rows[i], user, text))
			return true;
	return false;
}

bool pattern_is_any(const struct pattern *p)
{
	for (size_t i = 0; i < p->count; i++)
		if (p->pieces[i].kind != PIECE_ANY)
			return false;
	return p->count > 0;
}

bool pattern_has_match(const struct pattern *p, const struct principal *user)
{
	struct slice groups = user ? user->groups : slice_make(NULL, 0);

	if (!p->grouped)
		return has_values(p, user, groups);
	while (groups.size > 0)
		if (has_values(p, user, slice_cut(&groups, ',')))
			return true;
	return false;
}
