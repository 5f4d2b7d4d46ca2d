// CreateTable, DescribeTable, ListTables, DeleteTable.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { item } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put, suite } = await startTable();

const simple = (name: string, more: object = {}) => ({
  tableName: name,
  attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
  keySchema: [{ attributeName: "pk", keyType: "HASH" }],
  billingMode: "PAY_PER_REQUEST",
  ...more,
});

describe("CreateTable", () => {
  it("refuses a name that is taken", async () => {
    await refuses(
      kv.createTable(simple(tableName)),
      "ResourceInUseException",
      /Table already exists: tests/,
    );
  });
  for (const [what, bad] of [
    ["a short name", simple("ab")],
    ["a bad name", simple("a b c")],
    ["a system's name", simple("parlor.users")],
    ["no key", simple("bad", { keySchema: [] })],
    [
      "a key that is not defined",
      simple("bad", {
        keySchema: [{ attributeName: "other", keyType: "HASH" }],
      }),
    ],
    [
      "a definition that is not used",
      simple("bad", {
        attributeDefinitions: [
          { attributeName: "pk", attributeType: "S" },
          { attributeName: "x", attributeType: "S" },
        ],
      }),
    ],
    [
      "an unknown type",
      simple("bad", {
        attributeDefinitions: [{ attributeName: "pk", attributeType: "X" }],
      }),
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await refuses(kv.createTable(bad), "ValidationException");
    });
});

describe("DescribeTable", () => {
  it("says what was made", async () => {
    const { table } = await kv.describeTable({ tableName });
    assert.equal(table?.tableName, tableName);
    assert.equal(table?.tableStatus, "ACTIVE");
    assert.equal(
      table?.tableArn,
      `arn:aws:dynamodb:${suite.region}:000000000000:table/${tableName}`,
    );
    assert.deepEqual(
      table?.keySchema.map(({ attributeName, keyType }) => [
        attributeName,
        keyType,
      ]),
      [
        ["pk", "HASH"],
        ["sk", "RANGE"],
      ],
    );
    assert.equal(table?.globalSecondaryIndexes[0]?.indexName, "by-score");
    assert.equal(table?.globalSecondaryIndexes[0]?.indexStatus, "ACTIVE");
    assert.ok(
      Math.abs((table?.creationDateTime ?? 0) - Date.now() / 1000) < 60,
    );
  });
  it("takes an ARN for a name", async () => {
    const { table } = await kv.describeTable({ tableName });
    const again = await kv.describeTable({ tableName: table?.tableArn ?? "" });
    assert.equal(again.table?.tableId, table?.tableId);
  });
  it("refuses what is not there", async () => {
    await refuses(
      kv.describeTable({ tableName: "nowhere" }),
      "ResourceNotFoundException",
      /Table: nowhere not found/,
    );
  });
});

describe("ListTables", () => {
  it("lists in order, page by page, and no system tables", async () => {
    for (const name of ["aaa", "zzz"]) await kv.createTable(simple(name));
    const names: string[] = [];
    let exclusiveStartTableName = "";
    do {
      const answer = await kv.listTables({
        limit: 1,
        ...(exclusiveStartTableName ? { exclusiveStartTableName } : {}),
      });
      names.push(...answer.tableNames);
      exclusiveStartTableName = answer.lastEvaluatedTableName;
    } while (exclusiveStartTableName);
    assert.deepEqual(names, ["aaa", "game", tableName, "zzz"]);
  });
});

describe("DeleteTable", () => {
  it("deletes the table and its items", async () => {
    await kv.putItem({ tableName: "aaa", item: item({ pk: "x" }) });
    const { tableDescription } = await kv.deleteTable({ tableName: "aaa" });
    assert.equal(tableDescription?.tableStatus, "DELETING");
    await refuses(
      kv.getItem({ tableName: "aaa", key: item({ pk: "x" }) }),
      "ResourceNotFoundException",
    );
    await kv.createTable(simple("aaa"));
    assert.equal(
      (await kv.getItem({ tableName: "aaa", key: item({ pk: "x" }) })).item,
      undefined,
    );
  });
  it("refuses what is not there, and what is protected", async () => {
    await refuses(
      kv.deleteTable({ tableName: "nowhere" }),
      "ResourceNotFoundException",
    );
    await kv.createTable(simple("kept", { deletionProtectionEnabled: true }));
    await refuses(kv.deleteTable({ tableName: "kept" }), "ValidationException");
  });
});

describe("after SIGKILL", () => {
  it("all of it is still there", async () => {
    await put({ pk: "k", sk: 1 });
    await suite.kill("kv");
    await suite.start("kv");
    const answer = await kv.getItem({
      tableName,
      key: item({ pk: "k", sk: 1 }),
    });
    assert.ok(answer.item);
  });
});
