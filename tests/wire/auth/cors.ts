// Pages that the gateway serves call auth and the store, which are of other
// origins; pages of strangers don't.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { startSuite } from "../../harness/suite.ts";
import { until } from "../../harness/until.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const page = suite.url.gateway;
const stranger = "https://evil.example";

const calls = [
  ["auth", "/parlor.auth.v1.UserPool/InitiateAuth", 400],
  ["kv", "/parlor.kv.v1.KeyValue/Query", 400],
] as const;

async function ask(
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<{ status: number; header: (name: string) => string | null }> {
  const answer = await fetch(url, {
    method,
    headers,
    ...(method === "POST" ? { body: "{}" } : {}),
  });
  await answer.arrayBuffer();
  return {
    status: answer.status,
    header: (name) => answer.headers.get(name),
  };
}

const preflight = (url: string, origin: string) =>
  ask(url, "OPTIONS", {
    origin,
    "access-control-request-method": "POST",
    "access-control-request-headers":
      "authorization, connect-protocol-version, content-type",
  });
const post = (url: string, origin: string) =>
  ask(url, "POST", { origin, "content-type": "application/json" });

for (const [name, path, status] of calls)
  describe(`parlor-${name}`, () => {
    const url = suite.url[name] + path;

    it("answers a page's question, without a token", async () => {
      const { status, header } = await preflight(url, page);
      assert.equal(status, 204);
      assert.equal(header("access-control-allow-origin"), page);
      assert.match(header("access-control-allow-methods") ?? "", /\bPOST\b/);
      for (const line of [
        "authorization",
        "connect-protocol-version",
        "content-type",
      ])
        assert.ok(
          header("access-control-allow-headers")?.split(", ").includes(line),
        );
      assert.equal(header("access-control-allow-credentials"), null);
    });
    it("lets a page read what was refused, and when to come again", async () => {
      const answer = await post(url, page);
      assert.equal(answer.status, status);
      assert.equal(answer.header("access-control-allow-origin"), page);
      assert.match(
        answer.header("access-control-expose-headers") ?? "",
        /retry-after/,
      );
      assert.match(answer.header("vary") ?? "", /origin/);
    });
    it("lets it read that a body was too long", async () => {
      const answer = await fetch(url, {
        method: "POST",
        headers: { origin: page, "content-type": "application/json" },
        body: "x".repeat(100_000),
      });
      await answer.arrayBuffer();
      assert.equal(answer.status, 413);
      assert.equal(answer.headers.get("access-control-allow-origin"), page);
    });
    it("knows the page by this machine's other name", async () => {
      const other = page.replace("127.0.0.1", "localhost");
      const { header } = await post(url, other);
      assert.equal(header("access-control-allow-origin"), other);
    });
    it("refuses a stranger's page", async () => {
      const question = await preflight(url, stranger);
      assert.equal(question.status, 403);
      for (const { header } of [question, await post(url, stranger)])
        assert.equal(header("access-control-allow-origin"), null);
    });
  });

describe("keys and discovery", () => {
  for (const name of ["jwks.json", "openid-configuration"])
    it(`are for any page: ${name}`, async () => {
      const url = `${suite.issuer}/.well-known/${name}`;
      const { status, header } = await ask(url, "GET", { origin: stranger });
      assert.equal(status, 200);
      assert.equal(header("access-control-allow-origin"), "*");
    });
});

describe("cors_origins", () => {
  it("changes with SIGHUP", async () => {
    const file = join(suite.data, "parlor.yaml");
    const yaml = await readFile(file, "utf8");
    const url = suite.url.kv + calls[1][1];
    await writeFile(
      file,
      yaml.replace(/^( +cors_origins:).*$/m, `$1 ["${stranger}"]`),
    );
    suite.programs.get("kv")?.child.kill("SIGHUP");
    await until(
      "the stranger is let in",
      async () => (await preflight(url, stranger)).status === 204,
    );
    assert.equal((await preflight(url, page)).status, 403);
    assert.equal((await preflight(suite.url.auth, page)).status, 204);
  });
});
