// PartiQL on the Connect door: indexes, and who may run which statement.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { attribute, plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable } from "../../harness/table.ts";

const { kv, put } = await startTable();
for (let sk = 1; sk <= 3; sk++)
  await put({ pk: "p", sk, board: "b", score: 10 - sk });

describe("ExecuteStatement", () => {
  it("reads an index in its order", async () => {
    const { items } = await kv.executeStatement({
      statement: `SELECT sk FROM "tests"."by-score" WHERE board = ? AND score > 7`,
      parameters: [attribute("b")],
    });
    assert.deepEqual(items.map(plain), [{ sk: 2 }, { sk: 1 }]);
  });
  it("writes no index", async () => {
    await refuses(
      kv.executeStatement({
        statement: `DELETE FROM "tests"."by-score" WHERE board = 'b'`,
      }),
      "ValidationException",
      /^This operation is not supported on an index$/,
    );
  });
  it("reads no index consistently", async () => {
    await refuses(
      kv.executeStatement({
        statement: `SELECT * FROM "tests"."by-score" WHERE board = 'b'`,
        consistentRead: true,
      }),
      "ValidationException",
      /^Consistent reads are not supported on global secondary indexes$/,
    );
  });
  it("goes on only with its own token", async () => {
    const { nextToken } = await kv.executeStatement({
      statement: `SELECT * FROM tests WHERE pk = 'p'`,
      limit: 1,
    });
    assert.ok(nextToken);
    await refuses(
      kv.executeStatement({ statement: "SELECT * FROM tests", nextToken }),
      "ValidationException",
      /^Invalid NextToken$/,
    );
  });
});
