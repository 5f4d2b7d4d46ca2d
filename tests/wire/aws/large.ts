// What is large and passes, and what is too large ever to pass.
import { BatchGetItemCommand } from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { ask, makeTable, startAws } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const TableName = "things";
const key = (i: number) => ({ pk: { S: "a" }, sk: { N: String(i) } });
const tooLarge = /#RequestEntityTooLargeException$/;

before(() => makeTable(client, TableName));

describe("a batch", () => {
  const large = Array.from({ length: 25 }, (_, i) => ({
    ...key(i),
    fill: { S: "x".repeat(390_000) },
  }));

  it("of 25 items near their limit is written and read", async () => {
    const { status, json } = await ask(suite, "BatchWriteItem", {
      RequestItems: {
        [TableName]: large.map((Item) => ({ PutRequest: { Item } })),
      },
    });
    assert.equal(status, 200, JSON.stringify(json));
    assert.deepEqual(json["UnprocessedItems"], {});
    const { Responses } = await client.send(
      new BatchGetItemCommand({
        RequestItems: { [TableName]: { Keys: large.map((_, i) => key(i)) } },
      }),
    );
    assert.equal(Responses?.[TableName]?.length, large.length);
  });
});

describe("refused, and not as if it might pass another time,", () => {
  it("is a body of over 16 MB", async () => {
    const { status, json } = await ask(
      suite,
      "PutItem",
      { TableName, Item: { ...key(1), fill: { S: "x".repeat(17 << 20) } } },
      { withoutHash: true },
    );
    assert.equal(status, 413);
    assert.match(String(json["__type"]), tooLarge);
  });
});
