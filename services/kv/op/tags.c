/* services/kv/op/tags.c - the tags of a table */
#include "services/kv/op/tags.h"
#include "services/kv/op/complaint.h"
#include "services/kv/op/permit.h"
#include "services/kv/op/table_row.h"

#define INVALID "One or more parameter values were invalid: "

enum {
	TAGS_MAX = 50, /* of a table */
	TAG_KEY_MAX = 128,
	TAG_VALUE_MAX = 256, /* characters */
	ARN_MAX = 1283,
};

/* ---- what they may be ------------------------------------------------------
 */

static bool is_tag_byte(uint8_t b)
{
	return b >= 0x80 || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') ||
	       (b >= '0' && b <= '9') || (b && strchr(" +-=._:/@", b));
}

static bool is_text(struct slice text, size_t most)
{
	for (size_t i = 0; i < text.size; i++)
		if (!is_tag_byte(text.data[i]))
			return false;
	return slice_characters(text) <= most;
}

static int check_key(struct slice key, struct fault *why)
{
	if (!key.size || !is_text(key, TAG_KEY_MAX))
		return fault_set(why, E_INVALID,
				 "The Tag Key provided is invalid, Key: %.*s",
				 SLICE_ARGS(key.data ? key : SLICE("null")));
	if (slice_starts(key, SLICE("aws:")))
		return fault_set(why, E_INVALID,
				 "Tag Key cannot be prefixed with aws:, Key: "
				 "%.*s",
				 SLICE_ARGS(key));
	return 0;
}

static int check_value(struct slice value, struct fault *why)
{
	if (value.data && is_text(value, TAG_VALUE_MAX))
		return 0;
	return fault_set(why, E_INVALID,
			 "The Tag Value provided is invalid, Value: %.*s",
			 SLICE_ARGS(value.data ? value : SLICE("null")));
}

static const struct catalog_tag *find(const struct catalog_tag *tags,
				      size_t count, struct slice key)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(tags[i].key, key))
			return &tags[i];
	return NULL;
}

static int refuse_number(struct fault *why)
{
	return fault_set(why, E_INVALID,
			 "Number of Tags exceed the current limit for the "
			 "provided ResourceArn");
}

int tags_check(const struct catalog_tag *tags, size_t count, struct fault *why)
{
	if (count > TAGS_MAX)
		return refuse_number(why);
	for (size_t i = 0; i < count; i++) {
		if (check_key(tags[i].key, why) < 0 ||
		    check_value(tags[i].value, why) < 0)
			return -why->code;
		if (find(tags, i, tags[i].key))
			return fault_set(why, E_INVALID,
					 "Duplicate Tag Keys provided as "
					 "input: Duplicate Tag Key found %.*s",
					 SLICE_ARGS(tags[i].key));
	}
	return 0;
}

/* ---- whose they are --------------------------------------------------------
 */

static int refuse_arn(struct call *c, const char *words, struct slice arn)
{
	return call_fail(c, E_INVALID, "%s%.*s", words, SLICE_ARGS(arn));
}

static int check_arn(struct call *c, struct slice arn)
{
	struct slice rest = arn, region;

	if (!slice_is(slice_cut(&rest, ':'), "arn"))
		return refuse_arn(c,
				  INVALID "ARNs must start with 'arn:': ", arn);
	slice_cut(&rest, ':');
	if (!slice_is(slice_cut(&rest, ':'), "dynamodb"))
		return refuse_arn(c,
				  INVALID "Provided Arn is not a DynamoDB "
					  "resource arn: ",
				  arn);
	region = slice_cut(&rest, ':');
	slice_cut(&rest, ':');
	if (!slice_is(slice_cut(&rest, '/'), "table"))
		return refuse_arn(c,
				  INVALID "Provided Arn is not a DynamoDB "
					  "resource arn: ",
				  arn);
	slice_cut(&rest, '/');
	if (rest.size)
		return refuse_arn(c,
				  INVALID "Invalid resource arn provided, only "
					  "table or stream is accepted. "
					  "Provided resource arn: ",
				  arn);
	if (!kv_table_name(arn).size || !slice_is(region, kv_of(c)->region))
		return refuse_arn(c,
				  "Invalid TableArn: Invalid ResourceArn "
				  "provided as input ",
				  arn);
	return 0;
}

static int check_form(struct call *c, struct slice arn)
{
	struct complaints complaints = { .count = 0 };

	complain_null(&complaints, arn, "resourceArn");
	complain_length(&complaints, arn, "resourceArn", 1, ARN_MAX);
	if (complaints_end(&complaints, &c->fault) < 0)
		return -c->fault.code;
	return check_arn(c, arn);
}

static int refuse_missing(struct fault *why, struct slice arn)
{
	return fault_set(why, E_MISSING,
			 "Requested resource not found: ResourcArn: %.*s not "
			 "found",
			 SLICE_ARGS(arn));
}

/* By an ARN that was checked. */
static const struct catalog_table *find_table(struct call *c, struct slice arn)
{
	const struct catalog_table *table;

	if (call_failed(c))
		return NULL;
	table = kv_find_table(c, arn);
	if (c->fault.code != E_MISSING && !(table && table->system))
		return table;
	fault_clear(&c->fault);
	refuse_missing(&c->fault, arn);
	return NULL;
}

/* ---- changing them ---------------------------------------------------------
 */

struct tagging {
	struct catalog_change change;
	struct slice arn;
	const struct catalog_tag *tags; /* to be set */
	const struct slice *keys;	/* or to be taken away */
	size_t count;
	void (*done)(struct call *);
};

static bool is_named(const struct tagging *k, struct slice key)
{
	for (size_t i = 0; i < k->count; i++)
		if (slice_equal(k->tags ? k->tags[i].key : k->keys[i], key))
			return true;
	return false;
}

/* Those that nobody named stay, in their order, before the new ones. */
static int set_tags(const struct tagging *k, struct catalog_table *table,
		    struct arena *mem, struct fault *why)
{
	struct catalog_tag *tags =
	    arena_array(mem, table->tag_count + k->count, sizeof(*tags));
	size_t count = 0;

	if (!tags)
		return 0; /* the engine sees that the arena is full */
	for (size_t i = 0; i < table->tag_count; i++)
		if (!is_named(k, table->tags[i].key))
			tags[count++] = table->tags[i];
	for (size_t i = 0; k->tags && i < k->count; i++)
		tags[count++] = k->tags[i];
	if (count > TAGS_MAX)
		return refuse_number(why);
	table->tags = tags;
	table->tag_count = count;
	return 0;
}

static int decide(struct catalog_change *change, struct arena *mem,
		  struct slice have, struct fault *why)
{
	const struct tagging *k = change->arg;
	struct catalog_table table;

	if (!have.data)
		return refuse_missing(why, k->arn);
	if (table_row_read(have, mem, &table, why) < 0 ||
	    set_tags(k, &table, mem, why) < 0)
		return -why->code;
	change->row = table_row_write(&table, mem);
	return 0;
}

static void changed(struct call *c, struct catalog_change *change)
{
	struct tagging *k = change->arg;

	k->done(c);
}

static void tag(struct call *c, struct tagging tagging)
{
	const struct catalog_table *table = find_table(c, tagging.arn);
	struct tagging *k = arena_alloc(c->mem, sizeof(*k));

	if (call_status(c) < 0 || !table || !k) {
		tagging.done(c);
		return;
	}
	*k = tagging;
	k->change = (struct catalog_change){ .kind = CATALOG_TABLE,
					     .name = table->table.name,
					     .decide = decide,
					     .done = changed,
					     .arg = k };
	catalog_change(c, &k->change);
}

/* ---- the operations --------------------------------------------------------
 */

void kv_tag_resource(struct call *c, struct slice arn,
		     const struct catalog_tag *tags, size_t count,
		     void (*done)(struct call *))
{
	if (check_form(c, arn) == 0 && !count)
		call_fail(c, E_INVALID,
			  "Atleast one Tag needs to be provided as Input.");
	tags_check(tags, count, &c->fault);
	tag(c, (struct tagging){
		   .arn = arn, .tags = tags, .count = count, .done = done });
}

void kv_untag_resource(struct call *c, struct slice arn,
		       const struct slice *keys, size_t count,
		       void (*done)(struct call *))
{
	if (check_form(c, arn) == 0 && !count)
		call_fail(c, E_INVALID,
			  "Atleast one Tag Key needs to be provided as "
			  "Input.");
	if (count > TAGS_MAX)
		refuse_number(&c->fault);
	for (size_t i = 0; i < count; i++)
		check_key(keys[i], &c->fault);
	tag(c, (struct tagging){
		   .arn = arn, .keys = keys, .count = count, .done = done });
}

const struct catalog_table *kv_list_tags_of_resource(struct call *c,
						     struct slice arn,
						     struct slice next_token)
{
	if (check_form(c, arn) == 0 && next_token.data)
		call_fail(c, E_INVALID,
			  "NextToken: '%.*s' is not one of ours: all tags "
			  "come at once",
			  SLICE_ARGS(next_token));
	return find_table(c, arn);
}
