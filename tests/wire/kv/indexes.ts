// Local and global secondary indexes, and what each of them projects.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Item } from "../../gen/parlor/kv/v1/item_pb.js";
import { item, plain, type Plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { adminKv, startSuite } from "../../harness/suite.ts";

const tableName = "threads";
const suite = await startSuite(["kv"]);
after(() => suite.stop());
const kv = adminKv(suite);

const key = (hash: string, range: string) => [
  { attributeName: hash, keyType: "HASH" },
  { attributeName: range, keyType: "RANGE" },
];

before(async () => {
  await kv.createTable({
    tableName,
    attributeDefinitions: [
      { attributeName: "forum", attributeType: "S" },
      { attributeName: "subject", attributeType: "S" },
      { attributeName: "at", attributeType: "N" },
      { attributeName: "mark", attributeType: "B" },
      { attributeName: "author", attributeType: "S" },
    ],
    keySchema: key("forum", "subject"),
    localSecondaryIndexes: [
      {
        indexName: "by-time",
        keySchema: key("forum", "at"),
        projection: { projectionType: "KEYS_ONLY" },
      },
      {
        indexName: "by-mark",
        keySchema: key("forum", "mark"),
        projection: { projectionType: "ALL" },
      },
    ],
    globalSecondaryIndexes: [
      {
        indexName: "by-author",
        keySchema: key("author", "at"),
        projection: {
          projectionType: "INCLUDE",
          nonKeyAttributes: ["title"],
        },
      },
    ],
    billingMode: "PAY_PER_REQUEST",
  });
  for (const [subject, at, author] of [
    ["a", 30, "anna"],
    ["b", 10, "ben"],
    ["c", 20, "anna"],
    ["d", undefined, "anna"],
  ] as const)
    await kv.putItem({
      tableName,
      item: item({
        forum: "games",
        subject,
        author,
        title: `about ${subject}`,
        text: "x".repeat(5000),
        ...(at ? { at } : {}),
        ...(subject === "c" ? { mark: new Uint8Array([1, 2]) } : {}),
      }),
    });
});

const query = (indexName: string, hash: string, value: Plain, more = {}) =>
  kv.query({
    tableName,
    indexName,
    keyConditionExpression: "#h = :h",
    expressionAttributeNames: { "#h": hash },
    expressionAttributeValues: item({ ":h": value }),
    returnConsumedCapacity: "INDEXES",
    ...more,
  });
const subjects = (items: Item[]) => items.map((row) => plain(row)["subject"]);

describe("a local index", () => {
  it("orders the items of a partition that have its key", async () => {
    const { items } = await query("by-time", "forum", "games");
    assert.deepEqual(items.map(plain), [
      { forum: "games", subject: "b", at: 10 },
      { forum: "games", subject: "c", at: 20 },
      { forum: "games", subject: "a", at: 30 },
    ]);
  });
  it("may be read consistently, and backwards", async () => {
    const { items, consumedCapacity } = await query(
      "by-time",
      "forum",
      "games",
      { consistentRead: true, scanIndexForward: false, limit: 2 },
    );
    assert.deepEqual(subjects(items), ["a", "c"]);
    assert.equal(
      consumedCapacity?.localSecondaryIndexes["by-time"]?.capacityUnits,
      1,
    );
    assert.equal(consumedCapacity.table?.capacityUnits, 0);
  });
  it("fetches what it has not, and each item is paid for", async () => {
    const { items, consumedCapacity } = await query(
      "by-time",
      "forum",
      "games",
      { select: "ALL_ATTRIBUTES", limit: 2 },
    );
    assert.deepEqual(
      items.map((row) => plain(row)["title"]),
      ["about b", "about c"],
    );
    assert.equal(consumedCapacity?.table?.capacityUnits, 2);
    assert.equal(consumedCapacity.capacityUnits, 2.5);
  });
  it("goes on page by page while it fetches", async () => {
    const all: unknown[] = [];
    let exclusiveStartKey: Item | undefined;
    do {
      const answer = await query("by-time", "forum", "games", {
        projectionExpression: "title",
        limit: 1,
        ...(exclusiveStartKey ? { exclusiveStartKey } : {}),
      });
      all.push(...answer.items.map((row) => plain(row)["title"]));
      exclusiveStartKey = answer.lastEvaluatedKey;
    } while (exclusiveStartKey);
    assert.deepEqual(all, ["about b", "about c", "about a"]);
  });
  it("may be of binary values, and project all", async () => {
    const { items } = await query("by-mark", "forum", "games");
    assert.deepEqual(
      items.map((row) => plain(row)["title"]),
      ["about c"],
    );
  });
  it("refuses a filter on what it has not", async () => {
    await refuses(
      query("by-time", "forum", "games", {
        filterExpression: "title = :h",
      }),
      "ValidationException",
      /^.*Secondary index by-time does not project one or more filter attributes: \[title\]$/,
    );
  });
});

describe("a global index", () => {
  it("has its keys, its table's and what it includes", async () => {
    const { items } = await query("by-author", "author", "anna");
    assert.deepEqual(items.map(plain), [
      {
        author: "anna",
        at: 20,
        forum: "games",
        subject: "c",
        title: "about c",
      },
      {
        author: "anna",
        at: 30,
        forum: "games",
        subject: "a",
        title: "about a",
      },
    ]);
  });
  for (const [what, more, words] of [
    [
      "all attributes",
      { select: "ALL_ATTRIBUTES" },
      /Select type ALL_ATTRIBUTES is not supported for global secondary index by-author because its projection type is not ALL$/,
    ],
    [
      "others",
      { projectionExpression: "title, mark" },
      /Global secondary index by-author does not project \[mark\]$/,
    ],
    [
      "consistency",
      { consistentRead: true },
      /^Consistent reads are not supported on global secondary indexes$/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await refuses(
        query("by-author", "author", "anna", more),
        "ValidationException",
        words,
      );
    });
});

it("what a write costs is said for each index", async () => {
  const { consumedCapacity } = await kv.updateItem({
    tableName,
    key: item({ forum: "games", subject: "b" }),
    updateExpression: "SET #at = :at",
    expressionAttributeNames: { "#at": "at" },
    expressionAttributeValues: item({ ":at": 15 }),
    returnConsumedCapacity: "INDEXES",
  });
  assert.equal(consumedCapacity?.table?.capacityUnits, 5);
  assert.deepEqual(
    Object.entries(consumedCapacity.localSecondaryIndexes).map(
      ([name, { capacityUnits }]) => [name, capacityUnits],
    ),
    [["by-time", 2]],
  );
  assert.equal(
    consumedCapacity.globalSecondaryIndexes["by-author"]?.capacityUnits,
    2,
  );
  assert.equal(consumedCapacity.capacityUnits, 9);
});

describe("ReturnItemCollectionMetrics", () => {
  const metrics = (forum: string) => ({
    key: { forum },
    range: [0, 1],
  });
  const plainOf = (
    one:
      { itemCollectionKey?: Item; sizeEstimateRangeGb: number[] } | undefined,
  ) => ({
    key: one?.itemCollectionKey && plain(one.itemCollectionKey),
    range: one?.sizeEstimateRangeGb,
  });
  const returnItemCollectionMetrics = "SIZE";

  it("estimates the collection that a write touched", async () => {
    const { itemCollectionMetrics } = await kv.putItem({
      tableName,
      item: item({ forum: "chess", subject: "a" }),
      returnItemCollectionMetrics,
    });
    assert.deepEqual(plainOf(itemCollectionMetrics), metrics("chess"));
  });
  it("and all that a batch or a transaction did", async () => {
    const put = (forum: string, subject: string) => ({
      item: item({ forum, subject }),
    });
    const batch = await kv.batchWriteItem({
      requestItems: {
        [tableName]: {
          requests: [
            { putRequest: put("chess", "a") },
            { putRequest: put("chess", "b") },
            { putRequest: put("go", "a") },
          ],
        },
      },
      returnItemCollectionMetrics,
    });
    const transaction = await kv.transactWriteItems({
      transactItems: [
        { put: { tableName, ...put("chess", "a") } },
        { put: { tableName, ...put("go", "b") } },
      ],
      returnItemCollectionMetrics,
    });
    for (const { itemCollectionMetrics } of [batch, transaction])
      assert.deepEqual(itemCollectionMetrics[tableName]?.metrics.map(plainOf), [
        metrics("chess"),
        metrics("go"),
      ]);
  });
});

describe("after SIGKILL", () => {
  it("every index is as its table", async () => {
    await suite.kill("kv");
    await suite.start("kv");
    const { items } = await query("by-time", "forum", "games");
    assert.deepEqual(subjects(items), ["b", "c", "a"]);
    const { table } = await kv.describeTable({ tableName });
    assert.deepEqual(
      [
        ...(table?.localSecondaryIndexes ?? []),
        ...(table?.globalSecondaryIndexes ?? []),
      ].map(({ indexName, itemCount }) => [indexName, itemCount]),
      [
        ["by-time", 3n],
        ["by-mark", 1n],
        ["by-author", 3n],
      ],
    );
  });
});
