// PartiQL through the SDK.
import {
  BatchExecuteStatementCommand,
  ConditionalCheckFailedException,
  DuplicateItemException,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  ExecuteTransactionCommand,
  ResourceNotFoundException,
  TransactionCanceledException,
  type AttributeValue,
  type ExecuteStatementCommandInput,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { makeTable, startAws, throwsClass } from "../../harness/aws.ts";

const { client } = await startAws();
before(() => makeTable(client, "music-1"));

const execute = (
  Statement: string,
  Parameters?: AttributeValue[],
  more: Partial<ExecuteStatementCommandInput> = {},
) =>
  client.send(new ExecuteStatementCommand({ Statement, Parameters, ...more }));

describe("ExecuteStatement", () => {
  it("inserts, with parameters of every type", async () => {
    const insert = `INSERT INTO "music-1" VALUE {'pk': ?, 'sk': 1, 'all': ?}`;
    const all = {
      L: [
        { B: new Uint8Array([0, 255]) },
        { NULL: true },
        { BOOL: false },
        { NS: ["1", "2"] },
      ],
    };
    const { Items } = await execute(insert, [{ S: "a" }, all]);
    assert.deepEqual(Items, []);
    await throwsClass(
      execute(insert, [{ S: "a" }, all]),
      DuplicateItemException,
      /^Duplicate primary key exists in table$/,
    );
    const got = await execute(
      `SELECT "all" FROM "music-1" WHERE pk = 'a' AND sk = 1`,
    );
    assert.deepEqual(got.Items, [{ all }]);
  });
  it("refuses a sort key of another type", async () => {
    const where = `WHERE pk = 'a' AND sk = '1'`;
    const noMatch = /^The provided key element does not match the schema$/;
    const words: readonly (readonly [string, RegExp])[] = [
      [
        `SELECT * FROM "music-1" ${where}`,
        /^One or more parameter values were invalid: Condition parameter type does not match schema type$/,
      ],
      [
        `INSERT INTO "music-1" VALUE {'pk': 'a', 'sk': '1'}`,
        /^One or more parameter values were invalid: Type mismatch for key sk expected: N actual: S$/,
      ],
      [`UPDATE "music-1" SET n = 1 ${where}`, noMatch],
      [`DELETE FROM "music-1" ${where}`, noMatch],
    ];
    for (const [statement, said] of words)
      assert.equal(
        (await throwsClass(execute(statement), DynamoDBServiceException, said))
          .name,
        "ValidationException",
      );
  });
  it("updates what is there and fits", async () => {
    const { Items } = await execute(
      `UPDATE "music-1" SET n = 1 SET m = {'x': [1]} REMOVE "all"
       WHERE pk = 'a' AND sk = 1 RETURNING ALL NEW *`,
    );
    assert.deepEqual(Items, [
      {
        pk: { S: "a" },
        sk: { N: "1" },
        n: { N: "1" },
        m: { M: { x: { L: [{ N: "1" }] } } },
      },
    ]);
    const error = await throwsClass(
      execute(
        `UPDATE "music-1" SET n = 2 WHERE pk = 'a' AND sk = 1 AND n > 1`,
        undefined,
        { ReturnValuesOnConditionCheckFailure: "ALL_OLD" },
      ),
      ConditionalCheckFailedException,
      /^The conditional request failed$/,
    );
    assert.deepEqual(error.Item?.["n"], { N: "1" });
  });
  it("selects in pages", async () => {
    for (let sk = 2; sk <= 5; sk++)
      await execute(`INSERT INTO "music-1" VALUE {'pk': 'a', 'sk': ${sk}}`);
    const statement = `SELECT sk FROM "music-1" WHERE pk = 'a' ORDER BY sk DESC`;
    const rows: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await execute(statement, undefined, { Limit: 2, NextToken });
      for (const row of page.Items ?? []) rows.push(row["sk"]?.N);
      NextToken = page.NextToken;
    } while (NextToken);
    assert.deepEqual(rows, ["5", "4", "3", "2", "1"]);
  });
  it("says what it costs", async () => {
    const { ConsumedCapacity } = await execute(
      `SELECT * FROM "music-1"`,
      undefined,
      { ReturnConsumedCapacity: "TOTAL", ConsistentRead: true },
    );
    assert.deepEqual(ConsumedCapacity, {
      TableName: "music-1",
      CapacityUnits: 1,
    });
  });
  it("deletes", async () => {
    const { Items } = await execute(
      `DELETE FROM "music-1" WHERE pk = 'a' AND sk = 2 RETURNING ALL OLD *`,
    );
    assert.deepEqual(Items, [{ pk: { S: "a" }, sk: { N: "2" } }]);
  });
  it("refuses what is no statement, and what means no table", async () => {
    await throwsClass(
      execute("SELEKT * FROM t"),
      DynamoDBServiceException,
      /^Statement wasn't well formed, can't be processed: /,
    );
    await throwsClass(
      execute(`SELECT * FROM "none"`),
      ResourceNotFoundException,
    );
    await throwsClass(
      execute(`SELECT * FROM "music-1" WHERE pk = ?`),
      DynamoDBServiceException,
      /^Number of parameters in request and statement don't match\.$/,
    );
  });
});

describe("BatchExecuteStatement", () => {
  it("does each by itself", async () => {
    const insert = (sk: number) => ({
      Statement: `INSERT INTO "music-1" VALUE {'pk': 'b', 'sk': ?}`,
      Parameters: [{ N: String(sk) }],
    });
    const { Responses } = await client.send(
      new BatchExecuteStatementCommand({
        Statements: [insert(1), insert(2), { Statement: "no" }],
      }),
    );
    assert.deepEqual(
      Responses?.map(({ Error, TableName }) => Error?.Code ?? TableName),
      ["music-1", "music-1", "ValidationError"],
    );
    const read = await client.send(
      new BatchExecuteStatementCommand({
        Statements: [1, 3].map((sk) => ({
          Statement: `SELECT sk FROM "music-1" WHERE pk = 'b' AND sk = ${sk}`,
        })),
      }),
    );
    assert.deepEqual(
      read.Responses?.map(({ Item }) => Item),
      [{ sk: { N: "1" } }, undefined],
    );
  });
  it("is on an item once", async () => {
    const Statements = ["3", "3.0"].map((sk) => ({
      Statement: `INSERT INTO "music-1" VALUE {'pk': 'b', 'sk': ${sk}}`,
    }));
    await throwsClass(
      client.send(new BatchExecuteStatementCommand({ Statements })),
      DynamoDBServiceException,
      /^Provided list of item keys contains duplicates$/,
    );
    const { Items } = await execute(
      `SELECT * FROM "music-1" WHERE pk = 'b' AND sk = 3`,
    );
    assert.deepEqual(Items, []);
  });
  it("takes 25 at most", async () => {
    await throwsClass(
      client.send(
        new BatchExecuteStatementCommand({
          Statements: Array.from({ length: 26 }, () => ({ Statement: "no" })),
        }),
      ),
      DynamoDBServiceException,
      /at 'statements' failed to satisfy constraint: Member must have length less than or equal to 25/,
    );
  });
});

describe("ExecuteTransaction", () => {
  it("does all or nothing", async () => {
    const error = await throwsClass(
      client.send(
        new ExecuteTransactionCommand({
          TransactStatements: [
            { Statement: `DELETE FROM "music-1" WHERE pk = 'b' AND sk = 2` },
            {
              Statement: `EXISTS(SELECT * FROM "music-1" WHERE pk = 'b' AND sk = 1 AND n IS NOT MISSING)`,
            },
          ],
        }),
      ),
      TransactionCanceledException,
    );
    assert.deepEqual(
      error.CancellationReasons?.map(({ Code }) => Code),
      ["None", "ConditionalCheckFailed"],
    );
    const { Responses } = await client.send(
      new ExecuteTransactionCommand({
        TransactStatements: [1, 2, 3].map((sk) => ({
          Statement: `SELECT * FROM "music-1" WHERE pk = 'b' AND sk = ${sk}`,
        })),
      }),
    );
    assert.deepEqual(Responses, [
      { Item: { pk: { S: "b" }, sk: { N: "1" } } },
      { Item: { pk: { S: "b" }, sk: { N: "2" } } },
      {},
    ]);
  });
});
