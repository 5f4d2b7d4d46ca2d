// What RFC 6749, 7636 and 9700 warn of, tried on the code flow: all refused.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { randomPKCECodeVerifier } from "openid-client";
import { said } from "../../harness/browser.ts";
import { cannotWait, later } from "../../harness/later.ts";
import {
  begin,
  callback,
  discover,
  newBrowser,
  others,
  signInAt,
  startOidc,
} from "../../harness/oidc.ts";
import { password, signUp } from "../../harness/users.ts";

const suite = await startOidc();
await signUp(suite, "ada");
const config = await discover(suite);

async function newCode(more: Record<string, string> = {}) {
  const asked = await begin(config, more);
  const location = await signInAt(newBrowser(suite), asked.url, "ada");
  const code = new URL(location).searchParams.get("code") ?? "";
  return { asked, code };
}

type Fields = Record<string, string>;

async function post(path: string, fields: Fields, headers: Fields = {}) {
  const answer = await fetch(suite.url.auth + path, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  });
  return {
    status: answer.status,
    json: (await answer.json()) as Record<string, string>,
  };
}

const good = ({
  asked,
  code,
}: Awaited<ReturnType<typeof newCode>>): Fields => ({
  grant_type: "authorization_code",
  client_id: suite.clientId,
  redirect_uri: callback,
  code_verifier: asked.verifier,
  code,
});

async function refused(fields: Fields, error = "invalid_grant") {
  const { status, json } = await post("/oauth2/token", fields);
  assert.equal(json["error"], error, JSON.stringify(json));
  assert.equal(status, error === "invalid_client" ? 401 : 400);
  assert.equal(json["access_token"], undefined);
}

describe("a code", () => {
  it("is of no use to a thief without the verifier", async () => {
    const rows: Fields[] = [
      { code_verifier: randomPKCECodeVerifier() },
      { code_verifier: "" },
      { code_verifier: "short" },
    ];
    for (const row of rows) {
      const flow = await newCode();
      await refused({ ...good(flow), ...row });
      await refused(good(flow)); // and it is used up
    }
  });
  it("is bound to its address and its client", async () => {
    for (const redirect_uri of [...others, `${callback}?x=1`, ""])
      await refused({ ...good(await newCode()), redirect_uri });
    const client_id = "somebodyelse";
    await refused({ ...good(await newCode()), client_id }, "invalid_client");
  });
  it("is good once; a second time ends the sign-in", async () => {
    const flow = await newCode();
    const first = await post("/oauth2/token", good(flow));
    assert.equal(first.status, 200);
    await refused(good(flow));
    await refused({
      grant_type: "refresh_token",
      client_id: suite.clientId,
      refresh_token: String(first.json["refresh_token"]),
    });
    const { status } = await fetch(`${suite.url.auth}/oauth2/userInfo`, {
      headers: {
        authorization: `Bearer ${String(first.json["access_token"])}`,
      },
    });
    assert.equal(status, 401);
  });
  it("that nobody made is none", async () => {
    const flow = await newCode();
    for (const code of ["x", "A".repeat(43), `${flow.code}A`])
      await refused({ ...good(flow), code });
    await refused({ ...good(flow), code: "" }, "invalid_request");
    assert.equal((await post("/oauth2/token", good(flow))).status, 200);
  });
  it("is good to one of many who come at once", async () => {
    const flow = await newCode();
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => post("/oauth2/token", good(flow))),
    );
    const passed = answers.filter(({ status }) => status === 200);
    assert.ok(passed.length <= 1);
    for (const { json } of passed)
      await refused({
        grant_type: "refresh_token",
        client_id: suite.clientId,
        refresh_token: String(json["refresh_token"]),
      });
  });
});

describe("a request", () => {
  const asks = async (change: (url: URL) => void) => {
    const { url } = await begin(config);
    const to = new URL(url);
    change(to);
    return newBrowser(suite).ask(to.href);
  };

  it("goes nowhere but to the client's own addresses", async () => {
    const addresses = [
      "https://evil.example/callback",
      `${callback}?more=1`,
      `${callback}/`,
      `${callback}#x`,
      callback.replace("127.0.0.1", "127.0.0.1.evil.example"),
      callback.replace("http://", "http://evil.example@"),
      callback.replace("/callback", "/callback/../other"),
      callback.toUpperCase(),
      "javascript:alert(1)",
      "",
    ];
    for (const address of addresses) {
      const shown = await asks(({ searchParams }) =>
        searchParams.set("redirect_uri", address),
      );
      assert.equal(shown.status, 400, address);
      assert.equal(shown.location, undefined);
      assert.match(said(shown), /redirect_uri/);
    }
    const stranger = await asks(({ searchParams }) =>
      searchParams.set("client_id", "somebodyelse"),
    );
    assert.equal(stranger.status, 400);
    assert.equal(stranger.location, undefined);
  });
  it("says a thing once", async () => {
    const shown = await asks(({ searchParams }) =>
      searchParams.append("redirect_uri", "https://evil.example/"),
    );
    assert.equal(shown.status, 400);
    assert.equal(shown.location, undefined);
  });

  const rows: [string, string, string | undefined, string][] = [
    ["no challenge", "code_challenge", undefined, "invalid_request"],
    [
      "a challenge in clear",
      "code_challenge_method",
      "plain",
      "invalid_request",
    ],
    ["no method", "code_challenge_method", undefined, "invalid_request"],
    ["a short challenge", "code_challenge", "abc", "invalid_request"],
    [
      "tokens in the address",
      "response_type",
      "token",
      "unsupported_response_type",
    ],
    ["no response type", "response_type", undefined, "invalid_request"],
    ["a fragment", "response_mode", "fragment", "invalid_request"],
    ["a foreign scope", "scope", "openid admin", "invalid_scope"],
    ["a request object", "request", "e30.e30.", "request_not_supported"],
    [
      "a request's address",
      "request_uri",
      "https://x.example/",
      "request_uri_not_supported",
    ],
    ["an odd age", "max_age", "-1", "invalid_request"],
    ["none and more", "prompt", "none login", "invalid_request"],
  ];
  for (const [name, key, value, error] of rows)
    it(`with ${name} is refused`, async () => {
      const { location = "" } = await asks(({ searchParams }) => {
        if (value === undefined) searchParams.delete(key);
        else searchParams.set(key, value);
      });
      const back = new URL(location);
      assert.ok(location.startsWith(callback), location);
      assert.equal(back.searchParams.get("error"), error);
      assert.equal(back.searchParams.get("iss"), suite.issuer);
      assert.ok(back.searchParams.get("state"));
      assert.equal(back.searchParams.get("code"), null);
    });
});

describe("the token endpoint", () => {
  it("takes a secret from nobody who has none, and one way to name a client", async () => {
    const basic = (pair: string) => ({
      authorization: `Basic ${Buffer.from(pair).toString("base64")}`,
    });
    const rows: [Fields, Fields, string][] = [
      [{ client_secret: "guess" }, {}, "invalid_client"],
      [{}, basic(`${suite.clientId}:guess`), "invalid_client"],
      [{}, basic("other:"), "invalid_request"],
      [{}, { authorization: "Basic ???" }, "invalid_client"],
      [{ client_id: "" }, {}, "invalid_client"],
      [{ grant_type: "password" }, {}, "unsupported_grant_type"],
      [{ grant_type: "" }, {}, "invalid_request"],
    ];
    for (const [change, headers, error] of rows) {
      const flow = await newCode();
      const { json } = await post(
        "/oauth2/token",
        { ...good(flow), ...change },
        headers,
      );
      assert.equal(json["error"], error, JSON.stringify([change, json]));
    }
  });
  it("reads a form, posted", async () => {
    const url = `${suite.url.auth}/oauth2/token`;
    const flow = new URLSearchParams(good(await newCode()));
    const json = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(Object.fromEntries(flow)),
    });
    assert.deepEqual(
      [json.status, ((await json.json()) as Fields)["error"]],
      [400, "invalid_request"],
    );
    const get = await fetch(`${url}?${flow.toString()}`);
    assert.deepEqual([get.status, get.headers.get("allow")], [405, "POST"]);
    const twice = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: `${flow.toString()}&code=other`,
    });
    assert.equal(((await twice.json()) as Fields)["error"], "invalid_request");
  });
});

describe("the pages", () => {
  it("take no form that is not of a page of theirs", async () => {
    const { url } = await begin(config);
    const victim = newBrowser(suite);
    const attacker = newBrowser(suite);
    const page = await victim.visit(url);
    const { action, fields } = attacker.form(await attacker.visit(url));
    const user = { username: "ada", password };
    for (const word of [fields["word"] ?? "", ""]) {
      const shown = await victim.ask(action, {
        method: "POST",
        body: new URLSearchParams({ ...user, word }),
      });
      assert.equal(shown.status, 403);
      assert.equal(shown.location, undefined);
    }
    victim.cookies.clear();
    assert.equal((await victim.submit(page, user)).status, 403);
  });
  it("can't be framed, scripted or cached, and tell nobody where they are", async () => {
    const { url } = await begin(config);
    const { headers, html } = await newBrowser(suite).visit(url);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; style-src 'self'; form-action /);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(headers.get("x-frame-options"), "DENY");
    assert.equal(headers.get("cache-control"), "no-store");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.doesNotMatch(html, /<script|style=|onload/);
    const cookies = headers.getSetCookie();
    assert.equal(cookies.length, 1);
    assert.match(String(cookies[0]), /; Path=\/; HttpOnly; SameSite=Lax$/);
  });
  it("show what they are given as text", async () => {
    const bad = `"><img src=x onerror='alert(1)'>&amp;`;
    const { url } = await begin(config, { login_hint: bad, state: bad });
    const browser = newBrowser(suite);
    const page = await browser.visit(url);
    assert.doesNotMatch(page.html, /<img/);
    const { fields } = browser.form(page);
    assert.equal(fields["username"], bad);
    const again = await browser.submit(page, { password: "Wrong-horse-7" });
    assert.equal(again.status, 400);
    assert.doesNotMatch(again.html, /<img/);
  });
  it("answer a name that nobody has like a wrong password", async () => {
    const { url } = await begin(config);
    const browser = newBrowser(suite);
    const page = await browser.visit(url);
    const shown = await Promise.all(
      ["ada", "nobody"].map((username) =>
        browser.submit(page, { username, password: "Wrong-horse-7" }),
      ),
    );
    for (const one of shown)
      assert.deepEqual(
        [one.status, said(one)],
        [400, "Incorrect username or password."],
      );
  });
});

it("a code is good for a minute", { skip: cannotWait }, async () => {
  const flow = await newCode();
  for (const name of ["auth", "kv"] as const) await suite.kill(name);
  for (const name of ["kv", "auth"] as const)
    await suite.start(name, later("+61s"));
  const { json } = await post("/oauth2/token", good(flow));
  assert.match(String(json["error_description"]), /expired/);
});
