// A store with a table of two keys and an index, for the tests of operations.
import { after } from "node:test";
import { item, type Plain } from "./items.ts";
import { adminKv, startSuite } from "./suite.ts";

export const TableName = "tests";

/** The suite's store alone, its administrator, and the table made. */
export async function startTable() {
  const suite = await startSuite(["kv"]);
  after(() => suite.stop());
  const kv = adminKv(suite);
  await kv.createTable({
    tableName: TableName,
    attributeDefinitions: [
      { attributeName: "pk", attributeType: "S" },
      { attributeName: "sk", attributeType: "N" },
      { attributeName: "board", attributeType: "S" },
      { attributeName: "score", attributeType: "N" },
    ],
    keySchema: [
      { attributeName: "pk", keyType: "HASH" },
      { attributeName: "sk", keyType: "RANGE" },
    ],
    globalSecondaryIndexes: [
      {
        indexName: "by-score",
        keySchema: [
          { attributeName: "board", keyType: "HASH" },
          { attributeName: "score", keyType: "RANGE" },
        ],
        projection: { projectionType: "ALL" },
      },
    ],
    billingMode: "PAY_PER_REQUEST",
  });
  const put = (plain: { [name: string]: Plain }) =>
    kv.putItem({ tableName: TableName, item: item(plain) });
  return { suite, kv, put };
}
