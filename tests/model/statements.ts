// PartiQL: statements alone, in batches, and in transactions.
import type { JsonObject } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { printStatement, simple, type Simple } from "./condition.ts";
import type { Random } from "./random.ts";
import { cost, distinctKeys, only } from "./reads.ts";
import {
  capacity,
  checkItem,
  details,
  json,
  plainItems,
  sorted,
  type Result,
  type Step,
} from "./step.ts";
import {
  itemAt,
  keyNames,
  readUnits,
  rowsOf,
  tableOf,
  type Model,
  type TableSpec,
} from "./store.ts";
import { plainClauses, type Clause } from "./update.ts";
import { equal, itemSize, type Item, type Value } from "./value.ts";
import { makeKey, makesFor, specs } from "./world.ts";
import {
  cost as writeCost,
  distinct,
  judgeAlone,
  makeWrite,
  shownOf,
  transaction,
  writeStep,
  type Shown,
  type Write,
} from "./writes.ts";

/** A statement, and the write that it is. */
interface Statement {
  readonly w: Write;
  readonly show: Shown;
  readonly message: {
    readonly Statement: string;
    readonly Parameters: readonly Value[];
  };
}

const there = (
  spec: TableSpec,
  is: "attribute_exists" | "attribute_not_exists",
) => ({ is, path: [spec.hash] }) as const;

/** Where the key is this, and what else must hold. */
function where(key: Item, more?: Simple) {
  const names = Object.keys(key).map((name) => `"${name}" = ?`);
  const condition = more && printStatement(more);
  return {
    text: [...names, ...(condition ? [condition.text] : [])].join(" AND "),
    parameters: [...Object.values(key), ...(condition?.parameters ?? [])],
  };
}

// ---- writes ----------------------------------------------------------------

function insert(r: Random): Statement {
  const w = makeWrite(r, "Put");
  const item = w.item ?? {};
  const marks = Object.keys(item).map((name) => `'${name}': ?`);
  return {
    w: {
      ...w,
      condition: there(w.spec, "attribute_not_exists"),
      refusal: "DuplicateItem",
    },
    show: "NONE",
    message: {
      Statement: `INSERT INTO "${w.spec.name}" VALUE {${marks.join(", ")}}`,
      Parameters: Object.values(item),
    },
  };
}

const printClause = (c: Clause) =>
  c.is === "SET" ? `SET "${c.path[0]}" = ?` : `REMOVE "${c.path[0]}"`;

function change(r: Random): Statement {
  const { spec, key } = makeWrite(r, "Update");
  const makes = makesFor(r);
  const clauses = plainClauses(r, makes).filter(
    ({ is }) => is === "SET" || is === "REMOVE",
  );
  if (!clauses.length) return change(r);
  const more = r.chance(0.4) ? simple(r, makes) : undefined;
  const { text, parameters } = where(key, more);
  const values = clauses.flatMap((c) =>
    c.is === "SET" && "value" in c.to ? [c.to.value] : [],
  );
  const parts = [there(spec, "attribute_exists"), ...(more ? [more] : [])];
  return {
    w: { kind: "Update", spec, key, clauses, condition: { is: "AND", parts } },
    show: "ALL_NEW",
    message: {
      Statement: `UPDATE "${spec.name}" ${clauses.map(printClause).join(" ")} WHERE ${text}`,
      Parameters: [...values, ...parameters],
    },
  };
}

/** It is content with nothing, but not with another item. */
function takeAway(r: Random): Statement {
  const { spec, key } = makeWrite(r, "Delete");
  const more = r.chance(0.4) ? simple(r, makesFor(r)) : undefined;
  const { text, parameters } = where(key, more);
  const condition = more && {
    is: "OR" as const,
    parts: [there(spec, "attribute_not_exists"), more],
  };
  return {
    w: { kind: "Delete", spec, key, ...(condition && { condition }) },
    show: "ALL_OLD",
    message: {
      Statement: `DELETE FROM "${spec.name}" WHERE ${text}`,
      Parameters: parameters,
    },
  };
}

/** Of transactions alone: an item must be there, and such. */
function exists(r: Random): Statement {
  const { spec, key } = makeWrite(r, "ConditionCheck");
  const more = simple(r, makesFor(r));
  const { text, parameters } = where(key, more);
  return {
    w: {
      kind: "ConditionCheck",
      spec,
      key,
      condition: { is: "AND", parts: [there(spec, "attribute_exists"), more] },
    },
    show: "NONE",
    message: {
      Statement: `EXISTS(SELECT * FROM "${spec.name}" WHERE ${text})`,
      Parameters: parameters,
    },
  };
}

const writes = [insert, change, change, takeAway] as const;

/** With what RETURNING gives, which a statement that inserts hasn't. */
const returning = ({ message, show }: Statement) => ({
  ...message,
  Statement:
    message.Statement +
    (show === "NONE" ? "" : ` RETURNING ${show.replace("_", " ")} *`),
});

const items = (answer: JsonObject, shown: Item | undefined) => {
  assert.deepEqual(plainItems(answer["Items"]), shown ? [shown] : []);
};

export function writeStatement(r: Random): Step {
  const statement = r.pick(writes)(r);
  const { w, show } = statement;
  return writeStep(
    w,
    "ExecuteStatement",
    returning(statement),
    items,
    show,
    w.refusal && "DuplicateItemException",
  );
}

/** What a batch answers to one of its statements. */
function checkResponse(
  response: JsonObject,
  spec: TableSpec,
  code: string,
  item: Item | undefined,
): void {
  const error = response["Error"] as JsonObject | undefined;
  assert.equal(response["TableName"], spec.name);
  assert.equal(error?.["Code"] ?? "None", code);
  checkItem(response, "Item", item);
}

export function batchWriteStatements(r: Random): Step {
  const list = distinct(
    r.many(1, 6, () => r.pick(writes)(r)),
    ({ w }) => w,
  );
  const detail = r.pick(details);

  return {
    operation: "BatchExecuteStatement",
    message: json({
      Statements: list.map(returning),
      ReturnConsumedCapacity: detail,
    }),
    run(model): Result {
      const judged = list.map(
        (one) => [one, judgeAlone(model, one.w)] as const,
      );
      const done = judged.filter(([, { code }]) => code === "None");
      return {
        changes: done.map(([, { change: made }]) => made),
        costs: judged.map(([{ w }, { units }]) => writeCost(w, units)),
        check(answer) {
          const responses = answer["Responses"] as JsonObject[];
          assert.equal(responses.length, list.length);
          judged.forEach(([{ w, show }, { code, change: made }], i) => {
            const failed = code === "ConditionalCheckFailed";
            checkResponse(
              responses[i] ?? {},
              w.spec,
              failed ? (w.refusal ?? code) : code,
              code === "None" ? shownOf(made, show) : undefined,
            );
          });
          assert.deepEqual(
            answer["ConsumedCapacity"] ?? [],
            done.map(([{ w }, { units }]) =>
              capacity(tableOf(model, w.spec.name).spec, units, detail),
            ),
          );
        },
      };
    },
  };
}

export function transactStatements(r: Random): Step {
  const list = distinct(
    r.many(1, 5, () => r.pick([...writes, exists])(r)),
    ({ w }) => w,
  );
  return transaction(
    r,
    "ExecuteTransaction",
    { TransactStatements: list.map(({ message }) => message) },
    list.map(({ w }) => w),
    (model, priced, ...how) =>
      priced.map(([{ spec }, units]) =>
        capacity(tableOf(model, spec.name).spec, units, ...how),
      ),
  );
}

// ---- reads -----------------------------------------------------------------

/** SELECT of one partition, or of one item. */
export function select(r: Random): Step {
  const spec = r.pick(specs);
  const key = makeKey(r, spec);
  const names = r.chance(0.5) ? keyNames(spec) : [spec.hash];
  const ConsistentRead = r.chance(0.5);
  const text = names.map((name) => `"${name}" = ?`).join(" AND ");
  const rows = (model: Model) =>
    rowsOf(tableOf(model, spec.name)).filter((row) =>
      names.every((name) => equal(row[name] as Value, key[name] as Value)),
    );

  return {
    operation: "ExecuteStatement",
    message: json({
      Statement: `SELECT * FROM "${spec.name}" WHERE ${text}`,
      Parameters: names.map((name) => key[name]),
      ConsistentRead,
      ReturnConsumedCapacity: "INDEXES",
    }),
    run(model): Result {
      const want = rows(model);
      const size = want.reduce((total, row) => total + itemSize(row), 0);
      const units = only("", readUnits(size, ConsistentRead ? 2 : 1));
      return {
        changes: [],
        costs: [cost(spec, units)],
        check(answer) {
          assert.deepEqual(sorted(plainItems(answer["Items"])), sorted(want));
          assert.deepEqual(
            answer["ConsumedCapacity"],
            capacity(tableOf(model, spec.name).spec, units),
          );
        },
      };
    },
  };
}

/** Each of one item. */
function makeSelects(r: Random) {
  return r.some(specs).flatMap((spec) =>
    distinctKeys(r, spec, 3).map((key) => {
      const { text, parameters } = where(key);
      return {
        spec,
        key,
        consistent: r.chance(0.5),
        message: {
          Statement: `SELECT * FROM "${spec.name}" WHERE ${text}`,
          Parameters: parameters,
        },
      };
    }),
  );
}

export function batchReadStatements(r: Random): Step {
  const list = makeSelects(r);
  const detail = r.pick(details);

  return {
    operation: "BatchExecuteStatement",
    message: json({
      Statements: list.map(({ message, consistent }) => ({
        ...message,
        ConsistentRead: consistent,
      })),
      ReturnConsumedCapacity: detail,
    }),
    run(model): Result {
      const found = list.map(({ spec, key, consistent }) => {
        const item = itemAt(tableOf(model, spec.name), key);
        const halves = readUnits(itemSize(item), consistent ? 2 : 1);
        return { spec, item, units: only("", halves) };
      });
      return {
        changes: [],
        costs: found.map(({ spec, units }) => cost(spec, units)),
        check(answer) {
          const responses = answer["Responses"] as JsonObject[];
          assert.equal(responses.length, list.length);
          found.forEach(({ spec, item }, i) => {
            checkResponse(responses[i] ?? {}, spec, "None", item);
          });
          assert.deepEqual(
            answer["ConsumedCapacity"],
            found.map(({ spec, units }) => capacity(spec, units, detail)),
          );
        },
      };
    },
  };
}

export function transactReadStatements(r: Random): Step {
  const list = makeSelects(r);
  const detail = r.pick(details);

  return {
    operation: "ExecuteTransaction",
    message: json({
      TransactStatements: list.map(({ message }) => message),
      ReturnConsumedCapacity: detail,
    }),
    run(model): Result {
      const found = list.map(({ spec, key }) => {
        const item = itemAt(tableOf(model, spec.name), key);
        return { spec, item, units: only("", readUnits(itemSize(item), 4)) };
      });
      return {
        changes: [],
        costs: found.map(({ spec, units }) => cost(spec, units)),
        check(answer) {
          const responses = answer["Responses"] as JsonObject[];
          assert.equal(responses.length, list.length);
          found.forEach(({ item }, i) => {
            checkItem(responses[i] ?? {}, "Item", item);
          });
          assert.deepEqual(
            answer["ConsumedCapacity"],
            found.map(({ spec, units }) =>
              capacity(spec, units, detail, "ReadCapacityUnits"),
            ),
          );
        },
      };
    },
  };
}
