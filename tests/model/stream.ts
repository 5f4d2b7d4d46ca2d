// Streams: each change once, in the order of its partition key.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import type { Door } from "./doors.ts";
import { count, ledgerKey, part, type Model, type Table } from "./store.ts";
import { canonicalItem, textOf, type Item } from "./value.ts";

/** What has been read of a table's stream: an iterator a shard. */
export interface Reader {
  readonly table: Table;
  readonly iterators: string[];
}

async function answered(
  door: Door,
  operation: string,
  message: JsonObject,
): Promise<JsonObject> {
  const outcome = await door.send(operation, message);
  if ("refused" in outcome)
    return assert.fail(`${operation}: ${outcome.refused}`);
  return outcome.answer;
}

/** From the beginning of the table's stream. */
export async function openStream(door: Door, table: Table): Promise<Reader> {
  const listed = await answered(door, "ListStreams", {
    TableName: table.spec.name,
  });
  const [stream] = listed["Streams"] as JsonObject[];
  const StreamArn = stream?.["StreamArn"] as string;
  const described = await answered(door, "DescribeStream", { StreamArn });
  const description = described["StreamDescription"] as JsonObject;
  const shards = description["Shards"] as JsonObject[];
  const iterators: string[] = [];
  for (const { ShardId } of shards as { ShardId: string }[]) {
    const { ShardIterator } = await answered(door, "GetShardIterator", {
      StreamArn,
      ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    iterators.push(ShardIterator as string);
  }
  return { table, iterators };
}

const image = (item: unknown) =>
  item === undefined ? undefined : canonicalItem(item as Item);

function hear({ told, spec }: Table, record: JsonObject): void {
  const { Keys, OldImage, NewImage } = record["dynamodb"] as JsonObject;
  const keys = canonicalItem(Keys as Item);
  const want = told.get(textOf(part(keys, [spec.hash])))?.shift();
  assert.deepEqual(
    {
      event: record["eventName"],
      keys,
      before: image(OldImage),
      after: image(NewImage),
      byService: record["userIdentity"] !== undefined,
    },
    want,
    `a record of ${spec.name}`,
  );
}

const waiting = ({ told }: Table) =>
  [...told.values()].reduce((sum, list) => sum + list.length, 0);

/** Reads on until all that the model has told has been heard; and nothing
 * else: shards are read to their end at least once. */
export async function readStream(
  door: Door,
  model: Model,
  { table, iterators }: Reader,
): Promise<void> {
  const key = ledgerKey(
    table.spec.name,
    "GetRecords",
    "StreamReadRequestUnits",
  );
  for (let rounds = 0; rounds === 0 || waiting(table); rounds++) {
    assert.ok(rounds < 100, `${waiting(table)} records are missing`);
    const pages = await Promise.all(
      iterators.map((ShardIterator) =>
        answered(door, "GetRecords", { ShardIterator }),
      ),
    );
    count(model.ledger, [[key, 2 * pages.length]]);
    for (const [shard, page] of pages.entries()) {
      for (const record of (page["Records"] ?? []) as JsonObject[])
        hear(table, record);
      iterators[shard] = page["NextShardIterator"] as string;
    }
  }
}
