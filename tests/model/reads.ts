// Reads: by key, of a partition, of everything.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { condition, holds, print, printOlder, simple } from "./condition.ts";
import {
  isWithin,
  keyCondition,
  printKey,
  printOlderKey,
} from "./key_condition.ts";
import { Places, project, type Path } from "./path.ts";
import type { Random } from "./random.ts";
import {
  capacity,
  checkItem,
  details,
  json,
  plainItems,
  sorted,
  sum,
  type Result,
  type Step,
} from "./step.ts";
import {
  bySort,
  itemAt,
  keyNames,
  part,
  readUnits,
  rowsOf,
  tableOf,
  type Cost,
  type Index,
  type Model,
  type Schema,
  type TableSpec,
  type Units,
} from "./store.ts";
import { itemSize, textOf, type Item } from "./value.ts";
import { attributeNames, makeKey, makesFor, specs } from "./world.ts";

export const cost = (spec: TableSpec, units: Units): Cost => ({
  table: spec.name,
  units,
  unit: "ReadRequestUnits",
});

export const only = (name: string, halves: number): Units =>
  new Map([[name, halves]]);

// ---- by key ----------------------------------------------------------------

/** Paths of which none lies within another. */
function makePaths(r: Random): Path[] {
  const paths = r.many(1, 3, makesFor(r).path);
  return [...new Map(paths.map((path) => [path[0], path])).values()];
}

export function getItem(r: Random): Step {
  const spec = r.pick(specs);
  const key = makeKey(r, spec);
  const ConsistentRead = r.chance(0.5);
  const paths = r.chance(0.4) ? makePaths(r) : undefined;
  const places = new Places();
  const projection =
    paths && paths.every(({ length }) => length === 1) && r.chance(0.5)
      ? { AttributesToGet: paths.map(([name]) => name) }
      : paths && {
          ProjectionExpression: paths
            .map((path) => places.path(path))
            .join(", "),
        };

  return {
    operation: "GetItem",
    message: json({
      TableName: spec.name,
      Key: key,
      ConsistentRead,
      ...projection,
      ...places.fields(),
      ReturnConsumedCapacity: "INDEXES",
    }),
    run(model): Result {
      const item = itemAt(tableOf(model, spec.name), key);
      const units = only("", readUnits(itemSize(item), ConsistentRead ? 2 : 1));
      return {
        changes: [],
        costs: [cost(spec, units)],
        check(answer) {
          checkItem(
            answer,
            "Item",
            item && paths ? project(item, paths) : item,
          );
          assert.deepEqual(answer["ConsumedCapacity"], capacity(spec, units));
        },
      };
    },
  };
}

export const distinctKeys = (
  r: Random,
  spec: TableSpec,
  most: number,
): Item[] => [
  ...new Map(
    r
      .many(1, most, () => makeKey(r, spec))
      .map((key) => [textOf(key), key] as const),
  ).values(),
];

export function batchGet(r: Random): Step {
  const wanted = r.some(specs).map((spec) => ({
    spec,
    keys: distinctKeys(r, spec, 6),
    consistent: r.chance(0.5),
  }));

  const detail = r.pick(details);

  return {
    operation: "BatchGetItem",
    message: json({
      ReturnConsumedCapacity: detail,
      RequestItems: Object.fromEntries(
        wanted.map(({ spec, keys, consistent }) => [
          spec.name,
          { Keys: keys, ConsistentRead: consistent },
        ]),
      ),
    }),
    run(model): Result {
      const found = wanted.map(({ spec, keys, consistent }) => {
        const items = keys.map((key) => itemAt(tableOf(model, spec.name), key));
        const halves = items.map((item) =>
          readUnits(itemSize(item), consistent ? 2 : 1),
        );
        return { spec, items, units: sum(halves.map((n) => only("", n))) };
      });
      return {
        changes: [],
        costs: found.map(({ spec, units }) => cost(spec, units)),
        check(answer) {
          const responses = answer["Responses"] as JsonObject;
          for (const { spec, items } of found)
            assert.deepEqual(
              sorted(plainItems(responses[spec.name])),
              sorted(items.flatMap((item) => (item ? [item] : []))),
            );
          assert.deepEqual(answer["UnprocessedKeys"] ?? {}, {});
          assert.deepEqual(
            answer["ConsumedCapacity"],
            found.map(({ spec, units }) => capacity(spec, units, detail)),
          );
        },
      };
    },
  };
}

export function transactGet(r: Random): Step {
  const spec = r.pick(specs);
  const keys = distinctKeys(r, spec, 5);
  const detail = r.pick(details);

  return {
    operation: "TransactGetItems",
    message: json({
      TransactItems: keys.map((Key) => ({
        Get: { TableName: spec.name, Key },
      })),
      ReturnConsumedCapacity: detail,
    }),
    run(model): Result {
      const items = keys.map((key) => itemAt(tableOf(model, spec.name), key));
      const halves = items.map((item) => readUnits(itemSize(item), 4));
      const units = sum(halves.map((n) => only("", n)));
      return {
        changes: [],
        costs: [cost(spec, units)],
        check(answer) {
          const responses = answer["Responses"] as JsonObject[];
          assert.equal(responses.length, items.length);
          items.forEach((item, i) => {
            checkItem(responses[i] ?? {}, "Item", item);
          });
          assert.deepEqual(answer["ConsumedCapacity"], [
            capacity(spec, units, detail, "ReadCapacityUnits"),
          ]);
        },
      };
    },
  };
}

// ---- pages -----------------------------------------------------------------

/** What a page is of: a table or one of its indexes, perhaps filtered. */
interface Source {
  readonly spec: TableSpec;
  readonly index: Index | undefined;
  readonly consistent: boolean;
}

function makeSource(r: Random): Source {
  const spec = r.pick(specs);
  const index =
    r.chance(0.5) && spec.indexes.length ? r.pick(spec.indexes) : undefined;
  return { spec, index, consistent: (!index || index.local) && r.chance(0.5) };
}

const schemaOf = ({ spec, index }: Source): Schema => index ?? spec;

const fields = ({ spec, index, consistent }: Source) => ({
  TableName: spec.name,
  ...(index && { IndexName: index.name }),
  ConsistentRead: consistent,
  ReturnConsumedCapacity: "INDEXES",
});

const pageUnits = (
  { index, consistent }: Source,
  rows: readonly Item[],
): Units =>
  only(
    index?.name ?? "",
    readUnits(
      rows.reduce((size, row) => size + itemSize(row), 0),
      consistent ? 2 : 1,
    ),
  );

/** The key attributes of a row: where the next page begins. */
const placeOf = ({ spec, index }: Source, row: Item): Item =>
  part(row, [...keyNames(spec), ...(index ? keyNames(index) : [])]);

/** May a filter ask for it? No key, and what the index has. */
function isFilterable({ spec, index }: Source, name: string): boolean {
  const keys = [...keyNames(spec), ...(index ? keyNames(index) : [])];
  const has = index?.projection ?? "ALL";
  return (
    !keys.includes(name) &&
    (has === "ALL" || (has !== "KEYS_ONLY" && has.includes(name)))
  );
}

function filterOf(r: Random, source: Source, places: Places) {
  const wanted = (name: string) => isFilterable(source, name);
  if (!attributeNames.some(wanted)) return undefined;
  const makes = makesFor(r, wanted);
  const filter = condition(r, makes);
  return { filter, FilterExpression: print(filter, places) };
}

function olderFilter(r: Random, source: Source) {
  const wanted = (name: string) => isFilterable(source, name);
  return attributeNames.some(wanted)
    ? simple(r, makesFor(r, wanted))
    : undefined;
}

// ---- Query -----------------------------------------------------------------

/** All that a query gives: of rows that tie in an index any order is right. */
function checkOrder(source: Source, rows: readonly Item[], backward: boolean) {
  const order = bySort(schemaOf(source));
  rows.slice(1).forEach((row, i) => {
    const way = order(rows[i] as Item, row);
    assert.ok(backward ? way >= 0 : way <= 0, "the order of sort keys");
  });
}

export function query(r: Random): Step {
  const source = makeSource(r);
  const places = new Places();
  const backward = r.chance(0.4);
  const key = keyCondition(r, source.spec, source.index);
  const filtered = r.chance(0.3) ? filterOf(r, source, places) : undefined;
  const message = {
    ...fields(source),
    KeyConditionExpression: printKey(key, places),
    ...(filtered && { FilterExpression: filtered.FilterExpression }),
    ...places.fields(),
    ScanIndexForward: !backward,
    ...(r.chance(0.2) && { Select: "COUNT" }),
  };
  const wanted = (model: Model) =>
    rowsOf(tableOf(model, source.spec.name), source.index).filter((row) =>
      isWithin(key, row),
    );

  if (filtered || message.Select || r.chance(0.5))
    return whole("Query", source, message, wanted, filtered?.filter, (rows) => {
      checkOrder(source, rows, backward);
    });
  return pages("Query", source, message, 1 + r.below(4), wanted, (rows) => {
    checkOrder(source, rows, backward);
  });
}

/** As it was before there were expressions. */
export function olderQuery(r: Random): Step {
  const source = makeSource(r);
  const backward = r.chance(0.4);
  const key = keyCondition(r, source.spec, source.index);
  const filter = olderFilter(r, source);
  return whole(
    "Query",
    source,
    {
      ...fields(source),
      ...printOlderKey(key),
      ...(filter && printOlder("QueryFilter", filter)),
      ScanIndexForward: !backward,
    },
    (model) =>
      rowsOf(tableOf(model, source.spec.name), source.index).filter((row) =>
        isWithin(key, row),
      ),
    filter,
    (rows) => {
      checkOrder(source, rows, backward);
    },
  );
}

// ---- Scan ------------------------------------------------------------------

export function scan(r: Random): Step {
  const source = makeSource(r);
  const places = new Places();
  const filtered = r.chance(0.5) ? filterOf(r, source, places) : undefined;
  const message = {
    ...fields(source),
    ...(filtered && { FilterExpression: filtered.FilterExpression }),
    ...places.fields(),
  };
  const wanted = (model: Model) =>
    rowsOf(tableOf(model, source.spec.name), source.index);
  const any = () => undefined;

  if (filtered)
    return whole("Scan", source, message, wanted, filtered.filter, any);
  if (r.chance(0.4)) return segments(source, 1 + r.below(5));
  return pages("Scan", source, message, 1 + r.below(20), wanted, any);
}

/** All of it, a segment after the other. */
function segments(
  source: Source,
  total: number,
  segment = 0,
  seen: readonly Item[] = [],
): Step {
  const { spec, index } = source;

  return {
    operation: "Scan",
    message: json({
      ...fields(source),
      Segment: segment,
      TotalSegments: total,
    }),
    run(model, came): Result {
      const rows = rowsOf(tableOf(model, spec.name), index);
      // without an answer: no segment costs more than all
      const items = came ? plainItems(came["Items"]) : rows;
      const units = pageUnits(source, items);
      return {
        changes: [],
        costs: [cost(spec, units)],
        check() {
          const all = sorted([...seen, ...items]);
          const there = new Set(sorted(rows));
          assert.equal(new Set(all).size, all.length, "no row twice");
          for (const one of all) assert.ok(there.has(one), one);
          if (segment + 1 === total) assert.equal(all.length, rows.length);
        },
      };
    },
    next: (answer) =>
      segment + 1 < total
        ? segments(source, total, segment + 1, [
            ...seen,
            ...plainItems(answer["Items"]),
          ])
        : undefined,
  };
}

/** As it was before there were expressions. */
export function olderScan(r: Random): Step {
  const source = makeSource(r);
  const filter = olderFilter(r, source);
  return whole(
    "Scan",
    source,
    { ...fields(source), ...(filter && printOlder("ScanFilter", filter)) },
    (model) => rowsOf(tableOf(model, source.spec.name), source.index),
    filter,
    () => undefined,
  );
}

// ---- what both are made of -------------------------------------------------

type Check = (rows: readonly Item[]) => void;

/** All in one page. */
function whole(
  operation: "Query" | "Scan",
  source: Source,
  message: Readonly<Record<string, unknown>>,
  wanted: (model: Model) => Item[],
  filter: Parameters<typeof holds>[0],
  inOrder: Check,
): Step {
  return {
    operation,
    message: json(message),
    run(model): Result {
      const rows = wanted(model);
      const passed = rows.filter((row) => holds(filter, row));
      const units = pageUnits(source, rows);
      return {
        changes: [],
        costs: [cost(source.spec, units)],
        check(answer) {
          const items = plainItems(answer["Items"]);
          if (!message["Select"])
            assert.deepEqual(sorted(items), sorted(passed));
          inOrder(items);
          assert.equal(answer["Count"], passed.length);
          assert.equal(answer["ScannedCount"], rows.length);
          assert.equal(answer["LastEvaluatedKey"], undefined);
          assert.deepEqual(
            answer["ConsumedCapacity"],
            capacity(tableOf(model, source.spec.name).spec, units),
          );
        },
      };
    },
  };
}

/** Page by page: at the end, all of it has come, once. */
function pages(
  operation: "Query" | "Scan",
  source: Source,
  message: object,
  limit: number,
  wanted: (model: Model) => Item[],
  inOrder: Check,
  seen: readonly Item[] = [],
): Step {
  const checkPage = (model: Model, items: readonly Item[], more: boolean) => {
    const all = [...seen, ...items];
    inOrder(all);
    assert.equal(new Set(sorted(all)).size, all.length, "no row twice");
    const rows = wanted(model);
    if (more) {
      const there = new Set(sorted(rows));
      for (const one of sorted(items)) assert.ok(there.has(one), one);
      assert.equal(items.length, limit);
    } else {
      assert.deepEqual(sorted(all), sorted(rows));
    }
  };

  return {
    operation,
    message: json({ ...message, Limit: limit }),
    run(model, came): Result {
      // without an answer: no page costs more than all
      const items = came ? plainItems(came["Items"]) : wanted(model);
      const units = pageUnits(source, items);
      return {
        changes: [],
        costs: [cost(source.spec, units)],
        check(answer) {
          const last = answer["LastEvaluatedKey"];
          const end = items.at(-1);
          checkPage(model, items, last !== undefined);
          if (last !== undefined && end)
            checkItem(answer, "LastEvaluatedKey", placeOf(source, end));
          assert.equal(answer["Count"], items.length);
          assert.deepEqual(
            answer["ConsumedCapacity"],
            capacity(tableOf(model, source.spec.name).spec, units),
          );
        },
      };
    },
    next(answer) {
      const after = answer["LastEvaluatedKey"];
      if (after === undefined) return undefined;
      return pages(
        operation,
        source,
        { ...message, ExclusiveStartKey: after },
        limit,
        wanted,
        inOrder,
        [...seen, ...plainItems(answer["Items"])],
      );
    },
  };
}

/** All that an index, or the table itself, holds. */
export const allOf = (spec: TableSpec, index?: Index): Step => {
  const source = { spec, index, consistent: !index };
  return whole(
    "Scan",
    source,
    fields(source),
    (model) => rowsOf(tableOf(model, spec.name), index),
    undefined,
    () => undefined,
  );
};

/** A step for all that each table and index holds. */
export const everything = (model: Model): Step[] =>
  [...model.tables.values()].flatMap(({ spec }) =>
    [undefined, ...spec.indexes].map((index) => allOf(spec, index)),
  );
