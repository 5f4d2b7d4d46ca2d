// What the generated operations are about: four tables, few keys, values of
// every type and a size that crosses the units' borders.
import type { Makes } from "./condition.ts";
import type { Path } from "./path.ts";
import type { Random } from "./random.ts";
import {
  hashesOf,
  rangesOf,
  type Model,
  type Schema,
  type TableSpec,
} from "./store.ts";
import type { Item, Type, Value } from "./value.ts";

export const specs: readonly TableSpec[] = [
  {
    name: "model-plain",
    types: { pk: "S", g: "S", n: "N" },
    hash: "pk",
    indexes: [
      { name: "all", local: false, hash: "g", range: "n", projection: "ALL" },
      { name: "keys", local: false, hash: "n", projection: "KEYS_ONLY" },
    ],
    view: "NEW_AND_OLD_IMAGES",
  },
  {
    name: "model-sorted",
    types: { pk: "S", sk: "N", n: "N", g: "S" },
    hash: "pk",
    range: "sk",
    indexes: [
      { name: "some", local: true, hash: "pk", range: "n", projection: ["a"] },
      {
        name: "turned",
        local: false,
        hash: "sk",
        range: "pk",
        projection: ["n"],
      },
      { name: "wide", local: true, hash: "pk", range: "g", projection: "ALL" },
      {
        name: "deep",
        local: false,
        hash: "sk",
        range: ["pk", "n", "g"],
        projection: ["a"],
      },
      {
        name: "pair",
        local: false,
        hash: ["pk", "sk"],
        range: ["g", "n"],
        projection: "KEYS_ONLY",
      },
    ],
    view: "KEYS_ONLY",
  },
  {
    name: "model-bytes",
    types: { pk: "B", sk: "S" },
    hash: "pk",
    range: "sk",
    indexes: [],
    view: "NEW_IMAGE",
  },
  {
    name: "model-brief",
    types: { pk: "N", g: "S" },
    hash: "pk",
    indexes: [{ name: "by-g", local: false, hash: "g", projection: ["a"] }],
    view: "OLD_IMAGE",
    ends: "ends",
  },
];

export function emptyModel(): Model {
  const tables = specs.map(
    (spec) =>
      [
        spec.name,
        { spec, tags: new Map(), items: new Map(), told: new Map() },
      ] as const,
  );
  return { tables: new Map(tables), ledger: new Map() };
}

/** CreateTable's message. */
export const createTable = (spec: TableSpec) => ({
  TableName: spec.name,
  AttributeDefinitions: Object.entries(spec.types).map(([name, type]) => ({
    AttributeName: name,
    AttributeType: type,
  })),
  KeySchema: keySchema(spec),
  BillingMode: "PAY_PER_REQUEST",
  ...(spec.view && {
    StreamSpecification: { StreamEnabled: true, StreamViewType: spec.view },
  }),
  ...(hasIndexes(spec, true) && {
    LocalSecondaryIndexes: indexes(spec, true),
  }),
  ...(hasIndexes(spec, false) && {
    GlobalSecondaryIndexes: indexes(spec, false),
  }),
});

const keySchema = (schema: Schema) => [
  ...hashesOf(schema).map((AttributeName) => ({
    AttributeName,
    KeyType: "HASH",
  })),
  ...rangesOf(schema).map((AttributeName) => ({
    AttributeName,
    KeyType: "RANGE",
  })),
];

const hasIndexes = (spec: TableSpec, local: boolean) =>
  spec.indexes.some((index) => index.local === local);

const indexes = (spec: TableSpec, local: boolean) =>
  spec.indexes
    .filter((index) => index.local === local)
    .map((index) => ({
      IndexName: index.name,
      KeySchema: keySchema(index),
      Projection:
        typeof index.projection === "string"
          ? { ProjectionType: index.projection }
          : {
              ProjectionType: "INCLUDE",
              NonKeyAttributes: [...index.projection],
            },
    }));

// ---- values ----------------------------------------------------------------

const words = [
  "",
  "a",
  "ab",
  "b",
  "é",
  "😀",
  "\ufffd",
  "a\u0000",
  "a\u0000b",
  "zz",
];
const numbers = ["0", "-1", "1", "1.5", "10", "9", "-0.25", "1e3", "007.50"];
const types: readonly Type[] = [
  "S",
  "N",
  "B",
  "BOOL",
  "NULL",
  "L",
  "M",
  "SS",
  "NS",
];

const distinct = <T>(list: readonly T[]): T[] => [...new Set(list)];

function valueOf(r: Random, type: Type, depth: number): Value {
  const text = () =>
    r.chance(0.05) ? "x".repeat(r.below(3000)) : r.pick(words);
  const inner = () => valueOf(r, r.pick(types), depth + 1);
  switch (type) {
    case "S":
      return { S: text() };
    case "N":
      return { N: r.pick(numbers) };
    case "B":
      return { B: Buffer.from(text()).toString("base64") };
    case "BOOL":
      return { BOOL: r.chance(0.5) };
    case "L":
      return { L: depth < 2 ? r.many(0, 3, inner) : [] };
    case "M": {
      const names =
        depth < 2 ? r.many(0, 3, () => r.pick(["a", "b", "n"])) : [];
      return { M: Object.fromEntries(names.map((name) => [name, inner()])) };
    }
    case "SS":
      return { SS: distinct(r.many(1, 3, () => r.pick(words))) };
    case "NS":
      return {
        NS: distinct(r.many(1, 3, () => String(r.below(5)))),
      };
    default:
      return { NULL: true };
  }
}

const indexKeys = ["b", "g", "n"];
export const attributeNames = ["a", "b", "c", "n", "g", "l", "m", "t", "ends"];

/** What expressions are made of: paths whose first name is wanted. No path has
 * a key of the table in it, and none leads into one of an index. */
export const makesFor = (
  r: Random,
  wanted: (name: string) => boolean = () => true,
): Makes => ({
  path(): Path {
    const name = r.pick(attributeNames.filter(wanted));
    if (indexKeys.includes(name) || r.chance(0.8)) return [name];
    return r.chance(0.5) ? [name, r.pick(["a", "b", "n"])] : [name, r.below(3)];
  },
  value: (type) => valueOf(r, type ?? r.pick(types), 0),
});

/** A key, mostly one that others use. */
export function makeKey(r: Random, spec: TableSpec): Item {
  const value = (name: string): Value => {
    const type = spec.types[name];
    if (type === "N") return { N: String(r.below(6)) };
    const text = `${name}-${r.below(6)}`;
    return type === "S"
      ? { S: text }
      : { B: Buffer.from(text).toString("base64") };
  };
  return Object.fromEntries(
    [spec.hash, spec.range].flatMap((name) =>
      name === undefined ? [] : [[name, value(name)]],
    ),
  ) as Item;
}

/** Items end so many hours behind the beginning, and not before. */
export const lives = [6, 12] as const;
const beginning = Math.floor(Date.now() / 1000);

const endOf = (r: Random): Value => ({
  N: String(beginning + r.pick(lives) * 3600),
});

/** An item; its index keys have the right type most of the time. */
export function makeItem(r: Random, spec: TableSpec): Item {
  const usual: readonly (readonly [string, Type])[] = [
    ["g", "S"],
    ["n", "N"],
    ["l", "L"],
    ["m", "M"],
    ["t", "SS"],
    ["a", r.pick(types)],
    ["b", r.pick(types)],
  ];
  const attributes = r
    .some(usual)
    .map(([name, type]) => [
      name,
      valueOf(r, r.chance(0.03) ? r.pick(types) : type, 0),
    ]);
  const body: Item = r.chance(0.1)
    ? { body: { S: "x".repeat(r.below(9000)) } }
    : {};
  return {
    ...(Object.fromEntries(attributes) as Item),
    ...body,
    ...(spec.ends && r.chance(0.5) && { [spec.ends]: endOf(r) }),
    ...makeKey(r, spec),
  };
}
