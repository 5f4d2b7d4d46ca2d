// The parameters from before there were expressions, on the Connect door.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attribute, item, plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put } = await startTable();
for (let sk = 1; sk <= 5; sk++) await put({ pk: "p", sk, n: sk * 10 });

const is = (comparisonOperator: string, ...values: (string | number)[]) => ({
  comparisonOperator,
  attributeValueList: values.map((value) => attribute(value)),
});

describe("the older parameters", () => {
  it("make a write conditional", async () => {
    const once = {
      tableName,
      item: item({ pk: "once", sk: 1 }),
      expected: { pk: { exists: false } },
    };
    await kv.putItem(once);
    await refuses(kv.putItem(once), "ConditionalCheckFailedException");
  });
  it("update", async () => {
    const { attributes } = await kv.updateItem({
      tableName,
      key: item({ pk: "u", sk: 1 }),
      attributeUpdates: {
        n: { action: "ADD", value: attribute(2) },
        s: { value: attribute("x") },
        gone: { action: "DELETE" },
      },
      returnValues: "ALL_NEW",
    });
    assert.ok(attributes);
    assert.deepEqual(plain(attributes), { pk: "u", sk: 1, n: 2, s: "x" });
  });
  it("query, filter and project", async () => {
    const { items, scannedCount } = await kv.query({
      tableName,
      keyConditions: { pk: is("EQ", "p"), sk: is("BETWEEN", 2, 4) },
      queryFilter: { n: is("IN", 20, 40) },
      attributesToGet: ["n"],
    });
    assert.deepEqual(items.map(plain), [{ n: 20 }, { n: 40 }]);
    assert.equal(scannedCount, 3);
  });
  it("scan", async () => {
    const { items } = await kv.scan({
      tableName,
      scanFilter: { n: is("GT", 30), pk: is("EQ", "p") },
      attributesToGet: ["sk"],
    });
    assert.deepEqual(items.map(plain), [{ sk: 4 }, { sk: 5 }]);
  });
  it("don't mix with expressions", async () => {
    await refuses(
      kv.scan({
        tableName,
        scanFilter: { n: is("NULL") },
        projectionExpression: "n",
      }),
      "ValidationException",
      /^Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \{ScanFilter\} Expression parameters: \{ProjectionExpression\}$/,
    );
  });
});
