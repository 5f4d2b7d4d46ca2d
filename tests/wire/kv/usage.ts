// GetUsage: what the ledger says against what was asked for.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { UsageRow } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put, suite } = await startTable();
const principal = `admin:${suite.admin.accessKeyId}`;

/** All rows of the table, page by page. */
async function usage(more: object = {}): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  let nextToken = "";
  do {
    const answer = await kv.getUsage({
      resource: tableName,
      limit: 2,
      ...more,
      ...(nextToken ? { nextToken } : {}),
    });
    rows.push(...answer.rows);
    nextToken = answer.nextToken;
  } while (nextToken);
  return rows;
}

async function halves(operation: string): Promise<number> {
  const rows = await usage({ operation });
  return rows.reduce((sum, { quantity }) => sum + Number(quantity), 0);
}

/** Reads are counted in the spool, which is sent once a second. */
async function settles(operation: string, want: number): Promise<void> {
  for (let tries = 0; tries < 40 && (await halves(operation)) !== want; tries++)
    await sleep(100);
  assert.equal(await halves(operation), want);
}

const key = (sk: number) => item({ pk: "u", sk });

describe("GetUsage", () => {
  it("has a write's units with the write", async () => {
    await put({ pk: "u", sk: 1 });
    await put({ pk: "u", sk: 2, a: "x".repeat(1500) });
    assert.equal(await halves("PutItem"), 2 + 4);
  });
  it("has reads within seconds, strong ones at twice the price", async () => {
    await kv.getItem({ tableName, key: key(1), consistentRead: true });
    await kv.getItem({ tableName, key: key(2) });
    await kv.getItem({ tableName, key: key(3) });
    await settles("GetItem", 2 + 1 + 1);
  });
  it("has refused conditions", async () => {
    await refuses(
      kv.deleteItem({
        tableName,
        key: key(1),
        conditionExpression: "attribute_exists(nope)",
      }),
      "ConditionalCheckFailedException",
    );
    await settles("DeleteItem", 2);
  });
  it("has transactions at twice the price", async () => {
    await kv.transactWriteItems({
      transactItems: [{ put: { tableName, item: key(9) } }],
    });
    assert.equal(await halves("TransactWriteItems"), 4);
  });
  it("names who it was, and selects by that", async () => {
    const rows = await usage({ principal });
    assert.ok(rows.length > 0);
    for (const { key: row } of rows) {
      assert.equal(row?.principal, principal);
      assert.equal(row?.resource, tableName);
      assert.equal(Number(row?.hour), Math.floor(Date.now() / 3_600_000));
    }
    assert.deepEqual(await usage({ principal: "user:nobody" }), []);
  });
  it("forgets nothing and adds nothing when the store is killed", async () => {
    const before = await Promise.all(
      ["PutItem", "GetItem", "DeleteItem", "TransactWriteItems"].map(halves),
    );
    await suite.kill("kv");
    await suite.start("kv");
    await sleep(1500);
    assert.deepEqual(
      await Promise.all(
        ["PutItem", "GetItem", "DeleteItem", "TransactWriteItems"].map(halves),
      ),
      before,
    );
  });
});
