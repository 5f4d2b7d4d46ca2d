// Users of other issuers, whose keys come from a URL or a file.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item } from "../../harness/items.ts";
import { refusal } from "../../harness/refusal.ts";
import { adminKv, client, startSuite } from "../../harness/suite.ts";
import { signRs256 } from "../../harness/tokens.ts";
import { until } from "../../harness/until.ts";

const tableName = "shelf";
const key = item({ pk: "x" });

function makeKey(kid: string) {
  const pair = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...pair.publicKey.export({ format: "jwk" }), kid, use: "sig" };
  return { kid, privateKey: pair.privateKey, jwks: { keys: [jwk] } };
}

const url = makeKey("by-url");
const file = makeKey("by-file");
const stranger = makeKey("by-url");
const server = createServer((_, answer) => {
  answer.setHeader("content-type", "application/json");
  answer.end(JSON.stringify(url.jwks));
});
after(() => server.close());
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const { port } = server.address() as AddressInfo;

const suite = await startSuite(["kv"]);
after(() => suite.stop());

const token = (
  signer: { kid: string; privateKey: KeyObject },
  claims: Record<string, unknown>,
) => {
  const seconds = Math.floor(Date.now() / 1000);
  return signRs256(
    {
      header: { alg: "RS256", kid: signer.kid },
      claims: { sub: "ann", iat: seconds, exp: seconds + 600, ...claims },
    },
    signer.privateKey,
  );
};
const get = (bearer: string) =>
  client(KeyValue, suite.url.kv, bearer).getItem({ tableName, key });

before(async () => {
  const jwks = join(suite.data, "partner.jwks");
  await writeFile(jwks, JSON.stringify(file.jwks));
  await suite.kill("kv");
  await suite.start("kv", {
    PARLOR_KV_ISSUERS: JSON.stringify({
      online: {
        issuer: "https://online.example",
        audience: "game",
        jwks_url: `http://127.0.0.1:${port}/jwks.json`,
      },
      partner: {
        issuer: "https://partner.example",
        audience: "game",
        jwks_file: jwks,
      },
    }),
  });
  const kv = adminKv(suite);
  await kv.createTable({
    tableName,
    attributeDefinitions: [{ attributeName: "pk", attributeType: "S" }],
    keySchema: [{ attributeName: "pk", keyType: "HASH" }],
    billingMode: "PAY_PER_REQUEST",
    resourcePolicy: JSON.stringify({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Principal: { Parlor: ["user:online|*", "group:partner|readers"] },
        Action: "dynamodb:GetItem",
        Resource: "*",
      },
    }),
  });
  // its keys are asked for at the start
  await until("the issuer's keys are known", () =>
    get(online({})).then(
      () => true,
      () => false,
    ),
  );
});

const online = (claims: object) =>
  token(url, { iss: "https://online.example", aud: "game", ...claims });
const partner = (claims: object) =>
  token(file, { iss: "https://partner.example", aud: ["game"], ...claims });

describe("a user of another issuer", () => {
  it("is known by its name in front, from a URL", async () => {
    await get(online({}));
  });
  it("has its groups, from a file", async () => {
    await get(partner({ groups: ["others", "readers"] }));
    const { code, message } = await refusal(get(partner({ groups: ["x"] })));
    assert.equal(code, Code.PermissionDenied);
    assert.match(message, /^User: user:partner\|ann is not authorized/);
  });
  it("has the policies of its group", async () => {
    await adminKv(suite).putRolePolicy({
      roleName: "group:partner|late",
      policyName: "read",
      policyDocument: JSON.stringify({
        Version: "2012-10-17",
        Statement: {
          Effect: "Allow",
          Action: "dynamodb:GetItem",
          Resource: "arn:aws:dynamodb:*:*:table/shelf",
        },
      }),
    });
    await get(partner({ groups: ["late"] }));
  });
  it("is refused with what is not right", async () => {
    for (const bad of [
      online({ iss: "https://partner.example" }),
      partner({ iss: "https://online.example" }),
      online({ aud: "another" }),
      online({ token_use: "id" }),
      online({ exp: 1 }),
      token(stranger, { iss: "https://online.example", aud: "game" }),
    ]) {
      const { code } = await refusal(get(bad));
      assert.equal(code, Code.Unauthenticated);
    }
  });
});
