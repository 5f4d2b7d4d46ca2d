// What DynamoDB says of requests that cannot be: the exception, the words to the
// letter, and which of several faults is named first.
import { CreateTableCommand } from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ask, startAws } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const TableName = "things";

before(() =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [
        { AttributeName: "pk", AttributeType: "S" },
        { AttributeName: "sk", AttributeType: "N" },
        { AttributeName: "g", AttributeType: "S" },
      ],
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: "byG",
          KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
          Projection: { ProjectionType: "ALL" },
        },
      ],
      BillingMode: "PAY_PER_REQUEST",
    }),
  ),
);

/** What is asked, and the words; the exception is ValidationException. */
type Row = readonly [
  operation: string,
  message: object | string,
  words: string | undefined,
  exception?: string,
];

const prefix = (exception: string) =>
  ({
    ValidationException: "com.amazon.coral.validate#",
    SerializationException: "com.amazon.coral.service#",
    AccessDeniedException: "com.amazon.coral.service#",
  })[exception] ?? "com.amazonaws.dynamodb.v20120810#";

function refuses(name: string, rows: readonly Row[]) {
  describe(name, () => {
    for (const [operation, message, words, exception] of rows) {
      const type = exception ?? "ValidationException";
      const shown = JSON.stringify(message).slice(0, 120);
      it(`${operation} ${shown}: ${words?.slice(0, 60) ?? type}`, async () => {
        const { status, json } = await ask(suite, operation, message);
        assert.equal(json["__type"], prefix(type) + type);
        if (words !== undefined)
          assert.equal(json["message"] ?? json["Message"], words);
        assert.equal(status, 400);
      });
    }
  });
}

const Key = { pk: { S: "a" }, sk: { N: "1" } };
const Item = Key;
const get = (more: object) => ({ TableName, Key, ...more });
const put = (more: object) => ({ TableName, Item, ...more });
const query = (KeyConditionExpression: string, values: object, more = {}) => ({
  TableName,
  KeyConditionExpression,
  ExpressionAttributeValues: values,
  ...more,
});
const start = (ExclusiveStartKey: object, more = {}) =>
  query("pk = :p", { ":p": { S: "1" } }, { ExclusiveStartKey, ...more });

const errors = (...all: string[]) =>
  `${all.length} validation error${all.length > 1 ? "s" : ""} detected: ` +
  all.join("; ");
const must = (value: string, field: string, what: string) =>
  `Value ${value} at '${field}' failed to satisfy constraint: Member must ` +
  what;
const missing = (field: string) => must("null", field, "not be null");
const notIn = (field: string, words: string, value = "x") =>
  must(`'${value}'`, field, `satisfy enum value set: [${words}]`);
const capacity = notIn("returnConsumedCapacity", "INDEXES, TOTAL, NONE");
const returns = notIn(
  "returnValues",
  "ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW",
);
const empty = (field: string, value = "[]") =>
  must(`'${value}'`, field, "have length greater than or equal to 1");
const invalid = "One or more parameter values were invalid: ";
const noMatch = "The provided key element does not match the schema";
const noTable = "Requested resource not found";
const many =
  "Supplied AttributeValue has more than one datatypes set, must contain " +
  "exactly one of the supported datatypes";
const none =
  "Supplied AttributeValue is empty, must contain exactly one of the " +
  "supported datatypes";

refuses("the names of tables and indexes", [
  ["GetItem", { TableName: "", Key }, errors(empty("tableName", ""))],
  [
    "GetItem",
    { TableName: "ab", Key },
    errors(must("'ab'", "tableName", "have length greater than or equal to 3")),
  ],
  [
    "PutItem",
    { TableName: "a".repeat(256), Item },
    errors(
      must(
        `'${"a".repeat(256)}'`,
        "tableName",
        "have length less than or equal to 255",
      ),
    ),
  ],
  [
    "Scan",
    { TableName: "no;pe" },
    errors(
      must(
        "'no;pe'",
        "tableName",
        "satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
      ),
    ),
  ],
  [
    "Scan",
    { TableName, IndexName: "no" },
    errors(must("'no'", "indexName", "have length greater than or equal to 3")),
  ],
  [
    "Scan",
    { TableName, IndexName: "none" },
    "The table does not have the specified index: none",
  ],
  ["GetItem", { TableName: "none", Key }, noTable, "ResourceNotFoundException"],
]);

refuses("what is missing or no such word, all of it at once", [
  ["GetItem", {}, errors(missing("tableName"), missing("key"))],
  ["PutItem", {}, errors(missing("tableName"), missing("item"))],
  ["UpdateItem", { TableName }, errors(missing("key"))],
  ["DeleteItem", { Key }, errors(missing("tableName"))],
  ["Query", {}, errors(missing("tableName"))],
  ["Scan", {}, errors(missing("tableName"))],
  ["BatchGetItem", {}, errors(missing("requestItems"))],
  ["BatchWriteItem", {}, errors(missing("requestItems"))],
  ["TransactGetItems", {}, errors(missing("transactItems"))],
  ["TransactWriteItems", {}, errors(missing("transactItems"))],
  [
    "GetItem",
    { TableName: "", ReturnConsumedCapacity: "x" },
    errors(capacity, empty("tableName", ""), missing("key")),
  ],
  [
    "PutItem",
    put({ ReturnValues: "x", ReturnConsumedCapacity: "x" }),
    errors(capacity, returns),
  ],
  [
    "UpdateItem",
    get({ ReturnValuesOnConditionCheckFailure: "x" }),
    errors(notIn("returnValuesOnConditionCheckFailure", "ALL_OLD, NONE")),
  ],
  // words before the table is looked for
  [
    "DeleteItem",
    { TableName: "none", Key, ReturnValues: "x" },
    errors(returns),
  ],
  [
    "PutItem",
    put({ ReturnValues: "ALL_NEW" }),
    "ReturnValues can only be ALL_OLD or NONE",
  ],
  [
    "DeleteItem",
    { TableName: "none", Key, ReturnValues: "UPDATED_OLD" },
    "ReturnValues can only be ALL_OLD or NONE",
  ],
  [
    "Query",
    { TableName, Select: "x", Limit: 0 },
    errors(
      notIn(
        "select",
        "SPECIFIC_ATTRIBUTES, COUNT, ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES",
      ),
      must("'0'", "limit", "have value greater than or equal to 1"),
    ),
  ],
  [
    "Scan",
    { TableName, Limit: -1, Segment: -1, TotalSegments: 0 },
    errors(
      must("'0'", "totalSegments", "have value greater than or equal to 1"),
      must("'-1'", "segment", "have value greater than or equal to 0"),
      must("'-1'", "limit", "have value greater than or equal to 1"),
    ),
  ],
]);

const javaMap =
  "java.util.Map<java.lang.String, com.amazonaws.dynamodb.v20120810.AttributeValue>";
const typed = (message: object, words: string): Row => [
  "GetItem",
  message,
  words,
  "SerializationException",
];
const value = (a: unknown, words: string) => typed({ Key: { a } }, words);

refuses("JSON of another type", [
  typed({ TableName: 1 }, "NUMBER_VALUE cannot be converted to String"),
  typed({ TableName: 1.5 }, "DECIMAL_VALUE cannot be converted to String"),
  typed({ TableName: true }, "TRUE_VALUE cannot be converted to String"),
  typed({ TableName: false }, "FALSE_VALUE cannot be converted to String"),
  typed(
    { TableName: [] },
    "Unrecognized collection type class java.lang.String",
  ),
  typed(
    { TableName: {} },
    "Start of structure or map found where not expected",
  ),
  typed({ ConsistentRead: 1 }, "NUMBER_VALUE cannot be converted to Boolean"),
  typed({ ConsistentRead: "a" }, "Unexpected token received from parser"),
  typed(
    { ConsistentRead: [] },
    "Unrecognized collection type class java.lang.Boolean",
  ),
  typed({ Key: 1 }, "Unexpected field type"),
  typed({ Key: "a" }, "Unexpected field type"),
  typed({ Key: [] }, `Unrecognized collection type ${javaMap}`),
  value("b", "Unexpected value type in payload"),
  value(
    [],
    "Unrecognized collection type class com.amazonaws.dynamodb.v20120810.AttributeValue",
  ),
  value({ S: 1 }, "NUMBER_VALUE cannot be converted to String"),
  value({ N: 1 }, "NUMBER_VALUE cannot be converted to String"),
  value({ N: 1.5 }, "DECIMAL_VALUE cannot be converted to String"),
  value({ BOOL: 1 }, "NUMBER_VALUE cannot be converted to Boolean"),
  value({ NULL: "x" }, "Unexpected token received from parser"),
  value({ B: 1 }, "only base-64-encoded strings are convertible to bytes"),
  value(
    { B: "abc" },
    "Base64 encoded length is expected a multiple of 4 bytes but found: 3",
  ),
  value({ SS: "a" }, "Unexpected field type"),
  value({ SS: [1] }, "NUMBER_VALUE cannot be converted to String"),
  value({ SS: {} }, "Start of structure or map found where not expected"),
  value({ L: "a" }, "Unexpected field type"),
  value({ L: [1] }, "Unexpected value type in payload"),
  value({ M: [] }, `Unrecognized collection type ${javaMap}`),
  value({ M: { a: 1 } }, "Unexpected value type in payload"),
  [
    "Scan",
    { Limit: "1" },
    "STRING_VALUE cannot be converted to Integer",
    "SerializationException",
  ],
  [
    "Scan",
    { Limit: true },
    "TRUE_VALUE cannot be converted to Integer",
    "SerializationException",
  ],
  [
    "GetItem",
    { ExpressionAttributeNames: [] },
    "Unrecognized collection type java.util.Map<java.lang.String, java.lang.String>",
    "SerializationException",
  ],
  ["GetItem", "[", undefined, "SerializationException"],
]);

const keyed = (key: object, words: string): Row => [
  "GetItem",
  { TableName, Key: key },
  words,
];
const sorted = (sk: object, words: string) =>
  keyed({ pk: { S: "a" }, sk }, words);

refuses("values", [
  sorted({}, none),
  sorted({ S: "a", N: "1" }, many),
  // a bad number before a second type
  sorted(
    { S: "a", N: "x" },
    "The parameter cannot be converted to a numeric value: x",
  ),
  sorted({ N: "" }, "The parameter cannot be converted to a numeric value"),
  sorted(
    { N: "1".repeat(39) },
    "Attempting to store more than 38 significant digits in a Number",
  ),
  sorted(
    { N: "1e126" },
    "Number overflow. Attempting to store a number with magnitude larger than supported range",
  ),
  sorted(
    { N: "1e-131" },
    "Number underflow. Attempting to store a number with magnitude smaller than supported range",
  ),
  sorted(
    { NULL: false },
    `${invalid}Null attribute value types must have the value of true`,
  ),
  sorted({ SS: [] }, `${invalid}An string set  may not be empty`),
  sorted({ NS: [] }, `${invalid}An number set  may not be empty`),
  sorted({ BS: [] }, `${invalid}Binary sets should not be empty`),
  sorted(
    { SS: ["a", "b", "a"] },
    `${invalid}Input collection [a, b, a] contains duplicates.`,
  ),
  sorted({ NS: ["1", "1.0"] }, "Input collection contains duplicates"),
  sorted(
    { BS: ["YQ==", "YQ=="] },
    `${invalid}Input collection [YQ==, YQ==]of type BS contains duplicates.`,
  ),
  // before the table is looked for
  ["GetItem", { TableName: "none", Key: { pk: {} } }, none],
]);

const emptyKey =
  "One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk";
const emptyIndexKey =
  "One or more parameter values are not valid. A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: byG, IndexKey: g";

const nested = (kind: string) =>
  `Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: ${kind}`;
const values = { ExpressionAttributeValues: { ":a": { S: "a" } } };
const ofPk = (more: object) => query("pk = :a", { ":a": { S: "a" } }, more);

refuses("paths into keys", [
  ["GetItem", get({ ProjectionExpression: "a, pk.a" }), nested("Key: pk")],
  [
    "BatchGetItem",
    {
      RequestItems: {
        [TableName]: { Keys: [Key], ProjectionExpression: "g[0]" },
      },
    },
    nested("IndexKey: g"),
  ],
  [
    "UpdateItem",
    { TableName, Key, UpdateExpression: "SET a = sk.b" },
    nested("Key: sk"),
  ],
  [
    "UpdateItem",
    { TableName, Key, UpdateExpression: "SET g.a = :a", ...values },
    nested("IndexKey: g"),
  ],
  [
    "UpdateItem",
    { TableName, Key: { pk: Key.sk }, UpdateExpression: "REMOVE pk.a" },
    noMatch,
  ],
  ["Query", ofPk({ ProjectionExpression: "sk.a" }), nested("Key: sk")],
  ["Query", ofPk({ FilterExpression: "g.a = :a" }), nested("IndexKey: g")],
  [
    "Scan",
    { TableName, FilterExpression: "a = :a OR NOT pk[1] = :a", ...values },
    nested("Key: pk"),
  ],
]);

refuses("keys", [
  keyed({}, noMatch),
  keyed({ pk: { S: "a" } }, noMatch),
  keyed({ pk: { S: "a" }, other: { N: "1" } }, noMatch),
  keyed({ ...Key, more: { S: "a" } }, noMatch),
  sorted({ S: "a" }, noMatch),
  keyed({ pk: { S: "" }, sk: { N: "1" } }, emptyKey),
  keyed(
    { pk: { S: "a".repeat(2049) }, sk: { N: "1" } },
    `${invalid}Size of hashkey has exceeded the maximum size limit of2048 bytes`,
  ),
  [
    "GetItem",
    { TableName: "none", Key: {} },
    noTable,
    "ResourceNotFoundException",
  ],
  [
    "PutItem",
    { TableName, Item: {} },
    `${invalid}Missing the key pk in the item`,
  ],
  [
    "PutItem",
    { TableName, Item: { pk: { N: "1" }, sk: { N: "1" } } },
    `${invalid}Type mismatch for key pk expected: S actual: N`,
  ],
  [
    "PutItem",
    { TableName, Item: { ...Key, g: { N: "1" } } },
    `${invalid}Type mismatch for Index Key g Expected: S Actual: N IndexName: byG`,
  ],
  ["PutItem", { TableName, Item: { ...Key, g: { S: "" } } }, emptyIndexKey],
  [
    "UpdateItem",
    get({
      UpdateExpression: "SET g = :g",
      ExpressionAttributeValues: { ":g": { S: "x".repeat(2049) } },
    }),
    "The update expression attempted to update the secondary index key beyond allowed size limits",
  ],
  [
    "PutItem",
    { TableName: "none", Item: { ...Key, a: { S: "x".repeat(409_600) } } },
    "Item size has exceeded the maximum allowed size",
  ],
]);

const nameless = `${invalid}An attribute name may not be empty`;

refuses("attributes without a name", [
  ["PutItem", put({ Item: { ...Item, "": Key.pk } }), nameless],
  ["PutItem", put({ Expected: { "": { Exists: false } } }), nameless],
  [
    "UpdateItem",
    get({ AttributeUpdates: { "": { Value: Key.pk } } }),
    nameless,
  ],
  ["GetItem", get({ AttributesToGet: [""] }), nameless],
  [
    "Scan",
    { TableName, ScanFilter: { "": { ComparisonOperator: "NULL" } } },
    nameless,
  ],
  [
    "UpdateItem",
    get({ AttributeUpdates: { ["x".repeat(65_536)]: { Value: Key.pk } } }),
    `${invalid}Attribute name is too large, must be less than 65536 bytes`,
  ],
  [
    "ExecuteStatement",
    { Statement: "UPDATE things SET a['']=1 WHERE pk='a' AND sk=1" },
    nameless,
  ],
]);

const onlyWith = "can only be specified when using expressions";
const named = (ExpressionAttributeNames: object, more = {}) =>
  get({ ExpressionAttributeNames, ...more });
const valued = (ExpressionAttributeValues: object, more = {}) =>
  put({ ExpressionAttributeValues, ConditionExpression: "a = b", ...more });

refuses("placeholders", [
  ["GetItem", named({}), `ExpressionAttributeNames ${onlyWith}`],
  ["GetItem", named({ "#a": "b" }), `ExpressionAttributeNames ${onlyWith}`],
  [
    "GetItem",
    named({}, { ProjectionExpression: "a" }),
    "ExpressionAttributeNames must not be empty",
  ],
  [
    "GetItem",
    named({ a: "b" }, { ProjectionExpression: "a" }),
    'ExpressionAttributeNames contains invalid key: Syntax error; key: "a"',
  ],
  [
    "GetItem",
    named({ "#a": "b" }, { ProjectionExpression: "a" }),
    "Value provided in ExpressionAttributeNames unused in expressions: keys: {#a}",
  ],
  [
    "GetItem",
    get({ ProjectionExpression: "#a" }),
    "Invalid ProjectionExpression: An expression attribute name used in the document path is not defined; attribute name: #a",
  ],
  [
    "PutItem",
    put({ ExpressionAttributeValues: { ":a": { S: "b" } } }),
    `ExpressionAttributeValues ${onlyWith}: ConditionExpression is null`,
  ],
  [
    "UpdateItem",
    get({ ExpressionAttributeValues: { ":a": { S: "b" } } }),
    `ExpressionAttributeValues ${onlyWith}: UpdateExpression and ConditionExpression are null`,
  ],
  [
    "Query",
    { TableName, ExpressionAttributeValues: { ":a": { S: "b" } } },
    `ExpressionAttributeValues ${onlyWith}: FilterExpression and KeyConditionExpression are null`,
  ],
  [
    "Scan",
    { TableName, ExpressionAttributeValues: { ":a": { S: "b" } } },
    `ExpressionAttributeValues ${onlyWith}: FilterExpression is null`,
  ],
  ["PutItem", valued({}), "ExpressionAttributeValues must not be empty"],
  [
    "PutItem",
    valued({ a: { S: "b" } }),
    'ExpressionAttributeValues contains invalid key: Syntax error; key: "a"',
  ],
  // all keys before any value
  [
    "PutItem",
    valued({ ":a": { N: "x" }, ":": { S: "b" } }),
    'ExpressionAttributeValues contains invalid key: Syntax error; key: ":"',
  ],
  [
    "PutItem",
    valued({ ":a": { N: "x" } }),
    "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a numeric value: x for key :a",
  ],
  [
    "PutItem",
    valued({ ":a": {} }),
    `ExpressionAttributeValues contains invalid value: ${none} for key :a`,
  ],
  [
    "PutItem",
    valued({ ":a": { S: "b" } }),
    "Value provided in ExpressionAttributeValues unused in expressions: keys: {:a}",
  ],
]);

const condition = (text: string, words: string, values?: object): Row => [
  "PutItem",
  put({
    ConditionExpression: text,
    ...(values && { ExpressionAttributeValues: values }),
  }),
  `Invalid ConditionExpression: ${words}`,
];
const update = (text: string, words: string, values?: object): Row => [
  "UpdateItem",
  get({
    UpdateExpression: text,
    ...(values && { ExpressionAttributeValues: values }),
  }),
  `Invalid UpdateExpression: ${words}`,
];
const projection = (text: string, words: string): Row => [
  "GetItem",
  get({ ProjectionExpression: text }),
  `Invalid ProjectionExpression: ${words}`,
];
const distinct =
  "The first operand must be distinct from the remaining operands for this operator or function; ";
const operand =
  "Incorrect operand type for operator or function; operator or function: ";
const overlap = (first: string, second: string, how = "overlap") =>
  `Two document paths ${how} with each other; must remove or rewrite one of ` +
  `these paths; path one: ${first}, path two: ${second}`;
const n = (N: string) => ({ N });

refuses("expressions", [
  projection("", "The expression can not be empty;"),
  projection("a b", 'Syntax error; token: "b", near: "a b"'),
  projection(
    "abort",
    "Attribute name is a reserved keyword; reserved keyword: abort",
  ),
  projection("c, c", overlap("[c]", "[c]")),
  projection("c, c.d", overlap("[c]", "[c, d]")),
  projection("c[1], c.d", overlap("[c, [1]]", "[c, d]", "conflict")),
  projection(
    "a".repeat(4097),
    "Expression size has exceeded the maximum allowed size; expression size: 4097",
  ),
  condition("", "The expression can not be empty;"),
  condition("a = and", 'Syntax error; token: "and", near: "= and"'),
  condition("((a = b))", "The expression has redundant parentheses;"),
  condition("a = a", `${distinct}operator: =, first operand: [a]`),
  condition(
    "contains(a, a)",
    `${distinct}operator: contains, first operand: [a]`,
  ),
  condition("foo(a)", "Invalid function name; function: foo"),
  condition(
    "size(a)",
    "The function is not allowed to be used this way in an expression; function: size",
  ),
  condition(
    "attribute_exists(a, b)",
    "Incorrect number of operands for operator or function; operator or function: attribute_exists, number of operands: 2",
  ),
  condition("a < :a", `${operand}<, operand type: BOOL`, {
    ":a": { BOOL: true },
  }),
  condition("begins_with(a, :a)", `${operand}begins_with, operand type: N`, {
    ":a": n("1"),
  }),
  condition(
    "a = :b",
    "An expression attribute value used in expression is not defined; attribute value: :b",
  ),
  condition(
    "a BETWEEN :a AND :b",
    "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}",
    { ":a": n("2"), ":b": n("1") },
  ),
  condition(
    "a BETWEEN :a AND :b",
    "The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {S:1}",
    { ":a": n("2"), ":b": { S: "1" } },
  ),
  condition(
    "attribute_type(a, :a)",
    "Invalid attribute type name found; type: X, valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}",
    { ":a": { S: "X" } },
  ),
  condition(
    `a IN (${Array(101).fill("b").join()})`,
    "The IN operator is provided with too many operands; number of operands: 101",
  ),
  condition(
    Array(301).fill("a = b").join(" OR "),
    "The expression contains more than the maximum allowed number of operators and functions; maximum: 300",
  ),
  condition(
    `${Array(33).fill("a").join(".")} = b`,
    "The document path has too many nesting elements; nesting levels: 33",
  ),
  update("", "The expression can not be empty;"),
  update("a = b", 'Syntax error; token: "a", near: "a ="'),
  update(
    "SET a = b SET c = d",
    'The "SET" section can only be used once in an update expression;',
  ),
  update("SET a = b, a = c", overlap("[a]", "[a]")),
  update("SET a = :a + :a", `${operand}+, operand type: S`, {
    ":a": { S: "a" },
  }),
  update(
    "SET a = list_append(:a, :a)",
    `${operand}list_append, operand type: S`,
    {
      ":a": { S: "a" },
    },
  ),
  update(
    "ADD a :a",
    "Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND",
    { ":a": { S: "a" } },
  ),
  update(
    "DELETE a :a",
    "Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND",
    { ":a": n("1") },
  ),
  [
    "UpdateItem",
    get({ UpdateExpression: "SET pk = b" }),
    `${invalid}Cannot update attribute pk. This attribute is part of the key`,
  ],
  [
    "UpdateItem",
    get({ UpdateExpression: "SET a = b" }),
    "The provided expression refers to an attribute that does not exist in the item",
  ],
  [
    "UpdateItem",
    get({
      UpdateExpression: "SET a.b = :a",
      ExpressionAttributeValues: { ":a": n("1") },
    }),
    "The document path provided in the update expression is invalid for update",
  ],
  // before the table is looked for
  [
    "DeleteItem",
    { TableName: "none", Key, ConditionExpression: "" },
    "Invalid ConditionExpression: The expression can not be empty;",
  ],
]);

const p = { ":p": { S: "1" } };
const pn = { ...p, ":n": n("5") };
const outside =
  "The provided starting key is outside query boundaries based on provided conditions";
const startInvalid = "The provided starting key is invalid";

refuses("queries", [
  [
    "Query",
    { TableName: "none" },
    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the request.",
  ],
  [
    "Query",
    query("pk = :p OR sk = :n", pn),
    "Invalid operator used in KeyConditionExpression: OR",
  ],
  [
    "Query",
    { ...query("pk IN (:p)", p), TableName: "none" },
    "Invalid operator used in KeyConditionExpression: IN",
  ],
  [
    "Query",
    query("pk = :p AND pk = :p", p),
    "KeyConditionExpressions must only contain one condition per key",
  ],
  [
    "Query",
    query("pk = :p AND sk = :n AND x = :n", pn),
    "Conditions can be of length 1 or 2 only",
  ],
  [
    "Query",
    query("pk = :p AND size(sk) = :n", pn),
    "KeyConditionExpressions cannot contain nested operations",
  ],
  [
    "Query",
    query("pk.a = :p", p),
    "KeyConditionExpressions cannot have conditions on nested attributes",
  ],
  ["Query", query("pk > :p", p), "Query key condition not supported"],
  [
    "Query",
    query("sk = :n", { ":n": n("1") }),
    "Query condition missed key schema element: pk",
  ],
  [
    "Query",
    query("pk = :p AND x = :p", p),
    "Query condition missed key schema element: sk",
  ],
  [
    "Query",
    query("pk = :n", { ":n": n("1") }),
    `${invalid}Condition parameter type does not match schema type`,
  ],
  [
    "Query",
    query("pk = :p", p, { FilterExpression: "sk = :p" }),
    "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk",
  ],
  [
    "Query",
    query("g = :p", p, { IndexName: "byG", ConsistentRead: true }),
    "Consistent reads are not supported on global secondary indexes",
  ],
  [
    "Query",
    query("pk = :p", p, { ProjectionExpression: "a", Select: "COUNT" }),
    "1 validation error detected: Cannot specify the ProjectionExpression when choosing to get COUNT",
  ],
  [
    "Scan",
    { TableName, ProjectionExpression: "a", Select: "ALL_ATTRIBUTES" },
    "Cannot specify the ProjectionExpression when choosing to get ALL_ATTRIBUTES",
  ],
  [
    "Scan",
    { TableName, Select: "SPECIFIC_ATTRIBUTES" },
    `${invalid}Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES`,
  ],
  [
    "Scan",
    { TableName, Select: "ALL_PROJECTED_ATTRIBUTES" },
    `${invalid}ALL_PROJECTED_ATTRIBUTES can be used only when Querying using an IndexName`,
  ],
  [
    "Scan",
    { TableName: "none", Segment: 0 },
    "The TotalSegments parameter is required but was not present in the request when Segment parameter is present",
  ],
  [
    "Scan",
    { TableName, TotalSegments: 1 },
    "The Segment parameter is required but was not present in the request when parameter TotalSegments is present",
  ],
  [
    "Scan",
    { TableName, Segment: 2, TotalSegments: 2 },
    "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2",
  ],
  ["Query", start({}), startInvalid],
  ["Query", start({ pk: { S: "1" } }), startInvalid],
  ["Query", start({ pk: { S: "1" }, sk: { S: "1" } }), noMatch],
  ["Query", start({ pk: { S: "2" }, sk: n("1") }), outside],
  ["Query", start({ pk: {}, sk: n("1") }), `${startInvalid}: ${none}`],
  [
    "Query",
    query("pk = :p AND sk > :n", pn, {
      ExclusiveStartKey: { pk: { S: "1" }, sk: n("1") },
    }),
    "The provided starting key does not match the range key predicate",
  ],
  ["Scan", { TableName, ExclusiveStartKey: {} }, `${startInvalid}: ${noMatch}`],
  [
    "Scan",
    { TableName, ExclusiveStartKey: { pk: { S: "1" }, sk: { S: "1" } } },
    `${startInvalid}: ${noMatch}`,
  ],
  [
    "Scan",
    { TableName, IndexName: "byG", ExclusiveStartKey: Key },
    startInvalid,
  ],
]);

const Keys = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ pk: { S: "a" }, sk: n(`${i}`) }));
const deletes = (count: number) =>
  Keys(count).map((Key) => ({ DeleteRequest: { Key } }));
const read = (request: object, table = TableName) => ({
  RequestItems: { [table]: request },
});
const write = (requests: object[], table = TableName) => ({
  RequestItems: { [table]: requests },
});

refuses("batches", [
  ["BatchGetItem", { RequestItems: {} }, errors(empty("requestItems", "{}"))],
  [
    "BatchGetItem",
    { RequestItems: {}, ReturnConsumedCapacity: "x" },
    errors(capacity, empty("requestItems", "{}")),
  ],
  [
    "BatchGetItem",
    read({}),
    errors(missing("requestItems.things.member.keys")),
  ],
  [
    "BatchGetItem",
    read({ Keys: [] }),
    errors(empty("requestItems.things.member.keys")),
  ],
  ["BatchGetItem", read({ Keys: [{}] }), noMatch],
  ["BatchGetItem", read({ Keys: [{ pk: {} }] }, "none"), none],
  [
    "BatchGetItem",
    read({ Keys: [Key, { ...Key, sk: n("1.0") }] }, "none"),
    "Provided list of item keys contains duplicates",
  ],
  [
    "BatchGetItem",
    read({ Keys: [Key] }, "none"),
    noTable,
    "ResourceNotFoundException",
  ],
  [
    "BatchGetItem",
    read({ Keys: [Key], ExpressionAttributeNames: { "#a": "b" } }),
    `ExpressionAttributeNames ${onlyWith}`,
  ],
  [
    "BatchGetItem",
    read({ Keys: Keys(101) }),
    "1 validation error detected: Value at 'requestItems.things.member.keys' failed to satisfy constraint: Member must have length less than or equal to 100",
  ],
  [
    "BatchGetItem",
    { RequestItems: { things: { Keys: Keys(51) }, other: { Keys: Keys(50) } } },
    "Too many items requested for the BatchGetItem call",
  ],
  ["BatchWriteItem", { RequestItems: {} }, errors(empty("requestItems", "{}"))],
  [
    "BatchWriteItem",
    write([]),
    "1 validation error detected: Value '{things=[]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
  ],
  [
    "BatchWriteItem",
    write(deletes(26)),
    "1 validation error detected: Value '{things=[WriteRequest, WriteRequest, WriteRequest, WriteRequest, WriteRequest, ...]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]",
  ],
  [
    "BatchWriteItem",
    { RequestItems: { things: deletes(13), other: deletes(13) } },
    "Too many items requested for the BatchWriteItem call",
  ],
  ["BatchWriteItem", write([{}]), many],
  [
    "BatchWriteItem",
    write([{ PutRequest: {} }]),
    errors(missing("requestItems.things.member.1.member.putRequest.item")),
  ],
  [
    "BatchWriteItem",
    write([{ DeleteRequest: {} }]),
    errors(missing("requestItems.things.member.1.member.deleteRequest.key")),
  ],
  ["BatchWriteItem", write([{ PutRequest: { Item: {} } }]), noMatch],
  [
    "BatchWriteItem",
    write([{ PutRequest: { Item: { pk: n("1"), sk: n("1") } } }]),
    noMatch,
  ],
  ["BatchWriteItem", write([{ DeleteRequest: { Key: {} } }]), noMatch],
  [
    "BatchWriteItem",
    write([{ PutRequest: { Item } }, { DeleteRequest: { Key } }]),
    "Provided list of item keys contains duplicates",
  ],
  [
    "BatchWriteItem",
    write(
      [{ PutRequest: { Item: { ...Key, a: { S: "x".repeat(409_600) } } } }],
      "none",
    ),
    "Item size has exceeded the maximum allowed size",
  ],
]);

const gets = (...all: object[]) => ({
  TransactItems: all.map((Get) => ({ Get })),
});
const writes = (...TransactItems: object[]) => ({ TransactItems });
const part = (field: string) => `transactItems.1.member.${field}`;
const cancelled =
  "Transaction cancelled, please refer cancellation reasons for specific reasons";

refuses("transactions", [
  ["TransactGetItems", gets(), errors(empty("transactItems"))],
  ["TransactGetItems", { TransactItems: [{}] }, errors(missing(part("get")))],
  [
    "TransactGetItems",
    gets({}),
    errors(missing(part("get.key")), missing(part("get.tableName"))),
  ],
  [
    "TransactGetItems",
    gets({ TableName, Key: {} }),
    `${cancelled} [ValidationError]`,
    "TransactionCanceledException",
  ],
  [
    "TransactGetItems",
    gets({ TableName, Key: { pk: { S: "" }, sk: n("1") } }),
    emptyKey,
  ],
  [
    "TransactGetItems",
    gets({ TableName, Key, ExpressionAttributeNames: { "#a": "b" } }),
    `ExpressionAttributeNames ${onlyWith}`,
  ],
  [
    "TransactWriteItems",
    writes({
      Put: { TableName, Item, ExpressionAttributeValues: { ":a": n("1") } },
    }),
    `ExpressionAttributeValues ${onlyWith}: ConditionExpression is null`,
  ],
  [
    "TransactGetItems",
    gets({ TableName, Key }, { TableName, Key }),
    "Transaction request cannot include multiple operations on one item",
  ],
  [
    "TransactGetItems",
    gets(...Keys(101).map((Key) => ({ TableName, Key }))),
    errors(
      must(
        `'[${"TransactGetItem, ".repeat(5)}...]'`,
        "transactItems",
        "have length less than or equal to 100",
      ),
    ),
  ],
  ["TransactWriteItems", writes(), errors(empty("transactItems"))],
  [
    "TransactWriteItems",
    writes({}),
    "TransactItems can only contain one of Check, Put, Update or Delete",
  ],
  [
    "TransactWriteItems",
    writes({ Put: { TableName, Item }, Delete: { TableName, Key } }),
    "TransactItems can only contain one of Check, Put, Update or Delete",
  ],
  [
    "TransactWriteItems",
    writes({ Put: {} }),
    errors(missing(part("put.tableName")), missing(part("put.item"))),
  ],
  [
    "TransactWriteItems",
    writes({ Update: { TableName, Key } }),
    errors(missing(part("update.updateExpression"))),
  ],
  [
    "TransactWriteItems",
    writes({ ConditionCheck: { TableName, Key } }),
    errors(missing(part("conditionCheck.conditionExpression"))),
  ],
  [
    "TransactWriteItems",
    {
      ...writes({ Put: { TableName, Item } }),
      ClientRequestToken: "x".repeat(37),
    },
    errors(
      must(
        `'${"x".repeat(37)}'`,
        "clientRequestToken",
        "have length less than or equal to 36",
      ),
    ),
  ],
  [
    "TransactWriteItems",
    writes({ Put: { TableName, Item } }, { Delete: { TableName, Key } }),
    "Transaction request cannot include multiple operations on one item",
  ],
  // what is refused before there is a transaction, after which is what it says
  [
    "TransactWriteItems",
    writes(
      { Delete: { TableName, Key: { pk: { N: "1" }, sk: { N: "1" } } } },
      { Delete: { TableName, Key: { pk: { S: "" }, sk: { N: "1" } } } },
    ),
    emptyKey,
  ],
  [
    "TransactWriteItems",
    writes({ Put: { TableName, Item: { ...Key, g: { S: "" } } } }),
    emptyIndexKey,
  ],
  [
    "TransactWriteItems",
    writes({ Delete: { TableName, Key: { pk: { N: "1" }, sk: { N: "1" } } } }),
    `${cancelled} [ValidationError]`,
    "TransactionCanceledException",
  ],
  [
    "TransactWriteItems",
    writes(
      ...Keys(11).map((key) => ({
        Put: { TableName, Item: { ...key, a: { S: "x".repeat(400_000) } } },
      })),
    ),
    "The aggregate size of the items in the transaction exceeded 4 MB",
  ],
  [
    "TransactWriteItems",
    writes({ Put: { TableName: "none", Item } }),
    noTable,
    "ResourceNotFoundException",
  ],
]);

const define = (...names: string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: "S" }));
const schema = (hash: string, range?: string) => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(range ? [{ AttributeName: range, KeyType: "RANGE" }] : []),
];
const table = (more: object) => ({
  TableName: "fresh",
  AttributeDefinitions: define("a"),
  KeySchema: schema("a"),
  BillingMode: "PAY_PER_REQUEST",
  ...more,
});
const index = (hash: string) => ({
  IndexName: "byG",
  KeySchema: schema(hash),
  Projection: { ProjectionType: "ALL" },
});
const provisioned = {
  BillingMode: "PROVISIONED",
  ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 },
};
const required =
  "The parameter 'TableName' is required but was not present in the request";
const undefinedKey =
  "Invalid KeySchema: Some index key attribute have no definition";
const nameLength =
  "TableName must be at least 3 characters long and at most 255 characters long";

refuses("tables", [
  ...[
    "CreateTable",
    "DescribeTable",
    "UpdateTable",
    "DeleteTable",
    "DescribeTimeToLive",
  ].map((operation) => [operation, {}, required] as const),
  ["CreateTable", table({ TableName: "a;" }), nameLength],
  ["DeleteTable", { TableName: "a".repeat(256) }, nameLength],
  ["CreateTable", table({ KeySchema: schema("a", "b") }), undefinedKey],
  ["CreateTable", table({ AttributeDefinitions: [] }), undefinedKey],
  ["CreateTable", table({ KeySchema: [] }), errors(empty("keySchema"))],
  [
    "CreateTable",
    table({ GlobalSecondaryIndexes: [{ ...index("a"), KeySchema: [] }] }),
    errors(empty("globalSecondaryIndexes.1.member.keySchema")),
  ],
  [
    "CreateTable",
    table({ GlobalSecondaryIndexes: [] }),
    `${invalid}List of GlobalSecondaryIndexes is empty`,
  ],
  [
    "CreateTable",
    table({ AttributeDefinitions: define("a", "a") }),
    "Attribute Name is duplicated: a",
  ],
  ...[0, -1, -2].map(
    (MaxReadRequestUnits) =>
      [
        "CreateTable",
        table({ OnDemandThroughput: { MaxReadRequestUnits } }),
        `${invalid}Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range`,
      ] as const,
  ),
  [
    "UpdateTable",
    {
      TableName,
      GlobalSecondaryIndexUpdates: [
        {
          Update: {
            IndexName: "byG",
            OnDemandThroughput: { MaxWriteRequestUnits: 0 },
          },
        },
      ],
    },
    `${invalid}Requested MaxWriteRequestUnits for OnDemandThroughput for index : byG is outside of valid range`,
  ],
  [
    "UpdateTable",
    { TableName, OnDemandThroughput: { MaxWriteRequestUnits: 40_001 } },
    `Subscriber limit exceeded: Requested MaxWriteRequestUnits for OnDemandThroughput for table exceeds TableMaxWriteCapacityUnits of the account in region ${suite.region}`,
    "LimitExceededException",
  ],
  [
    "CreateTable",
    table({ ...provisioned, OnDemandThroughput: { MaxReadRequestUnits: 1 } }),
    `${invalid}MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED`,
  ],
  [
    "CreateTable",
    table({ WarmThroughput: { ReadUnitsPerSecond: 11_999 } }),
    `${invalid}Requested ReadUnitsPerSecond for WarmThroughput for table is lower than initial throughput for OnDemand. See: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html#on-demand-capacity-mode-initial`,
  ],
  [
    "CreateTable",
    table({ ...provisioned, WarmThroughput: { WriteUnitsPerSecond: 1 } }),
    `${invalid}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than WriteCapacityUnits of ProvisionedThroughput`,
  ],
  [
    "UpdateTable",
    { TableName, WarmThroughput: { WriteUnitsPerSecond: 3_999 } },
    `${invalid}Requested WriteUnitsPerSecond for WarmThroughput for table is lower than current WarmThroughput, decreasing WarmThroughput is not supported`,
  ],
  [
    "UpdateTable",
    {
      TableName,
      GlobalSecondaryIndexUpdates: [
        {
          Update: {
            IndexName: "byG",
            WarmThroughput: { ReadUnitsPerSecond: 40_001 },
          },
        },
      ],
    },
    `Subscriber limit exceeded: Requested ReadUnitsPerSecond for WarmThroughput for index byG exceeds TableMaxReadCapacityUnits of the account in region ${suite.region}`,
    "LimitExceededException",
  ],
  ...(
    [
      [
        { Enabled: false, SSEType: "KMS" },
        "SSEType can not be specified if Enabled is false",
      ],
      [
        { Enabled: false, KMSMasterKeyId: "k" },
        "KMSMasterKeyId can not be specified if Enabled is false",
      ],
      [
        { Enabled: true, KMSMasterKeyId: "k" },
        "SSEType KMS is required if KMSMasterKeyId is specified",
      ],
      [{ Enabled: true, SSEType: "AES256" }, "SSEType AES256 is not supported"],
    ] as const
  ).map(
    ([SSESpecification, words]) =>
      [
        "CreateTable",
        table({ SSESpecification }),
        `${invalid}${words}`,
      ] as const,
  ),
  [
    "UpdateTable",
    { TableName, SSESpecification: { Enabled: false } },
    `${invalid}Table is already encrypted by default`,
  ],
  // of what goes with nothing else the first is named
  ...(
    [
      ["Server-Side Encryption modification", { SSESpecification: {} }],
      ["TableClass modification", { TableClass: "STANDARD" }],
      ["DeletionProtection modification", { DeletionProtectionEnabled: true }],
      ["WarmThroughput", { WarmThroughput: { ReadUnitsPerSecond: 12_000 } }],
    ] as const
  ).map(
    ([name], i, all) =>
      [
        "UpdateTable",
        Object.assign(
          { TableName, BillingMode: "PAY_PER_REQUEST" },
          ...all.slice(i).map(([, member]) => member),
        ) as object,
        `${invalid}${name} must be the only operation in the request`,
      ] as const,
  ),
  ...(
    [
      [
        { OnDemandThroughput: { MaxReadRequestUnits: 1 } },
        "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request",
      ],
      [
        provisioned,
        "You cannot modify stream status while updating table IOPS",
      ],
      [
        { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byG" } }] },
        "You cannot create or delete index while changing stream status",
      ],
    ] as const
  ).map(
    ([more, words]) =>
      [
        "UpdateTable",
        { TableName, StreamSpecification: { StreamEnabled: false }, ...more },
        `${invalid}${words}`,
      ] as const,
  ),
  [
    "UpdateTable",
    {
      TableName,
      ...provisioned,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byG" } }],
    },
    `${invalid}You cannot create or delete index while updating table IOPS`,
  ],
  [
    "UpdateTable",
    {
      TableName,
      GlobalSecondaryIndexUpdates: [{ Update: { IndexName: "byG" } }],
    },
    `${invalid}The only Updates for index: byG when TableThroughputMode is PAY_PER_REQUEST can be to OnDemandThroughput, WarmThroughput`,
  ],
  [
    "CreateTable",
    table({ AttributeDefinitions: define("a", "b") }),
    `${invalid}Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions`,
  ],
  [
    "CreateTable",
    table({
      AttributeDefinitions: define("x", "a", "g"),
      GlobalSecondaryIndexes: [index("g")],
    }),
    `${invalid}Some AttributeDefinitions are not used. AttributeDefinitions: [x, a, g], keys used: [a, g]`,
  ],
  [
    "UpdateTable",
    {
      TableName,
      AttributeDefinitions: define("h", "x"),
      GlobalSecondaryIndexUpdates: [
        { Create: { ...index("h"), IndexName: "byH" } },
      ],
    },
    `${invalid}Some AttributeDefinitions are not used. AttributeDefinitions: [h, x], keys used: [pk, sk, g, h]`,
  ],
  [
    "DescribeTable",
    { TableName: "arn:aws:dynamodb:elsewhere:000000000000:table/things" },
    "1 validation error detected: Invalid AWS region in 'arn:aws:dynamodb:elsewhere:000000000000:table/things'",
  ],
  [
    "GetItem",
    {
      TableName: `arn:aws:dynamodb:${suite.region}:111111111111:table/things`,
      Key,
    },
    undefined,
    "AccessDeniedException",
  ],
]);

refuses("policies of tables", [
  ["GetResourcePolicy", {}, errors(missing("resourceArn"))],
  ["DeleteResourcePolicy", {}, errors(missing("resourceArn"))],
  [
    "PutResourcePolicy",
    { ExpectedRevisionId: "" },
    errors(
      missing("resourceArn"),
      missing("policy"),
      empty("expectedRevisionId", ""),
    ),
  ],
]);

refuses("statements", [
  [
    "ExecuteStatement",
    { Statement: "SELECT * FROM things", Parameters: [] },
    errors(empty("parameters")),
  ],
]);
