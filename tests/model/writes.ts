// Writes: one item, a batch, a transaction.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import {
  condition,
  holds,
  print,
  printOlder,
  printStatement,
  simple,
  type Condition,
  type Simple,
} from "./condition.ts";
import { Places } from "./path.ts";
import type { Random } from "./random.ts";
import {
  capacity,
  checkItem,
  json,
  plainItems,
  refusedWith,
  sum,
  type Result,
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
}

function makeWrite(r: Random, kind: Write["kind"]): Write {
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

interface Judged {
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

const cost = ({ spec }: Write, units: Units): Cost => ({
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
type Shown = "NONE" | "ALL_OLD" | "ALL_NEW";

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
      if (isUnfit(model, w)) return refusedWith("ValidationException");
      const { code, change, units } = judge(model, w, 2);
      if (code === "ValidationError") return refusedWith("ValidationException");
      if (code !== "None") return refusedWith(refusal, [cost(w, units)]);
      return {
        changes: [change],
        costs: [cost(w, units)],
        check(answer) {
          const shown = {
            NONE: undefined,
            ALL_OLD: change.before,
            ALL_NEW: change.after,
          };
          check(answer, shown[show]);
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

// ---- one item, as a statement ----------------------------------------------

const there = (
  spec: TableSpec,
  is: "attribute_exists" | "attribute_not_exists",
) => ({ is, path: [spec.hash] }) as const;

const items = (answer: JsonObject, shown: Item | undefined) => {
  assert.deepEqual(plainItems(answer["Items"]), shown ? [shown] : []);
};

/** Where the key is this, and what else must hold. */
function where(key: Item, more: Simple | undefined) {
  const names = Object.keys(key).map((name) => `"${name}" = ?`);
  const condition = more && printStatement(more);
  return {
    text: [...names, ...(condition ? [condition.text] : [])].join(" AND "),
    parameters: [...Object.values(key), ...(condition?.parameters ?? [])],
  };
}

function insert(r: Random): Step {
  const w = makeWrite(r, "Put");
  const item = w.item ?? {};
  const marks = Object.keys(item).map((name) => `'${name}': ?`);
  return writeStep(
    { ...w, condition: there(w.spec, "attribute_not_exists") },
    "ExecuteStatement",
    {
      Statement: `INSERT INTO "${w.spec.name}" VALUE {${marks.join(", ")}}`,
      Parameters: Object.values(item),
    },
    items,
    "NONE",
    "DuplicateItemException",
  );
}

function change(r: Random): Step {
  const { spec, key } = makeWrite(r, "Update");
  const makes = makesFor(r);
  const list = plainClauses(r, makes).filter(
    ({ is }) => is === "SET" || is === "REMOVE",
  );
  const more = r.chance(0.4) ? simple(r, makes) : undefined;
  const { text, parameters } = where(key, more);
  const set = (c: Clause) =>
    c.is === "SET" ? `SET "${c.path[0]}" = ?` : `REMOVE "${c.path[0]}"`;
  const values = list.flatMap((c) =>
    c.is === "SET" && "value" in c.to ? [c.to.value] : [],
  );

  if (!list.length) return change(r);
  return writeStep(
    {
      kind: "Update",
      spec,
      key,
      clauses: list,
      condition: {
        is: "AND",
        parts: [there(spec, "attribute_exists"), ...(more ? [more] : [])],
      },
    },
    "ExecuteStatement",
    {
      Statement: `UPDATE "${spec.name}" ${list.map(set).join(" ")} WHERE ${text} RETURNING ALL NEW *`,
      Parameters: [...values, ...parameters],
    },
    items,
    "ALL_NEW",
  );
}

function takeAway(r: Random): Step {
  const { spec, key } = makeWrite(r, "Delete");
  const { text, parameters } = where(key, undefined);
  return writeStep(
    { kind: "Delete", spec, key },
    "ExecuteStatement",
    {
      Statement: `DELETE FROM "${spec.name}" WHERE ${text} RETURNING ALL OLD *`,
      Parameters: parameters,
    },
    items,
    "ALL_OLD",
  );
}

export const writeStatement = (r: Random): Step =>
  r.pick([insert, change, change, takeAway])(r);

// ---- several ---------------------------------------------------------------

/** No two of one item. */
function makeWrites(
  r: Random,
  most: number,
  kinds: readonly Write["kind"][],
): Write[] {
  const all = r.many(1, most, () => makeWrite(r, r.pick(kinds)));
  return [
    ...new Map(
      all.map((w) => [w.spec.name + JSON.stringify(w.key), w]),
    ).values(),
  ];
}

/** In the order in which tables first come. */
function byTable(list: readonly (readonly [Write, Units])[]) {
  const names = [...new Set(list.map(([w]) => w.spec))];
  return names.map((spec) => {
    const mine = list.filter(([w]) => w.spec === spec);
    return [spec, sum(mine.map(([, units]) => units))] as const;
  });
}

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

  return {
    operation: "BatchWriteItem",
    message: json({
      RequestItems: Object.fromEntries(
        tables.map((name) => [name, requests(name)]),
      ),
      ReturnConsumedCapacity: "TOTAL",
    }),
    run(model): Result {
      if (list.some((w) => isUnfit(model, w)))
        return refusedWith("ValidationException");
      const judged = list.map((w) => judge(model, w, 2));
      return {
        changes: judged.map(({ change }) => change),
        costs: list.map((w, i) => cost(w, judged[i]?.units ?? new Map())),
        check(answer) {
          assert.deepEqual(answer["UnprocessedItems"] ?? {}, {});
        },
      };
    },
  };
}

/** What reading each item costs, a block of 4 KB for four that were written. */
const reread = (list: readonly (readonly [Write, Units])[]) =>
  list.map(
    ([w, units]) =>
      [w, new Map([["", 4 * Math.ceil((units.get("") ?? 0) / 16)]])] as const,
  );

/** The same again, with the token of one that took place. */
const repeat = (
  step: Step,
  first: readonly (readonly [Write, Units])[],
): Step => ({
  operation: step.operation,
  message: step.message,
  run(model) {
    const units = reread(first);
    return {
      changes: [],
      costs: units.map(([w, one]) => ({
        ...cost(w, one),
        unit: "ReadRequestUnits",
      })),
      check: checkCapacity(model, units, "ReadCapacityUnits"),
    };
  },
});

const checkCapacity =
  (
    model: Model,
    units: readonly (readonly [Write, Units])[],
    kind: "ReadCapacityUnits" | "WriteCapacityUnits",
  ) =>
  (answer: JsonObject) => {
    assert.deepEqual(
      answer["ConsumedCapacity"],
      byTable(units).map(([spec, one]) =>
        capacity(tableOf(model, spec.name).spec, one, kind),
      ),
    );
  };

export function transactWrite(r: Random): Step {
  const list = makeWrites(r, 6, ["Put", "Update", "Delete", "ConditionCheck"]);
  const token = r.chance(0.3) ? `token-${r.below(2 ** 31)}` : undefined;
  let paid: readonly (readonly [Write, Units])[] = [];

  return {
    operation: "TransactWriteItems",
    message: json({
      TransactItems: list.map((w) => ({ [w.kind]: fields(w) })),
      ReturnConsumedCapacity: "INDEXES",
      ...(token && { ClientRequestToken: token }),
    }),
    next() {
      return token ? repeat(this, paid) : undefined;
    },
    run(model): Result {
      if (list.some((w) => hasEmptyKey(model, w)))
        return refusedWith("ValidationException");
      if (list.some((w) => isUnfit(model, w)))
        return {
          ...refusedWith("TransactionCanceledException"),
          reasons: list.map((w) =>
            isUnfit(model, w) ? "ValidationError" : "None",
          ),
        };
      const judged = list.map((w) => judge(model, w, 4));
      const reasons = judged.map(({ code }) => code);
      if (reasons.some((code) => code !== "None"))
        return {
          ...refusedWith(
            "TransactionCanceledException",
            list.map((w, i) => cost(w, judged[i]?.refusedUnits ?? new Map())),
          ),
          reasons,
        };
      const units = list.map(
        (w, i) => [w, judged[i]?.units ?? new Map<string, number>()] as const,
      );
      paid = units;
      return {
        changes: judged.map(({ change }) => change),
        costs: units.map(([w, one]) => cost(w, one)),
        check: checkCapacity(model, units, "WriteCapacityUnits"),
      };
    },
  };
}
