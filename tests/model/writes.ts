// Writes: one item, a batch, a transaction.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import {
  condition,
  holds,
  print,
  printOlder,
  simple,
  type Condition,
} from "./condition.ts";
import { Places } from "./path.ts";
import type { Random } from "./random.ts";
import {
  capacity,
  checkItem,
  details,
  json,
  refusedWith,
  sum,
  type Detail,
  type Result,
  type Split,
  type Step,
} from "./step.ts";
import {
  checkIndexKeys,
  itemAt,
  keyNames,
  keyOf,
  refusedUnits,
  tableOf,
  writeUnits,
  type Change,
  type Cost,
  type Model,
  type TableSpec,
  type Units,
} from "./store.ts";
import {
  applyUpdate,
  clauses,
  plainClauses,
  printUpdate,
  Refused,
  type Clause,
} from "./update.ts";
import { canonicalItem, itemSize, sizeOf, type Item } from "./value.ts";
import { makeItem, makeKey, makesFor, specs } from "./world.ts";

/** What is to become of one item: in a request of its own, or as a part. */
export interface Write {
  readonly kind: "Put" | "Update" | "Delete" | "ConditionCheck";
  readonly spec: TableSpec;
  readonly key: Item;
  readonly item?: Item;
  readonly clauses?: readonly Clause[];
  readonly condition?: Condition;
  /** Where nothing is, nothing is made: an older form's deletion. */
  readonly onlyThere?: boolean;
  /** A reason of its own for what its condition forbids. */
  readonly refusal?: "DuplicateItem";
}

export function makeWrite(r: Random, kind: Write["kind"]): Write {
  const spec = r.pick(specs);
  const item = makeItem(r, spec);
  const makes = makesFor(r);
  return {
    kind,
    spec,
    key: kind === "Put" ? keyOf(spec, item) : makeKey(r, spec),
    ...(kind === "Put" && { item }),
    ...(kind === "Update" && { clauses: clauses(r, makes) }),
    ...((kind === "ConditionCheck" || r.chance(0.4)) && {
      condition: condition(r, makes),
    }),
  };
}

/** The members that a request of its own and a part of a transaction share. */
function fields(w: Write) {
  const places = new Places();
  const update = w.clauses && printUpdate(w.clauses, places);
  const text = w.condition && print(w.condition, places);
  return {
    TableName: w.spec.name,
    ...(w.item ? { Item: w.item } : { Key: w.key }),
    ...(update && { UpdateExpression: update }),
    ...(text && { ConditionExpression: text }),
    ...places.fields(),
  };
}

/** The item as it will be; refuses what cannot be. */
function outcome(
  { kind, key, item, clauses: list, onlyThere }: Write,
  spec: TableSpec,
  before?: Item,
) {
  if (kind === "Delete") return undefined;
  if (kind === "ConditionCheck" || (onlyThere && !before)) return before;
  const after = canonicalItem(item ?? applyUpdate(list ?? [], before ?? key));
  checkIndexKeys(spec, after);
  if (itemSize(after) > 400 * 1024) throw new Refused("it is too large");
  return after;
}

export interface Judged {
  readonly code: "None" | "ConditionalCheckFailed" | "ValidationError";
  readonly change: Change;
  readonly units: Units;
  readonly refusedUnits: Units;
}

function judge(model: Model, w: Write, factor: 2 | 4): Judged {
  const { spec } = tableOf(model, w.spec.name);
  const before = itemAt(tableOf(model, w.spec.name), w.key);
  const change = { table: w.spec.name, key: w.key, before, after: before };
  const refused = refusedUnits(before, w.item, factor);
  const no = { change, units: refused, refusedUnits: refused };

  if (!holds(w.condition, before ?? {}))
    return { code: "ConditionalCheckFailed", ...no };
  try {
    const after = outcome(w, spec, before);
    return {
      code: "None",
      change: { ...change, after },
      units:
        w.kind === "ConditionCheck"
          ? refused
          : writeUnits(spec, before, after, factor),
      refusedUnits: refused,
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { code: "ValidationError", ...no };
  }
}

/** A put that no item could make good is refused before anything is read. */
function isUnfit(model: Model, { spec, item }: Write): boolean {
  try {
    checkIndexKeys(tableOf(model, spec.name).spec, item ?? {});
    return false;
  } catch {
    return true;
  }
}

/** Has it an index's key without a byte? A transaction says so before all. */
function hasEmptyKey(model: Model, { spec, item = {} }: Write): boolean {
  const { indexes, types } = tableOf(model, spec.name).spec;
  return indexes.flatMap(keyNames).some((name) => {
    const value = item[name];
    return value && String(types[name]) in value && sizeOf(value) === 0;
  });
}

export const cost = ({ spec }: Write, units: Units): Cost => ({
  table: spec.name,
  units,
  unit: "WriteRequestUnits",
});

// ---- one item --------------------------------------------------------------

const returns = {
  Put: ["NONE", "ALL_OLD"],
  Update: ["NONE", "ALL_OLD", "ALL_NEW"],
  Delete: ["NONE", "ALL_OLD"],
} as const;

/** What an answer shows of the item. */
export type Shown = "NONE" | "ALL_OLD" | "ALL_NEW";

export const shownOf = ({ before, after }: Change, show: Shown) =>
  ({ NONE: undefined, ALL_OLD: before, ALL_NEW: after })[show];

/** A write that is none of a transaction: what is not valid costs nothing. */
export function judgeAlone(model: Model, w: Write): Judged {
  const judged = judge(model, w, 2);
  if (judged.code !== "ValidationError" && !isUnfit(model, w)) return judged;
  return { ...judged, code: "ValidationError", units: new Map() };
}

/** A request of one write, in whatever form. */
export function writeStep(
  w: Write,
  operation: string,
  message: object,
  check: (answer: JsonObject, shown: Item | undefined) => void,
  show: Shown,
  refusal = "ConditionalCheckFailedException",
): Step {
  return {
    operation,
    message: json({ ...message, ReturnConsumedCapacity: "INDEXES" }),
    run(model): Result {
      const { code, change, units } = judgeAlone(model, w);
      if (code === "ValidationError") return refusedWith("ValidationException");
      if (code !== "None") return refusedWith(refusal, [cost(w, units)]);
      return {
        changes: [change],
        costs: [cost(w, units)],
        check(answer) {
          check(answer, shownOf(change, show));
          assert.deepEqual(
            answer["ConsumedCapacity"],
            capacity(tableOf(model, w.spec.name).spec, units),
          );
        },
      };
    },
  };
}

const attributes = (answer: JsonObject, shown: Item | undefined) => {
  checkItem(answer, "Attributes", shown);
};

export function writeItem(r: Random, kind: "Put" | "Update" | "Delete"): Step {
  const w = makeWrite(r, kind);
  const ReturnValues = r.pick(returns[kind]);
  const message = { ...fields(w), ReturnValues };

  return writeStep(w, `${kind}Item`, message, attributes, ReturnValues);
}

// ---- one item, in the form before there were expressions --------------------

const action = (c: Clause): object => {
  if (c.is === "REMOVE") return { Action: "DELETE" };
  if (c.is !== "SET") return { Action: c.is, Value: c.value };
  return { Action: "PUT", Value: "value" in c.to ? c.to.value : undefined };
};

export function olderWrite(r: Random): Step {
  const kind = r.pick(["Put", "Update", "Delete"] as const);
  const { spec, key, item } = makeWrite(r, kind);
  const makes = makesFor(r);
  const expected = r.chance(0.5) ? simple(r, makes) : undefined;
  const list = kind === "Update" ? plainClauses(r, makes) : undefined;
  const ReturnValues = r.pick(returns[kind]);
  const w: Write = {
    kind,
    spec,
    key,
    ...(item && { item }),
    ...(list && { clauses: list }),
    ...(expected && { condition: expected }),
    onlyThere:
      list?.every(({ is }) => is === "REMOVE" || is === "DELETE") ?? false,
  };
  const message = {
    TableName: spec.name,
    ...(item ? { Item: item } : { Key: key }),
    ...(list && {
      AttributeUpdates: Object.fromEntries(
        list.map((c) => [c.path[0], action(c)]),
      ),
    }),
    ...(expected && printOlder("Expected", expected)),
    ReturnValues,
  };
  return writeStep(w, `${kind}Item`, message, attributes, ReturnValues);
}

// ---- several ---------------------------------------------------------------

/** No two of one item. */
export const distinct = <T>(list: readonly T[], of: (one: T) => Write): T[] => [
  ...new Map(
    list.map((one) => {
      const { spec, key } = of(one);
      return [spec.name + JSON.stringify(key), one];
    }),
  ).values(),
];

const makeWrites = (
  r: Random,
  most: number,
  kinds: readonly Write["kind"][],
): Write[] =>
  distinct(
    r.many(1, most, () => makeWrite(r, r.pick(kinds))),
    (w) => w,
  );

type Priced = readonly (readonly [Write, Units])[];

/** ConsumedCapacity of several writes. */
type Capacities = (
  model: Model,
  list: Priced,
  ...how: [detail: Detail, split?: Split]
) => JsonObject[];

/** In the order in which tables first come. */
const byTable: Capacities = (model, list, detail, split) =>
  [...new Set(list.map(([w]) => w.spec))].map((spec) => {
    const mine = list.filter(([w]) => w.spec === spec);
    const units = sum(mine.map(([, one]) => one));
    return capacity(tableOf(model, spec.name).spec, units, detail, split);
  });

export function batchWrite(r: Random): Step {
  const list = makeWrites(r, 8, ["Put", "Delete"]).map((w) => {
    const { kind, spec, key, item } = w;
    return { kind, spec, key, ...(item && { item }) };
  });
  const tables = [...new Set(list.map(({ spec }) => spec.name))];
  const requests = (table: string) =>
    list
      .filter(({ spec }) => spec.name === table)
      .map(({ item, key }) =>
        item ? { PutRequest: { Item: item } } : { DeleteRequest: { Key: key } },
      );

  const detail = r.pick(details);

  return {
    operation: "BatchWriteItem",
    message: json({
      RequestItems: Object.fromEntries(
        tables.map((name) => [name, requests(name)]),
      ),
      ReturnConsumedCapacity: detail,
    }),
    run(model): Result {
      if (list.some((w) => isUnfit(model, w)))
        return refusedWith("ValidationException");
      const judged = list.map((w) => [w, judge(model, w, 2)] as const);
      const units = judged.map(([w, one]) => [w, one.units] as const);
      return {
        changes: judged.map(([, { change }]) => change),
        costs: units.map(([w, one]) => cost(w, one)),
        check(answer) {
          assert.deepEqual(answer["UnprocessedItems"] ?? {}, {});
          assert.deepEqual(
            answer["ConsumedCapacity"],
            byTable(model, units, detail),
          );
        },
      };
    },
  };
}

/** What reading each item costs, a block of 4 KB for four that were written. */
const reread = (list: Priced): Priced =>
  list.map(
    ([w, units]) =>
      [w, new Map([["", 4 * Math.ceil((units.get("") ?? 0) / 16)]])] as const,
  );

/** What a transaction of these comes to. */
function judgeAll(model: Model, list: readonly Write[]) {
  if (list.some((w) => hasEmptyKey(model, w)))
    return refusedWith("ValidationException");
  const refused = (reasons: readonly string[], costs: readonly Cost[]) => ({
    ...refusedWith("TransactionCanceledException", costs),
    reasons,
  });
  if (list.some((w) => isUnfit(model, w)))
    return refused(
      list.map((w) => (isUnfit(model, w) ? "ValidationError" : "None")),
      [],
    );
  const judged = list.map((w) => [w, judge(model, w, 4)] as const);
  if (judged.some(([, { code }]) => code !== "None"))
    return refused(
      judged.map(([w, { code }]) =>
        code === "ConditionalCheckFailed" ? (w.refusal ?? code) : code,
      ),
      judged.map(([w, one]) => cost(w, one.refusedUnits)),
    );
  return {
    priced: judged.map(([w, one]) => [w, one.units] as const),
    changes: judged.map(([, { change }]) => change),
  };
}

/** All of these or none, as `operation` has them in its `parts`. */
export function transaction(
  r: Random,
  operation: string,
  parts: object,
  list: readonly Write[],
  capacities: Capacities,
): Step {
  const token = r.chance(0.3) ? `token-${r.below(2 ** 31)}` : undefined;
  const detail = r.pick(details);
  let paid: Priced = [];
  const message = json({
    ...parts,
    ReturnConsumedCapacity: detail,
    ...(token && { ClientRequestToken: token }),
  });
  const result = (
    model: Model,
    changes: readonly Change[],
    priced: Priced,
    kind: "Read" | "Write",
  ): Result => ({
    changes,
    costs: priced.map(([w, units]) => ({
      ...cost(w, units),
      unit: `${kind}RequestUnits`,
    })),
    check(answer) {
      assert.deepEqual(
        answer["ConsumedCapacity"],
        capacities(model, priced, detail, `${kind}CapacityUnits`),
      );
    },
  });
  /** With the token of one that took place: it was read again. */
  const repeat: Step = {
    operation,
    message,
    run: (model) => result(model, [], reread(paid), "Read"),
  };

  return {
    operation,
    message,
    next: () => (token ? repeat : undefined),
    run(model) {
      const judged = judgeAll(model, list);
      if (!("priced" in judged)) return judged;
      paid = judged.priced;
      return result(model, judged.changes, paid, "Write");
    },
  };
}

export function transactWrite(r: Random): Step {
  const list = makeWrites(r, 6, ["Put", "Update", "Delete", "ConditionCheck"]);
  return transaction(
    r,
    "TransactWriteItems",
    { TransactItems: list.map((w) => ({ [w.kind]: fields(w) })) },
    list,
    byTable,
  );
}
