// The web client's files as the gateway serves them, and what it refuses.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { exchange, statusOf } from "../../harness/raw.ts";
import { startSuite } from "../../harness/suite.ts";

const page = "<!doctype html><title>Parlor</title>\n";
const script = "export const words = '".padEnd(5000, "Connect Four ") + "';\n";
const secret = "not the page's";

const folder = await mkdtemp(join(tmpdir(), "parlor-site-"));
const root = join(folder, "web");
await mkdir(join(root, "assets"), { recursive: true });
await writeFile(join(root, "index.html"), page);
await writeFile(join(root, "manifest.webmanifest"), "{}");
await writeFile(join(root, ".env"), secret);
await writeFile(join(root, "assets/app-1a2b3c.js"), script);
await writeFile(
  join(root, "assets/app-1a2b3c.js.br"),
  brotliCompressSync(script),
);
await writeFile(join(root, "assets/app-1a2b3c.js.gz"), gzipSync(script));
await writeFile(join(folder, "secret.txt"), secret);
await symlink(join(folder, "secret.txt"), join(root, "link.txt"));
await symlink(folder, join(root, "out"));

const suite = await startSuite([]);
after(async () => {
  await suite.stop();
  await rm(folder, { recursive: true });
});
await suite.start("gateway", { PARLOR_GATEWAY_WEB_ROOT: root }, "healthz");

const html = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };
const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(suite.url.gateway + path, { headers });

/** As it is written: fetch would tidy it. */
async function raw(method: string, path: string, headers = "") {
  const answer = await exchange(
    suite.url.gateway,
    `${method} ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n` +
      `${headers}\r\n`,
  );
  return { status: statusOf(answer), text: answer.answer.toString("latin1") };
}

describe("a file", () => {
  it("has its type, a validator, and how long it may be kept", async () => {
    const first = await get("/");
    assert.equal(first.status, 200);
    assert.equal(await first.text(), page);
    assert.match(first.headers.get("content-type") ?? "", /^text\/html/);
    assert.equal(first.headers.get("cache-control"), "no-cache");
    const etag = first.headers.get("etag") ?? "";
    assert.match(etag, /^"[\w-]{16}"$/);

    for (const known of [etag, `"x", W/${etag}`, "*"]) {
      const again = await get("/index.html", { "if-none-match": known });
      assert.equal(again.status, 304);
      assert.equal(again.headers.get("etag"), etag);
      assert.equal(await again.text(), "");
    }
    assert.equal((await get("/", { "if-none-match": '"x"' })).status, 200);

    const asset = await get("/assets/app-1a2b3c.js");
    assert.match(asset.headers.get("content-type") ?? "", /javascript/);
    assert.match(asset.headers.get("cache-control") ?? "", /immutable/);
    const manifest = await get("/manifest.webmanifest");
    assert.equal(
      manifest.headers.get("content-type"),
      "application/manifest+json",
    );
  });
  it("goes out compressed to who takes it so", async () => {
    const tags = new Set<string>();
    for (const [accepts, encoding] of [
      ["gzip, deflate, br", "br"],
      ["gzip;q=0.5, br;q=0", "gzip"],
      ["identity", null],
    ] as const) {
      const answer = await get("/assets/app-1a2b3c.js", {
        "accept-encoding": accepts,
      });
      assert.equal(answer.headers.get("content-encoding"), encoding);
      assert.match(answer.headers.get("vary") ?? "", /accept-encoding/);
      assert.equal(await answer.text(), script);
      tags.add(answer.headers.get("etag") ?? "");
    }
    assert.equal(tags.size, 3);
  });
  it("answers HEAD without a body, and no other verb", async () => {
    const head = await raw("HEAD", "/index.html");
    assert.equal(head.status, 200);
    assert.match(head.text, new RegExp(`Content-Length: ${page.length}\r\n`));
    assert.ok(head.text.endsWith("\r\n\r\n"));
    const post = await fetch(`${suite.url.gateway}/index.html`, {
      method: "POST",
    });
    assert.equal(post.status, 405);
    assert.equal(post.headers.get("allow"), "GET, HEAD");
  });
  it("says what the page may load and talk to", async () => {
    const { headers } = await get("/");
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
    const connect = /connect-src ([^;]*)/.exec(policy)?.[1] ?? "";
    assert.deepEqual(connect.split(/ +/).filter(Boolean), [
      "'self'",
      suite.url.auth,
      suite.url.kv,
    ]);
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
  });
});

describe("a path without a file", () => {
  it("is the page's own where a browser goes to it", async () => {
    const answer = await get("/play/somewhere", html);
    assert.equal(answer.status, 200);
    assert.equal(await answer.text(), page);
  });
  it("is missing with a dot in it, and for programs", async () => {
    assert.equal((await get("/nothing.js", html)).status, 404);
    assert.equal((await get("/play/somewhere")).status, 404);
  });
  it("leads nowhere, however it is written", async () => {
    for (const path of [
      "/../secret.txt",
      "/assets/../../secret.txt",
      "/%2e%2e/secret.txt",
      "/..%2fsecret.txt",
      "/%2e%2e%2fsecret.txt",
      "/assets/..%5c..%5csecret.txt",
      "/index.html%00.txt",
      "/%00",
      "/link.txt",
      "/out/secret.txt",
      "/.env",
      "/%2eenv",
      "/%zz",
    ]) {
      const { status, text } = await raw("GET", path, "Accept: text/html\r\n");
      assert.ok(status === 404 || status === 400, `${path}: ${status}`);
      assert.ok(!text.includes(secret), path);
    }
  });
});

describe("/config.json", () => {
  it("tells the page where the suite is", async () => {
    const answer = await get("/config.json");
    assert.deepEqual(await answer.json(), {
      issuer: suite.issuer,
      userPoolId: suite.userPoolId,
      clientId: suite.clientId,
      auth: suite.url.auth,
      kv: suite.url.kv,
      gateway: "",
      region: suite.region,
    });
    assert.equal(answer.headers.get("cache-control"), "no-cache");
  });
});

describe("routes", () => {
  it("come first", async () => {
    const rest = await get("/matches", html);
    assert.equal(rest.status, 401);
    const rpc = await get("/parlor.game.v1.Matches/Nope", html);
    assert.equal(rpc.status, 404);
    const { code } = (await rpc.json()) as { code?: string };
    assert.equal(code, "unimplemented");
  });
});

describe("settings", () => {
  it("name what is wrong with the folder", async () => {
    await suite.kill("gateway", "SIGTERM");
    await assert.rejects(
      suite.start("gateway", { PARLOR_GATEWAY_WEB_ROOT: `${root}/assets` }),
      /gateway\.web_root: .*assets' has no index\.html/,
    );
    await assert.rejects(
      suite.start("gateway", {
        PARLOR_GATEWAY_WEB_ROOT: root,
        PARLOR_GATEWAY_WEB_KV_URL: "kv.example",
      }),
      /gateway\.web_kv_url/,
    );
  });
  it("are read again, with the files, on SIGHUP", async () => {
    await suite.start("gateway", { PARLOR_GATEWAY_WEB_ROOT: root }, "healthz");
    await writeFile(join(root, "index.html"), `${page}again`);
    assert.equal(await (await get("/")).text(), page);
    suite.programs.get("gateway")?.child.kill("SIGHUP");
    for (let tries = 0; (await (await get("/")).text()) === page; tries++)
      assert.ok(tries < 1000, "the files stay as they were");
  });
});
