// parlor-kv against a plain model of it: generated operations on both doors,
// with the store killed among them; what tables, indexes, streams and the
// ledger hold must be what the model says.
//
//   PARLOR_MODEL_SEED=N    the seed, which is printed
//   PARLOR_MODEL_COUNT=N   how many operations
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { adminKv, startSuite } from "../harness/suite.ts";
import { awsDoor, connectDoor, type Door, type Outcome } from "./doors.ts";
import { checkLedger } from "./ledger.ts";
import { makeStep } from "./operations.ts";
import { random } from "./random.ts";
import { everything } from "./reads.ts";
import type { Result, Step } from "./step.ts";
import {
  commit,
  count,
  ledgerKey,
  readUnits,
  rowsOfCost,
  tableOf,
  type Change,
} from "./store.ts";
import { openStream, readStream, type Reader } from "./stream.ts";
import { canonicalItem, itemSize, textOf, type Item } from "./value.ts";
import { createTable, emptyModel, specs } from "./world.ts";

const LONG = process.env["PARLOR_TEST_LONG"] === "1";
const COUNT = Number(
  process.env["PARLOR_MODEL_COUNT"] ?? (LONG ? 200_000 : 5_000),
);
const SEED = Number(process.env["PARLOR_MODEL_SEED"] ?? randomInt(2 ** 31));
const CHECK_EVERY = LONG ? 2_000 : 500;
const CRASH_SHARE = LONG ? 1 / 1_000 : 1 / 200;
const HISTORY = 12; // earlier steps that are shown with one that disagrees

type Until = NonNullable<Step["until"]>;

const suite = await startSuite(["kv"]);
after(() => suite.stop());
const kv = adminKv(suite);
const doors: readonly Door[] = [awsDoor(suite), connectDoor(suite)];
const r = random(SEED);
const model = emptyModel();
/** What calls without an answer may have cost. */
const maybe = new Map<string, number>();
const readers: Reader[] = [];
const done: string[] = [];

// ---- a step ----------------------------------------------------------------

function compare(step: Step, outcome: Outcome): Result {
  const answer = "answer" in outcome ? outcome.answer : undefined;
  const want = step.run(model, answer);
  if ("refused" in outcome) {
    assert.equal(
      outcome.refused,
      want.refused ?? "no exception",
      `${outcome.refused}: ${outcome.words}`,
    );
    if (want.reasons) assert.deepEqual(outcome.reasons, want.reasons);
  } else {
    assert.equal(want.refused, undefined, "it was not refused");
    want.check?.(outcome.answer);
  }
  return want;
}

const charge = (ledger: Map<string, number>, step: Step, { costs }: Result) => {
  for (const cost of costs) count(ledger, rowsOfCost(step.operation, cost));
};

function settle(step: Step, outcome: Outcome): void {
  const result = compare(step, outcome);
  commit(model, result.changes);
  charge(model.ledger, step, result);
  const table = result.spec && tableOf(model, result.spec.name);
  if (table && result.spec) table.spec = result.spec;
}

/** What was begun goes on after a crash. */
async function awaits({ operation, message, holds }: Until, door: Door) {
  if (r.chance(0.3)) await crash();
  for (let tries = 0; tries < 500; tries++) {
    const outcome = await door.send(operation, message);
    if ("answer" in outcome && holds(outcome.answer)) return;
    await sleep(20);
  }
  assert.fail("it does not come to its end");
}

async function perform(step: Step, door: Door): Promise<void> {
  const outcome = await door.send(step.operation, step.message);
  settle(step, outcome);
  if ("refused" in outcome) return;
  if (step.until) await awaits(step.until, door);
  const next = step.next?.(outcome.answer);
  if (next) await perform(next, door);
}

// ---- a crash ---------------------------------------------------------------

async function crash(): Promise<void> {
  await suite.kill("kv");
  await suite.start("kv");
  for (const door of doors)
    // over new connections
    for (let tries = 0; tries < 5; tries++)
      if (await door.send("ListTables", {}).catch(() => undefined)) break;
}

async function readBack({ table, key }: Change): Promise<Item | undefined> {
  const outcome = await (doors[0] as Door).send("GetItem", {
    TableName: table,
    Key: key as JsonObject,
    ConsistentRead: true,
  });
  if ("refused" in outcome) return assert.fail(outcome.refused);
  const item = outcome.answer["Item"] as Item | undefined;
  const row = ledgerKey(table, "GetItem", "ReadRequestUnits");
  count(model.ledger, [[row, readUnits(itemSize(item), 2)]]);
  return item && canonicalItem(item);
}

const text = (item: Item | undefined) => textOf(item ?? {});

/** Nobody knows whether it took place: what it left behind tells. */
async function judge(step: Step): Promise<void> {
  const result = step.run(model);
  const visible = result.changes.filter(
    ({ before, after: later }) => text(before) !== text(later),
  );
  const took: Change[] = [];
  for (const change of visible) {
    const item = await readBack(change);
    if (text(item) === text(change.after)) took.push(change);
    else assert.equal(text(item), text(change.before), "what a crash left");
  }
  commit(model, took);
  if (step.operation !== "BatchWriteItem")
    assert.ok([0, visible.length].includes(took.length), "half a write");
  const whole = took.length === visible.length;
  if (visible.length && whole) charge(model.ledger, step, result);
  else if (!visible.length || took.length) charge(maybe, step, result);
}

async function crashDuring(step: Step, door: Door): Promise<void> {
  const answer = door.send(step.operation, step.message).catch(() => undefined);
  await sleep(r.below(4));
  await crash();
  const outcome = await answer;
  if (outcome) settle(step, outcome);
  else await judge(step);
}

// ---- all of it -------------------------------------------------------------

async function checkAll(): Promise<void> {
  for (const door of doors)
    for (const step of everything(model)) await perform(step, door);
  for (const reader of readers) await readStream(r.pick(doors), model, reader);
  await checkLedger(kv, model, maybe);
}

/** The words of a failure: the step, and those before it. */
function report(number: number, door: Door, error: unknown): Error {
  return new Error(
    `operation ${number} of seed ${SEED} at ${door.name}'s door; the last ones:\n` +
      done.slice(-HISTORY).join("\n"),
    { cause: error },
  );
}

it(`agrees over ${COUNT} operations, of seed ${SEED}`, async () => {
  for (const spec of specs) {
    await (doors[0] as Door).send(
      "CreateTable",
      createTable(spec) as JsonObject,
    );
    if (spec.view)
      readers.push(await openStream(r.pick(doors), tableOf(model, spec.name)));
  }
  for (let number = 1; number <= COUNT; number++) {
    const step = makeStep(r);
    const door = r.pick(doors);
    done.push(`${step.operation} ${JSON.stringify(step.message)}`);
    try {
      if (!step.until && r.chance(CRASH_SHARE)) await crashDuring(step, door);
      else await perform(step, door);
      if (number % CHECK_EVERY === 0 || number === COUNT) await checkAll();
    } catch (error) {
      throw report(number, door, error);
    }
  }
});
