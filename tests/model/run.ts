// One store, one model, and the operations that follow from a seed.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { workerData } from "node:worker_threads";
import { cannotWait, later } from "../harness/later.ts";
import { adminKv, startSuite } from "../harness/suite.ts";
import { awsDoor, connectDoor, type Door, type Outcome } from "./doors.ts";
import { checkLedger } from "./ledger.ts";
import { makeStep } from "./operations.ts";
import { random } from "./random.ts";
import { everything } from "./reads.ts";
import { json, type Result, type Step } from "./step.ts";
import {
  commit,
  count,
  ended,
  ledgerKey,
  readUnits,
  rowsOfCost,
  tableOf,
  type Change,
} from "./store.ts";
import { openStream, readStream, type Reader } from "./stream.ts";
import { canonicalItem, itemSize, textOf, type Item } from "./value.ts";
import { createTable, emptyModel, lives, specs } from "./world.ts";

const {
  seed: SEED,
  count: COUNT,
  long: LONG,
} = workerData as { seed: number; count: number; long: boolean };
const CHECK_EVERY = LONG ? 2_000 : 500;
const CRASH_SHARE = LONG ? 1 / 1_000 : 1 / 200;
const END_SHARE = cannotWait ? 0 : LONG ? 1 / 2_500 : 1 / 500;
const HOUR_MS = 3_600_000;
/** What a crash may leave half done. */
const IN_PARTS = new Set(["BatchWriteItem", "BatchExecuteStatement"]);
const HISTORY = 12; // earlier steps that are shown with one that disagrees
const SHOWN = 800; // letters of each

type Until = NonNullable<Step["until"]>;

const suite = await startSuite(["kv"]);
const kv = adminKv(suite);
let ahead = 0; // hours by which the store's clock is
const now = () => new Date(Date.now() + ahead * HOUR_MS);
const doors: readonly Door[] = [awsDoor(suite, now), connectDoor(suite, now)];
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
  result.also?.();
}

/** Asks until it is so. */
async function awaits({ operation, message, holds }: Until, door: Door) {
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
  if (step.until) {
    if (r.chance(0.1)) await crash();
    await awaits(step.until, door);
  }
  const next = step.next?.(outcome.answer);
  if (next) await perform(next, door);
}

// ---- a crash ---------------------------------------------------------------

/** And so many hours later it is then. */
async function crash(hours = 0): Promise<void> {
  await suite.kill("kv");
  ahead = hours;
  await suite.start("kv", hours ? later(`+${hours}h`) : {});
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
  if (IN_PARTS.has(step.operation)) {
    charge(maybe, step, result); // not all of the parts need be visible
    return;
  }
  assert.ok([0, visible.length].includes(took.length), "half a write");
  if (!visible.length) charge(maybe, step, result);
  else if (took.length) charge(model.ledger, step, result);
}

async function crashDuring(step: Step, door: Door): Promise<void> {
  const answer = door.send(step.operation, step.message).catch(() => undefined);
  await sleep(r.below(4));
  await crash();
  const outcome = await answer;
  if (outcome) settle(step, outcome);
  else await judge(step);
}

// ---- ends ------------------------------------------------------------------

/** It is later for a while, and what ends until then must go. */
async function endSome(): Promise<void> {
  const hours = r.pick(lives) + 3;
  await crash(hours);
  commit(model, ended(model, Math.floor(now().getTime() / 1000)));
  for (const { spec, items } of model.tables.values())
    if (spec.ends)
      await awaits(
        {
          operation: "DescribeTable",
          message: { TableName: spec.name },
          holds: ({ Table }) =>
            Number((Table as JsonObject)["ItemCount"]) === items.size,
        },
        r.pick(doors),
      );
  await crash();
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
      done.join("\n"),
    { cause: error },
  );
}

async function makeTables(): Promise<void> {
  const [door] = doors as [Door];
  for (const spec of specs) {
    await door.send("CreateTable", json(createTable(spec)));
    if (spec.ends)
      await door.send("UpdateTimeToLive", {
        TableName: spec.name,
        TimeToLiveSpecification: { Enabled: true, AttributeName: spec.ends },
      });
    if (spec.view)
      readers.push(await openStream(r.pick(doors), tableOf(model, spec.name)));
  }
}

async function runAll(): Promise<void> {
  await makeTables();
  for (let number = 1; number <= COUNT; number++) {
    const step = makeStep(r);
    const door = r.pick(doors);
    const text = `${step.operation} ${JSON.stringify(step.message)}`;
    done.push(text.slice(0, SHOWN));
    if (done.length > HISTORY) done.shift();
    try {
      if (!step.until && r.chance(CRASH_SHARE)) await crashDuring(step, door);
      else await perform(step, door);
      if (r.chance(END_SHARE)) await endSome();
      if (number % CHECK_EVERY === 0 || number === COUNT) await checkAll();
    } catch (error) {
      throw report(number, door, error);
    }
  }
}

await runAll().finally(() => suite.stop());
