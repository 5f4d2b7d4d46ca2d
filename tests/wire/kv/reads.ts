// Query and Scan: ranges, filters, pages, the index.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Item } from "../../gen/parlor/kv/v1/item_pb.js";
import { item, plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put } = await startTable();
for (let sk = 1; sk <= 20; sk++)
  await put({ pk: "q", sk, board: "b", score: sk % 5, odd: sk % 2 === 1 });
await put({ pk: "other", sk: 1 });

const numbers = (items: Item[]) => items.map((row) => plain(row)["sk"]);

const query = (more: object, pk = "q") =>
  kv.query({
    tableName,
    keyConditionExpression: "pk = :pk",
    expressionAttributeValues: item({ ":pk": pk }),
    ...more,
  });

describe("Query", () => {
  it("gives a partition in the order of its sort key", async () => {
    const answer = await query({});
    assert.deepEqual(
      numbers(answer.items),
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
    assert.equal(answer.count, 20);
    assert.equal(answer.scannedCount, 20);
    assert.equal(answer.lastEvaluatedKey, undefined);
  });
  it("goes backwards", async () => {
    const answer = await query({ scanIndexForward: false, limit: 3 });
    assert.deepEqual(numbers(answer.items), [20, 19, 18]);
  });
  for (const [condition, values, want] of [
    ["sk = :a", { ":a": 3 }, [3]],
    ["sk < :a", { ":a": 3 }, [1, 2]],
    ["sk >= :a", { ":a": 19 }, [19, 20]],
    ["sk BETWEEN :a AND :b", { ":a": 9.5, ":b": 11 }, [10, 11]],
    ["sk > :a", { ":a": 99 }, []],
  ] as const)
    it(`keeps ${condition}`, async () => {
      const answer = await query({
        keyConditionExpression: `pk = :pk AND ${condition}`,
        expressionAttributeValues: item({ ":pk": "q", ...values }),
      });
      assert.deepEqual(numbers(answer.items), want);
    });
  it("filters behind the limit, and counts both", async () => {
    const answer = await query({
      filterExpression: "odd = :yes",
      expressionAttributeValues: item({ ":pk": "q", ":yes": true }),
      limit: 4,
    });
    assert.deepEqual(numbers(answer.items), [1, 3]);
    assert.equal(answer.count, 2);
    assert.equal(answer.scannedCount, 4);
    assert.ok(answer.lastEvaluatedKey);
    assert.deepEqual(plain(answer.lastEvaluatedKey), { pk: "q", sk: 4 });
  });
  it("goes on page by page", async () => {
    const all: unknown[] = [];
    let exclusiveStartKey: Item | undefined;
    do {
      const answer = await query({
        limit: 7,
        ...(exclusiveStartKey ? { exclusiveStartKey } : {}),
      });
      all.push(...numbers(answer.items));
      exclusiveStartKey = answer.lastEvaluatedKey;
    } while (exclusiveStartKey);
    assert.deepEqual(
      all,
      Array.from({ length: 20 }, (_, i) => i + 1),
    );
  });
  it("only counts, if asked", async () => {
    const answer = await query({ select: "COUNT" });
    assert.equal(answer.count, 20);
    assert.deepEqual(answer.items, []);
  });
  it("gives the top of an index", async () => {
    const answer = await kv.query({
      tableName,
      indexName: "by-score",
      keyConditionExpression: "board = :b",
      expressionAttributeValues: item({ ":b": "b" }),
      scanIndexForward: false,
      limit: 4,
    });
    assert.deepEqual(
      answer.items.map((row) => plain(row)["score"]),
      [4, 4, 4, 4],
    );
  });
  it("follows an item through the index", async () => {
    await put({ pk: "q", sk: 1, board: "c", score: 1 });
    const of = async (board: string) =>
      (
        await kv.query({
          tableName,
          indexName: "by-score",
          keyConditionExpression: "board = :b",
          expressionAttributeValues: item({ ":b": board }),
        })
      ).count;
    assert.equal(await of("b"), 19);
    assert.equal(await of("c"), 1);
    await put({ pk: "q", sk: 1, odd: true });
    assert.equal(await of("c"), 0);
  });
  it("refuses a condition without the partition key", async () => {
    await refuses(
      query({ keyConditionExpression: "sk = :pk" }),
      "ValidationException",
      /Query condition missed key schema element: pk/,
    );
  });
  it("refuses an index that is not there", async () => {
    await refuses(
      query({ indexName: "nope" }),
      "ValidationException",
      /index/i,
    );
  });
  it("refuses a limit of 0", async () => {
    await refuses(query({ limit: 0 }), "ValidationException", /[Ll]imit/);
  });
});

describe("Scan", () => {
  it("gives everything once", async () => {
    const answer = await kv.scan({ tableName });
    assert.equal(answer.count, 21);
  });
  it("is split into segments that share nothing", async () => {
    const seen = new Set<string>();
    for (let segment = 0; segment < 4; segment++) {
      const { items } = await kv.scan({ tableName, segment, totalSegments: 4 });
      for (const row of items) {
        const { pk, sk } = plain(row);
        const key = `${String(pk)} ${String(sk)}`;
        assert.ok(!seen.has(key));
        seen.add(key);
      }
    }
    assert.equal(seen.size, 21);
  });
  it("goes on page by page", async () => {
    let count = 0;
    let exclusiveStartKey: Item | undefined;
    do {
      const answer = await kv.scan({
        tableName,
        limit: 4,
        ...(exclusiveStartKey ? { exclusiveStartKey } : {}),
      });
      count += answer.count;
      exclusiveStartKey = answer.lastEvaluatedKey;
    } while (exclusiveStartKey);
    assert.equal(count, 21);
  });
  it("refuses a segment without a total", async () => {
    await refuses(kv.scan({ tableName, segment: 0 }), "ValidationException");
  });
});
