// The ledger against what happened: to the last unit over SIGKILL, storage
// while time goes by, old rows, and the bill.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  KeyValue,
  type BillLine,
  type UsageRow,
} from "../../gen/parlor/kv/v1/kv_pb.js";
import { item } from "../../harness/items.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { person } from "../../harness/person.ts";
import { root } from "../../harness/process.ts";
import { refuses } from "../../harness/refusal.ts";
import { signingFetch } from "../../harness/sigv4.ts";
import { client, startSuite } from "../../harness/suite.ts";

const suite = await startSuite(["kv"]);
after(() => suite.stop());
const hour = 3_600_000;
const tableName = "tests";

let offset = 0;
const now = () => Date.now() + offset;
const kv = client(KeyValue, suite.url.kv, undefined, {
  fetch: signingFetch(
    suite.admin,
    suite.region,
    "dynamodb",
    () => new Date(now()),
  ),
});

/** The store is killed and goes on so many hours after the beginning. */
async function wait(hours: number): Promise<void> {
  offset = hours * hour;
  await suite.kill("kv");
  await suite.start("kv", hours ? later(`+${hours}h`) : {});
}

/** All rows that are asked for, page by page. */
async function usage(more: object = {}): Promise<UsageRow[]> {
  const rows: UsageRow[] = [];
  let nextToken = "";
  do {
    const answer = await kv.getUsage({
      ...more,
      ...(nextToken ? { nextToken } : {}),
    });
    rows.push(...answer.rows);
    nextToken = answer.nextToken;
  } while (nextToken);
  return rows;
}

const sum = (rows: UsageRow[]) =>
  rows.reduce((total, { quantity }) => total + quantity, 0n);
const storage = (resource: string) =>
  usage({ resource, operation: "Storage", unit: "ByteHours" });

async function sizes() {
  const { table } = await kv.describeTable({ tableName });
  assert.ok(table);
  return {
    table: Number(table.tableSizeBytes),
    index: Number(table.globalSecondaryIndexes[0]?.indexSizeBytes),
  };
}

await kv.createTable({
  tableName,
  attributeDefinitions: [
    { attributeName: "pk", attributeType: "S" },
    { attributeName: "n", attributeType: "N" },
  ],
  keySchema: [{ attributeName: "pk", keyType: "HASH" }],
  globalSecondaryIndexes: [
    {
      indexName: "by-n",
      keySchema: [{ attributeName: "n", keyType: "HASH" }],
      projection: { projectionType: "KEYS_ONLY" },
    },
  ],
  billingMode: "PAY_PER_REQUEST",
});

describe("units", () => {
  it("are those of what was written, over SIGKILL", async () => {
    const size = 40;
    let made = 0;
    for (let round = 0; round < 3; round++) {
      const writes = Array.from({ length: size }, (_, i) =>
        kv
          .putItem({
            tableName,
            item: item({ pk: `kill#${round}#${i}`, a: "x".repeat(2000) }),
          })
          .then(
            () => made++,
            () => undefined,
          ),
      );
      await Promise.race(writes);
      await wait(0);
      await Promise.all(writes);
    }
    const { items } = await kv.scan({ tableName, projectionExpression: "pk" });
    // each item is there once, and each cost two units, answered or not
    assert.ok(items.length >= made && made > 0, `${made} of ${items.length}`);
    const rows = await usage({ resource: tableName, operation: "PutItem" });
    assert.equal(sum(rows), BigInt(items.length * 2 * 2));
  });
});

describe("storage", { skip: cannotWait }, () => {
  it("is counted as DynamoDB counts items", async () => {
    const before = await sizes();
    await kv.putItem({
      tableName,
      item: item({ pk: "counted", n: 12, text: "x".repeat(100) }),
    });
    const grown = await sizes();
    assert.equal(grown.table - before.table, 2 + 7 + (1 + 2) + 4 + 100);
    assert.equal(grown.index - before.index, 2 + 7 + (1 + 2));
  });
  it("goes on while nothing happens, an hour a row", async () => {
    const { table, index } = await sizes();
    const begin = Math.floor(now() / hour);
    await wait(3);
    for (const [resource, bytes] of [
      [tableName, table],
      [`${tableName}/index/by-n`, index],
    ] as const) {
      const whole = (await storage(resource)).filter(
        ({ key }) => Number(key?.hour) > begin && Number(key?.hour) < begin + 3,
      );
      assert.equal(whole.length, 2);
      for (const { quantity, key } of whole) {
        assert.equal(quantity, BigInt(bytes) * 3600n);
        assert.equal(key?.principal, "");
      }
    }
  });
  it("adds nothing when it is read again, or the store killed", async () => {
    const past = async () => {
      const rows = await storage(tableName);
      const present = BigInt(Math.floor(now() / hour));
      return sum(rows.filter(({ key }) => (key?.hour ?? 0n) < present));
    };
    const before = await past();
    assert.equal(await past(), before);
    await wait(3);
    assert.equal(await past(), before);
  });
  it("falls with the second of a deletion", async () => {
    const { table } = await sizes();
    await kv.deleteItem({ tableName, key: item({ pk: "counted" }) });
    const left = (await sizes()).table;
    const changed = Math.floor(now() / hour);
    await wait(6);
    const rows = (await storage(tableName)).filter(
      ({ key }) => Number(key?.hour) >= changed,
    );
    const [turn, ...whole] = rows;
    assert.ok(turn && turn.quantity < BigInt(table) * 3600n);
    assert.ok(turn.quantity >= BigInt(left) * 3600n);
    for (const { quantity } of whole.slice(0, 2))
      assert.equal(quantity, BigInt(left) * 3600n);
  });
});

// ---- the bill --------------------------------------------------------------

const places = 10n ** 12n;
const decimal = (text: string) => {
  const [whole = "0", fraction = ""] = text.split(".");
  return BigInt(whole) * places + BigInt(fraction.padEnd(12, "0"));
};

/** What the example's sheet says: a price, and the quantity it is for. */
const prices: Record<string, [string, (monthHours: bigint) => bigint]> = {
  ReadRequestUnits: ["0.125", () => 2_000_000n],
  WriteRequestUnits: ["0.625", () => 2_000_000n],
  ByteHours: ["0.25", (monthHours) => 3600n * 2n ** 30n * monthHours],
};

function amountOf({ month, unit, quantity }: BillLine): bigint {
  const [price, per] = prices[unit] ?? assert.fail(unit);
  const from = new Date(`${month}-01T00:00:00Z`);
  const to = new Date(from);
  to.setUTCMonth(to.getUTCMonth() + 1);
  const divisor = per(BigInt((Number(to) - Number(from)) / hour));
  return (decimal(price) * quantity + divisor / 2n) / divisor;
}

const groupBy = ["RESOURCE", "OPERATION", "PRINCIPAL"];

describe("the bill", () => {
  it("is the ledger times the sheet, to the last place", async () => {
    await kv.getItem({ tableName, key: item({ pk: "none" }) });
    await sleep(2500); // the read comes from the spool
    const rows = await usage();
    const { lines, total, currency } = await kv.getBill({ groupBy });
    assert.equal(currency, "USD");
    const units = new Set(rows.map(({ key }) => key?.unit));
    assert.deepEqual(new Set(lines.map(({ unit }) => unit)), units);
    for (const unit of ["ReadRequestUnits", "WriteRequestUnits"])
      assert.equal(
        lines
          .filter((line) => line.unit === unit)
          .reduce((all, { quantity }) => all + quantity, 0n),
        sum(rows.filter(({ key }) => key?.unit === unit)),
      );
    for (const line of lines)
      assert.equal(decimal(line.amount), amountOf(line), line.unit);
    assert.equal(
      decimal(total),
      lines.reduce((all, { amount }) => all + decimal(amount), 0n),
    );
  });
  it("has a line for each group, and no other names", async () => {
    const { lines } = await kv.getBill({ unit: "WriteRequestUnits" });
    assert.deepEqual(
      lines.map(({ resource, operation, principal }) => [
        resource,
        operation,
        principal,
      ]),
      [
        [tableName, "", ""],
        [`${tableName}/index/by-n`, "", ""],
      ],
    );
  });
  it("refuses groups there are none of", async () => {
    await refuses(
      kv.getBill({ groupBy: ["TABLE"] }),
      "ValidationException",
      /groupBy.*\[RESOURCE, PRINCIPAL, OPERATION, USER, COST_TAG\]/,
    );
  });
  it("is read from the sheet as it is", async () => {
    const sheet = await readFile(join(root, "services/kv/prices.yaml"), "utf8");
    const { asOf } = await kv.getBill({});
    assert.ok(sheet.includes(asOf));
  });
  it("is printed", async () => {
    await wait(0); // the command signs with its own time
    const admin = await person(suite, "admin");
    const { stdout: printed } = await admin.parlor(["kv", "bill"]);
    assert.match(printed, /WriteRequestUnits +0\.625 per 1000000 +tests\n/);
    assert.match(printed, /in all/);
  });
});

// ---- old rows --------------------------------------------------------------

describe("what is old", { skip: cannotWait }, () => {
  /** Sums of all that can't grow any more, and how long its rows are. */
  async function old(until: bigint) {
    // without what the daemon itself looks up, whose count may come late
    const rows = (await usage()).filter(
      ({ key }) =>
        key && key.hour < until && key.resource.startsWith(tableName),
    );
    const sums = new Map<string, bigint>();
    for (const { key, quantity } of rows) {
      const name = [key?.resource, key?.operation, key?.unit].join(" ");
      sums.set(name, (sums.get(name) ?? 0n) + quantity);
    }
    return { sums, hours: new Set(rows.map(({ hours }) => hours)) };
  }
  async function settles(until: bigint, hours: bigint[]) {
    for (let tries = 0; ; tries++) {
      const now = await old(until);
      if (tries === 100 || hours.every((one) => now.hours.has(one))) return now;
      await sleep(50);
    }
  }

  it("becomes days, then months, and every sum stays", async () => {
    await wait(7);
    const until = BigInt(Math.floor(now() / hour / 24)) * 24n;
    await wait(24 * 3);
    const before = await old(until + 24n);
    assert.deepEqual(before.hours, new Set([1n]));
    await wait(24 * 44);
    const days = await settles(until + 24n, [24n]);
    assert.deepEqual(days.hours, new Set([24n]));
    assert.deepEqual(days.sums, before.sums);
    await wait(24 * 470);
    const { hours } = await settles(until + 24n, [720n]);
    assert.ok(
      [...hours].every((one) => one >= 28n * 24n),
      String([...hours]),
    );
  });
});
