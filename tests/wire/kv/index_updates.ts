// UpdateTable's indexes: made while the table is in use, and taken away.
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { item } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { adminKv, startSuite } from "../../harness/suite.ts";
import { until } from "../../harness/until.ts";

const tableName = "crowd";
const suite = await startSuite(["kv"]);
after(() => suite.stop());
const kv = adminKv(suite);

const ITEMS = 3000;
const itemOf = (id: number, team: string) =>
  item({ id: `i${String(id)}`, team, text: "x".repeat(200) });

const putAll = async (from: number, to: number, team: string) => {
  for (let at = from; at < to; at += 25)
    await kv.batchWriteItem({
      requestItems: {
        [tableName]: {
          requests: Array.from({ length: Math.min(25, to - at) }, (_, i) => ({
            putRequest: { item: itemOf(at + i, team) },
          })),
        },
      },
    });
};

before(async () => {
  await kv.createTable({
    tableName,
    attributeDefinitions: [{ attributeName: "id", attributeType: "S" }],
    keySchema: [{ attributeName: "id", keyType: "HASH" }],
    billingMode: "PAY_PER_REQUEST",
  });
  await putAll(0, ITEMS, "red");
});

const create = (indexName: string) =>
  kv.updateTable({
    tableName,
    attributeDefinitions: [
      { attributeName: "id", attributeType: "S" },
      { attributeName: "team", attributeType: "S" },
    ],
    globalSecondaryIndexUpdates: [
      {
        create: {
          indexName,
          keySchema: [{ attributeName: "team", keyType: "HASH" }],
          projection: { projectionType: "KEYS_ONLY" },
        },
      },
    ],
  });
const describeIt = async () => (await kv.describeTable({ tableName })).table;
const settle = () =>
  until("all is ACTIVE", async () => {
    const table = await describeIt();
    const states = table?.globalSecondaryIndexes.map((i) => i.indexStatus);
    return (
      table?.tableStatus === "ACTIVE" &&
      states?.every((state) => state === "ACTIVE") &&
      table
    );
  });
const count = async (indexName: string, team: string) => {
  const answer = await kv.query({
    tableName,
    indexName,
    keyConditionExpression: "team = :t",
    expressionAttributeValues: item({ ":t": team }),
    select: "COUNT",
  });
  return answer.count;
};

describe("a global index that is made", () => {
  it("has all items in the end, also those written meanwhile", async () => {
    const { tableDescription } = await create("by-team");
    const [index] = tableDescription?.globalSecondaryIndexes ?? [];
    assert.equal(tableDescription?.tableStatus, "UPDATING");
    assert.equal(index?.indexStatus, "CREATING");
    assert.equal(index.backfilling, false);
    try {
      await count("by-team", "red");
    } catch (error) {
      assert.ok(error instanceof ConnectError);
      assert.equal(error.code, Code.InvalidArgument);
      assert.match(
        error.message,
        /Cannot read from backfilling global secondary index: by-team$/,
      );
    }
    await putAll(ITEMS - 50, ITEMS + 100, "blue");
    const table = await settle();
    assert.equal(table.globalSecondaryIndexes[0]?.indexStatus, "ACTIVE");
    assert.equal(table.globalSecondaryIndexes[0].backfilling, false);
    assert.equal(await count("by-team", "red"), ITEMS - 50);
    assert.equal(await count("by-team", "blue"), 150);
    assert.equal(
      (await describeIt())?.globalSecondaryIndexes[0]?.itemCount,
      BigInt(ITEMS + 100),
    );
  });
  it("is there after SIGKILL in the midst of it", async () => {
    await create("again");
    await suite.kill("kv");
    await suite.start("kv");
    await putAll(0, 50, "blue");
    await settle();
    assert.equal(await count("again", "red"), ITEMS - 100);
    assert.equal(await count("again", "blue"), 200);
  });
  it("cannot be made twice, nor two at once", async () => {
    await refuses(
      create("again"),
      "ValidationException",
      /^Attempting to create an index which already exists$/,
    );
    await refuses(
      kv.updateTable({
        tableName,
        globalSecondaryIndexUpdates: [
          { delete: { indexName: "again" } },
          { delete: { indexName: "by-team" } },
        ],
      }),
      "LimitExceededException",
      /^Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table$/,
    );
  });
});

describe("a global index that is deleted", () => {
  it("goes, and its attribute with the last of them", async () => {
    for (const indexName of ["by-team", "again"]) {
      const { tableDescription } = await kv.updateTable({
        tableName,
        globalSecondaryIndexUpdates: [{ delete: { indexName } }],
      });
      assert.equal(
        tableDescription?.globalSecondaryIndexes.find(
          (index) => index.indexName === indexName,
        )?.indexStatus,
        "DELETING",
      );
      await settle();
      await refuses(
        count(indexName, "red"),
        "ValidationException",
        /^The table does not have the specified index: /,
      );
    }
    const table = await describeIt();
    assert.deepEqual(table?.globalSecondaryIndexes, []);
    assert.deepEqual(
      table.attributeDefinitions.map(({ attributeName }) => attributeName),
      ["id"],
    );
  });
  it("must be there", async () => {
    await refuses(
      kv.updateTable({
        tableName,
        globalSecondaryIndexUpdates: [{ delete: { indexName: "again" } }],
      }),
      "ResourceNotFoundException",
    );
  });
});

describe("an item that an index made later can't have", () => {
  const name = "late";
  const key = item({ id: "a" });
  const indexOf = (indexName: string, attributeName: string) => ({
    indexName,
    keySchema: [{ attributeName, keyType: "HASH" }],
    projection: { projectionType: "KEYS_ONLY" },
  });

  it("leaves the other indexes as the item does", async () => {
    await kv.createTable({
      tableName: name,
      attributeDefinitions: [
        { attributeName: "id", attributeType: "S" },
        { attributeName: "team", attributeType: "S" },
      ],
      keySchema: [{ attributeName: "id", keyType: "HASH" }],
      billingMode: "PAY_PER_REQUEST",
      globalSecondaryIndexes: [indexOf("by-team", "team")],
    });
    await kv.putItem({
      tableName: name,
      item: item({ id: "a", team: "red", rank: 1 }),
    });
    await kv.updateTable({
      tableName: name,
      attributeDefinitions: [
        { attributeName: "id", attributeType: "S" },
        { attributeName: "rank", attributeType: "S" },
      ],
      globalSecondaryIndexUpdates: [{ create: indexOf("by-rank", "rank") }],
    });
    await until("it is ACTIVE", async () => {
      const { table } = await kv.describeTable({ tableName: name });
      return table?.tableStatus === "ACTIVE";
    });
    await kv.deleteItem({ tableName: name, key });
    const { items } = await kv.scan({ tableName: name, indexName: "by-team" });
    assert.deepEqual(items, []);
  });
});
