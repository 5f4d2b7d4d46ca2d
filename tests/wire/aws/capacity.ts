// Capacity, provisioned or bounded, as AWS's SDK meets its end.
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
  ScanCommand,
  ThrottlingException,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { sdk, startAws, throwsClass } from "../../harness/aws.ts";

const { suite } = await startAws();
const client = sdk(suite, { maxAttempts: 1 });
const exceeded =
  /^The level of configured provisioned throughput for the table was exceeded\. /;

const reason = (what: string, resource: string) => [
  {
    reason: what,
    resource: `arn:aws:dynamodb:${suite.region}:000000000000:table/${resource}`,
  },
];

/** Reads and writes a second; a bucket holds what comes in five minutes. */
const make = (TableName: string, reads: number, writes: number) =>
  client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ProvisionedThroughput: {
        ReadCapacityUnits: reads,
        WriteCapacityUnits: writes,
      },
    }),
  );

const key = (pk: string) => ({ pk: { S: pk } });
/** An item that costs so many units to write. */
const item = (pk: string, units = 1) => ({
  ...key(pk),
  b: { B: new Uint8Array(units * 1024 - 10) },
});
const put = (pk: string, units?: number) => ({
  PutRequest: { Item: item(pk, units) },
});
const putAlone = (TableName: string, pk: string, units?: number) =>
  client.send(new PutItemCommand({ TableName, Item: item(pk, units) }));
const read = (TableName: string, pk: string) =>
  client.send(new GetItemCommand({ TableName, Key: key(pk) }));

describe("provisioned capacity", () => {
  it("is saved for five minutes, and then exceeded", async () => {
    await make("paid", 1, 1);
    // 100 units each: the last goes beyond what is left
    for (let i = 0; i < 4; i++) await putAlone("paid", "a", 100);
    const { ThrottlingReasons } = await throwsClass(
      putAlone("paid", "a", 100),
      ProvisionedThroughputExceededException,
      exceeded,
    );
    assert.deepEqual(
      ThrottlingReasons,
      reason("TableWriteProvisionedThroughputExceeded", "paid"),
    );
    await read("paid", "a");
  });
});

describe("a batch of writes", () => {
  const write = (RequestItems: Record<string, ReturnType<typeof put>[]>) =>
    client.send(new BatchWriteItemCommand({ RequestItems }));

  before(async () => {
    await make("writes", 100, 1);
    await make("written", 100, 1);
    await putAlone("written", "a", 350); // 50 more than were saved
    await make("others", 100, 100);
  });

  it("is done as far as there is capacity", async () => {
    const keys = ["a", "b", "c", "d", "e"];
    const answer = await write({ writes: keys.map((pk) => put(pk, 100)) });
    const left = answer.UnprocessedItems?.["writes"] ?? [];
    assert.deepEqual(
      left.map((one) => one.PutRequest?.Item?.["pk"]?.S),
      ["d", "e"],
    );
    assert.ok((await read("writes", "c")).Item);
    assert.equal((await read("writes", "d")).Item, undefined);
  });

  it("gives back what is of a table that has none", async () => {
    const answer = await write({ written: [put("b")], others: [put("b")] });
    assert.deepEqual(Object.keys(answer.UnprocessedItems ?? {}), ["written"]);
    assert.ok((await read("others", "b")).Item);
    assert.equal((await read("written", "b")).Item, undefined);
  });

  it("is refused where there is none for any of it", async () => {
    await throwsClass(
      write({ written: [put("b"), put("c")] }),
      ProvisionedThroughputExceededException,
      exceeded,
    );
  });
});

describe("a bound on demand", () => {
  const TableName = "bounded";
  const exceeds = (call: Promise<unknown>) =>
    throwsClass(
      call,
      ThrottlingException,
      /^Throughput exceeds the maximum OnDemandThroughput configured on table or index$/,
    );
  const table = async () =>
    (await client.send(new DescribeTableCommand({ TableName }))).Table;

  before(() =>
    client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "g", AttributeType: "S" },
        ],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        GlobalSecondaryIndexes: [
          {
            IndexName: "byG",
            KeySchema: [{ AttributeName: "g", KeyType: "HASH" }],
            Projection: { ProjectionType: "ALL" },
          },
        ],
        BillingMode: "PAY_PER_REQUEST",
        OnDemandThroughput: { MaxWriteRequestUnits: 1 },
      }),
    ),
  );

  it("is told, and held to", async () => {
    assert.deepEqual((await table())?.OnDemandThroughput, {
      MaxWriteRequestUnits: 1,
    });
    // goes beyond what there is for a hundred seconds
    await putAlone(TableName, "a", 100);
    const refused = await exceeds(putAlone(TableName, "b"));
    assert.deepEqual(
      refused.throttlingReasons,
      reason("TableWriteMaxOnDemandThroughputExceeded", TableName),
    );
    const { CancellationReasons } = await throwsClass(
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [{ Put: { TableName, Item: item("b") } }],
        }),
      ),
      TransactionCanceledException,
    );
    assert.equal(CancellationReasons?.[0]?.Code, "ThrottlingError");
    await read(TableName, "a");
  });
  it("is taken away by -1", async () => {
    await client.send(
      new UpdateTableCommand({
        TableName,
        OnDemandThroughput: { MaxWriteRequestUnits: -1 },
      }),
    );
    assert.equal((await table())?.OnDemandThroughput, undefined);
    await putAlone(TableName, "b");
  });
  it("may be an index's", async () => {
    await client.send(
      new UpdateTableCommand({
        TableName,
        GlobalSecondaryIndexUpdates: [
          {
            Update: {
              IndexName: "byG",
              OnDemandThroughput: { MaxReadRequestUnits: 1 },
            },
          },
        ],
      }),
    );
    assert.deepEqual(
      (await table())?.GlobalSecondaryIndexes?.[0]?.OnDemandThroughput,
      { MaxReadRequestUnits: 1 },
    );
    await client.send(
      new PutItemCommand({
        TableName,
        Item: { ...item("c", 100), g: { S: "g" } },
      }),
    );
    const scan = () =>
      client.send(new ScanCommand({ TableName, IndexName: "byG" }));
    await scan();
    const refused = await exceeds(scan());
    assert.deepEqual(
      refused.throttlingReasons,
      reason(
        "IndexReadMaxOnDemandThroughputExceeded",
        `${TableName}/index/byG`,
      ),
    );
    await client.send(new ScanCommand({ TableName, Limit: 1 }));
  });
});

describe("a batch of reads", () => {
  const keys = ["a", "b", "c", "d", "e"];
  const get = (tables: Record<string, string[]>) =>
    client.send(
      new BatchGetItemCommand({
        RequestItems: Object.fromEntries(
          Object.entries(tables).map(([name, pks]) => [
            name,
            { Keys: pks.map(key), ConsistentRead: true },
          ]),
        ),
      }),
    );

  before(async () => {
    await make("reads", 1, 4000);
    await make("spent", 1, 4000);
    for (const pk of keys) await putAlone("reads", pk, 398);
    for (const pk of keys) await putAlone("spent", pk, 398);
    await client.send(
      new TransactGetItemsCommand({
        // 200 units each
        TransactItems: ["a", "b"].map((pk) => ({
          Get: { TableName: "spent", Key: key(pk) },
        })),
      }),
    );
  });

  it("is done as far as there is capacity", async () => {
    const answer = await get({ reads: keys });
    assert.deepEqual(answer.UnprocessedKeys, {
      reads: { Keys: [key("d"), key("e")], ConsistentRead: true },
    });
    assert.equal(answer.Responses?.["reads"]?.length, 3);
  });

  it("gives back what is of a table that has none", async () => {
    const answer = await get({ spent: ["a"], paid: ["a"] });
    assert.deepEqual(Object.keys(answer.UnprocessedKeys ?? {}), ["spent"]);
    assert.equal(answer.Responses?.["paid"]?.length, 1);
  });

  it("is a reason of a transaction's, where there is none", async () => {
    const { CancellationReasons } = await throwsClass(
      client.send(
        new TransactGetItemsCommand({
          TransactItems: ["paid", "spent"].map((TableName) => ({
            Get: { TableName, Key: key("a") },
          })),
        }),
      ),
      TransactionCanceledException,
    );
    assert.deepEqual(
      CancellationReasons?.map(({ Code }) => Code),
      ["None", "ProvisionedThroughputExceeded"],
    );
  });

  it("is refused where there is none for any of it", async () => {
    const { ThrottlingReasons } = await throwsClass(
      get({ spent: keys }),
      ProvisionedThroughputExceededException,
      exceeded,
    );
    assert.deepEqual(
      ThrottlingReasons,
      reason("TableReadProvisionedThroughputExceeded", "spent"),
    );
  });
});
