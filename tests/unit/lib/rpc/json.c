/* tests/unit/lib/rpc/json.c - the protobuf JSON mapping, both ways */
#include "lib/rpc/json.h"
#include "lib/wire/wire.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

extern const uint8_t test_descriptor_set[], test_descriptor_set_end[];
static struct descriptor_set *tests;

static const struct descriptor_message *type(const char *name)
{
	const struct descriptor_set *set = strncmp(name, "parlor.kv", 9) == 0
					       ? descriptor_set_parlor()
					       : tests;

	return descriptor_message_find(set, slice_of(name));
}

#define EVERYTHING "parlor.test.v1.Everything"
#define VALUE "google.protobuf.Value"
#define GET "parlor.kv.v1.GetItemRequest"
#define QUERY "parlor.kv.v1.QueryRequest"
#define PUT "parlor.kv.v1.PutItemRequest"
#define ITEM "parlor.kv.v1.Item"
#define ANY "google.protobuf.Any"

struct row {
	const char *name, *type, *in;
	const char *out; /* NULL: refused */
	unsigned flags;
};

static const struct row rows[] = {
	/* the shape of an object */
	{ "an empty object", EVERYTHING, "{}", "{}", 0 },
	{ "white space", EVERYTHING, " \t\r\n{ \"aBool\" : true } ",
	  "{\"aBool\":true}", 0 },
	{ "nothing", EVERYTHING, "", NULL, 0 },
	{ "an array", EVERYTHING, "[]", NULL, 0 },
	{ "null alone", EVERYTHING, "null", NULL, 0 },
	{ "more behind it", EVERYTHING, "{} {}", NULL, 0 },
	{ "a comma too many", EVERYTHING, "{\"aBool\":true,}", NULL, 0 },
	{ "a comma first", EVERYTHING, "{,}", NULL, 0 },
	{ "no comma", EVERYTHING, "{\"aBool\":true \"aString\":\"\"}", NULL,
	  0 },
	{ "no colon", EVERYTHING, "{\"aBool\" true}", NULL, 0 },
	{ "a name without quotes", EVERYTHING, "{aBool:true}", NULL, 0 },
	{ "cut", EVERYTHING, "{\"aBool\":true", NULL, 0 },
	{ "cut in a name", EVERYTHING, "{\"aBo", NULL, 0 },
	{ "cut in an escape", EVERYTHING, "{\"aString\":\"\\", NULL, 0 },
	{ "a field twice", EVERYTHING, "{\"aBool\":true,\"aBool\":true}", NULL,
	  0 },
	{ "a field twice by both names", EVERYTHING,
	  "{\"aBool\":true,\"a_bool\":true}", NULL, 0 },
	{ "the proto's name", EVERYTHING, "{\"a_bool\":true}",
	  "{\"aBool\":true}", 0 },
	{ "a name with an escape", EVERYTHING, "{\"\\u0061Bool\":true}",
	  "{\"aBool\":true}", 0 },
	{ "json_name", EVERYTHING, "{\"AnotherName\":\"x\"}",
	  "{\"AnotherName\":\"x\"}", 0 },
	{ "null is absent", EVERYTHING,
	  "{\"aBool\":null,\"nested\":null,\"numbers\":null,\"texts\":null}",
	  "{}", 0 },
	{ "unknown is refused", EVERYTHING, "{\"x\":1}", NULL, 0 },
	{ "unknown is skipped", EVERYTHING,
	  "{\"x\":{\"y\":[1,\"\\u00e9\",null,true,false,-1e5]},\"aBool\":true}",
	  "{\"aBool\":true}", JSON_IGNORE_UNKNOWN },
	{ "unknown must be JSON all the same", EVERYTHING, "{\"x\":[1,}", NULL,
	  JSON_IGNORE_UNKNOWN },
	/* integers */
	{ "int32's ends", EVERYTHING,
	  "{\"anInt32\":2147483647,\"anSint32\":-2147483648}",
	  "{\"anInt32\":2147483647,\"anSint32\":-2147483648}", 0 },
	{ "int32 in quotes", EVERYTHING, "{\"anInt32\":\"-5\"}",
	  "{\"anInt32\":-5}", 0 },
	{ "over int32", EVERYTHING, "{\"anInt32\":2147483648}", NULL, 0 },
	{ "under int32", EVERYTHING, "{\"anInt32\":-2147483649}", NULL, 0 },
	{ "1e3 is whole", EVERYTHING, "{\"anInt32\":1e3}", "{\"anInt32\":1000}",
	  0 },
	{ "1.0 is whole", EVERYTHING, "{\"anInt32\":1.0}", "{\"anInt32\":1}",
	  0 },
	{ "12.50e1 is whole", EVERYTHING, "{\"anInt32\":12.50E+1}",
	  "{\"anInt32\":125}", 0 },
	{ "100e-2 is whole", EVERYTHING, "{\"anInt32\":100e-2}",
	  "{\"anInt32\":1}", 0 },
	{ "0.5 is not", EVERYTHING, "{\"anInt32\":0.5}", NULL, 0 },
	{ "0e999999999999", EVERYTHING, "{\"anInt32\":0e999999999999}",
	  "{\"anInt32\":0}", 0 },
	{ "1e999999999999", EVERYTHING, "{\"anInt32\":1e999999999999}", NULL,
	  0 },
	{ "-0", EVERYTHING, "{\"anInt32\":-0}", "{\"anInt32\":0}", 0 },
	{ "01", EVERYTHING, "{\"anInt32\":01}", NULL, 0 },
	{ "+1", EVERYTHING, "{\"anInt32\":+1}", NULL, 0 },
	{ "1.", EVERYTHING, "{\"anInt32\":1.}", NULL, 0 },
	{ ".1", EVERYTHING, "{\"anInt32\":.1}", NULL, 0 },
	{ "1e", EVERYTHING, "{\"anInt32\":1e}", NULL, 0 },
	{ "a blank in quotes", EVERYTHING, "{\"anInt32\":\" 1\"}", NULL, 0 },
	{ "an empty string", EVERYTHING, "{\"anInt32\":\"\"}", NULL, 0 },
	{ "true is no number", EVERYTHING, "{\"anInt32\":true}", NULL, 0 },
	{ "int64's ends", EVERYTHING,
	  "{\"anInt64\":-9223372036854775808,\"anSint64\":9223372036854775807}",
	  "{\"anInt64\":\"-9223372036854775808\",\"anSint64\":"
	  "\"9223372036854775807\"}",
	  0 },
	{ "int64 exactly", EVERYTHING, "{\"anInt64\":9007199254740993}",
	  "{\"anInt64\":\"9007199254740993\"}", 0 },
	{ "over int64", EVERYTHING, "{\"anInt64\":9223372036854775808}", NULL,
	  0 },
	{ "uint64's end", EVERYTHING, "{\"aUint64\":\"18446744073709551615\"}",
	  "{\"aUint64\":\"18446744073709551615\"}", 0 },
	{ "over uint64", EVERYTHING, "{\"aUint64\":18446744073709551616}", NULL,
	  0 },
	{ "far over uint64", EVERYTHING,
	  "{\"aUint64\":99999999999999999990000}", NULL, 0 },
	{ "wrapping round", EVERYTHING, "{\"aUint64\":99999999999999999999}",
	  NULL, 0 },
	{ "a negative uint64", EVERYTHING, "{\"aUint64\":-1}", NULL, 0 },
	{ "fixed", EVERYTHING,
	  "{\"aFixed64\":\"7\",\"aFixed32\":4294967295,\"anSfixed32\":-1,"
	  "\"anSfixed64\":\"-1\"}",
	  "{\"aFixed64\":\"7\",\"aFixed32\":4294967295,\"anSfixed32\":-1,"
	  "\"anSfixed64\":\"-1\"}",
	  0 },
	/* floating point */
	{ "the shortest", EVERYTHING, "{\"aDouble\":0.1,\"aFloat\":0.1}",
	  "{\"aDouble\":0.1,\"aFloat\":0.1}", 0 },
	{ "17 digits", EVERYTHING, "{\"aDouble\":0.30000000000000004}",
	  "{\"aDouble\":0.30000000000000004}", 0 },
	{ "the largest", EVERYTHING, "{\"aDouble\":1.7976931348623157e308}",
	  "{\"aDouble\":1.7976931348623157e+308}", 0 },
	{ "the smallest", EVERYTHING, "{\"aDouble\":5e-324}",
	  "{\"aDouble\":5e-324}", 0 },
	{ "whole doubles", EVERYTHING, "{\"aDouble\":1e3}",
	  "{\"aDouble\":1000}", 0 },
	{ "minus zero", EVERYTHING, "{\"aDouble\":-0.0}", "{\"aDouble\":-0}",
	  0 },
	{ "over double", EVERYTHING, "{\"aDouble\":1.8e308}", NULL, 0 },
	{ "over float", EVERYTHING, "{\"aFloat\":3.5e38}", NULL, 0 },
	{ "NaN", EVERYTHING, "{\"aDouble\":\"NaN\",\"aFloat\":\"-Infinity\"}",
	  "{\"aDouble\":\"NaN\",\"aFloat\":\"-Infinity\"}", 0 },
	{ "a double in quotes", EVERYTHING, "{\"aDouble\":\"1.5\"}",
	  "{\"aDouble\":1.5}", 0 },
	{ "nan without quotes", EVERYTHING, "{\"aDouble\":NaN}", NULL, 0 },
	{ "inf", EVERYTHING, "{\"aDouble\":\"inf\"}", NULL, 0 },
	{ "hexadecimal", EVERYTHING, "{\"aDouble\":\"0x10\"}", NULL, 0 },
	/* bool, string, bytes, enum */
	{ "a bool in quotes", EVERYTHING, "{\"aBool\":\"true\"}", NULL, 0 },
	{ "1 is no bool", EVERYTHING, "{\"aBool\":1}", NULL, 0 },
	{ "tru", EVERYTHING, "{\"aBool\":tru}", NULL, 0 },
	{ "escapes", EVERYTHING,
	  "{\"aString\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"}",
	  "{\"aString\":\"\\\"\\\\/\\b\\f\\n\\r\\t\xc3\xa9\xf0\x9f\x98\x80\"}",
	  0 },
	{ "a NUL", EVERYTHING, "{\"aString\":\"a\\u0000b\"}",
	  "{\"aString\":\"a\\u0000b\"}", 0 },
	{ "a lone high surrogate", EVERYTHING, "{\"aString\":\"\\ud83d\"}",
	  NULL, 0 },
	{ "a lone low surrogate", EVERYTHING, "{\"aString\":\"\\ude00\"}", NULL,
	  0 },
	{ "a high one twice", EVERYTHING, "{\"aString\":\"\\ud83d\\ud83d\"}",
	  NULL, 0 },
	{ "short \\u", EVERYTHING, "{\"aString\":\"\\u12\"}", NULL, 0 },
	{ "no such escape", EVERYTHING, "{\"aString\":\"\\x\"}", NULL, 0 },
	{ "a raw newline", EVERYTHING, "{\"aString\":\"\n\"}", NULL, 0 },
	{ "bad UTF-8", EVERYTHING, "{\"aString\":\"\xff\"}", NULL, 0 },
	{ "an overlong slash", EVERYTHING, "{\"aString\":\"\xc0\xaf\"}", NULL,
	  0 },
	{ "bytes", EVERYTHING, "{\"someBytes\":\"+/8=\"}",
	  "{\"someBytes\":\"+/8=\"}", 0 },
	{ "bytes for URLs", EVERYTHING, "{\"someBytes\":\"-_8\"}",
	  "{\"someBytes\":\"+/8=\"}", 0 },
	{ "one byte", EVERYTHING, "{\"someBytes\":\"AQ\"}",
	  "{\"someBytes\":\"AQ==\"}", 0 },
	{ "no bytes", EVERYTHING, "{\"someBytes\":\"\"}",
	  "{\"someBytes\":\"\"}", 0 },
	{ "five letters of base64", EVERYTHING, "{\"someBytes\":\"AAAAA\"}",
	  NULL, 0 },
	{ "stray bits", EVERYTHING, "{\"someBytes\":\"AR==\"}", NULL, 0 },
	{ "wrong padding", EVERYTHING, "{\"someBytes\":\"AQ=\"}", NULL, 0 },
	{ "a blank in base64", EVERYTHING, "{\"someBytes\":\"A Q=\"}", NULL,
	  0 },
	{ "an enum", EVERYTHING,
	  "{\"aColour\":\"COLOUR_RED\",\"colours\":[2,\"COLOUR_NEGATIVE\"]}",
	  "{\"aColour\":\"COLOUR_RED\",\"colours\":[\"COLOUR_YELLOW\","
	  "\"COLOUR_NEGATIVE\"]}",
	  0 },
	{ "an enum's unknown number", EVERYTHING, "{\"aColour\":77}",
	  "{\"aColour\":77}", 0 },
	{ "an enum's unknown name", EVERYTHING, "{\"aColour\":\"BLUE\"}", NULL,
	  0 },
	{ "an enum's unknown name, skipped", EVERYTHING,
	  "{\"aColour\":\"BLUE\",\"colours\":[\"BLUE\",1],\"toColour\":"
	  "{\"a\":\"BLUE\",\"b\":1}}",
	  "{\"colours\":[\"COLOUR_RED\"],\"toColour\":{\"b\":\"COLOUR_RED\"}}",
	  JSON_IGNORE_UNKNOWN },
	/* repeated, maps, oneofs */
	{ "repeated", EVERYTHING,
	  "{\"numbers\":[1,-2,\"3\"],\"strings\":[\"\",\"a\"],\"unpacked\":[4],"
	  "\"children\":[{},{\"aBool\":true}]}",
	  "{\"numbers\":[1,-2,3],\"strings\":[\"\",\"a\"],\"unpacked\":[4],"
	  "\"children\":[{},{\"aBool\":true}]}",
	  0 },
	{ "empty arrays are absent", EVERYTHING,
	  "{\"numbers\":[],\"strings\":[],\"texts\":{}}", "{}", 0 },
	{ "null in an array", EVERYTHING, "{\"strings\":[null]}", NULL, 0 },
	{ "one in place of many", EVERYTHING, "{\"numbers\":1}", NULL, 0 },
	{ "many in place of one", EVERYTHING, "{\"anInt32\":[1]}", NULL, 0 },
	{ "maps", EVERYTHING,
	  "{\"texts\":{\"a\":\"b\",\"\":\"\"},\"byInt32\":{\"-1\":{}},"
	  "\"byInt64\":{\"9007199254740993\":\"x\"},\"byUint64\":{\"1\":\"y\"},"
	  "\"byBool\":{\"true\":\"t\",\"false\":\"f\"},\"toColour\":{\"c\":1},"
	  "\"bySint32\":{\"-3\":1.5},\"byFixed64\":{\"8\":\"AQ==\"}}",
	  "{\"texts\":{\"a\":\"b\",\"\":\"\"},\"byInt32\":{\"-1\":{}},"
	  "\"byInt64\":{\"9007199254740993\":\"x\"},\"byUint64\":{\"1\":\"y\"},"
	  "\"byBool\":{\"true\":\"t\",\"false\":\"f\"},\"toColour\":{\"c\":"
	  "\"COLOUR_RED\"},\"bySint32\":{\"-3\":1.5},\"byFixed64\":{\"8\":"
	  "\"AQ==\"}}",
	  0 },
	{ "a key twice", EVERYTHING, "{\"texts\":{\"a\":\"\",\"a\":\"\"}}",
	  NULL, 0 },
	{ "a key twice in two forms", EVERYTHING,
	  "{\"byInt32\":{\"10\":{},\"1e1\":{}}}", NULL, 0 },
	{ "null in a map", EVERYTHING, "{\"texts\":{\"a\":null}}", NULL, 0 },
	{ "a key that is no bool", EVERYTHING, "{\"byBool\":{\"1\":\"\"}}",
	  NULL, 0 },
	{ "a key out of range", EVERYTHING, "{\"byInt32\":{\"2147483648\":{}}}",
	  NULL, 0 },
	{ "a oneof", EVERYTHING, "{\"chosenNumber\":0}", "{\"chosenNumber\":0}",
	  0 },
	{ "a oneof twice", EVERYTHING,
	  "{\"chosenNumber\":1,\"chosenText\":\"\"}", NULL, 0 },
	{ "null leaves a oneof free", EVERYTHING,
	  "{\"chosenNumber\":null,\"chosenText\":\"\"}",
	  "{\"chosenText\":\"\"}", 0 },
	{ "NullValue is a value", EVERYTHING, "{\"chosenNull\":null}",
	  "{\"chosenNull\":null}", 0 },
	/* well-known types */
	{ "a time", EVERYTHING, "{\"aTime\":\"2026-11-25T19:43:18.5+01:30\"}",
	  "{\"aTime\":\"2026-11-25T18:13:18.500Z\"}", 0 },
	{ "times", EVERYTHING,
	  "{\"times\":[\"0001-01-01T00:00:00Z\",\"9999-12-31T23:59:59."
	  "999999999Z\",\"1969-12-31T23:59:59.000001Z\","
	  "\"2024-02-29T00:00:00Z\"]}",
	  "{\"times\":[\"0001-01-01T00:00:00Z\",\"9999-12-31T23:59:59."
	  "999999999Z\",\"1969-12-31T23:59:59.000001Z\","
	  "\"2024-02-29T00:00:00Z\"]}",
	  0 },
	{ "no leap year", EVERYTHING, "{\"aTime\":\"2023-02-29T00:00:00Z\"}",
	  NULL, 0 },
	{ "no offset", EVERYTHING, "{\"aTime\":\"2023-02-28T00:00:00\"}", NULL,
	  0 },
	{ "small letters", EVERYTHING, "{\"aTime\":\"2023-02-28t00:00:00z\"}",
	  NULL, 0 },
	{ "before year 1", EVERYTHING,
	  "{\"aTime\":\"0001-01-01T00:00:00+00:01\"}", NULL, 0 },
	{ "ten digits", EVERYTHING,
	  "{\"aTime\":\"2023-02-28T00:00:00.1234567890Z\"}", NULL, 0 },
	{ "durations", EVERYTHING, "{\"aDuration\":\"-1.000001s\"}",
	  "{\"aDuration\":\"-1.000001s\"}", 0 },
	{ "half a second back", EVERYTHING, "{\"aDuration\":\"-0.5s\"}",
	  "{\"aDuration\":\"-0.500s\"}", 0 },
	{ "no unit", EVERYTHING, "{\"aDuration\":\"1\"}", NULL, 0 },
	{ "too long", EVERYTHING, "{\"aDuration\":\"315576000001s\"}", NULL,
	  0 },
	{ "a mask", EVERYTHING, "{\"aMask\":\"a,bC.dEf\"}",
	  "{\"aMask\":\"a,bC.dEf\"}", 0 },
	{ "an empty mask", EVERYTHING, "{\"aMask\":\"\"}", "{\"aMask\":\"\"}",
	  0 },
	{ "a mask with _", EVERYTHING, "{\"aMask\":\"a_b\"}", NULL, 0 },
	{ "a struct", EVERYTHING,
	  "{\"aStruct\":{\"a\":[1,\"x\",null,true,{}],\"b\":{\"c\":-1.5}}}",
	  "{\"aStruct\":{\"a\":[1,\"x\",null,true,{}],\"b\":{\"c\":-1.5}}}",
	  0 },
	{ "a struct's key twice", EVERYTHING, "{\"aStruct\":{\"a\":1,\"a\":1}}",
	  NULL, 0 },
	{ "a value of null is there", EVERYTHING, "{\"aValue\":null}",
	  "{\"aValue\":null}", 0 },
	{ "values", EVERYTHING, "{\"values\":[null,\"1\",2,[],{}]}",
	  "{\"values\":[null,\"1\",2,[],{}]}", 0 },
	{ "a list", EVERYTHING, "{\"aList\":[[],{}]}", "{\"aList\":[[],{}]}",
	  0 },
	{ "a value alone", VALUE, "null", "null", 0 },
	{ "a number alone", VALUE, "7", "7", 0 },
	{ "wrappers", EVERYTHING,
	  "{\"wrappedDouble\":\"NaN\",\"wrappedInt64\":\"1\","
	  "\"wrappedUint32\":0,\"wrappedBool\":false,\"wrappedString\":\"\","
	  "\"wrappedBytes\":\"AQ\"}",
	  "{\"wrappedDouble\":\"NaN\",\"wrappedInt64\":\"1\","
	  "\"wrappedUint32\":0,\"wrappedBool\":false,\"wrappedString\":\"\","
	  "\"wrappedBytes\":\"AQ==\"}",
	  0 },
	{ "a wrapper of null is absent", EVERYTHING, "{\"wrappedInt64\":null}",
	  "{}", 0 },
	{ "empty", EVERYTHING, "{\"anEmpty\":{}}", "{\"anEmpty\":{}}", 0 },
	{ "empty with a field", EVERYTHING, "{\"anEmpty\":{\"a\":1}}", NULL,
	  0 },
	{ "any", ANY,
	  "{\"sentence\":\"hi\",\"@type\":\"x/parlor.test.v1.SayRequest\"}",
	  "{\"@type\":\"x/parlor.test.v1.SayRequest\",\"sentence\":\"hi\"}",
	  0 },
	{ "any of a well-known type", ANY,
	  "{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"}",
	  "{\"@type\":\"x/google.protobuf.Duration\",\"value\":\"1s\"}", 0 },
	{ "any of empty", ANY, "{\"@type\":\"x/google.protobuf.Empty\"}",
	  "{\"@type\":\"x/google.protobuf.Empty\",\"value\":{}}", 0 },
	{ "any in any", ANY,
	  "{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":"
	  "\"y/google.protobuf.Int64Value\",\"value\":\"5\"}}",
	  "{\"@type\":\"x/google.protobuf.Any\",\"value\":{\"@type\":"
	  "\"y/google.protobuf.Int64Value\",\"value\":\"5\"}}",
	  0 },
	{ "any of nothing", ANY, "{}", "{}", 0 },
	{ "any without @type", ANY, "{\"a\":1}", NULL, 0 },
	{ "any of an unknown type", ANY, "{\"@type\":\"x/y.Z\"}", NULL, 0 },
	{ "@type twice", ANY,
	  "{\"@type\":\"x/google.protobuf.Any\",\"@type\":"
	  "\"x/google.protobuf.Any\",\"value\":{}}",
	  NULL, 0 },
	{ "@type where no any is", EVERYTHING, "{\"@type\":\"x\"}", NULL, 0 },
	/* AWS's form */
	{ "an item", GET,
	  "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":"
	  "\"1\"}}}",
	  "{\"TableName\":\"t\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"N\":"
	  "\"1\"}}}",
	  JSON_AWS },
	{ "the same in protobuf's form", GET,
	  "{\"TableName\":\"t\",\"Key\":{\"attributes\":{\"pk\":{\"S\":\"a\"}}}"
	  "}",
	  "{\"TableName\":\"t\",\"Key\":{\"attributes\":{\"pk\":{\"S\":\"a\"}}}"
	  "}",
	  0 },
	{ "all types", ITEM,
	  "{\"a\":{\"S\":\"\"},\"b\":{\"N\":\"1\"},\"c\":{\"B\":\"AQ==\"},"
	  "\"d\":{\"SS\":[\"x\"]},\"e\":{\"NS\":[\"2\"]},\"f\":{\"BS\":[\"AQ=="
	  "\""
	  "]},\"g\":{\"M\":{}},\"h\":{\"L\":[{\"NULL\":true},{\"M\":{\"i\":"
	  "{\"BOOL\":false}}}]},\"j\":{\"SS\":[]}}",
	  "{\"a\":{\"S\":\"\"},\"b\":{\"N\":\"1\"},\"c\":{\"B\":\"AQ==\"},"
	  "\"d\":{\"SS\":[\"x\"]},\"e\":{\"NS\":[\"2\"]},\"f\":{\"BS\":[\"AQ=="
	  "\""
	  "]},\"g\":{\"M\":{}},\"h\":{\"L\":[{\"NULL\":true},{\"M\":{\"i\":"
	  "{\"BOOL\":false}}}]},\"j\":{\"SS\":[]}}",
	  JSON_AWS },
	{ "two types in a value are their reader's", ITEM,
	  "{\"a\":{\"S\":\"\",\"N\":\"1\"}}", "{\"a\":{\"N\":\"1\"}}",
	  JSON_AWS },
	{ "an empty list that AWS sends", "parlor.kv.v1.QueryResponse",
	  "{\"Count\":0}", "{\"Items\":[],\"Count\":0}",
	  JSON_AWS | JSON_ALWAYS },
	{ "empty maps that AWS sends", "parlor.kv.v1.BatchGetItemResponse",
	  "{}", "{\"Responses\":{},\"UnprocessedKeys\":{}}",
	  JSON_AWS | JSON_ALWAYS },
	{ "a map that is not empty", "parlor.kv.v1.BatchWriteItemResponse",
	  "{\"UnprocessedItems\":{\"t\":[]}}",
	  "{\"UnprocessedItems\":{\"t\":[]}}", JSON_AWS | JSON_ALWAYS },
	{ "empty lists elsewhere", "parlor.kv.v1.QueryResponse", "{}", "{}",
	  JSON_AWS },
	{ "an attribute twice", ITEM, "{\"a\":{\"S\":\"\"},\"a\":{\"S\":\"\"}}",
	  NULL, JSON_AWS },
	{ "a lower-case name", GET, "{\"table_name\":\"t\"}", NULL, JSON_AWS },
	{ "a number in quotes", QUERY, "{\"Limit\":\"1\"}", NULL, JSON_AWS },
	{ "64 bits as a number", "parlor.kv.v1.UsageKey",
	  "{\"Hour\":9007199254740993}", "{\"Hour\":9007199254740993}",
	  JSON_AWS },
	{ "a double", "parlor.kv.v1.Capacity", "{\"CapacityUnits\":0.5}",
	  "{\"CapacityUnits\":0.5}", JSON_AWS },
};

/* JSON to bytes to JSON; NULL (and the fault) when a step refuses. */
static char *there_and_back(const struct descriptor_message *m,
			    struct slice json, unsigned flags,
			    struct arena *mem, struct fault *fault)
{
	struct buffer bytes, text;
	char *out = NULL;

	buffer_init(&bytes, 1 << 20);
	buffer_init(&text, 1 << 20);
	if (json_to_message(m, json, flags, mem, &bytes, fault) == 0 &&
	    json_from_message(m, buffer_slice(&bytes), flags, &text, fault) ==
		0)
		out = arena_copy(mem, buffer_slice(&text).data,
				 buffer_size(&text));
	buffer_release(&bytes);
	buffer_release(&text);
	return out;
}

static void test_rows(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fault fault = { 0 };
		struct arena mem;
		const char *got;

		arena_init(&mem, 1 << 20);
		got = there_and_back(type(rows[i].type), slice_of(rows[i].in),
				     rows[i].flags, &mem, &fault);
		if (!got != !rows[i].out ||
		    (got && strcmp(got, rows[i].out) != 0) ||
		    (!got && fault.code != E_INVALID)) {
			print_error("%s: got %s (%s), want %s\n", rows[i].name,
				    got ? got : "a refusal", fault.message,
				    rows[i].out ? rows[i].out : "a refusal");
			wrong++;
		}
		arena_release(&mem);
	}
	assert_int_equal(wrong, 0);
}

static void test_messages_name_the_field(void **state)
{
	static const struct {
		const char *in, *message;
	} cases[] = {
		{ "{\"nested\":{\"anInt32\":\"x\"}}",
		  "field 'nested.anInt32': not a number at byte 24" },
		{ "{\"byInt32\":{\"7\":{\"x\":1}}}",
		  "field 'byInt32.7.x': no such field at byte 21" },
		{ "[]", "json: not an object at byte 0" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct arena mem;

		arena_init(&mem, 1 << 20);
		assert_null(there_and_back(type(EVERYTHING),
					   slice_of(cases[i].in), 0, &mem,
					   &fault));
		assert_string_equal(fault.message, cases[i].message);
		arena_release(&mem);
	}
}

/* Bytes of the wire to JSON: what encoders may write and what none does. */
static void test_wire(void **state)
{
	static const struct {
		const char *name, *bytes;
		size_t size;
		const char *out;
	} cases[] = {
		{ "the last of two stands", "\x28\x01\x28\x02", 4,
		  "{\"anInt32\":2}" },
		{ "the last member of a oneof stands",
		  "\xfa\x01\x01x\x80\x02\x05", 7, "{\"chosenNumber\":5}" },
		{ "two halves of a message are one",
		  "\x8a\x01\x02\x28\x01\x40\x01\x8a\x01\x02\x40\x01", 12,
		  "{\"aBool\":true,\"nested\":{\"anInt32\":1,\"aBool\":true}"
		  "}" },
		{ "packed and not, together",
		  "\x92\x01\x02\x01\x02\x90\x01\x03", 8,
		  "{\"numbers\":[1,2,3]}" },
		{ "elements apart", "\x90\x01\x01\x40\x01\x90\x01\x02", 8,
		  "{\"aBool\":true,\"numbers\":[1,2]}" },
		{ "unknown fields are left out", "\xf8\x7f\x01\x40\x01", 5,
		  "{\"aBool\":true}" },
		{ "an entry without key and value", "\xba\x01\x00", 3,
		  "{\"texts\":{\"\":\"\"}}" },
		{ "an int32 of ten bytes",
		  "\x28\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01", 11,
		  "{\"anInt32\":-1}" },
		{ "a wrong wire type", "\x2a\x01x", 3, NULL },
		{ "a bad string", "\x4a\x01\xff", 3, NULL },
		{ "cut", "\x4a\x05x", 3, NULL },
		{ "cut in packed values", "\x92\x01\x01\x80", 4, NULL },
		{ "a value of no kind", "\xe2\x02\x00", 3, NULL },
		{ "a time out of range",
		  "\xc2\x02\x0b\x08\xff\xff\xff\xff\xff\xff\xff\xff\x7f\x10"
		  "\x00",
		  14, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct buffer out;
		int result;

		buffer_init(&out, 1 << 16);
		result =
		    json_from_message(type(EVERYTHING),
				      slice_make(cases[i].bytes, cases[i].size),
				      0, &out, &fault);
		if ((result == 0) != (cases[i].out != NULL) ||
		    (result == 0 &&
		     !slice_is(buffer_slice(&out), cases[i].out)))
			fail_msg("%s: got %.*s (%s)", cases[i].name,
				 SLICE_ARGS(buffer_slice(&out)), fault.message);
		buffer_release(&out);
	}
}

/* `depth` opening brackets, something, and as many closing ones. */
static struct slice nest(struct arena *mem, const char *open, int depth,
			 const char *close)
{
	struct buffer text;
	struct slice out;

	buffer_init(&text, 1 << 20);
	for (int i = 0; i < depth; i++)
		buffer_put_text(&text, open);
	buffer_put_text(&text, "{}");
	for (int i = 0; i < depth; i++)
		buffer_put_text(&text, close);
	out = arena_slice(mem, buffer_slice(&text));
	buffer_release(&text);
	return out;
}

static void test_depth(void **state)
{
	static const struct {
		const char *type, *open, *close;
		int depth;
		bool refused;
	} cases[] = {
		{ EVERYTHING, "{\"nested\":", "}", 99, false },
		{ EVERYTHING, "{\"nested\":", "}", 100, true },
		{ EVERYTHING, "{\"nested\":", "}", 10000, true },
		{ EVERYTHING, "{\"x\":", "}", 10000, true },
		{ VALUE, "[", "]", 99, false },
		{ VALUE, "[", "]", 10000, true },
		{ VALUE, "[", "", 10000, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct fault fault = { 0 };
		struct arena mem;
		const char *got;

		arena_init(&mem, 8 << 20);
		got = there_and_back(type(cases[i].type),
				     nest(&mem, cases[i].open, cases[i].depth,
					  cases[i].close),
				     JSON_IGNORE_UNKNOWN, &mem, &fault);
		if (!got != cases[i].refused)
			fail_msg("%s %d: %s", cases[i].open, cases[i].depth,
				 fault.message);
		arena_release(&mem);
	}
}

/* Lengths that need one, two and three bytes, three levels deep. */
static void test_lengths(void **state)
{
	static const int sizes[] = { 0,	  1,	 120,	125,   126,   127,
				     128, 16380, 16384, 65536, 300000 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct fault fault = { 0 };
		struct arena mem;
		char *filler, *json, *got;

		arena_init(&mem, 8 << 20);
		filler = arena_alloc(&mem, (size_t)sizes[i] + 1);
		memset(filler, 'x', (size_t)sizes[i]);
		filler[sizes[i]] = '\0';
		json = arena_printf(&mem,
				    "{\"nested\":{\"nested\":{\"aString\":"
				    "\"%s\"},\"aBool\":true}}",
				    filler);
		got = there_and_back(type(EVERYTHING), slice_of(json), 0, &mem,
				     &fault);
		assert_non_null(got);
		assert_string_equal(got, json);
		arena_release(&mem);
	}
}

static void test_maximum(void **state)
{
	struct fault fault = { 0 };
	struct arena mem;
	struct buffer out;

	(void)state;
	arena_init(&mem, 1 << 16);
	buffer_init(&out, 8);
	assert_int_equal(json_to_message(type(EVERYTHING),
					 SLICE("{\"aString\":\"12345678\"}"), 0,
					 &mem, &out, &fault),
			 -E_HTTP_TOO_LARGE);
	buffer_release(&out);
	arena_release(&mem);
}

static int load(void **state)
{
	struct fault fault = { 0 };

	(void)state;
	tests =
	    descriptor_set_load(slice_make(test_descriptor_set,
					   (size_t)(test_descriptor_set_end -
						    test_descriptor_set)),
				&fault);
	return tests ? 0 : -1;
}

static int unload(void **state)
{
	(void)state;
	descriptor_set_free(tests);
	return 0;
}

int main(void)
{
	const struct CMUnitTest all[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_messages_name_the_field),
		cmocka_unit_test(test_wire),
		cmocka_unit_test(test_depth),
		cmocka_unit_test(test_lengths),
		cmocka_unit_test(test_maximum),
	};

	return cmocka_run_group_tests_name("json", all, load, unload);
}
