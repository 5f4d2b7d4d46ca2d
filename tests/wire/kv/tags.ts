// TagResource, UntagResource, ListTagsOfResource on the Connect door.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { refuses } from "../../harness/refusal.ts";
import { startTable, TableName } from "../../harness/table.ts";

const { suite, kv } = await startTable();
const arn = (table: string) =>
  `arn:aws:dynamodb:${suite.region}:000000000000:table/${table}`;
const resourceArn = arn(TableName);

async function tags(): Promise<Record<string, string>> {
  const answer = await kv.listTagsOfResource({ resourceArn });
  return Object.fromEntries(
    answer.tags.map(({ key, value }) => [key ?? "", value ?? ""]),
  );
}

describe("tags", () => {
  it("are set, replaced and taken away", async () => {
    await kv.tagResource({
      resourceArn,
      tags: [
        { key: "team", value: "blue" },
        { key: "stage", value: "" },
      ],
    });
    await kv.tagResource({
      resourceArn,
      tags: [{ key: "team", value: "red" }],
    });
    assert.deepEqual(await tags(), { stage: "", team: "red" });
    await kv.untagResource({ resourceArn, tagKeys: ["team", "none"] });
    assert.deepEqual(await tags(), { stage: "" });
  });
  it("are refused where there is no such table", async () => {
    const lost = { resourceArn: arn("none") };
    await refuses(kv.listTagsOfResource(lost), "ResourceNotFoundException");
    await refuses(
      kv.tagResource({ ...lost, tags: [{ key: "a", value: "b" }] }),
      "ResourceNotFoundException",
    );
    await refuses(
      kv.untagResource({ ...lost, tagKeys: ["a"] }),
      "ResourceNotFoundException",
    );
  });
  it("are refused by what they are", async () => {
    await refuses(
      kv.tagResource({ resourceArn, tags: [{ key: "aws:a", value: "b" }] }),
      "ValidationException",
      /^Tag Key cannot be prefixed with aws:/,
    );
    const many = Array.from({ length: 50 }, (_, i) => ({
      key: `key-${i}`,
      value: "x",
    }));
    await refuses(
      kv.tagResource({ resourceArn, tags: many }),
      "ValidationException",
      /^Number of Tags exceed the current limit/,
    );
    await refuses(
      kv.untagResource({
        resourceArn,
        tagKeys: [...many.map(({ key }) => key), "stage"],
      }),
      "ValidationException",
      /^Number of Tags exceed the current limit/,
    );
    assert.deepEqual(await tags(), { stage: "" });
  });
});
