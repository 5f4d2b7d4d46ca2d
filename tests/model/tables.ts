// A table itself: an index is made of what is there, or taken away; tags.
import type { JsonObject } from "@bufbuild/protobuf";
import { isDeepStrictEqual } from "node:util";
import type { Random } from "./random.ts";
import { allOf } from "./reads.ts";
import { json, refusedWith, type Step } from "./step.ts";
import { tableOf, type Index, type TableSpec } from "./store.ts";
import { createTable, specs } from "./world.ts";

const late: Index = {
  name: "late",
  local: false,
  hash: "b",
  range: ["n", "g"],
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
    const table = tableOf(model, before.name);
    const has = table.spec === withLate;
    if (has === (status === "ACTIVE"))
      return refusedWith(
        has ? "ValidationException" : "ResourceNotFoundException",
      );
    return {
      changes: [],
      costs: [],
      also() {
        table.spec = has ? before : withLate;
      },
    };
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

// ---- tags ------------------------------------------------------------------

const arnOf = ({ name }: TableSpec) =>
  `arn:aws:dynamodb:local-1:000000000000:table/${name}`;

const tagsOf = (answer: JsonObject) =>
  new Map(
    ((answer["Tags"] ?? []) as { Key: string; Value: string }[]).map(
      ({ Key, Value }) => [Key, Value] as const,
    ),
  );

export function tag(r: Random): Step {
  const spec = r.pick(specs);
  const ResourceArn = arnOf(spec);
  const keys = r.some(["game", "stage", "é"]);
  const tags = new Map(
    r.chance(0.6) ? keys.map((key) => [key, r.pick(["", "a", "b"])]) : [],
  );
  let want: ReadonlyMap<string, string> = new Map();

  return {
    operation: tags.size ? "TagResource" : "UntagResource",
    message: json({
      ResourceArn,
      ...(tags.size
        ? { Tags: [...tags].map(([Key, Value]) => ({ Key, Value })) }
        : { TagKeys: keys }),
    }),
    run(model) {
      const table = tableOf(model, spec.name);
      const kept = [...table.tags].filter(([key]) => !keys.includes(key));
      want = new Map([...kept, ...tags]);
      return {
        changes: [],
        costs: [],
        also() {
          table.tags = want;
        },
      };
    },
    until: {
      operation: "ListTagsOfResource",
      message: { ResourceArn },
      holds: (answer) => isDeepStrictEqual(tagsOf(answer), want),
    },
  };
}
