// The parameters from before there were expressions, through the SDK.
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { makeTable, startAws, throwsClass } from "../../harness/aws.ts";

const { client } = await startAws();
const TableName = "things";
const Key = { pk: { S: "a" }, sk: { N: "1" } };

before(async () => {
  await makeTable(client, TableName);
  await client.send(
    new PutItemCommand({ TableName, Item: { ...Key, n: { N: "1" } } }),
  );
});

describe("the older parameters", () => {
  it("keep a condition", async () => {
    await throwsClass(
      client.send(
        new DeleteItemCommand({
          TableName,
          Key,
          ConditionalOperator: "AND",
          Expected: {
            n: { ComparisonOperator: "GE", AttributeValueList: [{ N: "1" }] },
            pk: { Value: { S: "b" }, Exists: true },
          },
        }),
      ),
      ConditionalCheckFailedException,
      /^The conditional request failed$/,
    );
  });
  it("update, and make nothing of nothing", async () => {
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key,
        AttributeUpdates: { l: { Action: "PUT", Value: { L: [] } } },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    assert.deepEqual(Attributes, { l: { L: [] } });
    const nowhere = { pk: { S: "a" }, sk: { N: "99" } };
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: nowhere,
        AttributeUpdates: { l: { Action: "DELETE" } },
      }),
    );
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key: nowhere }),
    );
    assert.equal(Item, undefined);
  });
  it("read", async () => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName, Key, AttributesToGet: ["n", "pk"] }),
    );
    assert.deepEqual(Item, { n: { N: "1" }, pk: { S: "a" } });
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: [Key], AttributesToGet: ["n"] } },
      }),
    );
    assert.deepEqual(Responses, { [TableName]: [{ n: { N: "1" } }] });
  });
  it("query and scan", async () => {
    const { Items } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditions: {
          pk: { ComparisonOperator: "EQ", AttributeValueList: [{ S: "a" }] },
        },
        QueryFilter: { l: { ComparisonOperator: "NOT_NULL" } },
        AttributesToGet: ["sk"],
      }),
    );
    assert.deepEqual(Items, [{ sk: { N: "1" } }]);
    const { Count } = await client.send(
      new ScanCommand({
        TableName,
        ConditionalOperator: "OR",
        ScanFilter: {
          n: { ComparisonOperator: "NULL" },
          l: { ComparisonOperator: "NULL" },
        },
      }),
    );
    assert.equal(Count, 0);
  });
  it("don't mix with expressions", async () => {
    await throwsClass(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key,
          AttributeUpdates: { a: { Action: "DELETE" } },
          UpdateExpression: "REMOVE a",
        }),
      ),
      DynamoDBServiceException,
      /^Can not use both expression and non-expression parameters in the same request: Non-expression parameters: \{AttributeUpdates\} Expression parameters: \{UpdateExpression\}$/,
    );
  });
});
