// PartiQL on the Connect door: statements alone, in batches, in transactions.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TransactionCanceledSchema } from "../../gen/parlor/kv/v1/kv_pb.js";
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

const at = (sk: number) => `pk = 'p' AND sk = ${sk}`;

describe("BatchExecuteStatement", () => {
  it("reads each by itself", async () => {
    const { responses, consumedCapacity } = await kv.batchExecuteStatement({
      statements: [
        { statement: `SELECT score FROM tests WHERE ${at(1)}` },
        { statement: `SELECT score FROM tests WHERE ${at(9)}` },
        { statement: `SELECT score FROM none WHERE ${at(1)}` },
        { statement: `SELECT score FROM tests` },
      ],
      returnConsumedCapacity: "TOTAL",
    });
    assert.deepEqual(
      responses.map(({ item, error }) => error?.code ?? (item && plain(item))),
      [{ score: 9 }, undefined, "ResourceNotFound", "ValidationError"],
    );
    assert.equal(consumedCapacity.length, 2);
  });
  it("shows what a condition failed on", async () => {
    const { responses } = await kv.batchExecuteStatement({
      statements: [
        {
          statement: `UPDATE tests SET score = 5 WHERE ${at(1)} AND score = 0`,
          returnValuesOnConditionCheckFailure: "ALL_OLD",
        },
        { statement: `UPDATE tests SET x = 5 WHERE ${at(2)}` },
      ],
    });
    const error = responses[0]?.error;
    assert.equal(error?.code, "ConditionalCheckFailed");
    assert.equal(error.item && plain(error.item)["score"], 9);
    assert.equal(responses[1]?.error, undefined);
  });
  it("is on an item once, and reads or writes", async () => {
    const read = { statement: `SELECT * FROM tests WHERE ${at(1)}` };
    const write = { statement: `DELETE FROM tests WHERE ${at(1)}` };
    await refuses(
      kv.batchExecuteStatement({ statements: [read, read] }),
      "ValidationException",
      /^Provided list of item keys contains duplicates$/,
    );
    await refuses(
      kv.batchExecuteStatement({ statements: [read, write] }),
      "ValidationException",
    );
  });
});

describe("ExecuteTransaction", () => {
  it("does all or nothing", async () => {
    const insert = `INSERT INTO tests VALUE {'pk': 'p', 'sk': 7}`;
    const { error } = await refuses(
      kv.executeTransaction({
        transactStatements: [
          { statement: insert },
          {
            statement: `EXISTS(SELECT * FROM tests WHERE ${at(1)} AND score = ?)`,
            parameters: [attribute(0)],
          },
        ],
      }),
      "TransactionCanceledException",
      /\[None, ConditionalCheckFailed\]$/,
    );
    assert.equal(
      error.findDetails(TransactionCanceledSchema)[0]?.cancellationReasons
        .length,
      2,
    );
    const { responses } = await kv.executeTransaction({
      transactStatements: [7, 3].map((sk) => ({
        statement: `SELECT sk FROM tests WHERE ${at(sk)}`,
      })),
    });
    assert.deepEqual(
      responses.map(({ item }) => item && plain(item)),
      [undefined, { sk: 3 }],
    );
  });
  it("takes place once under a token", async () => {
    const add = (amount: number) =>
      kv.executeTransaction({
        transactStatements: [
          { statement: `UPDATE tests SET n = ${amount} WHERE ${at(3)}` },
        ],
        clientRequestToken: "once",
      });
    await add(1);
    await add(1);
    await refuses(add(2), "IdempotentParameterMismatchException");
  });
});
