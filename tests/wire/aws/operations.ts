// Every operation through the unmodified SDK: what goes in comes out as AWS's.
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteResourcePolicyCommand,
  DeleteTableCommand,
  DescribeEndpointsCommand,
  DescribeLimitsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBServiceException,
  GetItemCommand,
  GetResourcePolicyCommand,
  ListGlobalTablesCommand,
  ListTablesCommand,
  ListTagsOfResourceCommand,
  PolicyNotFoundException,
  PutItemCommand,
  PutResourcePolicyCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TagResourceCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UntagResourceCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  type AttributeValue,
} from "@aws-sdk/client-dynamodb";
import * as sdk from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { ask, makeTable, startAws, throwsClass } from "../../harness/aws.ts";
import { root } from "../../harness/process.ts";

const { client, suite } = await startAws();
const TableName = "things";
before(() => makeTable(client, TableName));

const key = (pk: string, sk = 1): Record<string, AttributeValue> => ({
  pk: { S: pk },
  sk: { N: String(sk) },
});
const put = (item: Record<string, AttributeValue>) =>
  client.send(new PutItemCommand({ TableName, Item: item }));

describe("tables", () => {
  const made = {
    TableName: "made",
    AttributeDefinitions: [
      { AttributeName: "pk", AttributeType: "B" as const },
    ],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" as const }],
    BillingMode: "PAY_PER_REQUEST" as const,
  };

  it("are made, described, listed and deleted", async () => {
    const { TableDescription } = await client.send(
      new CreateTableCommand(made),
    );
    assert.equal(TableDescription?.TableName, "made");
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName: "made" }),
    );
    assert.deepEqual(Table?.KeySchema, made.KeySchema);
    assert.equal(Table?.TableStatus, "ACTIVE");
    assert.equal(Table?.ItemCount, 0);
    assert.ok(Table?.CreationDateTime instanceof Date);
    assert.ok(Math.abs(Table.CreationDateTime.getTime() - Date.now()) < 60_000);
    assert.match(
      Table.TableArn ?? "",
      /^arn:aws:dynamodb:[a-z0-9-]+:000000000000:table\/made$/,
    );
    const { TableNames } = await client.send(new ListTablesCommand());
    assert.ok(TableNames?.includes("made"));
    await client.send(new DeleteTableCommand({ TableName: "made" }));
    await throwsClass(
      client.send(new DescribeTableCommand({ TableName: "made" })),
      ResourceNotFoundException,
      /^Requested resource not found: Table: made not found$/,
    );
  });

  it("are changed", async () => {
    await client.send(
      new CreateTableCommand({
        ...made,
        BillingMode: "PROVISIONED",
        ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 2 },
      }),
    );
    const { TableDescription } = await client.send(
      new UpdateTableCommand({
        TableName: "made",
        ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 1 },
      }),
    );
    assert.equal(TableDescription?.TableStatus, "UPDATING");
    assert.equal(TableDescription?.ProvisionedThroughput?.ReadCapacityUnits, 2);
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName: "made" }),
    );
    const capacity = Table?.ProvisionedThroughput;
    assert.equal(capacity?.ReadCapacityUnits, 3);
    assert.equal(capacity?.WriteCapacityUnits, 1);
    assert.equal(capacity?.NumberOfDecreasesToday, 1);
    assert.ok(capacity?.LastIncreaseDateTime instanceof Date);
    assert.ok(capacity?.LastDecreaseDateTime instanceof Date);
    await client.send(
      new UpdateTableCommand({
        TableName: "made",
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const after = await client.send(
      new DescribeTableCommand({ TableName: "made" }),
    );
    assert.equal(
      after.Table?.BillingModeSummary?.BillingMode,
      "PAY_PER_REQUEST",
    );
    assert.ok(
      after.Table?.BillingModeSummary?.LastUpdateToPayPerRequestDateTime,
    );
    await client.send(new DeleteTableCommand({ TableName: "made" }));
  });

  it("tell of what has no meaning here", async () => {
    const { TableDescription } = await client.send(
      new CreateTableCommand({
        ...made,
        WarmThroughput: { WriteUnitsPerSecond: 5000 },
        TableClass: "STANDARD_INFREQUENT_ACCESS",
      }),
    );
    assert.deepEqual(TableDescription?.WarmThroughput, {
      ReadUnitsPerSecond: 12_000,
      WriteUnitsPerSecond: 5000,
      Status: "ACTIVE",
    });
    assert.equal(
      TableDescription.TableClassSummary?.TableClass,
      "STANDARD_INFREQUENT_ACCESS",
    );
    assert.equal(TableDescription.SSEDescription, undefined);
    const TableName = "made";
    const warmed = await client.send(
      new UpdateTableCommand({
        TableName,
        WarmThroughput: { ReadUnitsPerSecond: 13_000 },
      }),
    );
    assert.equal(warmed.TableDescription?.TableStatus, "ACTIVE");
    const alias = { SSEType: "KMS", KMSMasterKeyId: "alias/mine" } as const;
    for (const [SSESpecification, key] of [
      [{ Enabled: true }, "alias/aws/dynamodb"],
      [alias, "alias/mine"],
      [{ Enabled: false }, undefined],
    ] as const) {
      await client.send(
        new UpdateTableCommand({ TableName, SSESpecification }),
      );
      const { Table } = await client.send(
        new DescribeTableCommand({ TableName }),
      );
      assert.deepEqual(
        Table?.SSEDescription,
        key && {
          Status: "ENABLED",
          SSEType: "KMS",
          KMSMasterKeyArn: `arn:aws:kms:${suite.region}:000000000000:${key}`,
        },
      );
      assert.deepEqual(Table?.WarmThroughput, {
        ReadUnitsPerSecond: 13_000,
        WriteUnitsPerSecond: 5000,
        Status: "ACTIVE",
      });
    }
    await client.send(new DeleteTableCommand({ TableName }));
  });

  it("have tags", async () => {
    const { TableDescription } = await client.send(
      new CreateTableCommand({ ...made, Tags: [{ Key: "a", Value: "b" }] }),
    );
    const ResourceArn = TableDescription?.TableArn;
    const tags = async () =>
      (await client.send(new ListTagsOfResourceCommand({ ResourceArn }))).Tags;
    await client.send(
      new TagResourceCommand({ ResourceArn, Tags: [{ Key: "c", Value: "" }] }),
    );
    assert.deepEqual(await tags(), [
      { Key: "a", Value: "b" },
      { Key: "c", Value: "" },
    ]);
    await client.send(
      new UntagResourceCommand({ ResourceArn, TagKeys: ["a", "c"] }),
    );
    assert.deepEqual(await tags(), []);
    await client.send(new DeleteTableCommand({ TableName: "made" }));
    await throwsClass(
      client.send(new ListTagsOfResourceCommand({ ResourceArn })),
      ResourceNotFoundException,
      /^Requested resource not found: ResourcArn: .*\/made not found$/,
    );
  });

  it("have an endpoint, and limits", async () => {
    const { Endpoints } = await client.send(new DescribeEndpointsCommand());
    assert.equal(Endpoints?.[0]?.Address, new URL(suite.url.kv).host);
    const limits = await client.send(new DescribeLimitsCommand());
    assert.equal(limits.TableMaxReadCapacityUnits, 40_000);
  });

  it("have a time to live", async () => {
    const TimeToLiveSpecification = { Enabled: true, AttributeName: "ends" };
    await client.send(new CreateTableCommand(made));
    assert.deepEqual(
      (
        await client.send(
          new UpdateTimeToLiveCommand({
            TableName: "made",
            TimeToLiveSpecification,
          }),
        )
      ).TimeToLiveSpecification,
      TimeToLiveSpecification,
    );
    const { TimeToLiveDescription } = await client.send(
      new DescribeTimeToLiveCommand({ TableName: "made" }),
    );
    assert.match(TimeToLiveDescription?.TimeToLiveStatus ?? "", /^ENABL/);
    assert.equal(TimeToLiveDescription?.AttributeName, "ends");
    await client.send(new DeleteTableCommand({ TableName: "made" }));
  });

  it("with a name that is taken are refused", async () => {
    await throwsClass(
      client.send(new CreateTableCommand({ ...made, TableName })),
      ResourceInUseException,
      /Table already exists: things/,
    );
  });

  it("have a policy", async () => {
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName }),
    );
    const ResourceArn = Table?.TableArn;
    const Policy = JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: "arn:aws:iam::000000000000:root" },
          Action: ["dynamodb:GetItem"],
          Resource: [ResourceArn],
        },
      ],
    });
    const put = () =>
      client.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
    const { RevisionId } = await put();
    assert.ok(RevisionId);
    assert.equal((await put()).RevisionId, RevisionId);
    const got = await client.send(
      new GetResourcePolicyCommand({ ResourceArn }),
    );
    assert.equal(got.RevisionId, RevisionId);
    assert.deepEqual(JSON.parse(got.Policy ?? ""), JSON.parse(Policy));
    for (const gone of [RevisionId, undefined])
      assert.equal(
        (await client.send(new DeleteResourcePolicyCommand({ ResourceArn })))
          .RevisionId,
        gone,
      );
    await throwsClass(
      client.send(new GetResourcePolicyCommand({ ResourceArn })),
      PolicyNotFoundException,
    );
    assert.notEqual((await put()).RevisionId, RevisionId);
    await client.send(new DeleteResourcePolicyCommand({ ResourceArn }));
  });
});

describe("items", () => {
  it("have every type", async () => {
    const Item: Record<string, AttributeValue> = {
      ...key("types"),
      s: { S: 'käse "\\ \u0001 🎲' },
      empty: { S: "" },
      n: { N: "-1234567890.0123456789" },
      b: { B: new Uint8Array([0, 1, 254, 255]) },
      ss: { SS: ["a", "b"] },
      ns: { NS: ["1", "2.5"] },
      bs: { BS: [new Uint8Array([1]), new Uint8Array([2, 3])] },
      m: { M: { deep: { L: [{ NULL: true }, { BOOL: false }] } } },
      none: { M: {} },
      nothing: { L: [] },
    };
    await put(Item);
    const got = await client.send(
      new GetItemCommand({ TableName, Key: key("types") }),
    );
    assert.deepEqual(got.Item, Item);
  });

  it("that are not there are no Item", async () => {
    const got = await client.send(
      new GetItemCommand({
        TableName,
        Key: key("nobody"),
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    assert.equal(got.Item, undefined);
    assert.deepEqual(got.ConsumedCapacity, { TableName, CapacityUnits: 0.5 });
  });

  it("are there without what was not asked for", async () => {
    await put(key("bare"));
    const got = await client.send(
      new GetItemCommand({
        TableName,
        Key: key("bare"),
        ProjectionExpression: "nothing",
      }),
    );
    assert.deepEqual(got.Item, {});
  });

  it("are updated and deleted, under conditions", async () => {
    await put({ ...key("up"), count: { N: "1" } });
    const updated = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: key("up"),
        UpdateExpression: "SET #c = #c + :one",
        ConditionExpression: "attribute_exists(pk)",
        ExpressionAttributeNames: { "#c": "count" },
        ExpressionAttributeValues: { ":one": { N: "1" } },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    assert.deepEqual(updated.Attributes, { count: { N: "2" } });
    const refused = await throwsClass(
      client.send(
        new DeleteItemCommand({
          TableName,
          Key: key("up"),
          ConditionExpression: "attribute_not_exists(pk)",
          ReturnValuesOnConditionCheckFailure: "ALL_OLD",
        }),
      ),
      ConditionalCheckFailedException,
      /^The conditional request failed$/,
    );
    assert.deepEqual(refused.Item, { ...key("up"), count: { N: "2" } });
    const deleted = await client.send(
      new DeleteItemCommand({
        TableName,
        Key: key("up"),
        ReturnValues: "ALL_OLD",
      }),
    );
    assert.deepEqual(deleted.Attributes, { ...key("up"), count: { N: "2" } });
  });

  it("are refused in AWS's words", async () => {
    const invalid = await throwsClass(
      put({ pk: { S: "half a key" } }),
      DynamoDBServiceException,
      /Missing the key sk in the item/,
    );
    assert.equal(invalid.name, "ValidationException");
    await throwsClass(
      client.send(new GetItemCommand({ TableName: "not-here", Key: key("a") })),
      ResourceNotFoundException,
      /^Requested resource not found$/,
    );
  });
});

describe("Query and Scan", () => {
  before(async () => {
    for (const sk of [1, 2, 3]) await put(key("list", sk));
  });
  const query = {
    TableName,
    KeyConditionExpression: "pk = :pk",
    ExpressionAttributeValues: { ":pk": { S: "list" } },
  };

  it("give what matches", async () => {
    const got = await client.send(
      new QueryCommand({ ...query, ScanIndexForward: false, Limit: 2 }),
    );
    assert.deepEqual(got.Items, [key("list", 3), key("list", 2)]);
    assert.deepEqual([got.Count, got.ScannedCount], [2, 2]);
    assert.deepEqual(got.LastEvaluatedKey, key("list", 2));
  });

  it("give an empty list where nothing does", async () => {
    const got = await client.send(
      new QueryCommand({
        ...query,
        ExpressionAttributeValues: { ":pk": { S: "nobody" } },
      }),
    );
    assert.deepEqual(got.Items, []);
    assert.equal(got.Count, 0);
    const scanned = await client.send(
      new ScanCommand({
        TableName,
        FilterExpression: "attribute_exists(nowhere)",
      }),
    );
    assert.deepEqual(scanned.Items, []);
  });

  it("only count where that was asked for", async () => {
    for (const pk of ["list", "nobody"]) {
      const got = await client.send(
        new QueryCommand({
          ...query,
          ExpressionAttributeValues: { ":pk": { S: pk } },
          Select: "COUNT",
        }),
      );
      assert.equal(got.Items, undefined);
      assert.equal(got.Count, pk === "list" ? 3 : 0);
    }
  });
});

describe("batches", () => {
  it("write and read", async () => {
    const written = await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            { PutRequest: { Item: key("batch", 1) } },
            { PutRequest: { Item: key("batch", 2) } },
            { DeleteRequest: { Key: key("batch", 3) } },
          ],
        },
      }),
    );
    assert.deepEqual(written.UnprocessedItems, {});
    const read = await client.send(
      new BatchGetItemCommand({
        RequestItems: {
          [TableName]: { Keys: [1, 2, 3].map((sk) => key("batch", sk)) },
        },
      }),
    );
    assert.deepEqual(read.UnprocessedKeys, {});
    const sks = read.Responses?.[TableName]?.map((item) => item["sk"]?.N);
    assert.deepEqual(sks?.sort(), ["1", "2"]);
  });
});

describe("transactions", () => {
  it("write and read", async () => {
    await client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: key("both", 1) } },
          {
            Update: {
              TableName,
              Key: key("both", 2),
              UpdateExpression: "SET a = :a",
              ExpressionAttributeValues: { ":a": { S: "x" } },
            },
          },
        ],
      }),
    );
    const { Responses } = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [2, 9].map((sk) => ({
          Get: { TableName, Key: key("both", sk) },
        })),
      }),
    );
    assert.deepEqual(Responses, [
      { Item: { ...key("both", 2), a: { S: "x" } } },
      {},
    ]);
  });

  it("say by position why they were cancelled", async () => {
    await put({ ...key("in the way"), a: { N: "1" } });
    const ConditionExpression = "attribute_not_exists(pk)";
    const cancelled = await throwsClass(
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: key("free"), ConditionExpression } },
            {
              Put: {
                TableName,
                Item: key("in the way"),
                ConditionExpression,
                ReturnValuesOnConditionCheckFailure: "ALL_OLD",
              },
            },
          ],
        }),
      ),
      TransactionCanceledException,
      /specific reasons \[None, ConditionalCheckFailed\]$/,
    );
    assert.deepEqual(cancelled.CancellationReasons, [
      { Code: "None" },
      {
        Code: "ConditionalCheckFailed",
        Message: "The conditional request failed",
        Item: { ...key("in the way"), a: { N: "1" } },
      },
    ]);
  });
});

describe("what the SDK can ask for", () => {
  it("is unknown where it is not there", async () => {
    const error = await throwsClass(
      client.send(new ListGlobalTablesCommand()),
      DynamoDBServiceException,
    );
    assert.equal(error.name, "UnknownOperationException");
  });

  it("is there, or the documentation says that it is not", async () => {
    const page = await readFile(join(root, "docs/dynamodb.md"), "utf8");
    const absent = page.slice(page.indexOf("## What is not there"));
    for (const name of Object.keys(sdk)) {
      const operation = /^(\w+)Command$/.exec(name)?.[1];
      if (!operation) continue;
      const { json } = await ask(suite, operation, {});
      assert.equal(
        String(json["__type"]).endsWith("#UnknownOperationException"),
        new RegExp(`\\b${operation}\\b`).test(absent),
        operation,
      );
    }
  });
});
