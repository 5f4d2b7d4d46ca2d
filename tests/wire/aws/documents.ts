// The document client: plain values, paging helpers, unprocessed remainders.
import {
  BatchGetCommand,
  BatchWriteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  NumberValue,
  paginateQuery,
  paginateScan,
  PutCommand,
  QueryCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import {
  DynamoDBServiceException,
  paginateListTables,
  ScanCommand,
  waitUntilTableExists,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { makeTable, sdk, startAws, throwsClass } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const documents = DynamoDBDocumentClient.from(client, {
  marshallOptions: { removeUndefinedValues: true },
  unmarshallOptions: { wrapNumbers: false },
});
const exact = DynamoDBDocumentClient.from(sdk(suite), {
  unmarshallOptions: { wrapNumbers: true },
});
const TableName = "documents";
before(async () => {
  await makeTable(client, TableName);
  const waited = await waitUntilTableExists(
    { client, minDelay: 1, maxWaitTime: 5 },
    { TableName },
  );
  assert.equal(waited.state, "SUCCESS");
});

describe("a document", () => {
  it("comes back as it went", async () => {
    const Item = {
      pk: "a",
      sk: 1,
      text: "grün",
      flag: true,
      nothing: null,
      list: [1, "two", { three: 3 }],
      names: new Set(["x", "y"]),
      numbers: new Set([1, 2]),
      bytes: new Uint8Array([0, 255]),
      blobs: new Set([new Uint8Array([1, 2])]),
    };
    await documents.send(new PutCommand({ TableName, Item }));
    const got = await documents.send(
      new GetCommand({ TableName, Key: { pk: "a", sk: 1 } }),
    );
    assert.deepEqual(got.Item, Item);
  });

  it("keeps 38 digits", async () => {
    const digits = "12345678901234567890123456789012345678";
    await documents.send(
      new PutCommand({
        TableName,
        Item: { pk: "exact", sk: 1, n: NumberValue.from(digits) },
      }),
    );
    const got = await exact.send(
      new GetCommand({ TableName, Key: { pk: "exact", sk: 1 } }),
    );
    assert.equal(String((got.Item?.["n"] as NumberValue).value), digits);
  });

  it("is updated", async () => {
    const got = await documents.send(
      new UpdateCommand({
        TableName,
        Key: { pk: "up", sk: 1 },
        UpdateExpression: "ADD hits :n, tags :t",
        ExpressionAttributeValues: { ":n": 3, ":t": new Set(["new"]) },
        ReturnValues: "ALL_NEW",
      }),
    );
    assert.deepEqual(got.Attributes, {
      pk: "up",
      sk: 1,
      hits: 3,
      tags: new Set(["new"]),
    });
  });
});

describe("pages", () => {
  const sks = Array.from({ length: 60 }, (_, i) => i);
  before(async () => {
    for (let i = 0; i < sks.length; i += 20)
      await documents.send(
        new BatchWriteCommand({
          RequestItems: {
            [TableName]: sks.slice(i, i + 20).map((sk) => ({
              PutRequest: {
                Item: { pk: "long", sk, fill: "x".repeat(30_000) },
              },
            })),
          },
        }),
      );
  });

  it("of Query go on where they ended", async () => {
    const got: number[] = [];
    let pages = 0;
    for await (const page of paginateQuery(
      { client: documents },
      {
        TableName,
        KeyConditionExpression: "pk = :pk",
        ExpressionAttributeValues: { ":pk": "long" },
      },
    )) {
      pages++;
      got.push(...(page.Items ?? []).map((item) => item["sk"] as number));
    }
    assert.deepEqual(got, sks);
    assert.equal(pages, 2);
  });

  it("of Scan with segments are all of it, once", async () => {
    const segments = await Promise.all(
      [0, 1, 2].map(async (Segment) => {
        const got: string[] = [];
        for await (const page of paginateScan(
          { client: documents, pageSize: 7 },
          {
            TableName,
            Segment,
            TotalSegments: 3,
            FilterExpression: "begins_with(pk, :p)",
            ExpressionAttributeValues: { ":p": "long" },
            ProjectionExpression: "sk",
          },
        ))
          got.push(...(page.Items ?? []).map((item) => String(item["sk"])));
        return got;
      }),
    );
    assert.deepEqual(
      segments
        .flat()
        .map(Number)
        .sort((a, b) => a - b),
      sks,
    );
  });

  it("of one segment do not go on in another", async () => {
    const start = { pk: { S: "long" }, sk: { N: "1" } };
    const scan = (Segment: number, TotalSegments: number) =>
      client.send(
        new ScanCommand({
          TableName,
          Segment,
          TotalSegments,
          ExclusiveStartKey: start,
        }),
      );
    const refused = (Segment: number) =>
      throwsClass(
        scan(Segment, 3),
        DynamoDBServiceException,
        new RegExp(
          `^The provided starting key is invalid: Invalid ExclusiveStartKey\\. Please use ExclusiveStartKey with correct Segment\\. TotalSegments: 3 Segment: ${Segment}$`,
        ),
      );
    // SHA-256 of "long" begins with fc: the last third
    await refused(0);
    await refused(1);
    await scan(2, 3);
    await scan(0, 1);
  });

  it("of ListTables", async () => {
    const got: string[] = [];
    for await (const page of paginateListTables({ client, pageSize: 1 }, {}))
      got.push(...(page.TableNames ?? []));
    assert.deepEqual(got, ["documents", "game"]);
  });

  it("of a batch come in pieces", async () => {
    const got: number[] = [];
    let RequestItems: Record<string, { Keys: Record<string, unknown>[] }> = {
      [TableName]: { Keys: sks.map((sk) => ({ pk: "long", sk })) },
    };
    while (Object.keys(RequestItems).length > 0) {
      const page = await documents.send(new BatchGetCommand({ RequestItems }));
      got.push(
        ...(page.Responses?.[TableName] ?? []).map(
          (item) => item["sk"] as number,
        ),
      );
      RequestItems = page.UnprocessedKeys as typeof RequestItems;
    }
    assert.deepEqual(
      got.sort((a, b) => a - b),
      sks,
    );
  });
});

it("an absent value is no value", async () => {
  const { Items } = await documents.send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": "nobody" },
    }),
  );
  assert.deepEqual(Items, []);
});
