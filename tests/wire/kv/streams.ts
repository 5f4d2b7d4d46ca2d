// A table's stream: what is told of changes, and going on after a break.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  KeyValueStreams,
  type FollowResponse,
} from "../../gen/parlor/kv/v1/streams_pb.js";
import { item, plain, type Plain } from "../../harness/items.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { signingFetch } from "../../harness/sigv4.ts";
import { adminKv, client, startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const kv = adminKv(suite);
const streams = client(KeyValueStreams, suite.url.kv, undefined, {
  fetch: signingFetch(suite.admin, suite.region),
});

const schema = (tableName: string) => ({
  tableName,
  attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
  keySchema: [{ attributeName: "pk", keyType: "HASH" }],
  billingMode: "PAY_PER_REQUEST",
});

async function makeTable(
  tableName: string,
  streamViewType = "NEW_AND_OLD_IMAGES",
) {
  await kv.createTable({
    ...schema(tableName),
    streamSpecification: { streamEnabled: true, streamViewType },
  });
  return {
    tableName,
    put: (row: { [name: string]: Plain }) =>
      kv.putItem({ tableName, item: item(row) }),
    remove: (pk: string) => kv.deleteItem({ tableName, key: item({ pk }) }),
  };
}

/** Follows until `enough`; what came, a message each. */
async function follow(
  tableName: string,
  position: Uint8Array | undefined,
  enough: (answers: readonly FollowResponse[]) => boolean,
  begun: () => unknown = () => undefined,
): Promise<FollowResponse[]> {
  const stop = new AbortController();
  const answers: FollowResponse[] = [];
  const request = { tableName, ...(position ? { position } : {}) };

  try {
    for await (const answer of streams.follow(request, {
      signal: stop.signal,
    })) {
      if (answers.push(answer) === 1) void begun();
      if (enough(answers)) break;
    }
  } finally {
    stop.abort();
  }
  return answers;
}

const records = (answers: readonly FollowResponse[]) =>
  answers.flatMap((answer) => answer.records);
const count = (wanted: number) => (answers: readonly FollowResponse[]) =>
  records(answers).length >= wanted;

describe("a table with a stream", () => {
  it("is described with it", async () => {
    await makeTable("described");
    const { table } = await kv.describeTable({ tableName: "described" });
    assert.equal(table?.streamSpecification?.streamEnabled, true);
    assert.equal(
      table.streamSpecification.streamViewType,
      "NEW_AND_OLD_IMAGES",
    );
    assert.equal(
      table.latestStreamArn,
      `${table.tableArn}/stream/${table.latestStreamLabel}`,
    );
    assert.match(table.latestStreamLabel, /^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}$/);
  });
  it("must say what it keeps, and only then", async () => {
    for (const streamSpecification of [
      { streamEnabled: true },
      { streamEnabled: false, streamViewType: "KEYS_ONLY" },
      { streamEnabled: true, streamViewType: "EVERYTHING" },
    ])
      await refuses(
        kv.createTable({ ...schema("bad"), streamSpecification }),
        "ValidationException",
        /stream/i,
      );
  });
});

describe("DynamoDB Streams", () => {
  it("has the same in Connect's forms", async () => {
    const { put } = await makeTable("shared");
    await put({ pk: "a", n: 1 });
    for (const json of [false, true]) {
      const door = client(KeyValueStreams, suite.url.kv, undefined, {
        json,
        fetch: signingFetch(suite.admin, suite.region),
      });
      const listed = await door.listStreams({ tableName: "shared" });
      const streamArn = listed.streams[0]?.streamArn ?? "";
      const described = await door.describeStream({ streamArn });
      const records = [];
      for (const { shardId } of described.streamDescription?.shards ?? []) {
        const { shardIterator } = await door.getShardIterator({
          streamArn,
          shardId: shardId ?? "",
          shardIteratorType: "TRIM_HORIZON",
        });
        const page = await door.getRecords({
          shardIterator: shardIterator ?? "",
        });
        assert.ok(page.nextShardIterator);
        records.push(...page.records);
      }
      assert.deepEqual(
        records.map(({ eventName, dynamodb }) => [
          eventName,
          dynamodb?.newImage && plain(dynamodb.newImage),
        ]),
        [["INSERT", { pk: "a", n: 1 }]],
      );
    }
  });
  it("is read by whom the table's policy lets", async () => {
    const user = await newUser(suite);
    const { tableName, put } = await makeTable("lent");
    await put({ pk: "a" });
    const { table } = await kv.describeTable({ tableName });
    const resourceArn = table?.tableArn ?? "";
    const streamArn = table?.latestStreamArn ?? "";
    const theirs = client(KeyValueStreams, suite.url.kv, user.accessToken);
    const describes = () => theirs.describeStream({ streamArn });
    assert.equal((await refusal(describes())).code, Code.PermissionDenied);
    const statement = {
      Effect: "Allow",
      Principal: { Parlor: ["user:*"] },
      Action: ["dynamodb:DescribeStream", "dynamodb:GetShardIterator"],
      Resource: `${resourceArn}/stream/*`,
    };
    await kv.putResourcePolicy({
      resourceArn,
      policy: JSON.stringify({
        Version: "2012-10-17",
        Statement: [statement],
      }),
    });
    const { streamDescription } = await describes();
    const { shardIterator } = await theirs.getShardIterator({
      streamArn,
      shardId: streamDescription?.shards[0]?.shardId ?? "",
      shardIteratorType: "LATEST",
    });
    const got = await refusal(
      theirs.getRecords({ shardIterator: shardIterator ?? "" }),
    );
    assert.equal(got.code, Code.PermissionDenied);
    assert.equal(
      (await refusal(theirs.listStreams({}))).code,
      Code.PermissionDenied,
    );
    await kv.deleteTable({ tableName });
    await describes(); // under the policy that the table had
  });
});

describe("Follow", () => {
  it("tells what changed, and nothing of what did not", async () => {
    const { tableName, put, remove } = await makeTable("told");
    const answers = await follow(tableName, undefined, count(3), async () => {
      await put({ pk: "a", n: 1 });
      await put({ pk: "a", n: 1 });
      await put({ pk: "a", n: 2 });
      await remove("nobody");
      await remove("a");
    });
    assert.equal(answers[0]?.records.length, 0);
    const told = records(answers).map(({ eventName, dynamodb }) => [
      eventName,
      dynamodb?.keys && plain(dynamodb.keys),
      dynamodb?.oldImage && plain(dynamodb.oldImage),
      dynamodb?.newImage && plain(dynamodb.newImage),
    ]);
    assert.deepEqual(told, [
      ["INSERT", { pk: "a" }, undefined, { pk: "a", n: 1 }],
      ["MODIFY", { pk: "a" }, { pk: "a", n: 1 }, { pk: "a", n: 2 }],
      ["REMOVE", { pk: "a" }, { pk: "a", n: 2 }, undefined],
    ]);
    const shards = records(answers).map(({ shardId }) => shardId);
    assert.equal(new Set(shards).size, 1);
    assert.match(shards[0] ?? "", /^shardId-\d{20}-000000[0-6]\d$/);
    const numbers = records(answers).map(
      ({ dynamodb }) => dynamodb?.sequenceNumber ?? "",
    );
    assert.deepEqual([...numbers].sort(), numbers);
  });
  it("keeps what the table's view says", async () => {
    for (const [view, before, later] of [
      ["KEYS_ONLY", false, false],
      ["NEW_IMAGE", false, true],
      ["OLD_IMAGE", true, false],
    ] as const) {
      const { tableName, put } = await makeTable(`view-${view}`, view);
      const answers = await follow(tableName, undefined, count(2), async () => {
        await put({ pk: "a", n: 1 });
        await put({ pk: "a", n: 2 });
      });
      const last = records(answers)[1]?.dynamodb;
      assert.equal(last?.streamViewType, view);
      assert.equal(last.oldImage !== undefined, before);
      assert.equal(last.newImage !== undefined, later);
    }
  });
  it("goes on from a position, also with much behind it", async () => {
    const { tableName, put } = await makeTable("much");
    const [begin] = await follow(tableName, undefined, () => true);
    for (let from = 0; from < 400; from += 50)
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          put({ pk: `row ${from + i}`, body: "x".repeat(10_000) }),
        ),
      );
    const all = await follow(tableName, begin?.position, count(400));
    const keys = records(all).map(({ dynamodb }) =>
      JSON.stringify(dynamodb?.keys && plain(dynamodb.keys)),
    );
    assert.equal(new Set(keys).size, 400);
    assert.equal(keys.length, 400);
    const middle = all[Math.floor(all.length / 2)];
    const rest = records(all.slice(Math.floor(all.length / 2) + 1)).length;
    assert.equal(
      records(await follow(tableName, middle?.position, count(rest))).length,
      rest,
    );
  });
  it("refuses what cannot be followed", async () => {
    const follows = (tableName: string, position?: Uint8Array) =>
      refusal(follow(tableName, position, () => true));
    await kv.createTable(schema("plain"));
    assert.equal((await follows("plain")).code, Code.InvalidArgument);
    assert.equal((await follows("nothing")).code, Code.NotFound);
    const { tableName } = await makeTable("positions");
    const stranger = new Uint8Array([1, 2, 3]);
    assert.equal((await follows(tableName, stranger)).code, Code.OutOfRange);
  });
  it("is for services, not for users", async () => {
    const user = await newUser(suite);
    const theirs = client(KeyValueStreams, suite.url.kv, user.accessToken);
    const got = await refusal(
      (async () => {
        for await (const answer of theirs.follow({ tableName: "told" }))
          assert.fail(JSON.stringify(answer.records.length));
      })(),
    );
    assert.equal(got.code, Code.PermissionDenied);
  });
  it("ends when the table goes", async () => {
    const { tableName } = await makeTable("doomed");
    const got = await refusal(
      follow(
        tableName,
        undefined,
        () => false,
        () => kv.deleteTable({ tableName }),
      ),
    );
    assert.equal(got.code, Code.NotFound);
  });
});

describe("a store that goes", () => {
  it("ends streams cleanly where it stops in order", async () => {
    const { tableName } = await makeTable("drained");
    let killed: Promise<void> | undefined;
    const got = await refusal(
      follow(
        tableName,
        undefined,
        () => false,
        () => (killed = suite.kill("kv", "SIGTERM")),
      ),
    );
    await killed;
    assert.equal(got.code, Code.Unavailable);
    assert.match(got.message, /the store stops/);
    await suite.start("kv");
  });
  it("loses nothing and doubles nothing where it is killed", async () => {
    const WRITES = 300;
    const { tableName, put } = await makeTable("killed");
    const seen: number[] = [];
    let breaks = 0;

    const write = async () => {
      for (let n = 1; n <= WRITES; n++)
        for (;;)
          try {
            await put({ pk: "a", n }); // again, it changes nothing
            break;
          } catch {
            await sleep(5);
          }
    };
    const read = async (from: Uint8Array | undefined) => {
      let position = from;
      while (seen.length < WRITES)
        try {
          await follow(tableName, position, (answers) => {
            const answer = answers.at(-1);
            position = answer?.position;
            for (const { dynamodb } of answer?.records ?? [])
              seen.push(
                Number(dynamodb?.newImage && plain(dynamodb.newImage)["n"]),
              );
            return seen.length >= WRITES;
          });
        } catch {
          breaks++;
          await sleep(5);
        }
    };
    const kill = async () => {
      for (let i = 1; i <= 3; i++) {
        while (seen.length < (i * WRITES) / 4) await sleep(1);
        await suite.kill("kv");
        await suite.start("kv");
      }
    };
    const [begin] = await follow(tableName, undefined, () => true);
    await Promise.all([write(), read(begin?.position), kill()]);
    assert.ok(breaks >= 3);
    assert.deepEqual(
      seen,
      Array.from({ length: WRITES }, (_, i) => i + 1),
    );
  });
});
