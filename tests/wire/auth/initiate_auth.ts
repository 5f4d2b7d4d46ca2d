// InitiateAuth: by password, by refresh token; and what its tokens say.
import assert from "node:assert/strict";
import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { after, describe, it } from "node:test";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import {
  auth,
  newUser,
  password,
  signIn,
  signUp,
} from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const { clientId } = suite;
const pool = auth(suite);
const user = await newUser(suite, "ada");

function byPassword(username: string, secret = password, more: object = {}) {
  return pool.initiateAuth({
    clientId,
    authFlow: "USER_PASSWORD_AUTH",
    authParameters: { USERNAME: username, PASSWORD: secret },
    ...more,
  });
}

function byRefresh(token: string, authFlow = "REFRESH_TOKEN_AUTH") {
  return pool.initiateAuth({
    clientId,
    authFlow,
    authParameters: { REFRESH_TOKEN: token },
  });
}

describe("USER_PASSWORD_AUTH", () => {
  it("gives three tokens", async () => {
    const { authenticationResult: got } = await byPassword("ada");
    assert.equal(got?.tokenType, "Bearer");
    assert.equal(got?.expiresIn, 3600);
    assert.ok(got?.accessToken && got.idToken && got.refreshToken);
  });
  it("says the same of a wrong password and of nobody", async () => {
    const wrong = await refusal(byPassword("ada", "Wrong-horse-7"));
    const nobody = await refusal(byPassword("nobody", "Wrong-horse-7"));
    assert.equal(wrong.exception, "NotAuthorizedException");
    assert.equal(wrong.message, "Incorrect username or password.");
    assert.deepEqual(
      [nobody.code, nobody.exception, nobody.message],
      [wrong.code, wrong.exception, wrong.message],
    );
  });
  it("takes about the same time for both", async () => {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (const known of ["tim", "tom", "tam"]) {
      await signUp(suite, known);
      for (let i = 0; i < 5; i++)
        // then both are shut out
        for (const kind of ["known", "unknown"] as const) {
          const name = kind === "known" ? known : `nobody-like-${known}`;
          const before = performance.now();
          await refusal(byPassword(name, "Wrong-horse-7"));
          times[kind].push(performance.now() - before);
        }
    }
    const ratio = Math.min(...times.known) / Math.min(...times.unknown);
    assert.ok(ratio > 0.4 && ratio < 2.5, `ratio ${ratio}`);
  });
  it("refuses who is not confirmed, only by the right password", async () => {
    await pool.signUp({
      clientId,
      username: "eve",
      password,
      userAttributes: [{ name: "email", value: "eve@example.test" }],
    });
    await refuses(byPassword("eve"), "UserNotConfirmedException");
    await refuses(byPassword("eve", "Wrong-horse-7"), "NotAuthorizedException");
  });
  it("refuses an unknown client", async () => {
    await refuses(
      byPassword("ada", password, { clientId: "x" }),
      "ResourceNotFoundException",
    );
  });
  for (const [what, more, words] of [
    [
      "no name",
      { authParameters: { PASSWORD: "x" } },
      /^Missing required parameter USERNAME$/,
    ],
    [
      "no password",
      { authParameters: { USERNAME: "ada" } },
      /^Missing required parameter PASSWORD$/,
    ],
    [
      "no refresh token",
      { authFlow: "REFRESH_TOKEN_AUTH" },
      /^Missing required parameter REFRESH_TOKEN$/,
    ],
    [
      "a flow that is not enabled",
      { authFlow: "CUSTOM_AUTH" },
      /^CUSTOM_AUTH is not enabled for the client.$/,
    ],
    [
      "a flow for servers",
      { authFlow: "ADMIN_USER_PASSWORD_AUTH" },
      /^Initiate Auth method not supported.$/,
    ],
    ["a flow that is none", { authFlow: "nonsense" }, /'authFlow'/],
    ["no flow", { authFlow: "" }, /'authFlow'/],
  ] as const)
    it(`refuses ${what}`, async () => {
      await refuses(
        byPassword("ada", password, more),
        "InvalidParameterException",
        words,
      );
    });
  it("refuses a very long password like a wrong one", async () => {
    await refuses(
      byPassword("ada", "x".repeat(10_000)),
      "NotAuthorizedException",
      /^Incorrect username or password.$/,
    );
  });
});

describe("the tokens", () => {
  const access = readJwt(user.accessToken);
  const id = readJwt(user.idToken);

  const common = {
    sub: user.sub,
    iss: suite.issuer,
    origin_jti: access.claims["origin_jti"],
    event_id: access.claims["event_id"],
    auth_time: access.claims["auth_time"],
    iat: access.claims["iat"],
    exp: Number(access.claims["iat"]) + 3600,
  };

  it("carry Cognito's claims, and no others", () => {
    assert.deepEqual(Object.keys(access.header).sort(), ["alg", "kid"]);
    assert.equal(access.header["alg"], "RS256");
    assert.deepEqual(access.claims, {
      ...common,
      token_use: "access",
      client_id: clientId,
      scope: "aws.cognito.signin.user.admin",
      jti: access.claims["jti"],
      username: "ada",
    });
    assert.deepEqual(id.claims, {
      ...common,
      token_use: "id",
      aud: clientId,
      jti: id.claims["jti"],
      "cognito:username": "ada",
      email: "ada@example.test",
      email_verified: true,
    });
  });
  it("have ids and times of their own", () => {
    const ids = ["jti", "origin_jti", "event_id"].map((name) =>
      String(access.claims[name]),
    );
    for (const text of [...ids, String(id.claims["jti"])])
      assert.match(
        text,
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      );
    assert.notEqual(access.claims["jti"], id.claims["jti"]);
    for (const name of ["iat", "auth_time"])
      assert.ok(Math.abs(Number(access.claims[name]) - Date.now() / 1000) < 60);
  });
  it("verify by the published keys", async () => {
    const config = (await (
      await fetch(`${suite.issuer}/.well-known/openid-configuration`)
    ).json()) as Record<string, string>;
    assert.equal(config["issuer"], suite.issuer);
    const { keys } = (await (await fetch(config["jwks_uri"] ?? "")).json()) as {
      keys: JsonWebKey[];
    };
    for (const token of [user.accessToken, user.idToken]) {
      const [head, body, signature = ""] = token.split(".");
      const key = keys.find((k) => k["kid"] === readJwt(token).header["kid"]);
      assert.ok(key);
      assert.equal(key["d"], undefined);
      assert.ok(
        verify(
          "sha256",
          Buffer.from(`${head}.${body}`),
          createPublicKey({ key, format: "jwk" }),
          Buffer.from(signature, "base64url"),
        ),
      );
    }
  });
});

describe("REFRESH_TOKEN_AUTH", () => {
  it("gives new tokens of the same session", async () => {
    const { authenticationResult: got } = await byRefresh(user.refreshToken);
    assert.ok(got);
    const before = readJwt(user.accessToken).claims;
    const now = readJwt(got.accessToken).claims;
    assert.equal(now["sub"], before["sub"]);
    assert.equal(now["origin_jti"], before["origin_jti"]);
    assert.notEqual(now["jti"], before["jti"]);
    assert.ok(got.idToken);
  });
  it("goes by its short name too", async () => {
    assert.ok(
      (await byRefresh(user.refreshToken, "REFRESH_TOKEN"))
        .authenticationResult,
    );
  });
  it("refuses what is no refresh token of ours", async () => {
    for (const token of ["x", user.accessToken, `${user.refreshToken}x`])
      await refuses(byRefresh(token), "NotAuthorizedException");
  });
});

describe("after a restart", () => {
  it("the same account signs in, the same session goes on", async () => {
    await suite.kill("auth");
    await suite.start("auth");
    await signIn(suite, "ada");
    assert.ok((await byRefresh(user.refreshToken)).authenticationResult);
  });
});
