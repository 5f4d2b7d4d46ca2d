// 64 writers at once, and the store killed at random instants on a disk that
// forgets what was not synced (tests/fault/forget.c): every acknowledged write
// is there, none is torn. A sanitizer's run-time can't be preloaded over.
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { item, plain, type Plain } from "../harness/items.ts";
import { buildDir } from "../harness/process.ts";
import { adminKv, startSuite } from "../harness/suite.ts";

const ROUNDS = process.env["PARLOR_TEST_LONG"] === "1" ? 200 : 20;
const WRITERS = 64;
const library = join(buildDir, "libforget.so");
const tableName = "crash";

const suite = await startSuite(["kv"]);
after(() => suite.stop());
const kv = adminKv(suite);

const forgetful = {
  LD_PRELOAD: library,
  FORGET_FILE: join(suite.data, "store/data.mdb"),
  FORGET_LOG: join(suite.data, "forget.log"),
  FORGET_DELAY_MS: "20",
};

interface Writer {
  readonly name: string;
  /** What it was told is there, and what it has asked for. */
  acknowledged: number;
  asked: number;
}

/** A row follows from its writer and number: half of two would show. */
function row(pk: string, number: number): { [name: string]: Plain } {
  const words = `${pk} ${number} `;
  return { pk, number, body: words.repeat(1 + ((number * 37) % 400)) };
}

const mirror = (name: string) => `mirror of ${name}`;

/** Every third write is a transaction over two partitions, always of both. */
async function write({ name }: Writer, number: number): Promise<void> {
  if (number % 3)
    await kv.putItem({ tableName, item: item(row(name, number)) });
  else
    await kv.transactWriteItems({
      transactItems: [name, mirror(name)].map((pk) => ({
        put: { tableName, item: item(row(pk, number)) },
      })),
    });
}

/** How many writes were acknowledged. */
let answers = 0;

/** Until so many more were; then on to a random point of a commit. */
async function pause(more: number): Promise<void> {
  const enough = answers + more;

  for (let ms = 0; ms < 500 && answers < enough; ms += 5) await sleep(5);
  await sleep(randomInt(50));
}

/** Writes on until the store is gone. */
async function writeOn(writer: Writer): Promise<void> {
  for (;;) {
    writer.asked = writer.acknowledged + 1;
    try {
      await write(writer, writer.asked);
    } catch {
      return;
    }
    writer.acknowledged = writer.asked;
    answers++;
  }
}

/** The number of the row there, which must be whole; 0: there is none. */
async function found(pk: string): Promise<number> {
  const answer = await kv.getItem({
    tableName,
    key: item({ pk }),
    consistentRead: true,
  });
  if (!answer.item) return 0;
  const there = plain(answer.item);
  const number = Number(there["number"]);
  assert.deepEqual(there, row(pk, number), `${pk} is torn`);
  return number;
}

async function check(writer: Writer): Promise<void> {
  const number = await found(writer.name);
  const { name, acknowledged, asked } = writer;

  assert.ok(
    number >= acknowledged && number <= asked,
    `${name}: ${number} is there, ${acknowledged} was acknowledged`,
  );
  assert.equal(
    await found(mirror(name)),
    number - (number % 3),
    `${name}: half of a transaction`,
  );
  writer.acknowledged = number;
}

it(
  `keeps what it acknowledged, through ${ROUNDS} power cuts`,
  { skip: !existsSync(library) },
  async () => {
    const writers = Array.from({ length: WRITERS }, (_, i) => ({
      name: `writer ${i}`,
      acknowledged: 0,
      asked: 0,
    }));

    await kv.createTable({
      tableName,
      attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
      keySchema: [{ attributeName: "pk", keyType: "HASH" }],
      billingMode: "PAY_PER_REQUEST",
    });
    await suite.kill("kv", "SIGTERM");
    for (let round = 0; round < ROUNDS; round++) {
      await suite.start("kv", forgetful);
      await Promise.all(writers.map(check));
      const writing = writers.map(writeOn);
      await pause(randomInt(3 * WRITERS));
      await suite.kill("kv");
      await Promise.all(writing);
    }
    await suite.start("kv", forgetful);
    await Promise.all(writers.map(check));
    assert.ok(answers > ROUNDS, `only ${answers} writes were acknowledged`);
  },
);
