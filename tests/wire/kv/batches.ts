// BatchGetItem, BatchWriteItem, TransactWriteItems, TransactGetItems.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { describe, it } from "node:test";
import { TransactionCanceledSchema } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item, plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put } = await startTable();

const key = (pk: string, sk: number) => item({ pk, sk });

async function value(pk: string, sk: number) {
  const answer = await kv.getItem({
    tableName,
    key: key(pk, sk),
    consistentRead: true,
  });
  return answer.item ? plain(answer.item)["a"] : undefined;
}

describe("BatchWriteItem and BatchGetItem", () => {
  const write = (count: number, first = 0) =>
    kv.batchWriteItem({
      requestItems: {
        [tableName]: {
          requests: Array.from({ length: count }, (_, i) => ({
            putRequest: { item: item({ pk: "b", sk: first + i, a: i }) },
          })),
        },
      },
    });
  const read = (count: number) =>
    kv.batchGetItem({
      requestItems: {
        [tableName]: {
          keys: Array.from({ length: count }, (_, i) => key("b", i)),
          consistentRead: true,
        },
      },
    });

  it("write 25 and read them, and nothing where nothing is", async () => {
    const written = await write(25);
    assert.deepEqual(written.unprocessedItems, {});
    const answer = await read(30);
    assert.equal(answer.responses[tableName]?.items.length, 25);
    assert.deepEqual(answer.unprocessedKeys, {});
  });
  it("delete too", async () => {
    await kv.batchWriteItem({
      requestItems: {
        [tableName]: {
          requests: [{ deleteRequest: { key: key("b", 0) } }],
        },
      },
    });
    assert.equal(await value("b", 0), undefined);
  });
  it("refuse 26 writes and 101 reads", async () => {
    await refuses(write(26), "ValidationException");
    await refuses(read(101), "ValidationException");
  });
  it("refuse the same key twice", async () => {
    await refuses(
      kv.batchGetItem({
        requestItems: { [tableName]: { keys: [key("b", 1), key("b", 1)] } },
      }),
      "ValidationException",
      /duplicates/,
    );
  });
  it("refuse nothing at all", async () => {
    await refuses(kv.batchGetItem({}), "ValidationException");
    await refuses(kv.batchWriteItem({}), "ValidationException");
  });
});

describe("TransactWriteItems", () => {
  const set = (pk: string, a: number, condition?: string) => ({
    update: {
      tableName,
      key: key(pk, 1),
      updateExpression: "SET a = :a",
      expressionAttributeValues: item({ ":a": a }),
      ...(condition ? { conditionExpression: condition } : {}),
    },
  });

  it("does all of it", async () => {
    await put({ pk: "t3", sk: 1, a: 1 });
    await kv.transactWriteItems({
      transactItems: [
        { put: { tableName, item: item({ pk: "t1", sk: 1, a: 1 }) } },
        set("t2", 2),
        { delete: { tableName, key: key("t3", 1) } },
        {
          conditionCheck: {
            tableName,
            key: key("t4", 1),
            conditionExpression: "attribute_not_exists(pk)",
          },
        },
      ],
    });
    assert.equal(await value("t1", 1), 1);
    assert.equal(await value("t2", 1), 2);
    assert.equal(await value("t3", 1), undefined);
  });
  it("or nothing of it, and says which one it was", async () => {
    const { error } = await refuses(
      kv.transactWriteItems({
        transactItems: [set("t1", 10), set("t2", 10, "a = :a"), set("t5", 10)],
      }),
      "TransactionCanceledException",
      /\[None, ConditionalCheckFailed, None\]/,
    );
    assert.deepEqual(
      error
        .findDetails(TransactionCanceledSchema)[0]
        ?.cancellationReasons.map(({ code }) => code),
      ["None", "ConditionalCheckFailed", "None"],
    );
    assert.equal(await value("t1", 1), 1);
    assert.equal(await value("t5", 1), undefined);
  });
  it("happens once for a token", async () => {
    const once = {
      clientRequestToken: randomUUID(),
      transactItems: [
        {
          update: {
            tableName,
            key: key("t6", 1),
            updateExpression: "ADD a :a",
            expressionAttributeValues: item({ ":a": 1 }),
          },
        },
      ],
    };
    await kv.transactWriteItems(once);
    await kv.transactWriteItems(once);
    assert.equal(await value("t6", 1), 1);
    await refuses(
      kv.transactWriteItems({ ...once, transactItems: [set("t6", 9)] }),
      "IdempotentParameterMismatchException",
      /^DynamoDB rejected the request because you retried a request with a different payload but with an idempotent token that was already used\.$/,
    );
  });
  it("loses no count to 32 at once", async () => {
    const add = () =>
      kv.transactWriteItems({
        transactItems: ["c1", "c2"].map((pk) => ({
          update: {
            tableName,
            key: key(pk, 1),
            updateExpression: "ADD a :a",
            expressionAttributeValues: item({ ":a": 1 }),
          },
        })),
      });
    const results = await Promise.allSettled(Array.from({ length: 32 }, add));
    const good = results.filter(({ status }) => status === "fulfilled").length;
    assert.equal(await value("c1", 1), good);
    assert.equal(await value("c2", 1), good);
  });
  it("refuses one item twice, none, and 101", async () => {
    await refuses(
      kv.transactWriteItems({ transactItems: [set("t1", 1), set("t1", 2)] }),
      "ValidationException",
      /multiple operations on one item/,
    );
    await refuses(
      kv.transactWriteItems({ transactItems: [] }),
      "ValidationException",
    );
    await refuses(
      kv.transactWriteItems({
        transactItems: Array.from({ length: 101 }, (_, i) => set(`x${i}`, 1)),
      }),
      "ValidationException",
    );
  });
});

describe("TransactGetItems", () => {
  it("gives each in its place", async () => {
    const answer = await kv.transactGetItems({
      transactItems: ["t1", "nowhere", "t2"].map((pk) => ({
        get: { tableName, key: key(pk, 1) },
      })),
    });
    assert.deepEqual(
      answer.responses.map(({ item }) => item && plain(item)["a"]),
      [1, undefined, 2],
    );
  });
});
