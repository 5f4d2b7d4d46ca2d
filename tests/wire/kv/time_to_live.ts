// UpdateTimeToLive, DescribeTimeToLive, and what is taken away.
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { KeyValueStreams } from "../../gen/parlor/kv/v1/streams_pb.js";
import { item, type Plain } from "../../harness/items.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { refuses } from "../../harness/refusal.ts";
import { signingFetch } from "../../harness/sigv4.ts";
import { client } from "../../harness/suite.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";
import { until } from "../../harness/until.ts";

const { kv, put, suite } = await startTable();
const streams = client(KeyValueStreams, suite.url.kv, undefined, {
  fetch: signingFetch(suite.admin, suite.region),
});
const now = () => Math.floor(Date.now() / 1000);

const specification = (enabled: boolean, attributeName = "ends") => ({
  tableName,
  timeToLiveSpecification: { enabled, attributeName },
});

async function status() {
  const { timeToLiveDescription } = await kv.describeTimeToLive({ tableName });
  return timeToLiveDescription?.timeToLiveStatus;
}

const get = async (pk: string) =>
  (await kv.getItem({ tableName, key: item({ pk, sk: 1 }) })).item;

/** All that the table's latest stream has. */
async function records() {
  const { table } = await kv.describeTable({ tableName });
  const streamArn = table?.latestStreamArn ?? "";
  const { streamDescription } = await streams.describeStream({ streamArn });
  const shards = (streamDescription?.shards ?? []).map(async ({ shardId }) => {
    const { shardIterator } = await streams.getShardIterator({
      streamArn,
      shardId,
      shardIteratorType: "TRIM_HORIZON",
    });
    return (await streams.getRecords({ shardIterator })).records;
  });
  return (await Promise.all(shards)).flat();
}

const row = (pk: string, more: { [name: string]: Plain }) =>
  put({ pk, sk: 1, board: "b", score: 1, ...more });

describe("time to live", () => {
  before(() => row("before", { ends: now() - 100 }));

  it("is off at first", async () => {
    assert.equal(await status(), "DISABLED");
    await refuses(
      kv.updateTimeToLive(specification(false)),
      "ValidationException",
      /^TimeToLive is already disabled$/,
    );
  });
  it("is switched on", async () => {
    const answer = await kv.updateTimeToLive(specification(true));
    assert.equal(answer.timeToLiveSpecification?.enabled, true);
    assert.equal(answer.timeToLiveSpecification.attributeName, "ends");
    await refuses(
      kv.updateTimeToLive(specification(true)),
      "ValidationException",
      /^TimeToLive is already enabled$/,
    );
    await refuses(
      kv.updateTimeToLive(specification(true, "other")),
      "ValidationException",
      /^TimeToLive is active on a different AttributeName: /,
    );
    await until("ENABLED", async () => (await status()) === "ENABLED");
    await refuses(
      kv.updateTimeToLive(specification(false)),
      "ValidationException",
      /^Time to live has been modified multiple times within a fixed interval$/,
    );
  });
  it("takes away what was there before", async () => {
    await until("it is gone", async () => !(await get("before")));
  });
  it("takes away what expires, and its rows in indexes", async () => {
    await row("soon", { ends: now() + 1 });
    await row("later", { ends: now() + 300 });
    await row("text", { ends: String(now() - 10) });
    await row("ancient", { ends: now() - 6 * 366 * 86_400 });
    await until("it is gone", async () => !(await get("soon")));
    const { items } = await kv.scan({ tableName, indexName: "by-score" });
    assert.equal(items.length, 3);
    assert.ok(await get("later"));
  });
  it(
    "goes by wall time, also over a restart",
    { skip: cannotWait },
    async () => {
      await suite.kill("kv");
      await suite.start("kv", later("+10m"));
      await until("it is gone", async () => !(await get("later")));
      assert.ok(await get("text"));
      await suite.kill("kv");
      await suite.start("kv");
    },
  );
  it("is told by the stream as the service's", async () => {
    await kv.updateTable({
      tableName,
      streamSpecification: { streamEnabled: true, streamViewType: "OLD_IMAGE" },
    });
    await row("streamed", { ends: now() - 1 });
    await until("it is gone", async () => !(await get("streamed")));
    assert.deepEqual(
      (await records()).map(({ eventName, userIdentity }) => [
        eventName,
        userIdentity?.type,
        userIdentity?.principalId,
      ]),
      [
        ["INSERT", undefined, undefined],
        ["REMOVE", "Service", "dynamodb.amazonaws.com"],
      ],
    );
  });
  it("is switched off an hour later", { skip: cannotWait }, async () => {
    await suite.kill("kv");
    await suite.start("kv", later("+1h"));
    const inAnHour = () => new Date(Date.now() + 3_600_000);
    await client(KeyValue, suite.url.kv, undefined, {
      fetch: signingFetch(suite.admin, suite.region, "dynamodb", inAnHour),
    }).updateTimeToLive(specification(false));
    await suite.kill("kv");
    await suite.start("kv");
    assert.equal(await status(), "DISABLED");
  });
  it("is of a table", async () => {
    await refuses(
      kv.describeTimeToLive({ tableName: "nowhere" }),
      "ResourceNotFoundException",
      /^Requested resource not found: Table: nowhere not found$/,
    );
  });
});
