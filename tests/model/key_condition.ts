// What Query's keys must be: made at random, printed in both forms, and judged.
import type { Places } from "./path.ts";
import type { Random } from "./random.ts";
import { keyNames, type Index, type TableSpec } from "./store.ts";
import { compare, equal, sizeOf, typeOf, type Value } from "./value.ts";
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

export interface KeyCondition {
  readonly hash: string;
  readonly at: Value;
  readonly range?: {
    readonly name: string;
    readonly is: Operator;
    readonly values: readonly [Value, ...Value[]];
  };
}

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

function makeRange(r: Random, spec: TableSpec, name: string) {
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
  const { hash, range } = index ?? spec;
  return {
    hash,
    at: sample(r, spec, hash),
    ...(range !== undefined &&
      r.chance(0.8) && { range: makeRange(r, spec, range) }),
  };
}

// ---- as text ---------------------------------------------------------------

export function printKey({ hash, at, range }: KeyCondition, places: Places) {
  const equals = `${places.name(hash)} = ${places.value(at)}`;
  if (!range) return equals;
  const name = places.name(range.name);
  const [low, high] = range.values.map((value) => places.value(value));
  if (range.is === "BETWEEN")
    return `${equals} AND ${name} BETWEEN ${low} AND ${high}`;
  if (range.is === "begins_with")
    return `begins_with(${name}, ${low}) AND ${equals}`;
  return `${equals} AND ${name} ${range.is} ${low}`;
}

const row = (name: string, is: Operator, values: readonly Value[]) => ({
  [name]: {
    ComparisonOperator: operators[is],
    AttributeValueList: values,
  },
});

export const printOlderKey = ({ hash, at, range }: KeyCondition) => ({
  KeyConditions: {
    ...row(hash, "=", [at]),
    ...(range && row(range.name, range.is, range.values)),
  },
});

// ---- judged ----------------------------------------------------------------

function begins(value: Value, prefix: Value): boolean {
  if (value.S !== undefined) return value.S.startsWith(prefix.S ?? "");
  const bytes = Buffer.from(prefix.B ?? "", "base64");
  const start = Buffer.from(value.B ?? "", "base64").subarray(0, bytes.length);
  return start.equals(bytes);
}

export function isWithin({ hash, at, range }: KeyCondition, row: Item) {
  if (!equal(row[hash] as Value, at)) return false;
  if (!range) return true;
  const value = row[range.name] as Value;
  const [low, high = low] = range.values;
  if (range.is === "begins_with") return begins(value, low);
  const way = compare(value, low);
  return {
    "=": way === 0,
    "<": way < 0,
    "<=": way <= 0,
    ">": way > 0,
    ">=": way >= 0,
    BETWEEN: way >= 0 && compare(value, high) <= 0,
  }[range.is];
}
