/* tests/unit/services/kv/api/several_attributes.c - global indexes whose keys
 * have several attributes */
#include "tests/support/kv_stage.h"

/* "a:HASH b:RANGE" as a list of attributes with their KeyType, or "a:S" with
 * their AttributeType. */
static const char *list(struct kv_stage *s, const char *what, const char *text)
{
	const char *out = "";

	while (*text) {
		int name = (int)strcspn(text, ":");
		int type = (int)strcspn(text + name + 1, " ");

		out =
		    arena_printf(&s->texts,
				 "%s%s{'AttributeName': '%.*s', '%s': '%.*s'}",
				 out, *out ? ", " : "", name, text, what, type,
				 text + name + 1);
		text += name + 1 + type;
		text += strspn(text, " ");
	}
	return arena_printf(&s->texts, "[%s]", out);
}

/* With one index, "deep", of everything's keys: local or global. */
static const char *create(struct kv_stage *s, const char *name,
			  const char *definitions, const char *key,
			  const char *kind, const char *index)
{
	return kv_stage_call(
	    s, "CreateTable",
	    arena_printf(&s->texts,
			 "{'TableName': '%s', 'BillingMode': "
			 "'PAY_PER_REQUEST', 'AttributeDefinitions': %s, "
			 "'KeySchema': %s, '%sSecondaryIndexes': "
			 "[{'IndexName': 'deep', 'KeySchema': %s, "
			 "'Projection': {'ProjectionType': 'KEYS_ONLY'}}]}",
			 name, list(s, "AttributeType", definitions),
			 list(s, "KeyType", key), kind,
			 list(s, "KeyType", index)));
}

/* ---- definitions -----------------------------------------------------------
 */

#define UNUSED(keys)                                                        \
	"One or more parameter values were invalid: Some "                  \
	"AttributeDefinitions are not used. AttributeDefinitions: [id, a, " \
	"b, c, d, e, f, g, h, i], keys used: [" keys "]"
#define TOO_MANY(what)                                                      \
	"The KeySchema exceeds the maximum allowed number of " what " key " \
	"attributes"
#define TWICE \
	"The KeySchema contains multiple key attributes with the same name"

static const struct {
	const char *name, *key, *kind, *index, *want;
} definitions[] = {
	{ "four and four", "id:HASH", "Global",
	  "a:HASH b:HASH c:HASH d:HASH e:RANGE f:RANGE g:RANGE h:RANGE",
	  UNUSED("id, a, b, c, d, e, f, g, h") },
	{ "none to sort by", "id:HASH", "Global", "a:HASH b:HASH",
	  UNUSED("id, a, b") },
	{ "five to partition by", "id:HASH", "Global",
	  "a:HASH b:HASH c:HASH d:HASH e:HASH", TOO_MANY("HASH") },
	{ "five to sort by", "id:HASH", "Global",
	  "a:HASH b:RANGE c:RANGE d:RANGE e:RANGE f:RANGE", TOO_MANY("RANGE") },
	{ "to partition by behind what to sort by", "id:HASH", "Global",
	  "a:HASH b:RANGE c:HASH",
	  "All HASH key attributes must precede RANGE key attributes in the "
	  "KeySchema" },
	{ "none to partition by", "id:HASH", "Global", "a:RANGE b:RANGE",
	  "Invalid KeySchema: The first KeySchemaElement is not a HASH key "
	  "type" },
	{ "one twice", "id:HASH", "Global", "a:HASH b:RANGE a:RANGE", TWICE },
	{ "one twice to partition by", "id:HASH", "Global", "a:HASH a:HASH",
	  TWICE },
	{ "a pair of one", "id:HASH", "Global", "a:HASH a:RANGE",
	  "Both the Hash Key and the Range Key element in the KeySchema have "
	  "the same name" },
	{ "a type there is not", "id:HASH", "Global", "a:HASH b:RANGE c:SORT",
	  "1 validation error detected: Value 'SORT' at "
	  "'globalSecondaryIndexes.1.member.keySchema.3.member.keyType' failed "
	  "to satisfy constraint: Member must satisfy enum value set: [HASH, "
	  "RANGE]" },
	{ "an attribute that is not defined", "id:HASH", "Global",
	  "a:HASH b:HASH x:RANGE",
	  "One or more parameter values were invalid: Some index key "
	  "attributes are not defined in AttributeDefinitions. Keys: [a, b, "
	  "x], AttributeDefinitions: [id, a, b, c, d, e, f, g, h, i]" },
	{ "a table", "id:HASH a:HASH", "Global", "b:HASH",
	  "Invalid KeySchema: The second KeySchemaElement is not a RANGE key "
	  "type" },
	{ "a local index", "id:HASH a:RANGE", "Local",
	  "id:HASH b:RANGE c:RANGE",
	  "1 validation error detected: Value '[KeySchemaElement("
	  "attributeName=id, keyType=HASH), KeySchemaElement(attributeName=b, "
	  "keyType=RANGE), KeySchemaElement(attributeName=c, keyType=RANGE)]' "
	  "at 'localSecondaryIndexes.1.member.keySchema' failed to satisfy "
	  "constraint: Member must have length less than or equal to 2" },
};

static void test_definitions(void **state)
{
	struct kv_stage *s = kv_stage_new(0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(definitions) / sizeof(*definitions);
	     i++) {
		const char *got =
		    create(s, "bad", "id:S a:S b:N c:B d:S e:N f:S g:B h:S i:S",
			   definitions[i].key, definitions[i].kind,
			   definitions[i].index);

		if (strcmp(got, definitions[i].want) != 0)
			fail_msg("%s:\n got %s\nwant %s", definitions[i].name,
				 got, definitions[i].want);
	}
	kv_stage_free(s);
}

/* ---- a table ---------------------------------------------------------------
 * "turns": id (S), with the index "deep": shop (S) and lot (N); town (S), nth
 * (N), mark (B). */

static struct kv_stage *made(void)
{
	struct kv_stage *s = kv_stage_new(0, NULL);
	const char *answer =
	    create(s, "turns", "id:S shop:S lot:N town:S nth:N mark:B",
		   "id:HASH", "Global",
		   "shop:HASH lot:HASH town:RANGE nth:RANGE mark:RANGE");

	if (s->code)
		fail_msg("%s", answer);
	assert_non_null(
	    strstr(answer, "'KeySchema':[{'AttributeName':'shop','KeyType':"
			   "'HASH'},{'AttributeName':'lot','KeyType':'HASH'},"
			   "{'AttributeName':'town','KeyType':'RANGE'},"
			   "{'AttributeName':'nth','KeyType':'RANGE'},"
			   "{'AttributeName':'mark','KeyType':'RANGE'}]"));
	return s;
}

static const struct row {
	const char *id, *town, *nth, *mark;
} rows[] = {
	{ "1", "Bonn", "2", "AA==" },	{ "2", "Bonn", "10", "AA==" },
	{ "3", "Bonn", "10", "AAA=" },	{ "4", "Bonn", "10", "AQ==" },
	{ "5", "Bonna", "-1", "AA==" }, { "6", "Celle", "1", "AA==" },
	{ "7", "Celle", "1", "/w==" },
};

static void put(struct kv_stage *s, const struct row *row, const char *shop)
{
	kv_stage_expect(
	    s, "PutItem",
	    arena_printf(&s->texts,
			 "{'TableName': 'turns', 'Item': {'id': {'S': '%s%s'}, "
			 "'shop': {'S': '%s'}, 'lot': {'N': '2026'}, 'town': "
			 "{'S': '%s'}, 'nth': {'N': '%s'}, 'mark': {'B': "
			 "'%s'}}}",
			 *shop == 'x' ? "" : "other", row->id, shop, row->town,
			 row->nth, row->mark),
	    "{}");
}

static struct kv_stage *filled(void)
{
	struct kv_stage *s = made();

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		put(s, &rows[i], "x");
		put(s, &rows[i], "y");
	}
	return s;
}

/* The ids of the answer's items, one behind the other; or what it says. */
static const char *ids(struct kv_stage *s, const char *answer)
{
	const char *text = "";

	if (s->code)
		return answer;
	while ((answer = strstr(answer, "'id':{'S':'"))) {
		answer += strlen("'id':{'S':'");
		text = arena_printf(&s->texts, "%s%.*s", text,
				    (int)strcspn(answer, "'"), answer);
	}
	return text;
}

#define ASK                                                            \
	"{'TableName': 'turns', 'IndexName': 'deep', "                 \
	"'KeyConditionExpression': 'shop = :x AND lot = :y%s', "       \
	"'ExpressionAttributeValues': {':x': {'S': 'x'}, ':y': {'N': " \
	"'2026'}%s}, 'ScanIndexForward': %s}"

static void test_ranges(void **state)
{
	static const char bonn[] = ", ':t': {'S': 'Bonn'}";
	static const char celle[] = ", ':t': {'S': 'Celle'}";
	static const char ten[] = ", ':t': {'S': 'Bonn'}, ':r': {'N': '10'}";
	static const char low[] =
	    ", ':t': {'S': 'Bonn'}, ':r': {'N': '10'}, ':m': {'B': 'AA=='}";
	static const char last[] =
	    ", ':t': {'S': 'Celle'}, ':r': {'N': '1'}, ':m': {'B': '/w=='}";
	static const struct {
		const char *more, *values, *want;
	} cases[] = {
		{ "", "", "1234567" },
		{ " AND town = :t", bonn, "1234" },
		{ " AND town < :t", bonn, "" },
		{ " AND town <= :t", bonn, "1234" },
		{ " AND town > :t", bonn, "567" },
		{ " AND town >= :t", bonn, "1234567" },
		{ " AND town > :t", celle, "" },
		{ " AND town < :t", celle, "12345" },
		{ " AND begins_with(town, :t)", bonn, "12345" },
		{ " AND begins_with(town, :t)", ", ':t': {'S': 'B'}", "12345" },
		{ " AND town BETWEEN :t AND :u",
		  ", ':t': {'S': 'B'}, ':u': {'S': 'Bonn'}", "1234" },
		{ " AND town BETWEEN :t AND :u",
		  ", ':t': {'S': 'Bonna'}, ':u': {'S': 'Celle'}", "567" },
		{ " AND town = :t AND nth = :r", ten, "234" },
		{ " AND town = :t AND nth < :r", ten, "1" },
		{ " AND town = :t AND nth <= :r", ten, "1234" },
		{ " AND town = :t AND nth > :r", ten, "" },
		{ " AND town = :t AND nth >= :r", ten, "234" },
		{ " AND town = :t AND nth = :r AND mark = :m", low, "2" },
		{ " AND town = :t AND nth = :r AND mark > :m", low, "34" },
		{ " AND town = :t AND nth = :r AND mark >= :m", low, "234" },
		{ " AND town = :t AND nth = :r AND mark < :m", low, "" },
		{ " AND town = :t AND nth = :r AND mark <= :m", low, "2" },
		{ " AND town = :t AND nth = :r AND begins_with(mark, :m)", low,
		  "23" },
		{ " AND town = :t AND nth = :r AND mark >= :m", last, "7" },
		{ " AND town = :t AND nth = :r AND begins_with(mark, :m)", last,
		  "7" },
		{ " AND mark = :t", ", ':t': {'B': 'AA=='}",
		  "Query condition missed key schema element: town" },
		{ " AND town > :t AND nth = :r", ten,
		  "Query key condition not supported" },
	};
	struct kv_stage *s = filled();

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(*cases); i++) {
		bool backward = i % 2;
		const char *got =
		    ids(s, kv_stage_call(
			       s, "Query",
			       arena_printf(&s->texts, ASK, cases[i / 2].more,
					    cases[i / 2].values,
					    backward ? "false" : "true")));
		char want[100] = "";
		size_t size = strlen(cases[i / 2].want);
		bool turned = backward && !s->code;

		for (size_t at = 0; at < size; at++)
			want[turned ? size - 1 - at : at] =
			    cases[i / 2].want[at];
		if (strcmp(got, want) != 0)
			fail_msg("%s %s: got %s, want %s", cases[i / 2].more,
				 cases[i / 2].values, got, want);
	}
	kv_stage_free(s);
}

/* Two rows in Bonn, the first or those behind a place; `more` of the request. */
static const char *page(struct kv_stage *s, const char *place, const char *more)
{
	return kv_stage_call(
	    s, "Query",
	    arena_printf(&s->texts,
			 "{'TableName': 'turns', 'IndexName': 'deep', 'Limit': "
			 "2, 'KeyConditionExpression': 'shop = :x AND lot = :y "
			 "AND town = :t', 'ExpressionAttributeValues': {':x': "
			 "{'S': 'x'}, ':y': {'N': '2026'}, ':t': {'S': "
			 "'Bonn'}}%s%s%s}",
			 *place ? ", 'ExclusiveStartKey': " : "", place, more));
}

static void test_pages(void **state)
{
	static const char second[] =
	    "{'id':{'S':'2'},'lot':{'N':'2026'},'mark':{'B':'AA=='},'nth':"
	    "{'N':'10'},'shop':{'S':'x'},'town':{'S':'Bonn'}}";
	static const struct {
		const char *place, *more, *want;
	} refused[] = {
		{ "{'id': {'S': '2'}, 'shop': {'S': 'x'}, 'lot': {'N': "
		  "'2026'}, 'town': {'S': 'Bonn'}, 'nth': {'N': '10'}}",
		  "", "The provided starting key is invalid" },
		{ "{'id': {'S': '2'}, 'shop': {'S': 'x'}, 'lot': {'N': "
		  "'2026'}, 'town': {'S': 'Celle'}, 'nth': {'N': '10'}, "
		  "'mark': {'B': 'AA=='}}",
		  "",
		  "The provided starting key does not match the range key "
		  "predicate" },
		{ "{'id': {'S': '2'}, 'shop': {'S': 'x'}, 'lot': {'N': "
		  "'2025'}, 'town': {'S': 'Bonn'}, 'nth': {'N': '10'}, 'mark': "
		  "{'B': 'AA=='}}",
		  "",
		  "The provided starting key is outside query boundaries based "
		  "on provided conditions" },
		{ "", ", 'FilterExpression': 'attribute_exists(mark)'",
		  "Filter Expression can only contain non-primary key "
		  "attributes: Primary key attribute: mark" },
	};
	struct kv_stage *s = filled();
	const char *answer = page(s, "", "");

	(void)state;
	assert_string_equal(ids(s, answer), "122"); /* where it goes on, too */
	assert_string_equal(strstr(answer, "'LastEvaluatedKey':"),
			    arena_printf(&s->texts, "'LastEvaluatedKey':%s}",
					 second));
	assert_string_equal(ids(s, page(s, second, "")), "344");
	for (size_t i = 0; i < sizeof(refused) / sizeof(*refused); i++)
		assert_string_equal(page(s, refused[i].place, refused[i].more),
				    refused[i].want);
	kv_stage_free(s);
}

/* ---- what writes do and cost -----------------------------------------------
 */

#define UPDATE(clause, values)                               \
	"{'TableName': 'turns', 'Key': {'id': {'S': '1'}}, " \
	"'UpdateExpression': '" clause "', " values          \
	"'ReturnConsumedCapacity': 'INDEXES'}"
#define VALUE(value) "'ExpressionAttributeValues': {':v': " value "}, "
#define COST(total, index)                                                \
	"{'ConsumedCapacity':{'TableName':'turns','CapacityUnits':" total \
	",'Table':{'CapacityUnits':1}" index "}}"
#define DEEP(units) \
	",'GlobalSecondaryIndexes':{'deep':{'CapacityUnits':" units "}}"
#define COUNT(nth)                                                        \
	"{'TableName': 'turns', 'IndexName': 'deep', 'Select': 'COUNT', " \
	"'KeyConditions': {'shop': {'ComparisonOperator': 'EQ', "         \
	"'AttributeValueList': [{'S': 'x'}]}, 'lot': "                    \
	"{'ComparisonOperator': 'EQ', 'AttributeValueList': [{'N': "      \
	"'2026'}]}, 'town': {'ComparisonOperator': 'EQ', "                \
	"'AttributeValueList': [{'S': 'Bonn'}]}, 'nth': "                 \
	"{'ComparisonOperator': 'LT', 'AttributeValueList': [{'N': '" nth \
	"'}]}}}"

static const struct {
	const char *name, *operation, *request, *want;
} writes[] = {
	{ "it is there", "Query", COUNT("9"), "{'Count':1,'ScannedCount':1}" },
	{ "moved within the index", "UpdateItem",
	  UPDATE("SET nth = :v", VALUE("{'N': '3'}")), COST("3", DEEP("2")) },
	{ "still there", "Query", COUNT("9"), "{'Count':1,'ScannedCount':1}" },
	{ "but not before", "Query", COUNT("3"),
	  "{'Count':0,'ScannedCount':0}" },
	{ "one attribute less, and it is out", "UpdateItem",
	  UPDATE("REMOVE nth", ""), COST("2", DEEP("1")) },
	{ "gone", "Query", COUNT("9"), "{'Count':0,'ScannedCount':0}" },
	{ "another one less costs nothing there", "UpdateItem",
	  "{'TableName': 'turns', 'Key': {'id': {'S': '1'}}, "
	  "'UpdateExpression': 'REMOVE mark', 'ReturnConsumedCapacity': "
	  "'INDEXES'}",
	  COST("1", "") },
	{ "of another type", "UpdateItem",
	  UPDATE("SET nth = :v", VALUE("{'S': '3'}")),
	  "The update expression attempted to update the secondary index key "
	  "to unsupported type" },
	{ "empty", "PutItem",
	  "{'TableName': 'turns', 'Item': {'id': {'S': '1'}, 'mark': {'B': "
	  "''}}}",
	  "One or more parameter values are not valid. A value specified for a "
	  "secondary index key is not supported. The AttributeValue for a key "
	  "attribute cannot contain an empty binary value. IndexName: deep, "
	  "IndexKey: mark" },
};

static void test_writes(void **state)
{
	struct kv_stage *s = made();

	(void)state;
	put(s, &rows[0], "x");
	for (size_t i = 0; i < sizeof(writes) / sizeof(*writes); i++) {
		const char *got =
		    kv_stage_call(s, writes[i].operation, writes[i].request);

		if (strcmp(got, writes[i].want) != 0)
			fail_msg("%s:\n got %s\nwant %s", writes[i].name, got,
				 writes[i].want);
	}
	kv_stage_free(s);
}

/* ---- statements ------------------------------------------------------------
 */

#define Q "\\u0027" /* the quote of PartiQL's texts */
#define OF_X "shop = " Q "x" Q

static void test_statements(void **state)
{
	static const struct {
		const char *where, *want;
	} cases[] = {
		{ OF_X " AND lot = 2026", "1234567" },
		{ OF_X " AND lot = 2026 AND town = " Q "Bonn" Q " AND nth > 5",
		  "234" },
		{ OF_X " AND lot = 2026 AND town > " Q "Bonn" Q " AND nth = 1",
		  "67" },
		{ OF_X " AND lot IN [2025, 2026] AND town = " Q "Celle" Q,
		  "67" },
		{ OF_X " AND lot IN []", "" },
		{ OF_X " AND lot = 2026 ORDER BY town DESC, nth DESC",
		  "7654321" },
	};
	struct kv_stage *s = filled();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *got =
		    ids(s, kv_stage_call(
			       s, "ExecuteStatement",
			       arena_printf(&s->texts,
					    "{'Statement': 'SELECT * FROM "
					    "\\'turns\\'.\\'deep\\' WHERE %s'}",
					    cases[i].where)));

		if (strcmp(got, cases[i].want) != 0)
			fail_msg("%s: got %s, want %s", cases[i].where, got,
				 cases[i].want);
	}
	kv_stage_free(s);
}

/* ---- policies --------------------------------------------------------------
 * Each attribute of the partition key must be one that is allowed, and none one
 * that is denied, whatever the words of the policy. */

#define STATEMENT(effect, more)                                       \
	"{\\'Effect\\': \\'" effect "\\', \\'Principal\\': \\'*\\', " \
	"\\'Action\\': \\'dynamodb:Query\\', \\'Resource\\': \\'*\\'" more "}"
#define IF(word)                                                            \
	", \\'Condition\\': {\\'" word "\\': {\\'dynamodb:LeadingKeys\\': " \
	"\\'one\\'}}"
#define ALLOWED STATEMENT("Allow", "")
#define ALLOW(word) STATEMENT("Allow", IF(word))
#define DENY(word) ALLOWED ", " STATEMENT("Deny", IF(word))

static void test_policies(void **state)
{
	static const struct {
		const char *statements;
		const char *allowed; /* of the queries below */
	} cases[] = {
		{ ALLOWED, "1234" },
		{ ALLOW("ForAllValues:StringEquals"), "1" },
		{ ALLOW("ForAnyValue:StringEquals"), "1" },
		{ ALLOW("ForAllValues:StringNotEquals"), "4" },
		{ ALLOW("ForAnyValue:StringNotEquals"), "4" },
		{ DENY("ForAllValues:StringEquals"), "4" },
		{ DENY("ForAnyValue:StringEquals"), "4" },
		/* two statements don't share what each allows alone */
		{ ALLOW("ForAllValues:StringEquals") ", " ALLOW(
		      "ForAllValues:StringNotEquals"),
		  "14" },
	};
	static const char *const queries[][2] = {
		{ "one", "one" },
		{ "one", "two" },
		{ "two", "one" },
		{ "two", "two" },
	};
	struct kv_stage *s = kv_stage_new(0, NULL);
	struct principal admin = s->principal;

	(void)state;
	create(s, "pairs", "id:S a:S b:S", "id:HASH", "Global",
	       "a:HASH b:HASH");
	assert_int_equal(s->code, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		char got[5] = "";
		size_t count = 0;

		s->principal = s->user = admin;
		kv_stage_call(s, "PutResourcePolicy",
			      arena_printf(&s->texts,
					   "{'ResourceArn': 'pairs', 'Policy': "
					   "'{\\'Version\\': \\'2012-10-17\\', "
					   "\\'Statement\\': [%s]}'}",
					   cases[i].statements));
		if (s->code)
			fail_msg("%s: %s", cases[i].statements, s->answer);
		s->principal = (struct principal){ .kind = PRINCIPAL_USER,
						   .text = SLICE("user:one"),
						   .sub = SLICE("one") };
		s->user = s->principal;
		for (size_t j = 0; j < 4; j++) {
			kv_stage_call(
			    s, "Query",
			    arena_printf(
				&s->texts,
				"{'TableName': 'pairs', 'IndexName': 'deep', "
				"'KeyConditionExpression': 'a = :a AND b = "
				":b', 'ExpressionAttributeValues': {':a': "
				"{'S': '%s'}, ':b': {'S': '%s'}}}",
				queries[j][0], queries[j][1]));
			if (!s->code)
				got[count++] = (char)('1' + j);
		}
		if (strcmp(got, cases[i].allowed) != 0)
			fail_msg("%s: got %s, want %s", cases[i].statements,
				 got, cases[i].allowed);
	}
	kv_stage_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_definitions),
		cmocka_unit_test(test_ranges),
		cmocka_unit_test(test_pages),
		cmocka_unit_test(test_writes),
		cmocka_unit_test(test_statements),
		cmocka_unit_test(test_policies),
	};

	return cmocka_run_group_tests_name("several_attributes", tests, NULL,
					   NULL);
}
