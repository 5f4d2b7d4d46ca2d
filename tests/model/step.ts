// One request, and what the model says must come of it.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import type { Change, Cost, Model, TableSpec, Units } from "./store.ts";
import { canonicalItem, textOf, type Item } from "./value.ts";

export interface Result {
  /** The exception it must be refused with. */
  readonly refused?: string;
  /** Of TransactionCanceledException, a code for each part. */
  readonly reasons?: readonly string[];
  /** Fails unless this is what the answer must be. */
  readonly check?: (answer: JsonObject) => void;
  readonly changes: readonly Change[];
  /** What becomes of the tables themselves. */
  readonly also?: () => void;
  readonly costs: readonly Cost[];
}

export interface Step {
  readonly operation: string;
  readonly message: JsonObject;
  /** Judges it, and changes nothing. `answer` is what came, where the model
   * leaves a choice: it is what a page's cost is of. */
  run(model: Model, answer?: JsonObject): Result;
  /** Asked until it is so, with the store killed in between. */
  readonly until?: {
    readonly operation: string;
    readonly message: JsonObject;
    holds(answer: JsonObject): boolean;
  };
  /** What must follow, such as the next page. */
  next?(answer: JsonObject): Step | undefined;
}

/** Any of our objects is JSON. */
export const json = (object: object): JsonObject => object as JsonObject;

export const refusedWith = (
  refused: string,
  costs: readonly Cost[] = [],
): Result => ({ refused, changes: [], costs });

/** Items as they come, in one form. */
export const plainItem = (value: unknown): Item => canonicalItem(value as Item);

export const plainItems = (list: unknown): Item[] =>
  ((list ?? []) as Item[]).map(plainItem);

export const sorted = (items: readonly Item[]): string[] =>
  items.map((item) => textOf(canonicalItem(item))).sort();

/** What is there as `member`, or nothing where `want` is nothing. */
export function checkItem(
  answer: JsonObject,
  member: string,
  want: Item | undefined,
): void {
  const have = answer[member];
  const there = have !== undefined && Object.keys(have as object).length > 0;
  assert.deepEqual(
    there ? plainItem(have) : undefined,
    want && Object.keys(want).length ? canonicalItem(want) : undefined,
    member,
  );
}

/** How ReturnConsumedCapacity asks for it. */
export const details = ["INDEXES", "TOTAL"] as const;
export type Detail = (typeof details)[number];

/** A transaction names the kind of its units. */
export type Split = "ReadCapacityUnits" | "WriteCapacityUnits";

/** What ReturnConsumedCapacity gives of one table. */
export function capacity(
  { name, indexes }: TableSpec,
  units: Units,
  detail: Detail = "INDEXES",
  split?: Split,
): JsonObject {
  const of = (halves: number) => ({
    CapacityUnits: halves / 2,
    ...(split && { [split]: halves / 2 }),
  });
  const total = [...units.values()].reduce((sum, halves) => sum + halves, 0);
  if (detail === "TOTAL") return { TableName: name, ...of(total) };
  const group = (local: boolean) => {
    const used = indexes.filter(
      (index) => index.local === local && units.get(index.name),
    );
    const name_ = local ? "LocalSecondaryIndexes" : "GlobalSecondaryIndexes";
    return used.length
      ? {
          [name_]: Object.fromEntries(
            used.map((index) => [index.name, of(units.get(index.name) ?? 0)]),
          ),
        }
      : {};
  };
  return {
    TableName: name,
    ...of(total),
    Table: of(units.get("") ?? 0),
    ...group(true),
    ...group(false),
  };
}

export function sum(all: readonly Units[]): Units {
  const total = new Map<string, number>();
  for (const units of all)
    for (const [name, halves] of units)
      total.set(name, (total.get(name) ?? 0) + halves);
  return total;
}
