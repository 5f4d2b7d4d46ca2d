// PutItem, GetItem, UpdateItem, DeleteItem.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ConditionalCheckFailedSchema } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item, plain, type Plain } from "../../harness/items.ts";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName as tableName } from "../../harness/table.ts";

const { kv, put } = await startTable();

async function get(pk: string, sk: number) {
  const answer = await kv.getItem({
    tableName,
    key: item({ pk, sk }),
    consistentRead: true,
  });
  return answer.item ? plain(answer.item) : undefined;
}

describe("PutItem and GetItem", () => {
  it("keep every type", async () => {
    const all: { [name: string]: Plain } = {
      pk: "all",
      sk: -1.5,
      text: "é 😀 \u0000 end",
      empty: "",
      bytes: new Uint8Array([0, 255]),
      yes: true,
      nothing: null,
      texts: new Set(["b", "a"]),
      numbers: new Set([3, 1]),
      list: [1, "x", [], {}],
      map: { inner: { deep: 1e10 } },
    };
    await put(all);
    assert.deepEqual(await get("all", -1.5), all);
  });
  it("answer with nothing where there is nothing", async () => {
    assert.equal(await get("nowhere", 0), undefined);
  });
  it("replace the whole item, and give the old one", async () => {
    await put({ pk: "r", sk: 1, a: 1 });
    const answer = await kv.putItem({
      tableName,
      item: item({ pk: "r", sk: 1, b: 2 }),
      returnValues: "ALL_OLD",
    });
    assert.ok(answer.attributes);
    assert.deepEqual(plain(answer.attributes), { pk: "r", sk: 1, a: 1 });
    assert.deepEqual(await get("r", 1), { pk: "r", sk: 1, b: 2 });
  });
  it("keep a condition", async () => {
    const once = {
      tableName,
      item: item({ pk: "once", sk: 1 }),
      conditionExpression: "attribute_not_exists(pk)",
    };
    await kv.putItem(once);
    await refuses(
      kv.putItem(once),
      "ConditionalCheckFailedException",
      /^The conditional request failed$/,
    );
  });
  it("give the item that a condition failed on, if asked", async () => {
    const { error } = await refuses(
      kv.putItem({
        tableName,
        item: item({ pk: "once", sk: 1 }),
        conditionExpression: "attribute_not_exists(pk)",
        returnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
      "ConditionalCheckFailedException",
    );
    const [detail] = error.findDetails(ConditionalCheckFailedSchema);
    assert.ok(detail?.item);
    assert.deepEqual(plain(detail.item), { pk: "once", sk: 1 });
  });
  it("project", async () => {
    await put({ pk: "p", sk: 1, a: { b: [10, 20], c: 1 }, size: 2 });
    const answer = await kv.getItem({
      tableName,
      key: item({ pk: "p", sk: 1 }),
      projectionExpression: "a.b[1], #s",
      expressionAttributeNames: { "#s": "size" },
    });
    assert.ok(answer.item);
    assert.deepEqual(plain(answer.item), { a: { b: [20] }, size: 2 });
  });
  it("say what they cost", async () => {
    const { consumedCapacity } = await kv.putItem({
      tableName,
      item: item({ pk: "cost", sk: 1, a: "x".repeat(1500) }),
      returnConsumedCapacity: "TOTAL",
    });
    assert.equal(consumedCapacity?.tableName, tableName);
    assert.equal(consumedCapacity?.capacityUnits, 2);
    const read = (consistentRead: boolean) =>
      kv.getItem({
        tableName,
        key: item({ pk: "cost", sk: 1 }),
        consistentRead,
        returnConsumedCapacity: "TOTAL",
      });
    assert.equal((await read(true)).consumedCapacity?.capacityUnits, 1);
    assert.equal((await read(false)).consumedCapacity?.capacityUnits, 0.5);
  });
  for (const [what, bad] of [
    ["no key", { pk: "x" }],
    ["a key of the wrong type", { pk: "x", sk: "1" }],
    ["an empty key", { pk: "", sk: 1 }],
  ] as [string, { [name: string]: Plain }][])
    it(`refuse ${what}`, async () => {
      await refuses(put(bad), "ValidationException");
    });
  it("refuse a key with more in it", async () => {
    await refuses(
      kv.getItem({ tableName, key: item({ pk: "x", sk: 1, more: 1 }) }),
      "ValidationException",
      /key element does not match the schema/,
    );
  });
  it("refuse a table that is not there", async () => {
    await refuses(
      kv.getItem({ tableName: "nowhere", key: item({ pk: "x" }) }),
      "ResourceNotFoundException",
    );
  });
  it("refuse a bad expression, saying where", async () => {
    await refuses(
      kv.putItem({
        tableName,
        item: item({ pk: "x", sk: 1 }),
        conditionExpression: "a = = b",
      }),
      "ValidationException",
      /^Invalid ConditionExpression: /,
    );
  });
  it("refuse an item over 400 KB", async () => {
    await refuses(
      put({ pk: "big", sk: 1, a: "x".repeat(410_000) }),
      "ValidationException",
      /Item size has exceeded the maximum allowed size/,
    );
  });
});

describe("UpdateItem", () => {
  const update = (
    expression: string,
    values: { [name: string]: Plain } = {},
    more: object = {},
  ) =>
    kv.updateItem({
      tableName,
      key: item({ pk: "u", sk: 1 }),
      updateExpression: expression,
      ...(Object.keys(values).length
        ? { expressionAttributeValues: item(values) }
        : {}),
      ...more,
    });

  it("makes an item that was not there", async () => {
    await update("SET a = :a", { ":a": 1 });
    assert.deepEqual(await get("u", 1), { pk: "u", sk: 1, a: 1 });
  });
  it("counts, appends and adds, from what was there before", async () => {
    await update("SET a = a + :one, b = if_not_exists(b, :l)", {
      ":one": 1,
      ":l": [],
    });
    await update("SET b = list_append(b, :l) ADD c :one, d :s", {
      ":one": 5,
      ":l": ["x"],
      ":s": new Set(["m"]),
    });
    assert.deepEqual(await get("u", 1), {
      pk: "u",
      sk: 1,
      a: 2,
      b: ["x"],
      c: 5,
      d: new Set(["m"]),
    });
  });
  it("removes and deletes", async () => {
    await update("REMOVE b, c DELETE d :s", { ":s": new Set(["m"]) });
    assert.deepEqual(await get("u", 1), { pk: "u", sk: 1, a: 2 });
  });
  for (const [returnValues, want] of [
    ["ALL_OLD", { pk: "u", sk: 1, a: 2 }],
    ["UPDATED_NEW", { a: 4 }],
    ["ALL_NEW", { pk: "u", sk: 1, a: 5 }],
    ["UPDATED_OLD", { a: 5 }],
  ] as const)
    it(`returns ${returnValues}`, async () => {
      const { attributes } = await update(
        "SET a = a + :one",
        { ":one": 1 },
        { returnValues },
      );
      assert.ok(attributes);
      assert.deepEqual(plain(attributes), want);
    });
  it("changes nothing where its condition fails", async () => {
    const before = await get("u", 1);
    await refuses(
      update(
        "SET a = :a",
        { ":a": 0, ":b": 99 },
        {
          conditionExpression: "a = :b",
        },
      ),
      "ConditionalCheckFailedException",
    );
    assert.deepEqual(await get("u", 1), before);
  });
  it("refuses to change a key", async () => {
    await refuses(
      update("SET pk = :a", { ":a": "x" }),
      "ValidationException",
      /part of the key/,
    );
  });
  it("refuses to add to a text", async () => {
    await refuses(
      update("ADD sk2 :a SET t = :t", { ":a": "x", ":t": 1 }),
      "ValidationException",
    );
  });
});

describe("DeleteItem", () => {
  it("gives what it deleted, and nothing twice", async () => {
    await put({ pk: "d", sk: 1, a: 1 });
    const remove = () =>
      kv.deleteItem({
        tableName,
        key: item({ pk: "d", sk: 1 }),
        returnValues: "ALL_OLD",
      });
    const { attributes } = await remove();
    assert.ok(attributes);
    assert.deepEqual(plain(attributes), { pk: "d", sk: 1, a: 1 });
    assert.equal(await get("d", 1), undefined);
    assert.equal((await remove()).attributes, undefined);
  });
  it("keeps what its condition protects", async () => {
    await put({ pk: "d", sk: 2, a: 1 });
    await refuses(
      kv.deleteItem({
        tableName,
        key: item({ pk: "d", sk: 2 }),
        conditionExpression: "a > :a",
        expressionAttributeValues: item({ ":a": 1 }),
      }),
      "ConditionalCheckFailedException",
    );
    assert.ok(await get("d", 2));
  });
});
