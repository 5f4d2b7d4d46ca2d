/* tests/unit/services/kv/expr/grammar.c - generated conditions against a plain
 * judge of them
 *
 * Attributes and values are small: the number K or the text of K letters. So
 * what a condition comes to can be said in a few lines, without any of the code
 * under test.
 */
#include "services/kv/expr/node.h"
#include "tests/support/expr_text.h"

#include <ctype.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

enum { NAMES = 4, SMALL = 4, DEPTH = 4, TEXT_MAX = 4096, ROUNDS = 20000 };

static const char *const names[NAMES] = { "aa", "bb", "cc", "dd" };

/* :n1 to :n3, :t1 to :t3 and the types' names. */
#define VALUES                                                         \
	"{':n1': {'N': '1'}, ':n2': {'N': '2'}, ':n3': {'N': '3'}, "   \
	"':t1': {'S': 'x'}, ':t2': {'S': 'xx'}, ':t3': {'S': 'xxx'}, " \
	"':N': {'S': 'N'}, ':S': {'S': 'S'}}"

/* ---- a tree of our own -----------------------------------------------------
 */

struct small {
	char type; /* 'n', 't', or 0: there is none */
	int k;
};

struct operand {
	enum { OF_NAME, OF_VALUE, OF_SIZE } is;
	int name;
	struct small value;
};

struct tree {
	enum kv_node_kind kind;
	struct operand operands[4];
	size_t count; /* of operands */
	const struct tree *left, *right;
};

static uint64_t seed = 42;

static int below(int limit)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (int)(seed % (uint64_t)limit);
}

static struct small some_value(void)
{
	return (struct small){ "nt"[below(2)], 1 + below(SMALL - 1) };
}

static struct operand make_left(void)
{
	return (struct operand){ .is = below(4) ? OF_NAME : OF_SIZE,
				 .name = below(NAMES) };
}

/* The first operand must differ from the others, so no name comes twice. */
static struct operand make_right(const struct operand *left)
{
	return (struct operand){ .is = below(3) ? OF_VALUE : OF_NAME,
				 .name = (left->name + 1 + below(NAMES - 1)) %
					 NAMES,
				 .value = some_value() };
}

static void make_between(struct tree *t)
{
	struct small low = some_value(), high = low;

	high.k = low.k + below(SMALL - low.k);
	t->operands[1] = (struct operand){ .is = OF_VALUE, .value = low };
	t->operands[2] = (struct operand){ .is = OF_VALUE, .value = high };
	t->count = 3;
}

static void make_leaf(struct tree *t)
{
	struct operand *left = &t->operands[0];

	t->kind = NODE_EQ + below(NODE_CONTAINS + 1 - NODE_EQ);
	*left = make_left();
	t->count = t->kind == NODE_IN ? 2 + (size_t)below(3) : 2;
	for (size_t i = 1; i < t->count; i++)
		t->operands[i] = make_right(left);
	if (t->kind == NODE_BETWEEN)
		make_between(t);
	if (t->kind >= NODE_EXISTS)
		left->is = OF_NAME;
	if (t->kind == NODE_EXISTS || t->kind == NODE_NOT_EXISTS)
		t->count = 1;
	if (t->kind >= NODE_TYPE) /* what it takes is a text */
		t->operands[1] =
		    (struct operand){ .is = OF_VALUE, .value = { 't', 1 } };
	if (t->kind == NODE_TYPE)
		t->operands[1].value.type = "NS"[below(2)];
	if (t->kind >= NODE_BEGINS_WITH)
		t->operands[1].value.k = 1 + below(SMALL - 1);
}

static const struct tree *make_tree(struct arena *mem, int depth)
{
	struct tree *t = arena_zalloc(mem, sizeof(*t));

	if (depth == 0 || below(3) == 0) {
		make_leaf(t);
		return t;
	}
	t->kind = NODE_NOT + below(3);
	t->left = make_tree(mem, depth - 1);
	if (t->kind != NODE_NOT)
		t->right = make_tree(mem, depth - 1);
	return t;
}

/* ---- judged ----------------------------------------------------------------
 */

static struct small look(const struct operand *o, const struct small *item)
{
	if (o->is == OF_VALUE)
		return o->value;
	if (o->is == OF_NAME)
		return item[o->name];
	/* of a number there is no size */
	return (struct small){ item[o->name].type == 't' ? 'n' : 0,
			       item[o->name].k };
}

static bool compares(enum kv_node_kind kind, struct small a, struct small b)
{
	bool alike = a.type && a.type == b.type;

	switch (kind) {
	case NODE_EQ:
		return alike && a.k == b.k;
	case NODE_NE:
		return !alike || a.k != b.k;
	case NODE_LT:
		return alike && a.k < b.k;
	case NODE_LE:
		return alike && a.k <= b.k;
	case NODE_GT:
		return alike && a.k > b.k;
	default:
		return alike && a.k >= b.k;
	}
}

static bool leaf_holds(const struct tree *t, const struct small *item)
{
	struct small all[4] = { 0 };
	bool in = false;

	for (size_t i = 0; i < t->count; i++)
		all[i] = look(&t->operands[i], item);
	for (size_t i = 1; i < t->count; i++)
		in |= compares(NODE_EQ, all[0], all[i]);
	switch (t->kind) {
	case NODE_BETWEEN:
		return compares(NODE_GE, all[0], all[1]) &&
		       compares(NODE_LE, all[0], all[2]);
	case NODE_IN:
		return in;
	case NODE_EXISTS:
		return all[0].type;
	case NODE_NOT_EXISTS:
		return !all[0].type;
	case NODE_TYPE:
		return all[0].type == (all[1].type == 'N' ? 'n' : 't');
	case NODE_BEGINS_WITH: /* fall through: all letters are the same */
	case NODE_CONTAINS:
		return all[0].type == 't' && all[0].k >= all[1].k;
	default:
		return compares(t->kind, all[0], all[1]);
	}
}

static bool holds(const struct tree *t, const struct small *item)
{
	switch (t->kind) {
	case NODE_NOT:
		return !holds(t->left, item);
	case NODE_AND:
		return holds(t->left, item) && holds(t->right, item);
	case NODE_OR:
		return holds(t->left, item) || holds(t->right, item);
	default:
		return leaf_holds(t, item);
	}
}

/* ---- as text ---------------------------------------------------------------
 */

static const char *const words[] = {
	[NODE_EQ] = "=",
	[NODE_NE] = "<>",
	[NODE_LT] = "<",
	[NODE_LE] = "<=",
	[NODE_GT] = ">",
	[NODE_GE] = ">=",
	[NODE_BETWEEN] = "BETWEEN",
	[NODE_IN] = "IN",
	[NODE_EXISTS] = "attribute_exists",
	[NODE_NOT_EXISTS] = "attribute_not_exists",
	[NODE_TYPE] = "attribute_type",
	[NODE_BEGINS_WITH] = "begins_with",
	[NODE_CONTAINS] = "contains",
	[NODE_NOT] = "NOT",
	[NODE_AND] = "AND",
	[NODE_OR] = "OR",
};

static void blank(struct buffer *out, int least)
{
	for (int n = least + below(3) / 2; n > 0; n--)
		buffer_put(out, &" \t\n "[below(4)], 1);
}

/* Operators are the same in any letters; functions aren't. */
static void put_word(struct buffer *out, const char *word)
{
	bool small = isupper((unsigned char)*word) && below(3) == 0;

	blank(out, 1);
	for (; *word; word++) {
		char c = (char)(small ? tolower((unsigned char)*word) : *word);

		buffer_put(out, &c, 1);
	}
	blank(out, 1);
}

static void put_operand(struct buffer *out, const struct operand *o)
{
	char type = o->value.type;

	if (o->is == OF_SIZE)
		buffer_printf(out, "size(%s)", names[o->name]);
	else if (o->is == OF_NAME)
		buffer_put_text(out, names[o->name]);
	else if (type == 'N' || type == 'S')
		buffer_printf(out, ":%c", type);
	else
		buffer_printf(out, ":%c%d", type, o->value.k);
	blank(out, 0);
}

/* From one on, with commas. */
static void put_list(struct buffer *out, const struct tree *t, size_t i)
{
	buffer_put_text(out, "(");
	for (; i < t->count; i++) {
		blank(out, 0);
		put_operand(out, &t->operands[i]);
		buffer_put_text(out, i + 1 < t->count ? "," : ")");
	}
}

static void put_leaf(struct buffer *out, const struct tree *t)
{
	if (t->kind >= NODE_EXISTS) {
		buffer_put_text(out, words[t->kind]);
		put_list(out, t, 0);
		return;
	}
	put_operand(out, &t->operands[0]);
	put_word(out, words[t->kind]);
	if (t->kind == NODE_IN) {
		put_list(out, t, 1);
		return;
	}
	put_operand(out, &t->operands[1]);
	if (t->kind == NODE_BETWEEN) {
		put_word(out, words[NODE_AND]);
		put_operand(out, &t->operands[2]);
	}
}

/* How firmly it holds together: OR, AND, NOT, the rest. */
static int grip(const struct tree *t)
{
	return t->kind < NODE_NOT ? 3 : NODE_OR - (int)t->kind;
}

/* In parentheses where it must be, and sometimes where it need not. */
static void put_tree(struct buffer *out, const struct tree *t, int needed)
{
	bool wrapped = grip(t) < needed || below(4) == 0;

	blank(out, 0);
	if (wrapped)
		buffer_put_text(out, "(");
	if (t->kind == NODE_NOT) {
		put_word(out, words[NODE_NOT]);
		put_tree(out, t->left, grip(t));
	} else if (t->left) {
		put_tree(out, t->left, grip(t));
		put_word(out, words[t->kind]);
		put_tree(out, t->right, grip(t));
	} else {
		put_leaf(out, t);
	}
	if (wrapped)
		buffer_put_text(out, ")");
}

/* ---- what was compiled, as text --------------------------------------------
 */

static void show_node(struct buffer *out, const struct kv_node *node);

static void show_args(struct buffer *out, const struct kv_node *node, size_t i,
		      const char *between)
{
	for (size_t first = i; i < node->count; i++) {
		if (i > first)
			buffer_put_text(out, between);
		show_node(out, node->args[i]);
	}
}

static void show_value(struct buffer *out, const struct item_value *value)
{
	if (value->type == ITEM_N)
		buffer_printf(out, ":n%.*s", SLICE_ARGS(value->bytes));
	else if (value->bytes.data[0] == 'x')
		buffer_printf(out, ":t%zu", value->bytes.size);
	else
		buffer_printf(out, ":%.*s", SLICE_ARGS(value->bytes));
}

static void show_path(struct buffer *out, const struct kv_path *path)
{
	for (size_t i = 0; i < path->count; i++)
		if (path->steps[i].name.data)
			buffer_printf(out, "%s%.*s", i ? "." : "",
				      SLICE_ARGS(path->steps[i].name));
		else
			buffer_printf(out, "[%u]", path->steps[i].index);
}

static void show_condition(struct buffer *out, const struct kv_node *node)
{
	const char *word = words[node->kind];

	buffer_put_text(out, "(");
	if (node->kind == NODE_AND || node->kind == NODE_OR) {
		show_args(out, node, 0,
			  node->kind == NODE_AND ? " AND " : " OR ");
	} else if (node->kind == NODE_NOT) {
		buffer_put_text(out, "NOT ");
		show_args(out, node, 0, "");
	} else if (node->kind >= NODE_EXISTS) {
		buffer_printf(out, "%s(", word);
		show_args(out, node, 0, ", ");
		buffer_put_text(out, ")");
	} else {
		show_node(out, node->args[0]);
		buffer_printf(out, " %s %s", word,
			      node->kind == NODE_IN ? "(" : "");
		show_args(out, node, 1,
			  node->kind == NODE_BETWEEN ? " AND " : ", ");
		buffer_put_text(out, node->kind == NODE_IN ? ")" : "");
	}
	buffer_put_text(out, ")");
}

static void show_node(struct buffer *out, const struct kv_node *node)
{
	if (node_is_condition(node->kind)) {
		show_condition(out, node);
	} else if (node->kind == NODE_PATH) {
		show_path(out, node->path);
	} else if (node->kind == NODE_VALUE) {
		show_value(out, &node->value);
	} else {
		buffer_put_text(out, "size(");
		show_args(out, node, 0, "");
		buffer_put_text(out, ")");
	}
}

/* ---- the properties --------------------------------------------------------
 */

static struct arena mem;
static struct buffer text, shown, again;

static int start(void **state)
{
	(void)state;
	arena_init(&mem, 64 << 20);
	buffer_init(&text, TEXT_MAX * 4);
	buffer_init(&shown, TEXT_MAX * 4);
	buffer_init(&again, TEXT_MAX * 4);
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_release(&mem);
	buffer_release(&text);
	buffer_release(&shown);
	buffer_release(&again);
	return 0;
}

/* NULL: it was refused, and `f` says why. */
static const struct kv_node *compile(struct slice what, struct fault *f)
{
	const struct kv_node *node;
	struct kv_scope scope;

	fault_clear(f);
	assert_int_equal(expr_scope(&scope, &mem, f, NULL, VALUES), 0);
	return kv_condition_compile(&scope, "ConditionExpression", what, &node)
		   ? NULL
		   : node;
}

/* What is printed of it must be read as the same. */
static void comes_round(const struct kv_node *node)
{
	struct fault f;

	buffer_reset(&shown);
	buffer_reset(&again);
	show_node(&shown, node);
	if (buffer_size(&shown) > TEXT_MAX)
		return; /* its parentheses are too many */
	node = compile(buffer_slice(&shown), &f);
	if (!node)
		fail_msg("%.*s: %s", SLICE_ARGS(buffer_slice(&shown)),
			 f.message);
	show_node(&again, node);
	if (!slice_equal(buffer_slice(&shown), buffer_slice(&again)))
		fail_msg("got %.*s, want %.*s",
			 SLICE_ARGS(buffer_slice(&again)),
			 SLICE_ARGS(buffer_slice(&shown)));
}

/* The item as it is stored, of attributes that are there or not. */
static struct slice make_item(struct small *item)
{
	struct buffer out;
	struct slice made;

	buffer_init(&out, TEXT_MAX);
	for (int i = 0; i < NAMES; i++) {
		char digit = 0;
		struct item_value value;

		item[i] = below(4) ? some_value() : (struct small){ 0, 0 };
		digit = (char)('0' + item[i].k);
		value = (struct item_value){
			.type = item[i].type == 'n' ? ITEM_N : ITEM_S,
			.bytes = item[i].type == 'n'
				     ? slice_make(&digit, 1)
				     : slice_make("xxx", (size_t)item[i].k),
		};
		if (item[i].type)
			item_put(&out, slice_of(names[i]), &value);
	}
	made = arena_slice(&mem, buffer_slice(&out));
	buffer_release(&out);
	return made;
}

static const struct tree *write_tree(void)
{
	const struct tree *tree = make_tree(&mem, DEPTH);

	buffer_reset(&text);
	put_tree(&text, tree, 0);
	return tree;
}

static void test_meaning(void **state)
{
	int held = 0, judged = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++, arena_reset(&mem)) {
		const struct tree *tree = write_tree();
		struct fault f;
		const struct kv_node *node = compile(buffer_slice(&text), &f);

		if (!node)
			fail_msg("%.*s: %s", SLICE_ARGS(buffer_slice(&text)),
				 f.message);
		for (int j = 0; j < 4; j++, judged++) {
			struct small item[NAMES];
			struct slice stored = make_item(item);
			bool want = holds(tree, item);

			held += want;
			if (kv_condition_holds(node, stored) != want)
				fail_msg("%.*s of %s: got %d",
					 SLICE_ARGS(buffer_slice(&text)),
					 item_show(&mem, stored), !want);
		}
		comes_round(node);
	}
	/* neither is rare */
	assert_in_range(held, judged / 4, judged * 3 / 4);
}

/* Something is put in, left out, or another letter. */
static void spoil(uint8_t *bytes, size_t *size)
{
	static const char letters[] = "()[],.:#=<> \tabAND0:1\x80\xff";
	size_t at = (size_t)below((int)*size + 1);
	char letter = letters[below(sizeof(letters))]; /* NUL, too */
	int how = below(3);

	if (how == 0 && at < *size) {
		memmove(bytes + at, bytes + at + 1, --*size - at);
	} else if (how == 1 && at < *size) {
		bytes[at] = (uint8_t)letter;
	} else {
		memmove(bytes + at + 1, bytes + at, (*size)++ - at);
		bytes[at] = (uint8_t)letter;
	}
}

static void test_spoilt(void **state)
{
	int good = 0;

	(void)state;
	for (int i = 0; i < ROUNDS; i++, arena_reset(&mem)) {
		uint8_t bytes[TEXT_MAX * 4 + 4];
		struct small item[NAMES];
		const struct kv_node *node;
		struct fault f;
		size_t size;

		write_tree();
		size = buffer_size(&text);
		memcpy(bytes, buffer_slice(&text).data, size);
		for (int n = 1 + below(3); n > 0; n--)
			spoil(bytes, &size);
		node = compile(slice_make(bytes, size), &f);
		if (!node) {
			assert_int_equal(f.code, E_INVALID);
			assert_true(f.message[0] != '\0');
			continue;
		}
		good++;
		kv_condition_holds(node, make_item(item));
		comes_round(node);
	}
	/* blanks, and letters of operators, are no harm */
	assert_in_range(good, ROUNDS / 50, ROUNDS * 9 / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_meaning),
		cmocka_unit_test(test_spoilt),
	};

	return cmocka_run_group_tests_name("grammar", tests, start, end);
}
