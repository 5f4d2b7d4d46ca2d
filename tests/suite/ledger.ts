// The ledger against a count of our own: units of every request that was made,
// by DynamoDB's published rules, in halves. What was answered is counted
// exactly; what was under way when its daemon was killed counts nothing or once
// if it read, and exactly once if it wrote and its effect is there.
import { Code, ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { randomInt, randomUUID } from "node:crypto";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Matches } from "../gen/parlor/game/v1/matches_pb.js";
import { item, type Plain } from "../harness/items.ts";
import { refuses } from "../harness/refusal.ts";
import { adminKv, client, startSuite } from "../harness/suite.ts";
import { newUser } from "../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());

const tableName = "billed";
const index = `${tableName}/index/top`;
const kv = adminKv(suite);

await kv.createTable({
  tableName,
  attributeDefinitions: [
    { attributeName: "pk", attributeType: "S" },
    { attributeName: "board", attributeType: "S" },
    { attributeName: "score", attributeType: "N" },
  ],
  keySchema: [{ attributeName: "pk", keyType: "HASH" }],
  globalSecondaryIndexes: [
    {
      indexName: "top",
      keySchema: [
        { attributeName: "board", keyType: "HASH" },
        { attributeName: "score", keyType: "RANGE" },
      ],
      projection: { projectionType: "ALL" },
    },
  ],
  billingMode: "PAY_PER_REQUEST",
});

// ---- the count ---------------------------------------------------------------

interface Item {
  readonly [name: string]: Plain;
  readonly pk: string;
}

const expected = new Map<string, number>();

function count(
  operation: string,
  resource: string,
  unit: "Read" | "Write",
  halves: number,
): void {
  if (halves === 0) return;
  const key = `${operation} ${resource} ${unit}RequestUnits`;
  expected.set(key, (expected.get(key) ?? 0) + halves);
}

/** Bytes of a whole number below 10^38. */
function numberSize(value: number): number {
  const digits = String(Math.abs(value)).replace(/0+$/, "").length;
  return 1 + Math.ceil(digits / 2) + (value < 0 ? 1 : 0);
}

const sizeOf = (it: Item | undefined): number =>
  Object.entries(it ?? {}).reduce(
    (sum, [name, value]) =>
      sum +
      name.length +
      (typeof value === "number" ? numberSize(value) : String(value).length),
    0,
  );

const written = (bytes: number) => 2 * Math.max(1, Math.ceil(bytes / 1024));
const readOf = (bytes: number, consistent: boolean) =>
  (consistent ? 2 : 1) * Math.max(1, Math.ceil(bytes / 4096));

function countWrite(
  operation: string,
  before: Item | undefined,
  now: Item | undefined,
  times = 1,
): void {
  const row = (it: Item | undefined) =>
    it && it["board"] !== undefined && it["score"] !== undefined
      ? `${String(it["board"])} ${String(it["score"])}`
      : undefined;
  const [was, is] = [row(before), row(now)];
  const larger = Math.max(sizeOf(before), sizeOf(now));

  count(operation, tableName, "Write", times * written(larger));
  if (was !== undefined && is !== undefined && was !== is)
    count(
      operation,
      index,
      "Write",
      written(sizeOf(before)) + written(sizeOf(now)),
    );
  else if (was !== is || JSON.stringify(before) !== JSON.stringify(now))
    if (was !== undefined || is !== undefined)
      count(
        operation,
        index,
        "Write",
        written(
          Math.max(
            was === undefined ? 0 : sizeOf(before),
            is === undefined ? 0 : sizeOf(now),
          ),
        ),
      );
}

/** The ledger's rows of the administrator and this table. */
async function billed(): Promise<Map<string, number>> {
  const rows = new Map<string, number>();
  let nextToken = "";
  do {
    const page = await kv.getUsage({
      principal: `admin:${suite.admin.accessKeyId}`,
      limit: 7,
      ...(nextToken ? { nextToken } : {}),
    });
    for (const { key, quantity } of page.rows) {
      if (!key?.resource.startsWith(tableName)) continue;
      const name = `${key.operation} ${key.resource} ${key.unit}`;
      rows.set(name, (rows.get(name) ?? 0) + Number(quantity));
    }
    nextToken = page.nextToken;
  } while (nextToken);
  return rows;
}

const sorted = (rows: Map<string, number>) => [...rows].sort();

/** What is counted in a spool comes within a second or two. */
async function reconcile(
  same: (rows: Map<string, number>) => boolean = (rows) =>
    JSON.stringify(sorted(rows)) === JSON.stringify(sorted(expected)),
): Promise<Map<string, number>> {
  for (let tries = 0; ; tries++) {
    const rows = await billed();
    if (same(rows)) return rows;
    if (tries === 40) {
      assert.deepEqual(sorted(rows), sorted(expected));
      assert.fail("the ledger differs");
    }
    await sleep(200);
  }
}

// ---- what was answered ---------------------------------------------------------

const there = new Map<string, Item>();
const some = <T>(of: readonly T[]): T => of[randomInt(of.length)] as T;

function someItem(pk = `p${randomInt(12)}`): Item {
  const size = some([0, 1, 900, 1100, 4000, 9000]);
  const plain = { pk, text: "x".repeat(size + 1) };
  return randomInt(3) ? { ...plain, board: "b", score: randomInt(3) } : plain;
}

const operations: (() => Promise<void>)[] = [
  async function put() {
    const now = someItem();
    await kv.putItem({ tableName, item: item(now) });
    countWrite("PutItem", there.get(now.pk), now);
    there.set(now.pk, now);
  },
  async function putRefused() {
    const now = someItem();
    const before = there.get(now.pk);
    if (!before) return;
    await refuses(
      kv.putItem({
        tableName,
        item: item(now),
        conditionExpression: "attribute_not_exists(pk)",
      }),
      "ConditionalCheckFailedException",
    );
    count(
      "PutItem",
      tableName,
      "Write",
      written(Math.max(sizeOf(before), sizeOf(now))),
    );
  },
  async function remove() {
    const pk = `p${randomInt(12)}`;
    await kv.deleteItem({ tableName, key: item({ pk }) });
    countWrite("DeleteItem", there.get(pk), undefined);
    there.delete(pk);
  },
  async function update() {
    const pk = `p${randomInt(12)}`;
    const score = randomInt(3);
    const before = there.get(pk);
    const now: Item = { ...(before ?? {}), pk, board: "b", score };
    await kv.updateItem({
      tableName,
      key: item({ pk }),
      updateExpression: "SET board = :b, score = :s",
      expressionAttributeValues: item({ ":b": "b", ":s": score }),
    });
    const same =
      before?.["board"] === now["board"] && before?.["score"] === now["score"];
    countWrite("UpdateItem", before, same ? before : now);
    there.set(pk, now);
  },
  async function get() {
    const pk = `p${randomInt(14)}`;
    const consistentRead = randomInt(2) === 0;
    await kv.getItem({ tableName, key: item({ pk }), consistentRead });
    const halves = readOf(sizeOf(there.get(pk)), consistentRead);
    count("GetItem", tableName, "Read", halves);
  },
  async function batchGet() {
    const keys = [...there.keys()].slice(0, 5);
    if (keys.length === 0) return;
    await kv.batchGetItem({
      requestItems: { [tableName]: { keys: keys.map((pk) => item({ pk })) } },
    });
    for (const pk of keys)
      count(
        "BatchGetItem",
        tableName,
        "Read",
        readOf(sizeOf(there.get(pk)), false),
      );
  },
  async function query() {
    const consistentRead = randomInt(2) === 0;
    const pk = `p${randomInt(12)}`;
    await kv.query({
      tableName,
      keyConditionExpression: "pk = :p",
      expressionAttributeValues: item({ ":p": pk }),
      consistentRead,
    });
    const halves = readOf(sizeOf(there.get(pk)), consistentRead);
    count("Query", tableName, "Read", halves);
  },
  async function queryIndex() {
    await kv.query({
      tableName,
      indexName: "top",
      keyConditionExpression: "board = :b",
      expressionAttributeValues: item({ ":b": "b" }),
    });
    const sum = [...there.values()]
      .filter((it) => it["board"] === "b")
      .reduce((bytes, it) => bytes + sizeOf(it), 0);
    count("Query", index, "Read", readOf(sum, false));
  },
  async function scan() {
    await kv.scan({ tableName });
    const sum = [...there.values()].reduce((n, it) => n + sizeOf(it), 0);
    count("Scan", tableName, "Read", readOf(sum, false));
  },
  async function transact() {
    const first = someItem("p0");
    const second = someItem("p1");
    await kv.transactWriteItems({
      transactItems: [first, second].map((it) => ({
        put: { tableName, item: item(it) },
      })),
    });
    for (const now of [first, second]) {
      countWrite("TransactWriteItems", there.get(now.pk), now, 2);
      there.set(now.pk, now);
    }
  },
];

it("counts what was answered exactly", async () => {
  for (let i = 0; i < 400; i++) await some(operations)();
  await reconcile();
});

it("counts it once, over many restarts", async () => {
  for (let i = 0; i < 5; i++) {
    for (let j = 0; j < 20; j++) await some(operations)();
    await suite.kill("kv");
    await suite.start("kv");
  }
  await reconcile();
});

// ---- what was under way ----------------------------------------------------------

/** True when it was answered, false when the connection ended before that. */
async function answered(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch (thrown) {
    const { code, message } = ConnectError.from(thrown);
    assert.ok(
      [Code.Unknown, Code.Unavailable, Code.Internal].includes(code),
      message,
    );
    return false;
  }
}

it("counts a write whose effect is there, a read at most once", async () => {
  let unanswered = 0;

  for (let round = 0; round < 12; round++) {
    const names = Array.from({ length: 8 }, (_, i) => `kill${round}-${i}`);
    const writes = names.map((pk) =>
      answered(kv.putItem({ tableName, item: item({ pk }) })),
    );
    const reads = names.map((pk) =>
      answered(
        kv.getItem({ tableName, key: item({ pk }), consistentRead: true }),
      ),
    );

    await sleep(randomInt(15));
    await suite.kill("kv");
    const wrote = await Promise.all(writes);
    const read = await Promise.all(reads);
    await suite.start("kv");
    for (const [i, pk] of names.entries()) {
      const { item: found } = await kv.getItem({
        tableName,
        key: item({ pk }),
        consistentRead: true,
      });
      count("GetItem", tableName, "Read", 2);
      assert.ok(found || !wrote[i], `${pk} was acknowledged`);
      if (found) countWrite("PutItem", undefined, { pk });
    }
    count("GetItem", tableName, "Read", 2 * read.filter(Boolean).length);
    unanswered += read.filter((was) => !was).length;
  }
  const reads = `GetItem ${tableName} ReadRequestUnits`;
  const least = expected.get(reads) ?? 0;
  const rows = await reconcile((rows) => {
    const units = rows.get(reads) ?? 0;
    if (units < least || units > least + 2 * unanswered) return false;
    expected.set(reads, units);
    return JSON.stringify(sorted(rows)) === JSON.stringify(sorted(expected));
  });
  assert.equal((rows.get(reads) ?? 0) % 2, least % 2);
});

// ---- the other daemons -----------------------------------------------------------

/** The sum of a unit that a player's calls of an operation came to. */
async function sumOf(user: string, operation: string, unit: string) {
  const { rows } = await kv.getUsage({ operation, unit });
  return rows
    .filter(({ key }) => key?.principal === user || key?.user === user)
    .reduce((sum, { quantity }) => sum + Number(quantity), 0);
}

it("counts calls and invocations while their daemons are killed", async () => {
  const { sub, accessToken } = await newUser(suite);
  const player = client(Matches, suite.url.gateway, accessToken);
  const made = { answered: 0, unanswered: 0 };

  for (let round = 0; round < 8; round++) {
    const victim = round % 2 ? "gateway" : "game";
    const calls = Array.from({ length: 6 }, () =>
      answered(
        player.createMatch({ game: "connect-four", requestId: randomUUID() }),
      ),
    );

    await sleep(5 + randomInt(20));
    await suite.kill(victim);
    for (const was of await Promise.all(calls))
      made[was ? "answered" : "unanswered"]++;
    await suite.start(victim);
  }
  for (const unit of ["Calls", "Invocations"])
    for (let tries = 0; ; tries++) {
      const sum = await sumOf(`user:${sub}`, "CreateMatch", unit);
      const most = made.answered + made.unanswered;
      if (sum >= made.answered && sum <= most) break;
      if (tries === 40)
        assert.fail(`${unit}: ${sum}, not ${made.answered} to ${most}`);
      await sleep(200);
    }
});
