// The documents that verifiers read.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { startSuite } from "../../harness/suite.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());

describe("well-known documents", () => {
  it("publishes keys without secrets", async () => {
    const answer = await fetch(`${suite.issuer}/.well-known/jwks.json`);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("content-type"), "application/json");
    assert.match(answer.headers.get("cache-control") ?? "", /max-age=300/);
    const { keys } = (await answer.json()) as {
      keys: Record<string, string>[];
    };
    assert.equal(keys.length, 1);
    assert.deepEqual(Object.keys(keys[0] ?? {}).sort(), [
      "alg",
      "e",
      "kid",
      "kty",
      "n",
      "use",
    ]);
    assert.equal(keys[0]?.["alg"], "RS256");
  });

  it("says where they are", async () => {
    const answer = await fetch(
      `${suite.issuer}/.well-known/openid-configuration`,
    );
    const found = (await answer.json()) as Record<string, unknown>;
    assert.equal(found["issuer"], suite.issuer);
    assert.equal(found["jwks_uri"], `${suite.issuer}/.well-known/jwks.json`);
    assert.deepEqual(found["id_token_signing_alg_values_supported"], ["RS256"]);
  });

  const rows: [string, string, string, number][] = [
    ["another pool", "GET", "/local_other/.well-known/jwks.json", 404],
    ["another document", "GET", `/${suite.userPoolId}/.well-known/x`, 404],
    [
      "what follows it",
      "GET",
      `/${suite.userPoolId}/.well-known/jwks.json/`,
      404,
    ],
    ["a POST", "POST", `/${suite.userPoolId}/.well-known/jwks.json`, 405],
    ["a HEAD", "HEAD", `/${suite.userPoolId}/.well-known/jwks.json`, 200],
  ];
  for (const [name, method, path, status] of rows)
    it(`answers ${name} with ${status}`, async () => {
      const answer = await fetch(suite.url.auth + path, { method });
      await answer.arrayBuffer();
      assert.equal(answer.status, status);
    });
});
