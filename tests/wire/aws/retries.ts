// What the SDK does when the way to the store, or the store, fails.
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { makeTable, sdk, startAws } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const TableName = "things";
const Key = { pk: { S: "a" }, sk: { N: "1" } };

/** In front of the store: fails the first requests, passes the others on. */
let failures: (readonly [status: number, type: string])[] = [];
let asked = 0;
const way: Server = createServer((from, to) => {
  const failure = failures.shift();
  asked++;
  if (failure) {
    from.resume().on("end", () => {
      to.writeHead(failure[0], {
        "content-type": "application/x-amz-json-1.0",
      });
      to.end(JSON.stringify({ __type: failure[1], message: "m" }));
    });
    return;
  }
  from.pipe(
    request(
      suite.url.kv,
      { method: "POST", headers: from.headers },
      (answer) => {
        to.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(to);
      },
    ),
  );
});

before(async () => {
  await makeTable(client, TableName);
  await new Promise<void>((resolve) => way.listen(0, "127.0.0.1", resolve));
});
after(() => way.close());

const throughWay = () =>
  sdk(suite, {
    endpoint: `http://127.0.0.1:${(way.address() as AddressInfo).port}`,
  });

describe("the SDK", () => {
  for (const [status, type] of [
    [500, "com.amazonaws.dynamodb.v20120810#InternalServerError"],
    [503, "com.amazon.coral.availability#ServiceUnavailable"],
    [400, "com.amazon.coral.availability#ThrottlingException"],
  ] as const)
    it(`tries again after ${status} ${type}`, async () => {
      failures = [
        [status, type],
        [status, type],
      ];
      asked = 0;
      await throughWay().send(new PutItemCommand({ TableName, Item: Key }));
      assert.equal(asked, 3);
    });

  it("waits for a store that is started again", async () => {
    await suite.kill("kv");
    const reading = sdk(suite, { maxAttempts: 12 }).send(
      new GetItemCommand({ TableName, Key }),
    );
    await suite.start("kv");
    assert.deepEqual((await reading).Item, Key);
  });
});
