// UpdateTable: an index is made of what is there, or taken away.
import type { JsonObject } from "@bufbuild/protobuf";
import { allOf } from "./reads.ts";
import { json, refusedWith, type Step } from "./step.ts";
import { tableOf, type Index, type TableSpec } from "./store.ts";
import { createTable, specs } from "./world.ts";

const late: Index = {
  name: "late",
  local: false,
  hash: "b",
  range: "n",
  projection: ["a"],
};

const [before] = specs as [TableSpec];
const withLate: TableSpec = {
  ...before,
  types: { ...before.types, b: "S" },
  indexes: [...before.indexes, late],
};

interface Described {
  readonly Table?: {
    readonly GlobalSecondaryIndexes?: readonly {
      readonly IndexName: string;
      readonly IndexStatus: string;
    }[];
  };
}

const statusOf = (answer: JsonObject) =>
  (answer as Described).Table?.GlobalSecondaryIndexes?.find(
    ({ IndexName }) => IndexName === late.name,
  )?.IndexStatus;

const create = () => {
  const { AttributeDefinitions, GlobalSecondaryIndexes = [] } =
    createTable(withLate);
  return {
    AttributeDefinitions,
    updates: [{ Create: GlobalSecondaryIndexes.at(-1) }],
  };
};

const update = (
  {
    AttributeDefinitions,
    updates,
  }: { AttributeDefinitions?: object; updates: object },
  status: "ACTIVE" | undefined,
): Step => ({
  operation: "UpdateTable",
  message: json({
    TableName: before.name,
    ...(AttributeDefinitions && { AttributeDefinitions }),
    GlobalSecondaryIndexUpdates: updates,
  }),
  run(model) {
    const has = tableOf(model, before.name).spec === withLate;
    if (has === (status === "ACTIVE"))
      return refusedWith(
        has ? "ValidationException" : "ResourceNotFoundException",
      );
    return { changes: [], costs: [], spec: has ? before : withLate };
  },
  until: {
    operation: "DescribeTable",
    message: { TableName: before.name },
    holds: (answer) => statusOf(answer) === status,
  },
  next: () => (status ? allOf(withLate, late) : undefined),
});

export const makeIndex = () => update(create(), "ACTIVE");

export const takeIndex = () =>
  update({ updates: [{ Delete: { IndexName: late.name } }] }, undefined);
