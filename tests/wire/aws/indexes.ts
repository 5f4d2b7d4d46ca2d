// Secondary indexes through the unmodified SDK.
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBServiceException,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateTableCommand,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startAws, throwsClass } from "../../harness/aws.ts";
import { until } from "../../harness/until.ts";

const { client } = await startAws();
const TableName = "music";
const key = (hash: string, range: string) => [
  { AttributeName: hash, KeyType: "HASH" as const },
  { AttributeName: range, KeyType: "RANGE" as const },
];
const definition = {
  TableName,
  AttributeDefinitions: [
    { AttributeName: "artist", AttributeType: "S" as const },
    { AttributeName: "song", AttributeType: "S" as const },
    { AttributeName: "year", AttributeType: "N" as const },
  ],
  KeySchema: key("artist", "song"),
  LocalSecondaryIndexes: [
    {
      IndexName: "by-year",
      KeySchema: key("artist", "year"),
      Projection: {
        ProjectionType: "INCLUDE" as const,
        NonKeyAttributes: ["album"],
      },
    },
  ],
  BillingMode: "PAY_PER_REQUEST" as const,
};

before(async () => {
  await client.send(new CreateTableCommand(definition));
  for (const [song, year] of [
    ["one", "1999"],
    ["two", "1984"],
  ] as const)
    await client.send(
      new PutItemCommand({
        TableName,
        Item: {
          artist: { S: "x" },
          song: { S: song },
          year: { N: year },
          album: { S: "y" },
          label: { S: "z" },
        },
      }),
    );
});

describe("a local index", () => {
  it("is described", async () => {
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName }),
    );
    assert.deepEqual(Table?.LocalSecondaryIndexes, [
      {
        ...definition.LocalSecondaryIndexes[0],
        IndexArn: `${String(Table?.TableArn)}/index/by-year`,
        ItemCount: 2,
        IndexSizeBytes: Table?.LocalSecondaryIndexes?.[0]?.IndexSizeBytes,
      },
    ]);
    assert.ok(Number(Table?.LocalSecondaryIndexes?.[0]?.IndexSizeBytes) > 0);
    assert.equal(Table?.GlobalSecondaryIndexes, undefined);
  });
  it("is queried and scanned, with its table where that is asked for", async () => {
    const query = {
      TableName,
      IndexName: "by-year",
      KeyConditionExpression: "artist = :a AND #y < :y",
      ExpressionAttributeNames: { "#y": "year" },
      ExpressionAttributeValues: { ":a": { S: "x" }, ":y": { N: "1990" } },
      ReturnConsumedCapacity: "INDEXES" as const,
    };
    const two = {
      artist: { S: "x" },
      song: { S: "two" },
      year: { N: "1984" },
      album: { S: "y" },
    };
    const projected = await client.send(
      new QueryCommand({ ...query, ConsistentRead: true }),
    );
    assert.deepEqual(projected.Items, [two]);
    assert.deepEqual(projected.ConsumedCapacity, {
      TableName,
      CapacityUnits: 1,
      Table: { CapacityUnits: 0 },
      LocalSecondaryIndexes: { "by-year": { CapacityUnits: 1 } },
    });
    const whole = await client.send(
      new QueryCommand({ ...query, Select: "ALL_ATTRIBUTES" }),
    );
    assert.deepEqual(whole.Items, [{ ...two, label: { S: "z" } }]);
    assert.deepEqual(whole.ConsumedCapacity, {
      TableName,
      CapacityUnits: 1,
      Table: { CapacityUnits: 0.5 },
      LocalSecondaryIndexes: { "by-year": { CapacityUnits: 0.5 } },
    });
    const scanned = await client.send(
      new ScanCommand({ TableName, IndexName: "by-year", Limit: 1 }),
    );
    assert.deepEqual(scanned.Items, [two]);
    assert.deepEqual(scanned.LastEvaluatedKey, {
      artist: two.artist,
      song: two.song,
      year: two.year,
    });
  });
  it("makes collections, which writes may measure", async () => {
    const { ItemCollectionMetrics } = await client.send(
      new PutItemCommand({
        TableName,
        Item: { artist: { S: "y" }, song: { S: "a" } },
        ReturnItemCollectionMetrics: "SIZE",
      }),
    );
    assert.deepEqual(ItemCollectionMetrics, {
      ItemCollectionKey: { artist: { S: "y" } },
      SizeEstimateRangeGB: [0, 1],
    });
    const batch = await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: [
            {
              DeleteRequest: { Key: { artist: { S: "y" }, song: { S: "a" } } },
            },
          ],
        },
        ReturnItemCollectionMetrics: "SIZE",
      }),
    );
    assert.deepEqual(batch.ItemCollectionMetrics, {
      [TableName]: [ItemCollectionMetrics],
    });
  });
  it("needs a range key of its table", async () => {
    const { name } = await throwsClass(
      client.send(
        new CreateTableCommand({
          ...definition,
          TableName: "other",
          KeySchema: definition.KeySchema.slice(0, 1),
        }),
      ),
      DynamoDBServiceException,
      /^One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex$/,
    );
    assert.equal(name, "ValidationException");
  });
});

describe("a global index", () => {
  it("is made and deleted while the table is in use", async () => {
    const described = async () => {
      const { Table } = await client.send(
        new DescribeTableCommand({ TableName }),
      );
      return Table;
    };
    const settled = () =>
      until("all is ACTIVE", async () => {
        const table = await described();
        const indexes = table?.GlobalSecondaryIndexes ?? [];
        return (
          table?.TableStatus === "ACTIVE" &&
          indexes.every(({ IndexStatus }) => IndexStatus === "ACTIVE") &&
          table
        );
      });
    const { TableDescription } = await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "label", AttributeType: "S" }],
        GlobalSecondaryIndexUpdates: [
          {
            Create: {
              IndexName: "by-label",
              KeySchema: [{ AttributeName: "label", KeyType: "HASH" }],
              Projection: { ProjectionType: "ALL" },
            },
          },
        ],
      }),
    );
    assert.equal(TableDescription?.TableStatus, "UPDATING");
    const [made] = TableDescription.GlobalSecondaryIndexes ?? [];
    assert.equal(made?.IndexStatus, "CREATING");
    assert.equal(made.Backfilling, false);
    const table = await settled();
    const query = new QueryCommand({
      TableName,
      IndexName: "by-label",
      KeyConditionExpression: "label = :l",
      ExpressionAttributeValues: { ":l": { S: "z" } },
    });
    assert.equal((await client.send(query)).Count, 2);
    assert.equal(table.GlobalSecondaryIndexes?.[0]?.IndexName, "by-label");
    assert.equal(table.GlobalSecondaryIndexes[0].Backfilling, undefined);
    await client.send(
      new UpdateTableCommand({
        TableName,
        GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "by-label" } }],
      }),
    );
    await settled();
    await throwsClass(
      client.send(query),
      DynamoDBServiceException,
      /^The table does not have the specified index: by-label$/,
    );
  });
});
