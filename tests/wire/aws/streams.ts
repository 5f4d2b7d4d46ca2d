// DynamoDB Streams through the unmodified SDK: every record once, in order.
import {
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
  UpdateTableCommand,
  type AttributeValue,
  type StreamSpecification,
} from "@aws-sdk/client-dynamodb";
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  DynamoDBStreamsServiceException,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ListStreamsCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
  type _Record as StreamRecord,
  type GetRecordsOutput,
  type GetShardIteratorInput,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb-streams";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { ask, startAws } from "../../harness/aws.ts";
import { cannotWait, later } from "../../harness/later.ts";

const { suite, client } = await startAws();
const streams = new DynamoDBStreamsClient({
  endpoint: suite.url.kv,
  region: suite.region,
  credentials: suite.admin,
});
after(() => streams.destroy());

/** The store goes on so many hours later, and the clients sign accordingly. */
async function wait(hours: number): Promise<void> {
  await suite.kill("kv");
  await suite.start("kv", later(`+${hours}h`));
  for (const { config } of [client, streams])
    config.systemClockOffset = hours * 3_600_000;
}

const key = (pk: string): Record<string, AttributeValue> => ({ pk: { S: pk } });

async function makeTable(
  TableName: string,
  StreamViewType: StreamViewType = "NEW_AND_OLD_IMAGES",
) {
  const { TableDescription } = await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
      StreamSpecification: { StreamEnabled: true, StreamViewType },
    }),
  );
  const StreamArn = TableDescription?.LatestStreamArn ?? "";
  return {
    TableName,
    StreamArn,
    put: (pk: string, n: number, more: Record<string, AttributeValue> = {}) =>
      client.send(
        new PutItemCommand({
          TableName,
          Item: { ...key(pk), n: { N: String(n) }, ...more },
        }),
      ),
    remove: (pk: string) =>
      client.send(new DeleteItemCommand({ TableName, Key: key(pk) })),
  };
}

const describeStream = async (StreamArn: string) =>
  (await streams.send(new DescribeStreamCommand({ StreamArn })))
    .StreamDescription;

async function shardsOf(StreamArn: string): Promise<string[]> {
  const description = await describeStream(StreamArn);
  return (description?.Shards ?? []).map(({ ShardId }) => ShardId ?? "");
}

const iterator = async (input: GetShardIteratorInput) =>
  (await streams.send(new GetShardIteratorCommand(input))).ShardIterator ?? "";

const page = (ShardIterator: string, Limit?: number) =>
  streams.send(
    new GetRecordsCommand({ ShardIterator, ...(Limit ? { Limit } : {}) }),
  );

/** What a shard has from an iterator on, until it has no more for now. */
async function drain(from: string, limit?: number) {
  const records: StreamRecord[] = [];
  let next: string | undefined = from;
  for (let more = true; more && next !== undefined;) {
    const answer: GetRecordsOutput = await page(next, limit);
    records.push(...(answer.Records ?? []));
    more = Boolean(answer.Records?.length);
    next = answer.NextShardIterator;
  }
  return { records, next };
}

async function everything(StreamArn: string): Promise<StreamRecord[]> {
  const records: StreamRecord[] = [];
  for (const ShardId of await shardsOf(StreamArn)) {
    const from = await iterator({
      StreamArn,
      ShardId,
      ShardIteratorType: "TRIM_HORIZON",
    });
    records.push(...(await drain(from)).records);
  }
  return records;
}

/** The shard that has records, and them. */
async function only(StreamArn: string) {
  for (const ShardId of await shardsOf(StreamArn)) {
    const at = { StreamArn, ShardId };
    const { records } = await drain(
      await iterator({ ...at, ShardIteratorType: "TRIM_HORIZON" }),
    );
    if (records.length) return { at, records };
  }
  return assert.fail("no shard has records");
}

async function refuses(
  call: Promise<unknown>,
  name: string,
  words: RegExp,
): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(error instanceof DynamoDBStreamsServiceException);
    assert.equal(error.name, name);
    assert.match(error.message, words);
    return true;
  });
}

describe("a stream", () => {
  it("is described with its shards, page by page", async () => {
    const { TableName, StreamArn } = await makeTable("described");
    const first = await describeStream(StreamArn);
    const { Shards = [], CreationRequestDateTime, ...rest } = first ?? {};
    assert.deepEqual(rest, {
      StreamArn,
      StreamLabel: StreamArn.split("/").at(-1),
      StreamStatus: "ENABLED",
      StreamViewType: "NEW_AND_OLD_IMAGES",
      TableName,
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    });
    assert.ok(
      Math.abs((CreationRequestDateTime?.getTime() ?? 0) - Date.now()) < 60_000,
    );
    assert.equal(Shards.length, 64);
    for (const { ShardId, SequenceNumberRange, ParentShardId } of Shards) {
      assert.match(ShardId ?? "", /^shardId-\d{20}-\d{8}$/);
      assert.match(
        SequenceNumberRange?.StartingSequenceNumber ?? "",
        /^\d{21}/,
      );
      assert.equal(SequenceNumberRange?.EndingSequenceNumber, undefined);
      assert.equal(ParentShardId, undefined);
    }
    const pages: string[] = [];
    for (let start: string | undefined, more = true; more;) {
      const { StreamDescription } = await streams.send(
        new DescribeStreamCommand({
          StreamArn,
          Limit: 30,
          ...(start ? { ExclusiveStartShardId: start } : {}),
        }),
      );
      pages.push(
        ...(StreamDescription?.Shards ?? []).map(
          ({ ShardId }) => ShardId ?? "",
        ),
      );
      start = StreamDescription?.LastEvaluatedShardId;
      more = start !== undefined;
    }
    assert.deepEqual(
      pages,
      Shards.map(({ ShardId }) => ShardId),
    );
  });

  it("tells of each change what it was", async () => {
    const { StreamArn, put, remove } = await makeTable("told");
    await put("a", 101);
    await put("a", 101);
    await put("a", 7);
    await remove("nobody");
    await remove("a");
    const { records } = await only(StreamArn);
    assert.deepEqual(
      records.map(({ eventName, dynamodb }) => ({
        eventName,
        Keys: dynamodb?.Keys,
        OldImage: dynamodb?.OldImage,
        NewImage: dynamodb?.NewImage,
        SizeBytes: dynamodb?.SizeBytes,
      })),
      [
        {
          eventName: "INSERT",
          Keys: key("a"),
          OldImage: undefined,
          NewImage: { ...key("a"), n: { N: "101" } },
          SizeBytes: 3 + 7,
        },
        {
          eventName: "MODIFY",
          Keys: key("a"),
          OldImage: { ...key("a"), n: { N: "101" } },
          NewImage: { ...key("a"), n: { N: "7" } },
          SizeBytes: 3 + 7 + 6,
        },
        {
          eventName: "REMOVE",
          Keys: key("a"),
          OldImage: { ...key("a"), n: { N: "7" } },
          NewImage: undefined,
          SizeBytes: 3 + 6,
        },
      ],
    );
    for (const record of records) {
      assert.equal(record.eventVersion, "1.1");
      assert.equal(record.eventSource, "aws:dynamodb");
      assert.equal(record.awsRegion, suite.region);
      assert.equal(record.userIdentity, undefined);
      assert.match(record.eventID ?? "", /^[0-9a-f]{32}$/);
      assert.match(record.dynamodb?.SequenceNumber ?? "", /^\d{21,40}$/);
      assert.equal(
        (record.dynamodb?.ApproximateCreationDateTime?.getTime() ?? 1) % 1000,
        0,
      );
    }
    const ids = records.map(({ eventID }) => eventID);
    assert.equal(new Set(ids).size, 3);
  });

  it("keeps what its view says", async () => {
    for (const [view, images] of [
      ["KEYS_ONLY", []],
      ["NEW_IMAGE", ["NewImage"]],
      ["OLD_IMAGE", ["OldImage"]],
      ["NEW_AND_OLD_IMAGES", ["NewImage", "OldImage"]],
    ] as const) {
      const { StreamArn, put } = await makeTable(`view-${view}`, view);
      await put("a", 1);
      await put("a", 2);
      const { dynamodb } = (await only(StreamArn)).records[1] ?? {};
      assert.equal(dynamodb?.StreamViewType, view);
      assert.deepEqual(
        ["NewImage", "OldImage"].filter((name) => name in dynamodb),
        images,
      );
    }
  });

  it("is begun at four kinds of places", async () => {
    const { StreamArn, put } = await makeTable("places");
    for (const n of [1, 2, 3]) await put("a", n);
    const { at, records } = await only(StreamArn);
    const numbers = records.map(({ dynamodb }) => dynamodb?.SequenceNumber);
    const latest = await iterator({ ...at, ShardIteratorType: "LATEST" });
    await put("a", 4);
    const seen = async (from: string, limit?: number) =>
      (await drain(from, limit)).records.map(
        ({ dynamodb }) => dynamodb?.NewImage?.["n"]?.N,
      );
    assert.deepEqual(await seen(latest), ["4"]);
    for (const [ShardIteratorType, want] of [
      ["AT_SEQUENCE_NUMBER", ["2", "3", "4"]],
      ["AFTER_SEQUENCE_NUMBER", ["3", "4"]],
    ] as const) {
      const from = await iterator({
        ...at,
        ShardIteratorType,
        SequenceNumber: numbers[1],
      });
      assert.deepEqual(await seen(from), want);
      assert.deepEqual(await seen(from, 1), want);
    }
    const description = await describeStream(StreamArn);
    const range = description?.Shards?.find(
      ({ ShardId }) => ShardId === at.ShardId,
    )?.SequenceNumberRange;
    const from = await iterator({
      ...at,
      ShardIteratorType: "AT_SEQUENCE_NUMBER",
      SequenceNumber: range?.StartingSequenceNumber,
    });
    assert.deepEqual(await seen(from), ["1", "2", "3", "4"]);
  });

  it("has all that a transaction did, and nothing of a refused one", async () => {
    const { TableName, StreamArn, put } = await makeTable("transacted");
    await put("a", 1);
    const transact = (n: string) =>
      client.send(
        new TransactWriteItemsCommand({
          TransactItems: [
            { Put: { TableName, Item: { ...key("b"), n: { N: n } } } },
            {
              Update: {
                TableName,
                Key: key("a"),
                UpdateExpression: "SET n = :n",
                ConditionExpression: "n < :n",
                ExpressionAttributeValues: { ":n": { N: n } },
              },
            },
          ],
        }),
      );
    await transact("2");
    await assert.rejects(transact("2"));
    await assert.rejects(
      client.send(
        new UpdateItemCommand({
          TableName,
          Key: key("c"),
          UpdateExpression: "SET n = n + :n",
          ExpressionAttributeValues: { ":n": { N: "1" } },
        }),
      ),
    );
    const names = (await everything(StreamArn)).map(
      ({ eventName, dynamodb }) => `${eventName} ${dynamodb?.Keys?.["pk"]?.S}`,
    );
    assert.deepEqual(names.sort(), ["INSERT a", "INSERT b", "MODIFY a"]);
  });

  it("gives a megabyte, or a thousand records, at once", async () => {
    const { StreamArn, put } = await makeTable("long", "NEW_IMAGE");
    const body = { S: "x".repeat(300_000) };
    for (let n = 0; n < 7; n++) await put("a", n, { body });
    const { at } = await only(StreamArn);
    let ShardIterator: string | undefined = await iterator({
      ...at,
      ShardIteratorType: "TRIM_HORIZON",
    });
    const counts: number[] = [];
    const seen: (string | undefined)[] = [];
    while (seen.length < 7 && ShardIterator) {
      const answer: GetRecordsOutput = await page(ShardIterator);
      counts.push(answer.Records?.length ?? 0);
      for (const { dynamodb } of answer.Records ?? [])
        seen.push(dynamodb?.NewImage?.["n"]?.N);
      ShardIterator = answer.NextShardIterator;
    }
    assert.deepEqual(counts, [3, 3, 1]);
    assert.deepEqual(seen, ["0", "1", "2", "3", "4", "5", "6"]);
  });
});

describe("a deleted table's stream", () => {
  it("can be read to its end", async () => {
    const { TableName, StreamArn, put } = await makeTable("deleted");
    await put("a", 1);
    const { at } = await only(StreamArn);
    const open = await iterator({ ...at, ShardIteratorType: "LATEST" });
    await put("a", 2);
    await client.send(new DeleteTableCommand({ TableName }));
    const last = await drain(open);
    assert.equal(last.records.length, 1);
    assert.equal(last.next, undefined);
    const { records } = await only(StreamArn);
    assert.equal(records.length, 2);
    const description = await describeStream(StreamArn);
    assert.equal(description?.StreamStatus, "DISABLED");
    assert.equal(description.TableName, TableName);
    for (const { SequenceNumberRange } of description.Shards ?? [])
      assert.match(SequenceNumberRange?.EndingSequenceNumber ?? "", /^\d{21}/);
    const again = await makeTable(TableName);
    assert.notEqual(again.StreamArn, StreamArn);
    await again.put("a", 3);
    assert.equal((await only(StreamArn)).records.length, 2);
    assert.equal((await only(again.StreamArn)).records.length, 1);
    const { Streams } = await streams.send(
      new ListStreamsCommand({ TableName }),
    );
    assert.deepEqual(
      Streams?.map((stream) => stream.StreamArn),
      [StreamArn, again.StreamArn],
    );
    await suite.kill("kv");
    await suite.start("kv");
    assert.equal((await only(StreamArn)).records.length, 2);
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName }),
    );
    assert.equal(Table?.LatestStreamArn, again.StreamArn);
  });
});

describe("a stream that is turned off", () => {
  it("can be read, and its successor is another", async () => {
    const { TableName, StreamArn, put } = await makeTable("turned");
    const turn = (StreamSpecification: StreamSpecification) =>
      client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
    await put("a", 1);
    await turn({ StreamEnabled: false });
    await put("a", 2);
    assert.equal((await describeStream(StreamArn))?.StreamStatus, "DISABLED");
    assert.equal((await only(StreamArn)).records.length, 1);
    await turn({ StreamEnabled: true, StreamViewType: "OLD_IMAGE" });
    await put("a", 3);
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName }),
    );
    const again = Table?.LatestStreamArn ?? "";
    assert.notEqual(again, StreamArn);
    const { records } = await only(again);
    assert.deepEqual(
      records.map(({ dynamodb }) => dynamodb?.OldImage?.["n"]?.N),
      ["2"],
    );
    assert.equal((await only(StreamArn)).records.length, 1);
  });
});

describe("ListStreams", () => {
  it("lists all, page by page", async () => {
    const names = ["page", "page-1", "page.2", "pageA"];
    for (const name of names) await makeTable(name);
    const all = await streams.send(new ListStreamsCommand());
    const found: string[] = [];
    for (let start: string | undefined, more = true; more;) {
      const { Streams = [], LastEvaluatedStreamArn } = await streams.send(
        new ListStreamsCommand({
          Limit: 2,
          ...(start ? { ExclusiveStartStreamArn: start } : {}),
        }),
      );
      assert.ok(Streams.length <= 2);
      found.push(...Streams.map(({ StreamArn }) => StreamArn ?? ""));
      start = LastEvaluatedStreamArn;
      more = start !== undefined;
    }
    assert.deepEqual(
      found,
      all.Streams?.map(({ StreamArn }) => StreamArn),
    );
    assert.equal(new Set(found).size, found.length);
    for (const name of names)
      assert.equal(
        all.Streams?.filter(({ TableName }) => TableName === name).length,
        1,
      );
  });

  it("of a table that has none is empty, of one that is not there refused", async () => {
    await client.send(
      new CreateTableCommand({
        TableName: "still",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    const list = (TableName: string) =>
      streams.send(new ListStreamsCommand({ TableName }));
    assert.deepEqual((await list("still")).Streams, []);
    await refuses(
      list("no-such-table"),
      "ResourceNotFoundException",
      /^Requested resource not found: Table: no-such-table not found$/,
    );
  });
});

describe("what is wrong is said", () => {
  it("in a request's form", async () => {
    for (const [operation, message, words] of [
      [
        "GetShardIterator",
        { ShardIteratorType: "NOW", SequenceNumber: "1" },
        /^4 validation errors detected: Value null at 'streamArn' failed to satisfy constraint: Member must not be null; Value null at 'shardId' .*; Value 'NOW' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: \[.*\]; Value '1' at 'sequenceNumber' failed to satisfy constraint: Member must have length greater than or equal to 21$/,
      ],
      [
        "GetRecords",
        {},
        /^1 validation error detected: Value null at 'shardIterator' failed/,
      ],
      [
        "GetRecords",
        { ShardIterator: "x", Limit: 1001 },
        /^1 validation error detected: Value '1001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 1000$/,
      ],
      ["GetRecords", { ShardIterator: "x" }, /^Invalid ShardIterator$/],
      [
        "DescribeStream",
        { StreamArn: "short" },
        /Value 'short' at 'streamArn' .* greater than or equal to 37$/,
      ],
      ["DescribeStream", { StreamArn: "x".repeat(40) }, /^Invalid StreamArn/],
      [
        "ListStreams",
        { Limit: 0 },
        /Value '0' at 'limit' .* greater than or equal to 1$/,
      ],
      [
        "ListStreams",
        { TableName: "a" },
        /Value 'a' at 'tableName' .* greater than or equal to 3$/,
      ],
    ] as const) {
      const { status, json } = await ask(suite, "", message, {
        headers: { "x-amz-target": `DynamoDBStreams_20120810.${operation}` },
      });
      assert.equal(status, 400);
      assert.equal(
        json["__type"],
        "com.amazon.coral.validate#ValidationException",
      );
      assert.match(String(json["message"]), words);
    }
  });

  it("of what is not there", async () => {
    const { StreamArn } = await makeTable("there");
    const [ShardId] = await shardsOf(StreamArn);
    const gone = StreamArn.replace("there", "elsewhere");
    const missing = new RegExp(
      `^Requested resource not found: Stream: ${gone} not found$`,
    );
    await refuses(
      describeStream(gone),
      ResourceNotFoundException.name,
      missing,
    );
    await refuses(
      iterator({ StreamArn: gone, ShardId, ShardIteratorType: "LATEST" }),
      ResourceNotFoundException.name,
      missing,
    );
    await refuses(
      iterator({
        StreamArn,
        ShardId: ShardId?.replace(/\d$/, "x"),
        ShardIteratorType: "LATEST",
      }),
      ResourceNotFoundException.name,
      /^Requested resource not found: Shard: shardId-.* not found$/,
    );
    await refuses(
      iterator({ StreamArn, ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER" }),
      "ValidationException",
      /^SequenceNumber must be specified/,
    );
    await refuses(
      iterator({
        StreamArn,
        ShardId,
        ShardIteratorType: "AFTER_SEQUENCE_NUMBER",
        SequenceNumber: "9".repeat(30),
      }),
      "ValidationException",
      /^Invalid SequenceNumber/,
    );
  });

  it("of what is too old", { skip: cannotWait }, async () => {
    const { StreamArn, put } = await makeTable("old");
    await put("a", 1);
    const { at, records } = await only(StreamArn);
    const SequenceNumber = records[0]?.dynamodb?.SequenceNumber;
    const early = await iterator({ ...at, ShardIteratorType: "TRIM_HORIZON" });
    await wait(24);
    await refuses(
      drain(early),
      ExpiredIteratorException.name,
      /exceeds the maximum age/,
    );
    await refuses(
      iterator({
        ...at,
        ShardIteratorType: "AT_SEQUENCE_NUMBER",
        SequenceNumber,
      }),
      TrimmedDataAccessException.name,
      /^The data you are trying to access has been trimmed$/,
    );
    assert.deepEqual(await everything(StreamArn), []);
  });

  it("of what ended a day ago", { skip: cannotWait }, async () => {
    const { TableName, StreamArn } = await makeTable("ended");
    await client.send(new DeleteTableCommand({ TableName }));
    await wait(48);
    await refuses(
      describeStream(StreamArn),
      ResourceNotFoundException.name,
      /not found$/,
    );
    const listed = async () =>
      (await streams.send(new ListStreamsCommand())).Streams?.filter(
        (stream) => stream.TableName === TableName,
      );
    assert.deepEqual(await listed(), []);
    // the next one that ends takes it away
    await makeTable("next");
    await client.send(new DeleteTableCommand({ TableName: "next" }));
    assert.deepEqual(await listed(), []);
    assert.equal((await makeTable(TableName)).TableName, TableName);
    assert.equal((await listed())?.length, 1);
  });
});
