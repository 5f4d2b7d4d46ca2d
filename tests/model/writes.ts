// Writes: one item, a batch, a transaction.
import assert from "node:assert/strict";
import { condition, holds, print, type Condition } from "./condition.ts";
import { Places } from "./path.ts";
import type { Random } from "./random.ts";
import {
  capacity,
  checkItem,
  json,
  refusedWith,
  sum,
  type Result,
  type Step,
} from "./step.ts";
import {
  checkIndexKeys,
  itemAt,
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
  printUpdate,
  Refused,
  type Clause,
} from "./update.ts";
import { canonicalItem, itemSize, type Item } from "./value.ts";
import { makeItem, makeKey, makesFor, specs } from "./world.ts";

/** What is to become of one item: in a request of its own, or as a part. */
interface Write {
  readonly kind: "Put" | "Update" | "Delete" | "ConditionCheck";
  readonly spec: TableSpec;
  readonly key: Item;
  readonly item?: Item;
  readonly clauses?: readonly Clause[];
  readonly condition?: Condition;
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
  { kind, spec, key, item, clauses: list }: Write,
  before?: Item,
) {
  if (kind === "Delete") return undefined;
  if (kind === "ConditionCheck") return before;
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
  const before = itemAt(tableOf(model, w.spec.name), w.key);
  const change = { table: w.spec.name, key: w.key, before, after: before };
  const refused = refusedUnits(before, w.item, factor);
  const no = { change, units: refused, refusedUnits: refused };

  if (!holds(w.condition, before ?? {}))
    return { code: "ConditionalCheckFailed", ...no };
  try {
    const after = outcome(w, before);
    return {
      code: "None",
      change: { ...change, after },
      units:
        w.kind === "ConditionCheck"
          ? refused
          : writeUnits(w.spec, before, after, factor),
      refusedUnits: refused,
    };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { code: "ValidationError", ...no };
  }
}

/** A put that no item could make good is refused before anything is read. */
function isUnfit({ spec, item }: Write): boolean {
  try {
    checkIndexKeys(spec, item ?? {});
    return false;
  } catch {
    return true;
  }
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

export function writeItem(r: Random, kind: "Put" | "Update" | "Delete"): Step {
  const w = makeWrite(r, kind);
  const ReturnValues = r.pick(returns[kind]);
  const message = {
    ...fields(w),
    ReturnValues,
    ReturnConsumedCapacity: "INDEXES",
  };

  return {
    operation: `${kind}Item`,
    message: json(message),
    run(model): Result {
      if (isUnfit(w)) return refusedWith("ValidationException");
      const { code, change, units } = judge(model, w, 2);
      if (code === "ValidationError") return refusedWith("ValidationException");
      if (code !== "None")
        return refusedWith("ConditionalCheckFailedException", [cost(w, units)]);
      return {
        changes: [change],
        costs: [cost(w, units)],
        check(answer) {
          const shown = {
            NONE: undefined,
            ALL_OLD: change.before,
            ALL_NEW: change.after,
          };
          checkItem(answer, "Attributes", shown[ReturnValues]);
          assert.deepEqual(answer["ConsumedCapacity"], capacity(w.spec, units));
        },
      };
    },
  };
}

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
      if (list.some(isUnfit)) return refusedWith("ValidationException");
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

export function transactWrite(r: Random): Step {
  const list = makeWrites(r, 6, ["Put", "Update", "Delete", "ConditionCheck"]);

  return {
    operation: "TransactWriteItems",
    message: json({
      TransactItems: list.map((w) => ({ [w.kind]: fields(w) })),
      ReturnConsumedCapacity: "INDEXES",
    }),
    run(model): Result {
      if (list.some(isUnfit))
        return {
          ...refusedWith("TransactionCanceledException"),
          reasons: list.map((w) => (isUnfit(w) ? "ValidationError" : "None")),
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
      return {
        changes: judged.map(({ change }) => change),
        costs: units.map(([w, one]) => cost(w, one)),
        check(answer) {
          assert.deepEqual(
            answer["ConsumedCapacity"],
            byTable(units).map(([spec, one]) =>
              capacity(spec, one, "WriteCapacityUnits"),
            ),
          );
        },
      };
    },
  };
}
