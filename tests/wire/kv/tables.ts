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

describe("UpdateTable", () => {
  const update = (name: string, more: object) =>
    kv.updateTable({ tableName: name, ...more });
  it("changes capacity, and shows what was", async () => {
    const units = (read: number, write: number) => ({
      provisionedThroughput: {
        readCapacityUnits: BigInt(read),
        writeCapacityUnits: BigInt(write),
      },
    });
    await kv.createTable(
      simple("paid", { billingMode: "PROVISIONED", ...units(5, 5) }),
    );
    const { tableDescription } = await update("paid", units(9, 5));
    assert.equal(tableDescription?.tableStatus, "UPDATING");
    assert.equal(tableDescription.provisionedThroughput?.readCapacityUnits, 5n);
    const { table } = await kv.describeTable({ tableName: "paid" });
    assert.equal(table?.provisionedThroughput?.readCapacityUnits, 9n);
    assert.equal(table.billingModeSummary, undefined);
    await update("paid", { billingMode: "PAY_PER_REQUEST" });
    const after = await kv.describeTable({ tableName: "paid" });
    assert.equal(
      after.table?.billingModeSummary?.billingMode,
      "PAY_PER_REQUEST",
    );
  });
  it("begins and ends a stream, each with its own name", async () => {
    const label = async () =>
      (await kv.describeTable({ tableName: "aaa" })).table?.latestStreamLabel;
    const on = {
      streamSpecification: { streamEnabled: true, streamViewType: "KEYS_ONLY" },
    };
    assert.equal(await label(), "");
    await update("aaa", on);
    const first = await label();
    assert.match(first ?? "", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    await update("aaa", { streamSpecification: { streamEnabled: false } });
    assert.equal(await label(), first);
    await update("aaa", on);
    assert.notEqual(await label(), first);
  });
  it("takes the protection off", async () => {
    const { tableDescription } = await update("kept", {
      deletionProtectionEnabled: false,
    });
    assert.equal(tableDescription?.tableStatus, "ACTIVE");
    await kv.deleteTable({ tableName: "kept" });
  });
  it("refuses what is not there, and nothing to do", async () => {
    await refuses(
      update("nowhere", { deletionProtectionEnabled: true }),
      "ResourceNotFoundException",
      /^Requested resource not found: Table: nowhere not found$/,
    );
    await refuses(
      update("aaa", {}),
      "ValidationException",
      /^At least one of ProvisionedThroughput, /,
    );
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
