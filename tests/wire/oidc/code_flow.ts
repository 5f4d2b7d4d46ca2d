// Sign-in for standard apps: openid-client and jose, with nothing but an issuer.
import { AdminUpdateUserAttributesCommand } from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as oidc from "openid-client";
import { heading } from "../../harness/browser.ts";
import { administrator } from "../../harness/cognito.ts";
import {
  begin,
  callback,
  discover,
  goodbye,
  newBrowser,
  others,
  scope,
  signInAt,
  startOidc,
} from "../../harness/oidc.ts";
import { password, signUp } from "../../harness/users.ts";

const suite = await startOidc();
const sub = await signUp(suite, "ada");
const bob = await signUp(suite, "bob");
const config = await discover(suite);

async function signIn(more: Record<string, string> = {}) {
  const browser = newBrowser(suite);
  const asked = await begin(config, more);
  const location = await signInAt(browser, asked.url, "ada");
  return { browser, asked, location };
}

describe("the code flow, by openid-client", () => {
  it("gives an ID token of the app's, which jose verifies", async () => {
    const { asked, location } = await signIn();
    const tokens = await asked.redeem(location);
    const keys = createRemoteJWKSet(
      new URL(config.serverMetadata().jwks_uri ?? ""),
    );
    const { payload } = await jwtVerify(tokens.id_token ?? "", keys, {
      issuer: suite.issuer,
      audience: suite.clientId,
      algorithms: ["RS256"],
    });
    assert.deepEqual(
      [payload.sub, payload["nonce"], payload["email"], payload["token_use"]],
      [sub, asked.nonce, "ada@example.test", "id"],
    );
    assert.equal(tokens.scope, scope);
    const access = await jwtVerify(tokens.access_token, keys, {
      issuer: suite.issuer,
    });
    assert.equal(access.payload["scope"], scope);
    assert.equal(access.payload["client_id"], suite.clientId);
    assert.equal(access.payload["version"], 2);
  });
  it("has state, and tells from whom it comes", async () => {
    const { asked, location } = await signIn();
    const back = new URL(location);
    assert.equal(back.origin + back.pathname, callback);
    assert.deepEqual([...back.searchParams.keys()], ["code", "state", "iss"]);
    assert.equal(back.searchParams.get("state"), asked.state);
    assert.equal(back.searchParams.get("iss"), suite.issuer);
    back.searchParams.set("iss", "https://other.example");
    await assert.rejects(asked.redeem(back.href));
  });
  it("tells of the user what the scope says", async () => {
    const rows = [
      ["openid", ["sub", "username", "email", "email_verified"]],
      ["openid email", ["sub", "username", "email", "email_verified"]],
      ["openid profile", ["sub", "username"]],
    ] as const;
    for (const [asked, names] of rows) {
      const flow = await signIn({ scope: asked });
      const tokens = await flow.asked.redeem(flow.location);
      const info = await oidc.fetchUserInfo(config, tokens.access_token, sub);
      assert.deepEqual(Object.keys(info), names, asked);
      assert.equal(tokens.claims()?.["email"], info.email);
    }
  });
  it("tells a postal address as a structure", async () => {
    const formatted = '1 "Main" Street\nTown';
    await administrator(suite).send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: suite.userPoolId,
        Username: "bob",
        UserAttributes: [{ Name: "address", Value: formatted }],
      }),
    );
    const asked = await begin(config);
    const location = await signInAt(newBrowser(suite), asked.url, "bob");
    const tokens = await asked.redeem(location);
    assert.deepEqual(tokens.claims()?.["address"], { formatted });
    const info = await oidc.fetchUserInfo(config, tokens.access_token, bob);
    assert.deepEqual(info.address, { formatted });
  });
  it("keeps an address's own query, and takes a request that is posted", async () => {
    for (const address of others) {
      const asked = await begin(config, { redirect_uri: address });
      const browser = newBrowser(suite);
      const { origin, pathname, search } = new URL(asked.url);
      const sent = await browser.ask(origin + pathname, {
        method: "POST",
        body: new URLSearchParams(search),
      });
      assert.equal(sent.status, 303);
      const location = await signInAt(browser, sent.location ?? "", "ada");
      const mark = address.includes("?") ? "&" : "?";
      assert.ok(location.startsWith(`${address}${mark}code=`), location);
    }
  });
  it("refreshes, rotates and revokes", async () => {
    const { asked, location } = await signIn();
    const first = await asked.redeem(location);
    const second = await oidc.refreshTokenGrant(
      config,
      first.refresh_token ?? "",
    );
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal(second.scope, scope);
    assert.equal(second.claims()?.sub, sub);
    await oidc.tokenRevocation(config, second.refresh_token ?? "");
    for (const token of [first, second])
      await assert.rejects(
        oidc.refreshTokenGrant(config, token.refresh_token ?? ""),
        { error: "invalid_grant" },
      );
    await assert.rejects(
      oidc.fetchUserInfo(config, second.access_token, sub),
      /invalid_token|WWW-Authenticate/,
    );
  });
  it("gives no ID token without openid", async () => {
    const browser = newBrowser(suite);
    const asked = await begin(config, {
      scope: "aws.cognito.signin.user.admin",
    });
    const location = await signInAt(browser, asked.url, "ada");
    const answer = await fetch(`${suite.url.auth}/oauth2/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "authorization_code",
        client_id: suite.clientId,
        code: new URL(location).searchParams.get("code") ?? "",
        redirect_uri: callback,
        code_verifier: asked.verifier,
      }),
    });
    const tokens = (await answer.json()) as Record<string, string>;
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.equal(tokens["id_token"], undefined);
    await assert.rejects(
      oidc.fetchUserInfo(config, String(tokens["access_token"]), sub),
    );
  });
});

describe("a browser in which somebody has signed in", () => {
  it("is not asked again, unless an app wants it to be", async () => {
    const { browser } = await signIn();
    const silent = await begin(config, { prompt: "none" });
    const { location } = await browser.visit(silent.url);
    assert.equal((await silent.redeem(location ?? "")).claims()?.sub, sub);
    const recent = await begin(config, { max_age: "60" });
    assert.match((await browser.visit(recent.url)).location ?? "", /code=/);
    const wishes: Record<string, string>[] = [
      { prompt: "login" },
      { prompt: "select_account" },
      { max_age: "0" },
    ];
    for (const more of wishes) {
      const asked = await begin(config, more);
      assert.match((await browser.visit(asked.url)).html, /type="password"/);
    }
  });
  it("is told that nobody has, where no page may be shown", async () => {
    const asked = await begin(config, { prompt: "none" });
    const { location = "" } = await newBrowser(suite).visit(asked.url);
    assert.equal(new URL(location).searchParams.get("error"), "login_required");
    await assert.rejects(asked.redeem(location), { error: "login_required" });
  });
  it("is for the user that the app has a token of, and for nobody else", async () => {
    const { browser, asked, location } = await signIn();
    const { id_token: id_token_hint = "" } = await asked.redeem(location);
    const silent = { prompt: "none", id_token_hint };
    const again = await begin(config, silent);
    assert.match((await browser.visit(again.url)).location ?? "", /code=/);
    const other = newBrowser(suite);
    await signInAt(other, (await begin(config)).url, "bob");
    const refused = await begin(config, silent);
    assert.match(
      (await other.visit(refused.url)).location ?? "",
      /error=login_required/,
    );
    // who is asked, and is still somebody else, gets no code either
    const back = await signInAt(
      other,
      (await begin(config, { id_token_hint })).url,
      "bob",
    );
    assert.match(back, /error=login_required/);
    assert.doesNotMatch(back, /code=/);
  });
  it("takes for a hint what the pool has signed, and only that", async () => {
    const { browser, asked, location } = await signIn();
    const tokens = await asked.redeem(location);
    const [header, , signature] = (tokens.id_token ?? "").split(".");
    const claims = Buffer.from('{"sub":"x","iat":1}').toString("base64url");
    for (const id_token_hint of [
      tokens.access_token,
      [header, claims, signature].join("."),
      "x",
    ]) {
      const { url } = await begin(config, { prompt: "none", id_token_hint });
      const shown = await browser.visit(url);
      assert.match(shown.location ?? "", /error=invalid_request/);
    }
  });
  it("signs out by an ID token alone", async () => {
    const { browser, asked, location } = await signIn();
    const { id_token: id_token_hint = "" } = await asked.redeem(location);
    const to = (more: Record<string, string>) =>
      browser.ask(
        `/logout?${new URLSearchParams({ post_logout_redirect_uri: goodbye, ...more }).toString()}`,
      );
    const rows: Record<string, string>[] = [
      {},
      { id_token_hint: "x" },
      { id_token_hint, client_id: "somebodyelse" },
    ];
    for (const bad of rows) assert.equal((await to(bad)).status, 400);
    assert.equal((await to({ id_token_hint })).location, goodbye);
    const { url } = await begin(config, { prompt: "none" });
    const back = await browser.visit(url);
    assert.match(back.location ?? "", /error=login_required/);
  });
  it("signs out for the next user, by the same request", async () => {
    const { browser } = await signIn();
    const asked = await begin(config);
    const { search } = new URL(asked.url);
    const page = await browser.visit(`/logout${search}`);
    assert.equal(heading(page), "Sign in");
    const { location = "" } = await browser.submit(page, {
      username: "bob",
      password,
    });
    assert.equal((await asked.redeem(location)).claims()?.sub, bob);
  });
  it("signs out, and goes where the app may send it", async () => {
    const { browser } = await signIn();
    const cookies = new Map(browser.cookies);
    const url = oidc.buildEndSessionUrl(config, {
      post_logout_redirect_uri: goodbye,
      state: "a b",
    });
    const { status, location } = await browser.ask(url.href);
    assert.equal(status, 303);
    assert.equal(location, `${goodbye}?state=a%20b`);
    for (const [name, value] of cookies) browser.cookies.set(name, value);
    const asked = await begin(config, { prompt: "none" });
    const back = await browser.visit(asked.url);
    assert.match(back.location ?? "", /error=login_required/);
  });
  it("signs out by Cognito's names, or stays on our page", async () => {
    const { browser } = await signIn();
    const to = (more: Record<string, string>) =>
      browser.ask(
        `/logout?${new URLSearchParams({ client_id: suite.clientId, ...more }).toString()}`,
      );
    assert.equal((await to({ logout_uri: goodbye })).location, goodbye);
    assert.match((await to({})).html, /signed out/);
    assert.equal((await to({ logout_uri: callback })).status, 400);
  });
  it("is no app: its cookie gets no tokens", async () => {
    const { browser } = await signIn();
    const name = `parlor-browser-${suite.userPoolId}`;
    const cookie = browser.cookies.get(name) ?? "";
    assert.ok(cookie);
    await assert.rejects(oidc.refreshTokenGrant(config, cookie), {
      error: "invalid_grant",
    });
  });
});
