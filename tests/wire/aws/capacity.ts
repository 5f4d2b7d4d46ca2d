// Provisioned capacity, as AWS's SDK meets its end.
import {
  CreateTableCommand,
  GetItemCommand,
  ProvisionedThroughputExceededException,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, it } from "node:test";
import { sdk, startAws, throwsClass } from "../../harness/aws.ts";

const { suite } = await startAws();
const client = sdk(suite, { maxAttempts: 1 });
const TableName = "paid";
const Key = { pk: { S: "a" } };

describe("provisioned capacity", () => {
  it("is saved for five minutes, and then exceeded", async () => {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      }),
    );
    // 100 units each: the last goes beyond what is left
    const put = new PutItemCommand({
      TableName,
      Item: { ...Key, b: { B: new Uint8Array(100 * 1024 - 10) } },
    });
    for (let i = 0; i < 4; i++) await client.send(put);
    await throwsClass(
      client.send(put),
      ProvisionedThroughputExceededException,
      /^The level of configured provisioned throughput for the table was exceeded\. /,
    );
    await client.send(new GetItemCommand({ TableName, Key }));
  });
});
