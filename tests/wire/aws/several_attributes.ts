// Global indexes whose keys have several attributes, through the unmodified SDK.
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBServiceException,
  ExecuteStatementCommand,
  paginateQuery,
  UpdateItemCommand,
  UpdateTableCommand,
  type GlobalSecondaryIndex,
  type KeyType,
  type QueryCommandInput,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { startAws, throwsClass } from "../../harness/aws.ts";

const { suite, client } = await startAws();
const TableName = "matches";

const elements = (KeyType: KeyType, names: readonly string[]) =>
  names.map((AttributeName) => ({ AttributeName, KeyType }));
const index = (
  IndexName: string,
  hash: readonly string[],
  range: readonly string[],
): GlobalSecondaryIndex => ({
  IndexName,
  KeySchema: [...elements("HASH", hash), ...elements("RANGE", range)],
  Projection: { ProjectionType: "KEYS_ONLY" },
});
const byRound = index("by-round", ["cup", "area"], ["round", "group", "id"]);
const byPlayer = index(
  "by-player",
  ["player", "cup", "area", "season"],
  ["round", "group", "score", "id"],
);
const types = {
  id: "S",
  cup: "S",
  area: "N",
  round: "S",
  group: "N",
  player: "S",
  season: "N",
  score: "B",
} as const;
const define = (names: readonly (keyof typeof types)[]) =>
  names.map((AttributeName) => ({
    AttributeName,
    AttributeType: types[AttributeName],
  }));

const match = (id: number) => ({
  id: { S: `m${String(id).padStart(2, "0")}` },
  cup: { S: "winter" },
  area: { N: String(id % 2) },
  round: { S: id < 20 ? "final" : "finals" },
  group: { N: String((id % 10) - 5) },
  player: { S: `p${String(id % 3)}` },
  season: { N: "2026" },
  score: { B: Uint8Array.of(id % 4, 0) },
});

before(async () => {
  await client.send(
    new CreateTableCommand({
      TableName,
      AttributeDefinitions: define(["id", "cup", "area", "round", "group"]),
      KeySchema: elements("HASH", ["id"]),
      GlobalSecondaryIndexes: [byRound],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  for (const from of [0, 20])
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: {
          [TableName]: Array.from({ length: 20 }, (_, i) => ({
            PutRequest: { Item: match(from + i) },
          })),
        },
      }),
    );
});

/** All pages of a few items: their ids. */
async function ids(input: Omit<QueryCommandInput, "TableName">) {
  const found: (string | undefined)[] = [];
  for await (const { Items = [] } of paginateQuery(
    { client, pageSize: 3 },
    { TableName, ...input },
  ))
    found.push(...Items.map(({ id }) => id?.S));
  return found;
}

const wanted = (holds: (id: number) => boolean) =>
  Array.from({ length: 40 }, (_, id) => id)
    .filter(holds)
    .sort(
      (a, b) =>
        Number(a >= 20) - Number(b >= 20) || (a % 10) - (b % 10) || a - b,
    )
    .map((id) => match(id).id.S);

const inArea = {
  IndexName: "by-round",
  KeyConditionExpression: "cup = :c AND area = :a",
  ExpressionAttributeValues: { ":c": { S: "winter" }, ":a": { N: "1" } },
};

describe("an index with several key attributes", () => {
  it("is described as it was made", async () => {
    const { Table } = await client.send(
      new DescribeTableCommand({ TableName }),
    );
    assert.deepEqual(
      Table?.GlobalSecondaryIndexes?.map(({ KeySchema }) => KeySchema),
      [byRound.KeySchema],
    );
  });
  it("is read page by page in the order of its attributes", async () => {
    const all = wanted((id) => id % 2 === 1);
    assert.deepEqual(await ids(inArea), all);
    assert.deepEqual(
      await ids({ ...inArea, ScanIndexForward: false }),
      all.toReversed(),
    );
  });
  it("takes conditions from left to right", async () => {
    const asked = (more: string, values: object) =>
      ids({
        ...inArea,
        KeyConditionExpression: `${inArea.KeyConditionExpression} AND ${more}`,
        ...(more.includes("#g") && {
          ExpressionAttributeNames: { "#g": "group" },
        }),
        ExpressionAttributeValues: {
          ...inArea.ExpressionAttributeValues,
          ...values,
        },
      });
    const final = { ":r": { S: "final" } };
    assert.deepEqual(
      await asked("round = :r", final),
      wanted((id) => id % 2 === 1 && id < 20),
    );
    assert.deepEqual(
      await asked("begins_with(round, :r)", final),
      wanted((id) => id % 2 === 1),
    );
    assert.deepEqual(
      await asked("round = :r AND #g BETWEEN :l AND :h", {
        ...final,
        ":l": { N: "-3" },
        ":h": { N: "2" },
      }),
      wanted((id) => id % 2 === 1 && id < 20 && id % 10 > 1 && id % 10 < 8),
    );
    await throwsClass(
      asked("#g = :g", { ":g": { N: "1" } }),
      DynamoDBServiceException,
      /^Query condition missed key schema element: round$/,
    );
    await throwsClass(
      asked("round > :r AND #g = :g", { ...final, ":g": { N: "1" } }),
      DynamoDBServiceException,
      /^Query key condition not supported$/,
    );
  });
  it("needs all attributes that it is partitioned by", async () => {
    await throwsClass(
      ids({
        ...inArea,
        KeyConditionExpression: "cup = :c",
        ExpressionAttributeValues: { ":c": { S: "winter" } },
      }),
      DynamoDBServiceException,
      /^Query condition missed key schema element: area$/,
    );
  });
  it("is read by statements", async () => {
    const { Items } = await client.send(
      new ExecuteStatementCommand({
        Statement: `SELECT id FROM "${TableName}"."by-round" WHERE cup = ? AND area = ? AND round = ? AND "group" > ?`,
        Parameters: [{ S: "winter" }, { N: "1" }, { S: "final" }, { N: "2" }],
      }),
    );
    assert.deepEqual(
      Items?.map(({ id }) => id?.S),
      wanted((id) => id % 2 === 1 && id < 20 && id % 10 > 7),
    );
  });
  it("is made of what is there, and kept over a restart", async () => {
    await client.send(
      new UpdateTableCommand({
        TableName,
        AttributeDefinitions: define(["player", "season", "score"]),
        GlobalSecondaryIndexUpdates: [{ Create: byPlayer }],
      }),
    );
    await suite.kill("kv");
    await suite.start("kv");
    for (;;) {
      const { Table } = await client.send(
        new DescribeTableCommand({ TableName }),
      );
      const made = Table?.GlobalSecondaryIndexes?.find(
        ({ IndexName }) => IndexName === "by-player",
      );
      assert.deepEqual(made?.KeySchema, byPlayer.KeySchema);
      if (made?.IndexStatus === "ACTIVE") break;
    }
    const asked = {
      IndexName: "by-player",
      KeyConditionExpression:
        "player = :p AND cup = :c AND area = :a AND season = :s AND round = :r AND #g = :g AND score < :h",
      ExpressionAttributeNames: { "#g": "group" },
      ExpressionAttributeValues: {
        ":p": { S: "p1" },
        ":c": { S: "winter" },
        ":a": { N: "1" },
        ":s": { N: "2026" },
        ":r": { S: "final" },
        ":g": { N: "2" },
        ":h": { B: Uint8Array.of(3, 0) },
      },
    };
    assert.deepEqual(await ids(asked), []);
    asked.ExpressionAttributeValues[":h"].B = Uint8Array.of(3, 0, 0);
    assert.deepEqual(await ids(asked), ["m07"]);
    await client.send(
      new UpdateItemCommand({
        TableName,
        Key: { id: { S: "m07" } },
        UpdateExpression: "REMOVE season",
      }),
    );
    assert.deepEqual(await ids(asked), []);
    assert.equal((await ids(inArea)).includes("m07"), true);
  });
  it("has four attributes of each kind at most, in order, each once", async () => {
    const makes = (KeySchema: GlobalSecondaryIndex["KeySchema"]) =>
      client.send(
        new CreateTableCommand({
          TableName: "other",
          AttributeDefinitions: define(
            Object.keys(types) as (keyof typeof types)[],
          ),
          KeySchema: elements("HASH", ["id"]),
          GlobalSecondaryIndexes: [{ ...byRound, KeySchema }],
          BillingMode: "PAY_PER_REQUEST",
        }),
      );
    const five = ["cup", "area", "round", "group", "player"];
    for (const [schema, words] of [
      [
        elements("HASH", five),
        /^The KeySchema exceeds the maximum allowed number of HASH key attributes$/,
      ],
      [
        [...elements("HASH", ["season"]), ...elements("RANGE", five)],
        /^The KeySchema exceeds the maximum allowed number of RANGE key attributes$/,
      ],
      [
        [
          ...elements("HASH", ["cup"]),
          ...elements("RANGE", ["area"]),
          ...elements("HASH", ["round"]),
        ],
        /^All HASH key attributes must precede RANGE key attributes in the KeySchema$/,
      ],
      [
        [...elements("HASH", ["cup", "area"]), ...elements("RANGE", ["cup"])],
        /^The KeySchema contains multiple key attributes with the same name$/,
      ],
    ] as const)
      assert.equal(
        (await throwsClass(makes([...schema]), DynamoDBServiceException, words))
          .name,
        "ValidationException",
      );
  });
});
