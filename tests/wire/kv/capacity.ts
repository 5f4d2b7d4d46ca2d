// Provisioned capacity on the Connect door: its end, batches, transactions.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { Code } from "@connectrpc/connect";
import { TransactionCanceledSchema } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable } from "../../harness/table.ts";

const { kv } = await startTable();
const exceeded = "ProvisionedThroughputExceededException";

const make = (tableName: string, reads: bigint, writes: bigint) =>
  kv.createTable({
    tableName,
    attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
    keySchema: [{ attributeName: "pk", keyType: "HASH" }],
    provisionedThroughput: {
      readCapacityUnits: reads,
      writeCapacityUnits: writes,
    },
  });

/** An item that costs so many units to write. */
const row = (pk: string, units = 1) =>
  item({ pk, b: new Uint8Array(units * 1024 - 10) });
const requests = (...pks: string[]) => ({
  requests: pks.map((pk) => ({ putRequest: { item: row(pk) } })),
});

before(async () => {
  await make("spent", 100n, 1n);
  await make("rich", 100n, 100n);
  // 50 units more than five minutes save
  await kv.putItem({ tableName: "spent", item: row("a", 350) });
});

describe("capacity that is used up", () => {
  it("refuses a write, and no read", async () => {
    const { code } = await refuses(
      kv.putItem({ tableName: "spent", item: row("b") }),
      exceeded,
      /^The level of configured provisioned throughput for the table /,
    );
    assert.equal(code, Code.ResourceExhausted);
    await kv.getItem({ tableName: "spent", key: item({ pk: "a" }) });
  });
  it("leaves a part of a batch", async () => {
    const { unprocessedItems } = await kv.batchWriteItem({
      requestItems: { spent: requests("b", "c"), rich: requests("b") },
    });
    assert.deepEqual(Object.keys(unprocessedItems), ["spent"]);
    assert.equal(unprocessedItems["spent"]?.requests.length, 2);
    const { responses } = await kv.batchGetItem({
      requestItems: {
        spent: { keys: [item({ pk: "b" })] },
        rich: { keys: [item({ pk: "b" })] },
      },
    });
    assert.equal(responses["spent"]?.items.length, 0);
    assert.equal(responses["rich"]?.items.length, 1);
  });
  it("refuses a batch of which nothing is left", async () => {
    await refuses(
      kv.batchWriteItem({ requestItems: { spent: requests("b") } }),
      exceeded,
    );
  });
  it("is why a transaction is cancelled", async () => {
    const { error } = await refuses(
      kv.transactWriteItems({
        transactItems: ["rich", "spent"].map((tableName) => ({
          put: { tableName, item: row("t") },
        })),
      }),
      "TransactionCanceledException",
      /\[None, ProvisionedThroughputExceeded\]$/,
    );
    const reasons = error.findDetails(TransactionCanceledSchema)[0];
    assert.match(
      reasons?.cancellationReasons[1]?.message ?? "",
      /^The level of configured provisioned throughput for the table /,
    );
  });
});
