// The plain model: what tables, indexes, streams and the ledger must hold.
//
// Slow and simple on purpose. An operation is judged against it without
// touching it, and says what it would change: so a call whose answer never came
// can be judged by what it left behind.
import { Refused } from "./update.ts";
import {
  canonicalItem,
  compare,
  itemSize,
  sizeOf,
  textOf,
  typeOf,
  type Item,
  type Type,
  type Value,
} from "./value.ts";

export interface Index {
  readonly name: string;
  readonly local: boolean;
  readonly hash: string | readonly string[];
  readonly range?: string | readonly string[];
  readonly projection: "ALL" | "KEYS_ONLY" | readonly string[];
}

export interface TableSpec {
  readonly name: string;
  /** Of each attribute that is in a key. */
  readonly types: Readonly<Record<string, Type>>;
  readonly hash: string;
  readonly range?: string;
  readonly indexes: readonly Index[];
  readonly view?:
    "KEYS_ONLY" | "NEW_IMAGE" | "OLD_IMAGE" | "NEW_AND_OLD_IMAGES";
  /** The attribute that says when an item ends. */
  readonly ends?: string;
}

/** A stream's record, without what numbers and dates it. */
export interface Told {
  readonly event: "INSERT" | "MODIFY" | "REMOVE";
  readonly keys: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  /** The store itself took it away. */
  readonly byService: boolean;
}

export interface Table {
  spec: TableSpec;
  tags: ReadonlyMap<string, string>;
  readonly items: Map<string, Item>;
  /** By the partition key, within which they are in order. */
  readonly told: Map<string, Told[]>;
}

export interface Model {
  readonly tables: Map<string, Table>;
  /** Halves of a unit by resource, operation and unit. */
  readonly ledger: Map<string, number>;
}

export interface Change {
  readonly table: string;
  readonly key: Item;
  readonly before: Item | undefined;
  readonly after: Item | undefined;
  readonly byService?: boolean;
}

/** Halves of a unit, of the table (under "") and of its indexes by name. */
export type Units = ReadonlyMap<string, number>;

export interface Cost {
  readonly table: string;
  readonly units: Units;
  readonly unit: "ReadRequestUnits" | "WriteRequestUnits";
}

// ---- keys ------------------------------------------------------------------

/** Of a global index each may be several attributes. */
export interface Schema {
  readonly hash: string | readonly string[];
  readonly range?: string | readonly string[];
}

export const hashesOf = ({ hash }: Schema): string[] => [hash].flat();
export const rangesOf = ({ range = [] }: Schema): string[] => [range].flat();
export const keyNames = (schema: Schema): string[] => [
  ...hashesOf(schema),
  ...rangesOf(schema),
];

export const part = (item: Item, names: readonly string[]): Item =>
  canonicalItem(
    Object.fromEntries(
      names.flatMap((name) => {
        const value = item[name];
        return value ? [[name, value] as const] : [];
      }),
    ),
  );

export const keyOf = (spec: Schema, item: Item): Item =>
  part(item, keyNames(spec));

export const itemAt = (table: Table, key: Item): Item | undefined =>
  table.items.get(textOf(canonicalItem(key)));

export function tableOf(model: Model, name: string): Table {
  const table = model.tables.get(name);
  if (!table) throw new Error(`the model has no table ${name}`);
  return table;
}

/** By the sort key, its attributes in turn; without one all are equal. */
export const bySort =
  (schema: Schema) =>
  (a: Item, b: Item): number =>
    rangesOf(schema)
      .map((name) => compare(a[name] as Value, b[name] as Value))
      .find((way) => way !== 0) ?? 0;

// ---- indexes ---------------------------------------------------------------

const HASH_MAX = 2048;
const RANGE_MAX = 1024;

/** Why an index can't have this attribute in its key; undefined: it can. */
function flawOfOne(spec: TableSpec, item: Item, name: string) {
  const value = item[name];
  if (!value) return undefined;
  if (typeOf(value) !== spec.types[name]) return "its type";
  return value.S === "" || value.B === "" ? "it is empty" : undefined;
}

/** Why an index can't have the item; undefined: it can. */
function flaw(spec: TableSpec, index: Index, item: Item): string | undefined {
  const size = (names: readonly string[]) =>
    names.reduce((sum, name) => sum + sizeOf(item[name] ?? { S: "" }), 0);
  const wrong = keyNames(index)
    .map((name) => flawOfOne(spec, item, name))
    .find((words) => words !== undefined);
  if (wrong !== undefined) return wrong;
  return size(hashesOf(index)) > HASH_MAX || size(rangesOf(index)) > RANGE_MAX
    ? "it is too long"
    : undefined;
}

/** Refuses an item whose index keys have another type, are empty or too long. */
export function checkIndexKeys(spec: TableSpec, item: Item): void {
  for (const index of spec.indexes) {
    const wrong = flaw(spec, index, item);
    if (wrong !== undefined) throw new Refused(wrong);
  }
}

/** The item's row in an index. Undefined: it has none, since a key is missing,
 * or is none: it was there before the index was. */
export function rowOf(
  spec: TableSpec,
  index: Index,
  item: Item | undefined,
): Item | undefined {
  if (!item || keyNames(index).some((name) => !item[name])) return undefined;
  if (flaw(spec, index, item) !== undefined) return undefined;
  if (index.projection === "ALL") return item;
  const more = index.projection === "KEYS_ONLY" ? [] : index.projection;
  return part(item, [...keyNames(spec), ...keyNames(index), ...more]);
}

/** All rows of a table ("") or an index. */
export function rowsOf({ spec, items }: Table, index?: Index): Item[] {
  return [...items.values()].flatMap((item) => {
    const row = index ? rowOf(spec, index, item) : item;
    return row ? [row] : [];
  });
}

// ---- units -----------------------------------------------------------------

const blocks = (size: number, block: number) =>
  Math.max(1, Math.ceil(size / block));

export const readUnits = (size: number, factor: 1 | 2 | 4): number =>
  blocks(size, 4096) * factor;

const written = (size: number, factor: 2 | 4) => blocks(size, 1024) * factor;

function indexUnits(index: Index, before?: Item, after?: Item): number {
  if (!before && !after) return 0;
  if (!before || !after) return written(itemSize(before ?? after), 2);
  if (textOf(keyOf(index, before)) !== textOf(keyOf(index, after)))
    return written(itemSize(before), 2) + written(itemSize(after), 2);
  if (textOf(before) === textOf(after)) return 0;
  return written(Math.max(itemSize(before), itemSize(after)), 2);
}

/** A transaction pays twice for the table, once for the indexes. */
export function writeUnits(
  spec: TableSpec,
  before: Item | undefined,
  after: Item | undefined,
  factor: 2 | 4,
): Units {
  return new Map([
    ["", written(Math.max(itemSize(before), itemSize(after)), factor)],
    ...spec.indexes.map((index) => {
      const rows = [before, after].map((item) => rowOf(spec, index, item));
      return [index.name, indexUnits(index, rows[0], rows[1])] as const;
    }),
  ]);
}

/** What is asked in vain costs the larger of what is there and what was put. */
export const refusedUnits = (
  before: Item | undefined,
  put: Item | undefined,
  factor: 2 | 4,
): Units =>
  new Map([["", written(Math.max(itemSize(before), itemSize(put)), factor)]]);

export const ledgerKey = (resource: string, operation: string, unit: string) =>
  `${resource} ${operation} ${unit}`;

/** The ledger's rows of a cost. */
export function* rowsOfCost(
  operation: string,
  { table, units, unit }: Cost,
): Iterable<readonly [string, number]> {
  for (const [name, halves] of units) {
    const resource = name ? `${table}/index/${name}` : table;
    if (halves) yield [ledgerKey(resource, operation, unit), halves];
  }
}

// ---- what was done ---------------------------------------------------------

function tell({ spec, told }: Table, change: Change): void {
  const { key, before, after, byService = false } = change;
  const { view } = spec;
  if (!view || textOf(before ?? {}) === textOf(after ?? {})) return;
  const at = textOf(part(key, [spec.hash]));
  const images = { old: /OLD/.test(view), new: /NEW/.test(view) };
  told.set(at, [
    ...(told.get(at) ?? []),
    {
      event: !before ? "INSERT" : after ? "MODIFY" : "REMOVE",
      keys: key,
      before: images.old ? before : undefined,
      after: images.new ? after : undefined,
      byService,
    },
  ]);
}

export function commit(model: Model, changes: readonly Change[]): void {
  for (const change of changes) {
    const table = tableOf(model, change.table);
    const at = textOf(change.key);
    tell(table, change);
    if (change.after) table.items.set(at, change.after);
    else table.items.delete(at);
  }
}

export function count(
  ledger: Map<string, number>,
  rows: Iterable<readonly [string, number]>,
): void {
  for (const [key, halves] of rows)
    ledger.set(key, (ledger.get(key) ?? 0) + halves);
}

/** What an item's own attribute has ended by now; what says that it ended long
 * ago is taken for a mistake. */
export const ended = (model: Model, second: number): Change[] =>
  [...model.tables.values()].flatMap(({ spec, items }) =>
    [...items.values()].flatMap((before) => {
      const end = Number(spec.ends && before[spec.ends]?.N);
      const over = end < second && end > second - 5 * 366 * 86_400;
      const change = {
        table: spec.name,
        key: keyOf(spec, before),
        before,
        after: undefined,
        byService: true,
      };
      return over ? [change] : [];
    }),
  );
