// What Query's keys must be: made at random, printed in both forms, and judged.
import type { Places } from "./path.ts";
import type { Random } from "./random.ts";
import {
  hashesOf,
  keyNames,
  rangesOf,
  type Index,
  type TableSpec,
} from "./store.ts";
import { compare, sizeOf, typeOf, type Value } from "./value.ts";
import type { Item } from "./value.ts";
import { makeKey, makesFor } from "./world.ts";

/** By expressions' and by older forms' names. */
const operators = {
  "=": "EQ",
  "<": "LT",
  "<=": "LE",
  ">": "GT",
  ">=": "GE",
  BETWEEN: "BETWEEN",
  begins_with: "BEGINS_WITH",
} as const;
type Operator = keyof typeof operators;

interface Part {
  readonly name: string;
  readonly is: Operator;
  readonly values: readonly [Value, ...Value[]];
}

/** What is said of attributes of the key, all of which must hold: all of the
 * partition key, and of the sort key the first ones. */
export type KeyCondition = readonly Part[];

// ---- made ------------------------------------------------------------------

/** One that items have, and that a key can be. */
function sample(r: Random, spec: TableSpec, name: string): Value {
  const value = keyNames(spec).includes(name)
    ? (makeKey(r, spec)[name] as Value)
    : makesFor(r).value(spec.types[name]);
  const size = sizeOf(value);
  return size === 0 || size > 1000 ? sample(r, spec, name) : value;
}

const first = (value: Value): Value =>
  value.S === undefined ? value : { S: Array.from(value.S)[0] ?? "" };

const makeEqual = (r: Random, spec: TableSpec, name: string): Part => ({
  name,
  is: "=",
  values: [sample(r, spec, name)],
});

function makeRange(r: Random, spec: TableSpec, name: string): Part {
  const low = sample(r, spec, name);
  const is = r.pick(Object.keys(operators) as Operator[]);
  if (is === "BETWEEN") {
    const values = [low, sample(r, spec, name)].sort(compare);
    return { name, is, values: values as [Value, Value] };
  }
  if (is !== "begins_with") return { name, is, values: [low] as const };
  if (typeOf(low) === "N") return { name, is: "=", values: [low] } as const;
  return { name, is, values: [first(low)] as const };
}

export function keyCondition(
  r: Random,
  spec: TableSpec,
  index?: Index,
): KeyCondition {
  const schema = index ?? spec;
  const ranges = rangesOf(schema);
  const most = r.chance(0.8) ? 1 + r.below(ranges.length) : 0;
  return [
    ...hashesOf(schema).map((name) => makeEqual(r, spec, name)),
    ...ranges
      .slice(0, most)
      .map((name, i) =>
        i + 1 < most ? makeEqual(r, spec, name) : makeRange(r, spec, name),
      ),
  ];
}

// ---- as text ---------------------------------------------------------------

function printPart({ name, is, values }: Part, places: Places) {
  const path = places.name(name);
  const [low, high] = values.map((value) => places.value(value));
  if (is === "BETWEEN") return `${path} BETWEEN ${low} AND ${high}`;
  if (is === "begins_with") return `begins_with(${path}, ${low})`;
  return `${path} ${is} ${low}`;
}

/** The last one first: their order says nothing. */
export const printKey = (condition: KeyCondition, places: Places) =>
  condition
    .map((part) => printPart(part, places))
    .reverse()
    .join(" AND ");

export const printOlderKey = (condition: KeyCondition) => ({
  KeyConditions: Object.fromEntries(
    condition.map(({ name, is, values }) => [
      name,
      { ComparisonOperator: operators[is], AttributeValueList: values },
    ]),
  ),
});

// ---- judged ----------------------------------------------------------------

function begins(value: Value, prefix: Value): boolean {
  if (value.S !== undefined) return value.S.startsWith(prefix.S ?? "");
  const bytes = Buffer.from(prefix.B ?? "", "base64");
  const start = Buffer.from(value.B ?? "", "base64").subarray(0, bytes.length);
  return start.equals(bytes);
}

function isPart({ name, is, values }: Part, row: Item): boolean {
  const value = row[name] as Value;
  const [low, high = low] = values;
  if (is === "begins_with") return begins(value, low);
  const way = compare(value, low);
  return {
    "=": way === 0,
    "<": way < 0,
    "<=": way <= 0,
    ">": way > 0,
    ">=": way >= 0,
    BETWEEN: way >= 0 && compare(value, high) <= 0,
  }[is];
}

export const isWithin = (condition: KeyCondition, row: Item): boolean =>
  condition.every((part) => isPart(part, row));
