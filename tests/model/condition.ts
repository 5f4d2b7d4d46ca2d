// Conditions: made at random, printed as expressions, and judged by themselves.
import { find, type Path, type Places } from "./path.ts";
import type { Random } from "./random.ts";
import { compare, equal, isSet, members, sizeOf, typeOf } from "./value.ts";
import type { Item, Type, Value } from "./value.ts";

type Operand =
  { readonly path: Path } | { readonly value: Value } | { readonly size: Path };

type Comparison = "=" | "<>" | "<" | "<=" | ">" | ">=";

export type Condition =
  | { is: Comparison; left: Operand; right: Operand }
  | { is: "BETWEEN"; operand: Operand; low: Value; high: Value }
  | { is: "IN"; operand: Operand; list: readonly Value[] }
  | { is: "attribute_exists" | "attribute_not_exists"; path: Path }
  | { is: "attribute_type"; path: Path; type: Type }
  | { is: "begins_with" | "contains"; path: Path; value: Value }
  | { is: "AND" | "OR"; parts: readonly Condition[] }
  | { is: "NOT"; part: Condition };

// ---- as text ---------------------------------------------------------------

function printOperand(operand: Operand, places: Places): string {
  if ("path" in operand) return places.path(operand.path);
  if ("size" in operand) return `size(${places.path(operand.size)})`;
  return places.value(operand.value);
}

export function print(c: Condition, places: Places): string {
  const value = (one: Value) => places.value(one);
  switch (c.is) {
    case "BETWEEN":
      return `${printOperand(c.operand, places)} BETWEEN ${value(c.low)} AND ${value(c.high)}`;
    case "IN":
      return `${printOperand(c.operand, places)} IN (${c.list.map(value).join(", ")})`;
    case "attribute_exists":
    case "attribute_not_exists":
      return `${c.is}(${places.path(c.path)})`;
    case "attribute_type":
      return `attribute_type(${places.path(c.path)}, ${value({ S: c.type })})`;
    case "begins_with":
    case "contains":
      return `${c.is}(${places.path(c.path)}, ${value(c.value)})`;
    case "AND":
    case "OR":
      return `(${c.parts.map((part) => print(part, places)).join(` ${c.is} `)})`;
    case "NOT":
      return `NOT ${print(c.part, places)}`;
    default:
      return `${printOperand(c.left, places)} ${c.is} ${printOperand(c.right, places)}`;
  }
}

/** AND or OR of comparisons of different names, which older forms have too. */
export interface Simple {
  readonly is: "AND" | "OR";
  readonly parts: readonly Condition[];
}

const operators = {
  "=": "EQ",
  "<": "LT",
  "<=": "LE",
  ">": "GT",
  ">=": "GE",
} as const;

/** As Expected, QueryFilter and ScanFilter have it: a name's comparison. */
function printLeaf(c: Condition): readonly [string, object] {
  const row = (path: Path, operator: string, values?: readonly Value[]) =>
    [
      path[0],
      {
        ComparisonOperator: operator,
        ...(values && { AttributeValueList: values }),
      },
    ] as const;
  switch (c.is) {
    case "attribute_exists":
      return row(c.path, "NOT_NULL");
    case "attribute_not_exists":
      return row(c.path, "NULL");
    case "begins_with":
      return row(c.path, "BEGINS_WITH", [c.value]);
    case "contains":
      return row(c.path, "CONTAINS", [c.value]);
    case "=":
    case "<":
    case "<=":
    case ">":
    case ">=":
      if ("path" in c.left && "value" in c.right)
        return row(c.left.path, operators[c.is], [c.right.value]);
      break;
    default:
  }
  throw new Error(`${c.is} has no older form`);
}

/** The members of a request that hold it, the first under this name. */
export const printOlder = (member: string, { is, parts }: Simple) => ({
  [member]: Object.fromEntries(parts.map(printLeaf)),
  ...(parts.length > 1 && { ConditionalOperator: is }),
});

/** In a PartiQL statement, with the values that its marks stand for. */
export function printStatement({ is, parts }: Simple): {
  readonly text: string;
  readonly parameters: readonly Value[];
} {
  const parameters: Value[] = [];
  const mark = (value: Value) => {
    parameters.push(value);
    return "?";
  };
  const one = (c: Condition): string => {
    switch (c.is) {
      case "attribute_exists":
        return `"${c.path[0]}" IS NOT MISSING`;
      case "attribute_not_exists":
        return `"${c.path[0]}" IS MISSING`;
      case "begins_with":
      case "contains":
        return `${c.is}("${c.path[0]}", ${mark(c.value)})`;
      default:
        if ("left" in c && "path" in c.left && "value" in c.right)
          return `"${c.left.path[0]}" ${c.is} ${mark(c.right.value)}`;
        throw new Error(`${c.is} is not in statements`);
    }
  };
  return { text: `(${parts.map(one).join(` ${is} `)})`, parameters };
}

// ---- judged ----------------------------------------------------------------

/** size() counts characters, bytes, or members. */
function measure(value: Value | undefined): Value | undefined {
  if (!value) return undefined;
  if (value.S !== undefined) return { N: String(Array.from(value.S).length) };
  if (value.B !== undefined) return { N: String(sizeOf(value)) };
  if (isSet(value)) return { N: String(members(value).length) };
  if (value.L) return { N: String(value.L.length) };
  if (value.M) return { N: String(Object.keys(value.M).length) };
  return undefined;
}

function evaluate(operand: Operand, item: Item): Value | undefined {
  if ("path" in operand) return find(item, operand.path);
  if ("size" in operand) return measure(find(item, operand.size));
  return operand.value;
}

const ordered: readonly Type[] = ["S", "N", "B"];

/** Undefined where the two have no order. */
function order(a: Value | undefined, b: Value | undefined): number | undefined {
  if (!a || !b || typeOf(a) !== typeOf(b) || !ordered.includes(typeOf(a)))
    return undefined;
  return compare(a, b);
}

function compares(
  is: Comparison,
  a: Value | undefined,
  b: Value | undefined,
): boolean {
  if (is === "=") return Boolean(a && b && equal(a, b));
  if (is === "<>") return !(a && b && equal(a, b));
  const way = order(a, b);
  if (way === undefined) return false;
  if (is === "<") return way < 0;
  if (is === "<=") return way <= 0;
  return is === ">" ? way > 0 : way >= 0;
}

function contains(whole: Value | undefined, part: Value): boolean {
  if (!whole) return false;
  if (isSet(whole)) return members(whole).some((one) => equal(one, part));
  if (whole.L) return whole.L.some((one) => equal(one, part));
  if (whole.S !== undefined && part.S !== undefined)
    return whole.S.includes(part.S);
  return false;
}

export function holds(c: Condition | undefined, item: Item): boolean {
  if (!c) return true;
  switch (c.is) {
    case "BETWEEN": {
      const value = evaluate(c.operand, item);
      return compares(">=", value, c.low) && compares("<=", value, c.high);
    }
    case "IN": {
      const value = evaluate(c.operand, item);
      return c.list.some((one) => compares("=", value, one));
    }
    case "attribute_exists":
      return find(item, c.path) !== undefined;
    case "attribute_not_exists":
      return find(item, c.path) === undefined;
    case "attribute_type": {
      const value = find(item, c.path);
      return value !== undefined && typeOf(value) === c.type;
    }
    case "begins_with":
      return Boolean(find(item, c.path)?.S?.startsWith(c.value.S ?? ""));
    case "contains":
      return contains(find(item, c.path), c.value);
    case "AND":
      return c.parts.every((part) => holds(part, item));
    case "OR":
      return c.parts.some((part) => holds(part, item));
    case "NOT":
      return !holds(c.part, item);
    default:
      return compares(c.is, evaluate(c.left, item), evaluate(c.right, item));
  }
}

// ---- made ------------------------------------------------------------------

export interface Makes {
  path(): Path;
  /** Of this type, or any. */
  value(type?: Type): Value;
}

const comparisons = ["=", "<>", "<", "<=", ">", ">="] as const;
const types = ["S", "N", "BOOL", "NULL", "L", "M", "SS", "NS"] as const;

function operand(r: Random, makes: Makes): Operand {
  return r.chance(0.2) ? { size: makes.path() } : { path: makes.path() };
}

function leaf(r: Random, makes: Makes): Condition {
  const path = makes.path();
  switch (r.below(8)) {
    case 0:
      return { is: "attribute_exists", path };
    case 1:
      return { is: "attribute_not_exists", path };
    case 2:
      return { is: "attribute_type", path, type: r.pick(types) };
    case 3:
      return {
        is: "begins_with",
        path,
        value: { S: Array.from(makes.value("S").S ?? "")[0] ?? "" },
      };
    case 4:
      return { is: "contains", path, value: makes.value(r.pick(["S", "N"])) };
    case 5: {
      const type = r.pick(["S", "N"] as const);
      const [low, high] = [makes.value(type), makes.value(type)].sort(compare);
      return {
        is: "BETWEEN",
        operand: operand(r, makes),
        low,
        high,
      } as Condition;
    }
    case 6:
      return {
        is: "IN",
        operand: operand(r, makes),
        list: r.many(1, 4, () => makes.value()),
      };
    default: {
      const is = r.pick(comparisons);
      const right =
        is === "=" || is === "<>"
          ? makes.value()
          : makes.value(r.pick(["S", "N"]));
      return { is, left: operand(r, makes), right: { value: right } };
    }
  }
}

export function condition(r: Random, makes: Makes, depth = 2): Condition {
  if (depth === 0 || r.chance(0.5)) return leaf(r, makes);
  if (r.chance(0.3)) return { is: "NOT", part: condition(r, makes, depth - 1) };
  return {
    is: r.pick(["AND", "OR"]),
    parts: r.many(2, 3, () => condition(r, makes, depth - 1)),
  };
}

function simpleLeaf(r: Random, makes: Makes, path: Path): Condition {
  switch (r.below(5)) {
    case 0:
      return { is: "attribute_exists", path };
    case 1:
      return { is: "attribute_not_exists", path };
    case 2:
      return { is: "begins_with", path, value: { S: "a" } };
    case 3:
      return { is: "contains", path, value: makes.value(r.pick(["S", "N"])) };
    default:
      return {
        is: r.pick(["=", "<", "<=", ">", ">="]),
        left: { path },
        right: { value: makes.value(r.pick(["S", "N"])) },
      };
  }
}

export function simple(r: Random, makes: Makes): Simple {
  const names = new Set(r.many(1, 3, () => makes.path()[0]));
  return {
    is: r.pick(["AND", "OR"]),
    parts: [...names].map((name) => simpleLeaf(r, makes, [name])),
  };
}
