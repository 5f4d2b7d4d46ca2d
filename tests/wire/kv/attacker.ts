// An attacker who may read and write some attributes of some items tries to
// learn the others, through every operation there is.
//
// The same world stands twice: two tables that differ in what is hidden and in
// nothing else. Whatever is tried must end the same way in both, to the letter,
// errors included: then nothing has been learned. (What is left: an item has
// 400 KB and a page 1 MB with what is hidden in it, docs/policies.md.)
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { item, type Plain } from "../../harness/items.ts";
import { adminKv, startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const mallory = await newUser(suite, "mallory");
const kv = adminKv(suite);
const worlds = ["left", "twin"] as const;
type World = (typeof worlds)[number];

/** What Mallory may see of the own items. */
const shown = [1, 2, 3].map((sk) => ({
  pk: mallory.sub,
  sk,
  n: sk * 10,
  label: `item ${sk}`,
}));

/** What must not be seen: of the own items, and other players'. */
const hidden: Record<World, { own: Record<string, Plain>; others: number }> = {
  left: { own: { secret: 7, tags: ["a"] }, others: 1 },
  twin: { own: { secret: 1, team: "red", hoard: "x".repeat(5000) }, others: 3 },
};

const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: {
    Effect: "Allow",
    Principal: { Parlor: "user:*" },
    Action: "dynamodb:*",
    Resource: "arn:aws:dynamodb:*:*:table/*",
    Condition: {
      "ForAllValues:StringEquals": {
        "dynamodb:LeadingKeys": "${sub}",
        "dynamodb:Attributes": ["pk", "sk", "n", "label"],
      },
    },
  },
});

function rowsOf(world: World): Record<string, Plain>[] {
  const { own, others } = hidden[world];
  return [
    // the order of what is hidden differs, too
    ...shown.map((row) => ({
      ...row,
      ...own,
      secret: Number(own["secret"]) + (world === "left" ? -row.sk : row.sk),
    })),
    ...Array.from({ length: others }, (_, sk) => ({ pk: "other", sk, n: sk })),
  ];
}

async function fill(world: World): Promise<void> {
  const requests = rowsOf(world).map((row) => ({
    putRequest: { item: item(row) },
  }));
  await kv.batchWriteItem({ requestItems: { [world]: { requests } } });
}

const streams: Partial<Record<World, string>> = {};
for (const tableName of worlds) {
  const { tableDescription } = await kv.createTable({
    tableName,
    attributeDefinitions: [
      { attributeName: "pk", attributeType: "S" },
      { attributeName: "sk", attributeType: "N" },
      { attributeName: "n", attributeType: "N" },
      { attributeName: "secret", attributeType: "N" },
      { attributeName: "team", attributeType: "S" },
    ],
    keySchema: [
      { attributeName: "pk", keyType: "HASH" },
      { attributeName: "sk", keyType: "RANGE" },
    ],
    localSecondaryIndexes: [
      {
        indexName: "local",
        keySchema: [
          { attributeName: "pk", keyType: "HASH" },
          { attributeName: "secret", keyType: "RANGE" },
        ],
        projection: { projectionType: "ALL" },
      },
    ],
    globalSecondaryIndexes: [
      ["by-n", "pk", "n"],
      ["by-secret", "pk", "secret"],
      ["by-team", "team", "n"],
    ].map(([indexName, hash, range]) => ({
      indexName: indexName as string,
      keySchema: [
        { attributeName: hash as string, keyType: "HASH" },
        { attributeName: range as string, keyType: "RANGE" },
      ],
      projection: { projectionType: "ALL" },
    })),
    billingMode: "PAY_PER_REQUEST",
    streamSpecification: {
      streamEnabled: true,
      streamViewType: "NEW_AND_OLD_IMAGES",
    },
    resourcePolicy: policy,
  });
  streams[tableName] = tableDescription?.latestStreamArn ?? "";
  await fill(tableName);
}

// ---- trying ----------------------------------------------------------------

type Request = Record<string, unknown>;
/** An operation, and its request in a world. */
type Attempt = [operation: string, request: (world: World) => Request];

async function outcome(world: World, [operation, request]: Attempt) {
  const answer = await fetch(suite.url.kv, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `${/Stream|Shard/.test(operation) ? "DynamoDBStreams" : "DynamoDB"}_20120810.${operation}`,
      authorization: `Bearer ${mallory.accessToken}`,
    },
    body: JSON.stringify(request(world)),
  });
  const text = (await answer.text())
    .replaceAll(world, "WORLD")
    .replaceAll(/stream\/[\dT:.-]+/g, "stream/LABEL");
  return { status: answer.status, text };
}

/** Both outcomes, from the same beginning each time: what was refused has
 * changed nothing. */
async function both(attempt: Attempt) {
  const [left, twin] = await Promise.all([
    outcome("left", attempt),
    outcome("twin", attempt),
  ]);
  if (left.status === 200 || twin.status === 200)
    await Promise.all(worlds.map(fill));
  return { left, twin };
}

const key = (sk = "1") => ({ pk: { S: mallory.sub }, sk: { N: sk } });
const Key = key();
const me = { ":me": { S: mallory.sub } };
const v = { ":v": { N: "5" } };

/** What can be asked about an attribute; `:v` is a value of `type`. */
const questions: [text: string, value: object | undefined][] = [
  ["secret = :v", { N: "6" }],
  ["secret <> :v", { N: "6" }],
  ["secret < :v", { N: "5" }],
  ["n < secret", undefined],
  ["secret BETWEEN :v AND n", { N: "5" }],
  ["secret IN (:v, n)", { N: "6" }],
  ["label = :v OR secret > n", { S: "item 1" }],
  ["NOT secret > :v", { N: "5" }],
  ["attribute_exists(team)", undefined],
  ["attribute_not_exists(team)", undefined],
  ["attribute_exists(tags[0])", undefined],
  ["attribute_type(secret, :v)", { S: "N" }],
  ["begins_with(team, :v)", { S: "r" }],
  ["contains(team, :v)", { S: "e" }],
  ["size(hoard) > :v", { N: "9" }],
  ["n > size(tags)", undefined],
];
const values = (value: object | undefined, more: object = {}) => ({
  ...more,
  ...(value ? { ":v": value } : {}),
});
const withValues = (all: object) =>
  Object.keys(all).length ? { ExpressionAttributeValues: all } : {};

const attempts = new Map<string, Attempt>();
function attempt(operation: string, request: Request, what: string) {
  attempts.set(`${operation}: ${what}`, [
    operation,
    (world) => ({ TableName: world, ...request }),
  ]);
}

// reads, of whole items and of parts
for (const projection of [
  "secret",
  "n, secret",
  "tags[0]",
  "hoard.x",
  "team, label",
])
  attempt("GetItem", { Key, ProjectionExpression: projection }, projection);
attempt("GetItem", { Key }, "all of it");
attempt(
  "GetItem",
  {
    Key,
    ProjectionExpression: "#s",
    ExpressionAttributeNames: { "#s": "secret" },
  },
  "under another name",
);
for (const capacity of ["TOTAL", "INDEXES"])
  for (const consistent of [true, false])
    attempt(
      "GetItem",
      {
        Key,
        ProjectionExpression: "n",
        ConsistentRead: consistent,
        ReturnConsumedCapacity: capacity,
      },
      `its size by ${capacity}, ${consistent}`,
    );
attempt(
  "GetItem",
  { Key: { pk: { S: "other" }, sk: { N: "2" } }, ProjectionExpression: "n" },
  "another's item",
);

// a page, by what is hidden
const mine = {
  KeyConditionExpression: "pk = :me",
  ExpressionAttributeValues: me,
};
for (const [filter, value] of questions)
  for (const select of ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES"])
    for (const operation of ["Query", "Scan"])
      attempt(
        operation,
        {
          ...(operation === "Query" ? mine : {}),
          Select: select,
          FilterExpression: filter,
          ...(select === "SPECIFIC_ATTRIBUTES"
            ? { ProjectionExpression: "n" }
            : {}),
          ...withValues(values(value, operation === "Query" ? me : {})),
        },
        `${select} where ${filter}`,
      );
for (const index of [undefined, "local", "by-n", "by-secret", "by-team"]) {
  const at = index ? { IndexName: index } : {};
  const where = index ?? "the table";
  const rows = { ...mine, ...at };
  attempt("Query", rows, `all of ${where}`);
  attempt("Query", { ...rows, ProjectionExpression: "n" }, `n of ${where}`);
  attempt(
    "Query",
    { ...rows, ProjectionExpression: "n", ScanIndexForward: false, Limit: 1 },
    `the last of ${where}`,
  );
  attempt("Query", { ...rows, Select: "COUNT" }, `how many in ${where}`);
  attempt(
    "Query",
    { ...rows, ProjectionExpression: "n", ReturnConsumedCapacity: "INDEXES" },
    `the size of ${where}`,
  );
  attempt("Scan", { ...at, ProjectionExpression: "n" }, where);
  attempt("Scan", { ...at, Select: "COUNT" }, `how many in ${where}`);
  attempt(
    "Scan",
    { ...at, ProjectionExpression: "n", Segment: 0, TotalSegments: 2 },
    `half of ${where}`,
  );
}
attempt(
  "Query",
  {
    IndexName: "by-secret",
    KeyConditionExpression: "pk = :me AND secret > :v",
    ProjectionExpression: "n",
    ExpressionAttributeValues: { ...me, ...v },
  },
  "by the hidden sort key",
);
attempt(
  "Query",
  {
    IndexName: "by-team",
    KeyConditionExpression: "team = :v",
    ProjectionExpression: "n",
    ExpressionAttributeValues: { ":v": { S: "red" } },
  },
  "by the hidden partition key",
);
attempt(
  "Query",
  {
    ...mine,
    IndexName: "by-secret",
    ProjectionExpression: "n",
    ExclusiveStartKey: { ...Key, secret: { N: "5" } },
  },
  "from a hidden place",
);
attempt(
  "Query",
  {
    KeyConditionExpression: "pk = :v",
    ProjectionExpression: "n",
    ExpressionAttributeValues: { ":v": { S: "other" } },
  },
  "another's items",
);

// writes, on conditions and by what they return
const update = {
  Key,
  UpdateExpression: "SET n = :n",
  ExpressionAttributeValues: { ":n": { N: "5" } },
};
const Item = { ...Key, n: { N: "5" } };
const no = "n = :no";
for (const [condition, value] of questions) {
  const asked = { ConditionExpression: condition };
  attempt(
    "PutItem",
    { Item, ...asked, ...withValues(values(value)) },
    `if ${condition}`,
  );
  attempt(
    "DeleteItem",
    { Key, ...asked, ...withValues(values(value)) },
    `if ${condition}`,
  );
  attempt(
    "UpdateItem",
    {
      ...update,
      ...asked,
      ...withValues(values(value, update.ExpressionAttributeValues)),
    },
    `if ${condition}`,
  );
  const parts: [string, object][] = [
    ["Put", { Item, ...withValues(values(value)) }],
    ["Delete", { Key, ...withValues(values(value)) }],
    ["ConditionCheck", { Key, ...withValues(values(value)) }],
    [
      "Update",
      {
        ...update,
        ...withValues(values(value, update.ExpressionAttributeValues)),
      },
    ],
  ];
  for (const [kind, part] of parts)
    attempts.set(`TransactWriteItems: ${kind} if ${condition}`, [
      "TransactWriteItems",
      (TableName) => ({
        TransactItems: [{ [kind]: { TableName, ...part, ...asked } }],
      }),
    ]);
}
for (const returns of ["ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"]) {
  attempt("UpdateItem", { ...update, ReturnValues: returns }, returns);
  attempt("PutItem", { Item, ReturnValues: returns }, returns);
  attempt("DeleteItem", { Key, ReturnValues: returns }, returns);
}
for (const [operation, request] of [
  ["PutItem", { Item }],
  ["UpdateItem", update],
  ["DeleteItem", { Key }],
] as const) {
  attempt(operation, { ...request, ReturnConsumedCapacity: "TOTAL" }, "cost");
  attempt(
    operation,
    { ...request, ReturnConsumedCapacity: "INDEXES" },
    "cost by index",
  );
  attempt(
    operation,
    {
      ...request,
      ConditionExpression: no,
      ExpressionAttributeValues: {
        ...("ExpressionAttributeValues" in request
          ? request.ExpressionAttributeValues
          : {}),
        ":no": { N: "0" },
      },
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    },
    "what stands in the way",
  );
}
for (const [expression, more] of [
  ["SET n = secret", {}],
  ["SET n = secret + :v", v],
  ["SET n = if_not_exists(team, :v)", v],
  ["SET label = list_append(tags, :v)", { ":v": { L: [] } }],
  ["SET secret = :v", v],
  ["SET tags[0] = :v", v],
  ["SET hoard.x = :v", v],
  ["ADD secret :v", v],
  ["DELETE team :v", { ":v": { SS: ["red"] } }],
  ["REMOVE team", {}],
  ["REMOVE tags[0]", {}],
] as [string, object][])
  for (const returns of ["NONE", "UPDATED_NEW", "UPDATED_OLD"])
    attempt(
      "UpdateItem",
      {
        Key,
        UpdateExpression: expression,
        ReturnValues: returns,
        ...withValues(more),
      },
      `${expression}, ${returns}`,
    );
for (const show of [false, true])
  for (const [kind, part] of [
    ["Put", { Item }],
    ["Update", update],
    ["Delete", { Key }],
    ["ConditionCheck", { Key }],
  ] as [string, { ExpressionAttributeValues?: object }][])
    attempts.set(`TransactWriteItems: ${kind} refused, ${show}`, [
      "TransactWriteItems",
      (TableName) => ({
        ReturnConsumedCapacity: show ? "NONE" : "INDEXES",
        TransactItems: [
          {
            [kind]: {
              TableName,
              ...part,
              ConditionExpression: no,
              ExpressionAttributeValues: {
                ...part.ExpressionAttributeValues,
                ":no": { N: "0" },
              },
              ...(show
                ? { ReturnValuesOnConditionCheckFailure: "ALL_OLD" }
                : {}),
            },
          },
        ],
      }),
    ]);

// many at once
for (const more of [
  {},
  { ProjectionExpression: "secret" },
  { ProjectionExpression: "n" },
]) {
  for (const capacity of ["NONE", "TOTAL"]) {
    const what = `${JSON.stringify(more)}, ${capacity}`;
    attempts.set(`BatchGetItem: ${what}`, [
      "BatchGetItem",
      (world) => ({
        RequestItems: { [world]: { Keys: [Key, key("2")], ...more } },
        ReturnConsumedCapacity: capacity,
      }),
    ]);
    attempts.set(`TransactGetItems: ${what}`, [
      "TransactGetItems",
      (TableName) => ({
        TransactItems: [{ Get: { TableName, Key, ...more } }],
        ReturnConsumedCapacity: capacity,
      }),
    ]);
  }
}
for (const request of [{ PutRequest: { Item } }, { DeleteRequest: { Key } }])
  for (const capacity of ["NONE", "INDEXES"])
    attempts.set(`BatchWriteItem: ${Object.keys(request)[0]}, ${capacity}`, [
      "BatchWriteItem",
      (world) => ({
        RequestItems: { [world]: [request] },
        ReturnConsumedCapacity: capacity,
      }),
    ]);

// in the forms from before there were expressions
const equalsMe = { ComparisonOperator: "EQ", AttributeValueList: [me[":me"]] };
const filters: [name: string, filter: object][] = [
  ["secret", { ComparisonOperator: "GT", AttributeValueList: [{ N: "5" }] }],
  ["secret", { ComparisonOperator: "IN", AttributeValueList: [{ N: "6" }] }],
  ["team", { ComparisonOperator: "NOT_NULL" }],
  ["team", { ComparisonOperator: "NULL" }],
  [
    "team",
    { ComparisonOperator: "CONTAINS", AttributeValueList: [{ S: "e" }] },
  ],
];
for (const [name, filter] of filters) {
  const one = { [name]: filter };
  const what = JSON.stringify(one);
  const KeyConditions = { pk: equalsMe };
  attempt(
    "Query",
    { KeyConditions, QueryFilter: one, AttributesToGet: ["n"] },
    what,
  );
  attempt(
    "Query",
    { KeyConditions, QueryFilter: one, Select: "COUNT" },
    `how many, ${what}`,
  );
  attempt("Scan", { ScanFilter: one, AttributesToGet: ["n"] }, what);
  attempt("PutItem", { Item, Expected: one }, what);
  attempt("DeleteItem", { Key, Expected: one }, what);
  attempt(
    "UpdateItem",
    {
      Key,
      AttributeUpdates: { n: { Action: "PUT", Value: { N: "5" } } },
      Expected: { ...one, n: { ComparisonOperator: "NULL" } },
      ConditionalOperator: "OR",
    },
    what,
  );
}
attempt(
  "PutItem",
  { Item, Expected: { secret: { Exists: true, Value: { N: "6" } } } },
  "if it is what is expected",
);
attempt("GetItem", { Key, AttributesToGet: ["n", "secret"] }, "by its name");
attempt(
  "Query",
  {
    IndexName: "by-secret",
    KeyConditions: {
      pk: equalsMe,
      secret: { ComparisonOperator: "GT", AttributeValueList: [{ N: "5" }] },
    },
    AttributesToGet: ["n"],
  },
  "by conditions on the hidden key",
);
for (const [name, change] of [
  ["secret", { Action: "ADD", Value: { N: "1" } }],
  ["secret", { Action: "PUT", Value: { N: "1" } }],
  ["team", { Action: "DELETE" }],
] as [string, object][])
  attempt(
    "UpdateItem",
    { Key, AttributeUpdates: { [name]: change }, ReturnValues: "UPDATED_OLD" },
    `${name} ${JSON.stringify(change)}`,
  );

// as statements
const mineAt = (world: World) =>
  `"${world}" WHERE pk = '${mallory.sub}' AND sk = 1`;
const statements: ((world: World) => string)[] = [
  (world) => `SELECT * FROM ${mineAt(world)}`,
  (world) => `SELECT n, secret FROM ${mineAt(world)}`,
  (world) => `SELECT tags[0] FROM ${mineAt(world)}`,
  (world) => `SELECT n FROM "${world}"`,
  (world) => `SELECT n FROM "${world}" WHERE secret > 5`,
  (world) => `SELECT n FROM ${mineAt(world)} AND secret > 5`,
  (world) => `SELECT n FROM ${mineAt(world)} AND attribute_type("team", 'S')`,
  (world) => `SELECT n FROM ${mineAt(world)} AND team IS NOT MISSING`,
  (world) => `SELECT n FROM ${mineAt(world)} AND contains("team", 'e')`,
  (world) => `SELECT n FROM ${mineAt(world)} AND size("hoard") > 9`,
  (world) => `SELECT n FROM "${world}"."by-secret" WHERE pk = '${mallory.sub}'`,
  (world) =>
    `SELECT n FROM "${world}"."by-n" WHERE pk = '${mallory.sub}' AND secret > 5`,
  (world) =>
    `SELECT n FROM "${world}" WHERE pk = '${mallory.sub}' ORDER BY sk DESC`,
  (world) => `SELECT n FROM "${world}" WHERE pk = 'other'`,
  (world) =>
    `UPDATE ${mineAt(world).replace(" WHERE", " SET n = secret WHERE")}`,
  (world) =>
    `UPDATE ${mineAt(world).replace(" WHERE", " SET secret = 5 WHERE")}`,
  (world) => `UPDATE ${mineAt(world).replace(" WHERE", " REMOVE team WHERE")}`,
  (world) =>
    `UPDATE ${mineAt(world).replace(" WHERE", " SET n = 5 WHERE")} AND secret > 5`,
  (world) =>
    `UPDATE ${mineAt(world).replace(" WHERE", " SET n = 5 WHERE")} RETURNING ALL OLD *`,
  (world) =>
    `UPDATE ${mineAt(world).replace(" WHERE", " SET n = 5 WHERE")} RETURNING MODIFIED NEW *`,
  (world) => `DELETE FROM ${mineAt(world)} AND secret > 5`,
  (world) => `DELETE FROM ${mineAt(world)} RETURNING ALL OLD *`,
  (world) => `INSERT INTO "${world}" VALUE {'pk': '${mallory.sub}', 'sk': 1}`,
  (world) =>
    `INSERT INTO "${world}" VALUE {'pk': '${mallory.sub}', 'sk': 9, 'secret': 1}`,
];
for (const statement of statements)
  for (const more of [
    {},
    { ReturnConsumedCapacity: "INDEXES" },
    { ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
  ] as {
    ReturnConsumedCapacity?: string;
    ReturnValuesOnConditionCheckFailure?: string;
  }[])
    for (const [operation, list] of [
      ["ExecuteStatement", undefined],
      ["BatchExecuteStatement", "Statements"],
      ["ExecuteTransaction", "TransactStatements"],
    ] as const)
      attempts.set(
        `${operation}: ${statement("left")}, ${JSON.stringify(more)}`,
        [
          operation,
          (world) => {
            const { ReturnConsumedCapacity, ...mine } = more;
            const one = { Statement: statement(world), ...mine };
            return {
              ...(list ? { [list]: [one] } : one),
              ReturnConsumedCapacity,
            };
          },
        ],
      );

// how large a collection is
for (const [operation, request] of [
  ["PutItem", { Item }],
  ["UpdateItem", update],
  ["DeleteItem", { Key }],
] as const)
  attempt(
    operation,
    { ...request, ReturnItemCollectionMetrics: "SIZE" },
    "the collection's size",
  );
attempts.set("BatchWriteItem: the collection's size", [
  "BatchWriteItem",
  (world) => ({
    RequestItems: { [world]: [{ PutRequest: { Item } }] },
    ReturnItemCollectionMetrics: "SIZE",
  }),
]);
attempts.set("TransactWriteItems: the collection's size", [
  "TransactWriteItems",
  (TableName) => ({
    TransactItems: [{ Put: { TableName, Item } }],
    ReturnItemCollectionMetrics: "SIZE",
  }),
]);

// about tables
attempt("DescribeTable", {}, "its size and count");
for (const operation of [
  "DescribeTimeToLive",
  "GetResourcePolicy",
  "DeleteResourcePolicy",
  "ListTables",
])
  attempt(operation, {}, "what there is");
for (const [operation, more] of [
  ["DescribeStream", {}],
  [
    "GetShardIterator",
    {
      ShardId: "shardId-00000000000000000000-00000000",
      ShardIteratorType: "TRIM_HORIZON",
    },
  ],
] as const)
  attempts.set(`${operation}: all that changes`, [
    operation,
    (world) => ({ StreamArn: streams[world], ...more }),
  ]);
attempt("DescribeTable", { TableName: "no-such-table" }, "is there one?");

// ---- what came of it -------------------------------------------------------

describe("an attacker", () => {
  for (const [name, one] of attempts)
    it(`learns nothing by ${name}`, async () => {
      const { left, twin } = await both(one);
      assert.deepEqual(left, twin);
      assert.ok(left.status < 500, left.text);
      assert.doesNotMatch(left.text, /SerializationException|UnknownOperation/);
    });
});

describe("what is about all items", () => {
  for (const name of [
    "DescribeTable: its size and count",
    "DescribeStream: all that changes",
    "GetShardIterator: all that changes",
    "Query: how many in the table",
    "PutItem: the collection's size",
    "UpdateItem: cost",
    ...[...attempts.keys()].filter(
      (name) =>
        /^(ExecuteStatement: |BatchExecuteStatement: .* AND sk = 1)/.test(
          name,
        ) && /: SELECT \*|secret|team|ALL OLD/.test(name),
    ),
  ])
    it(`is denied to ${name}`, async () => {
      const one = attempts.get(name) ?? assert.fail(name);
      const { left } = await both(one);
      assert.match(left.text, /AccessDenied/);
    });
});

describe("what is shown", () => {
  const plain = { ProjectionExpression: "pk, sk, n, label" };
  const rows: [string, Attempt, RegExp][] = [
    [
      "is read",
      ["GetItem", (TableName) => ({ TableName, Key, ...plain })],
      /"item 1"/,
    ],
    [
      "is queried",
      ["Query", (TableName) => ({ TableName, ...mine, ...plain })],
      /"item 3"/,
    ],
    [
      "is queried in its order",
      [
        "Query",
        (TableName) => ({
          TableName,
          IndexName: "by-n",
          ...mine,
          ...plain,
          FilterExpression: "label <> :v",
          ExpressionAttributeValues: { ...me, ...v },
        }),
      ],
      /"item 3"/,
    ],
    [
      "is selected",
      [
        "ExecuteStatement",
        (world) => ({ Statement: `SELECT n, label FROM ${mineAt(world)}` }),
      ],
      /"item 1"/,
    ],
    [
      "is changed",
      [
        "UpdateItem",
        (TableName) => ({
          TableName,
          ...update,
          ReturnValues: "UPDATED_NEW",
          ConditionExpression: "n > :v",
          ExpressionAttributeValues: { ":n": { N: "5" }, ...v },
        }),
      ],
      /"n":\{"N":"5"\}/,
    ],
  ];
  for (const [name, one, want] of rows)
    it(name, async () => {
      const { left, twin } = await both(one);
      assert.equal(left.status, 200, left.text);
      assert.match(left.text, want);
      assert.deepEqual(left, twin);
    });
});

describe("a table that is not there", () => {
  it("looks like one that may not be touched", async () => {
    const nothing = await outcome("left", [
      "GetItem",
      () => ({ TableName: "none", Key }),
    ]);
    assert.equal(nothing.status, 400);
    assert.match(nothing.text, /not authorized to perform: dynamodb:GetItem/);
  });
});
