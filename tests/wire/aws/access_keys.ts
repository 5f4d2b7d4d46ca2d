// Access keys: made, used, listed and revoked; and the mode that takes any.
import {
  CreateTableCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import { ask, makeTable, sdk, startAws } from "../../harness/aws.ts";
import { person } from "../../harness/person.ts";
import { buildDir } from "../../harness/process.ts";
import { adminKv, run } from "../../harness/suite.ts";
import { until } from "../../harness/until.ts";

const { suite, client } = await startAws();
const TableName = "things";
const arn = `arn:aws:dynamodb:${suite.region}:000000000000:table/${TableName}`;
const Key = { pk: { S: "a" }, sk: { N: "1" } };
const get = new GetItemCommand({ TableName, Key });
const put = new PutItemCommand({ TableName, Item: Key });

before(() => makeTable(client, TableName));

const admin = await person(suite, "admin");

async function parlor(...args: string[]): Promise<string> {
  const { status, stdout, stderr } = await admin.parlor(args);
  if (status !== 0) throw new Error(stderr);
  return stdout;
}

function keyOf(output: string) {
  const [, accessKeyId, secretAccessKey] =
    /^AWS_ACCESS_KEY_ID=(\S{20})\nAWS_SECRET_ACCESS_KEY=(\S{40})\n$/.exec(
      output,
    ) ?? [];
  assert.ok(accessKeyId && secretAccessKey, output);
  return { accessKeyId, secretAccessKey };
}

async function policyFile(name: string, ...Action: string[]) {
  const path = join(suite.data, name);
  await writeFile(
    path,
    JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource: [arn] }],
    }),
  );
  return path;
}

const signedBy = (credentials: ReturnType<typeof keyOf>) =>
  sdk(suite, { credentials });
const denied = { name: "AccessDeniedException" };
const unknown = { name: "UnrecognizedClientException" };

describe("a key", () => {
  it("of a service may do what its policy says, under its name", async () => {
    const reading = signedBy(
      keyOf(
        await parlor(
          ...["kv", "key", "create", "--principal", "service:reporting"],
          ...["--policy", await policyFile("read.json", "dynamodb:GetItem")],
        ),
      ),
    );
    await reading.send(get);
    await assert.rejects(reading.send(put), denied);
    await assert.rejects(reading.send(new ListTablesCommand()), denied);
    await until("the key's principal has usage", async () => {
      const { rows } = await adminKv(suite).getUsage({});
      return rows.some((row) => row.key?.principal === "service:reporting");
    });
  });

  it("without a policy may do what its principal's say", async () => {
    const user = signedBy(
      keyOf(await parlor("kv", "key", "create", "--principal", "user:ann")),
    );
    await assert.rejects(user.send(get), denied);
    await adminKv(suite).putRolePolicy({
      roleName: "user:ann",
      policyName: "write",
      policyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["dynamodb:PutItem"], Resource: [arn] },
        ],
      }),
    });
    await user.send(put);
    await assert.rejects(user.send(get), denied);
  });

  it("of an administrator may do all, and is known after a crash", async () => {
    const key = keyOf(
      await parlor("kv", "key", "create", "--principal", "admin"),
    );
    await signedBy(key).send(new ListTablesCommand());
    await suite.kill("kv");
    await suite.start("kv");
    await signedBy(key).send(new ListTablesCommand());
  });

  it("that is revoked signs nothing any more", async () => {
    const key = keyOf(
      await parlor(
        ...["kv", "key", "create", "--principal", "service:gone"],
        ...["--policy", await policyFile("gone.json", "dynamodb:GetItem")],
      ),
    );
    const gone = signedBy(key);
    await gone.send(get);
    const listed = await parlor("kv", "key", "list");
    assert.match(listed, new RegExp(`^${key.accessKeyId}  service:gone$`, "m"));
    assert.ok(!listed.includes(key.secretAccessKey));
    await parlor("kv", "key", "revoke", key.accessKeyId);
    await assert.rejects(gone.send(get), unknown);
    assert.ok(!(await parlor("kv", "key", "list")).includes(key.accessKeyId));
    await assert.rejects(
      parlor("kv", "key", "revoke", key.accessKeyId),
      /The Access Key with id \S+ cannot be found/,
    );
  });

  it("whose policy is refused is not left behind", async () => {
    const path = join(suite.data, "bad.json");
    await writeFile(path, '{"Statement": "none"}');
    await assert.rejects(
      parlor(
        ...["kv", "key", "create", "--principal", "service:bad"],
        ...["--policy", path],
      ),
    );
    assert.ok(!(await parlor("kv", "key", "list")).includes("service:bad"));
  });

  for (const who of ["service:auth", "service:", "group:all", "somebody"])
    it(`can't be ${who}'s`, async () => {
      await assert.rejects(
        parlor("kv", "key", "create", "--principal", who),
        new RegExp(`UserName: '${who}'`),
      );
    });

  it("is made by administrators only", async () => {
    const key = keyOf(
      await parlor("kv", "key", "create", "--principal", "service:other"),
    );
    await assert.rejects(
      adminKv(suite, key).createAccessKey({ userName: "admin" }),
      /may not call 'CreateAccessKey'/,
    );
  });

  it("comes in pages", async () => {
    const kv = adminKv(suite);
    const { accessKeyMetadata: all } = await kv.listAccessKeys({});
    const ids: (string | undefined)[] = [];
    let marker: string | undefined;
    do {
      const page = await kv.listAccessKeys({ maxItems: 1, marker });
      assert.equal(page.accessKeyMetadata.length, 1);
      ids.push(page.accessKeyMetadata[0]?.accessKeyId);
      marker = page.isTruncated ? page.marker : undefined;
    } while (marker);
    assert.deepEqual(
      ids,
      all.map((key) => key.accessKeyId),
    );
  });
});

describe("any key", () => {
  const anyKey = { PARLOR_KV_ANY_ACCESS_KEY: "true" };

  it("is taken where that is said, of any region, and the log tells", async () => {
    await suite.kill("kv");
    await suite.start("kv", anyKey);
    const made = sdk(suite, {
      region: "eu-west-1",
      credentials: { accessKeyId: "any", secretAccessKey: "thing" },
    });
    await made.send(
      new CreateTableCommand({
        TableName: "by-anybody",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
        BillingMode: "PAY_PER_REQUEST",
      }),
    );
    assert.match(
      suite.programs.get("kv")?.log() ?? "",
      /any_access_key: whoever reaches this machine's loopback/,
    );
  });

  it("is not one that is known, whose signature must hold", async () => {
    const { json } = await ask(
      suite,
      "ListTables",
      {},
      {
        key: { ...suite.admin, secretAccessKey: "x" },
      },
    );
    assert.match(String(json["__type"]), /#InvalidSignatureException$/);
  });

  it("is refused where others could reach it", async () => {
    await assert.rejects(
      run(
        join(buildDir, "parlor-kv"),
        ["--data", suite.data, "--check", "--listen", "0.0.0.0:1"],
        { ...anyKey, PARLOR_KV_BEHIND_PROXY: "true" },
      ),
      /kv\.any_access_key: '0\.0\.0\.0:1' is not loopback/,
    );
  });
});
