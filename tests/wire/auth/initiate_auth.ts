// InitiateAuth: by password, by refresh token; and what its tokens say.
import assert from "node:assert/strict";
import { createPublicKey, verify, type JsonWebKey } from "node:crypto";
import { after, describe, it } from "node:test";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import { auth, newUser, password, signIn } from "../../harness/users.ts";

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
    const time = async (username: string) => {
      const times: number[] = [];
      for (let i = 0; i < 7; i++) {
        const before = performance.now();
        await refusal(byPassword(username, "Wrong-horse-7"));
        times.push(performance.now() - before);
      }
      return times.sort((a, b) => a - b)[1] ?? 0;
    };
    const ratio = (await time("eve")) / (await time("nobody-at-all"));
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
  it("refuses missing parameters", async () => {
    for (const authParameters of [{}, { USERNAME: "ada" }, { PASSWORD: "x" }])
      await refuses(
        byPassword("ada", password, { authParameters }),
        "InvalidParameterException",
      );
  });
  it("refuses flows that are not there", async () => {
    for (const authFlow of ["", "CUSTOM_AUTH", "nonsense"])
      await refuses(
        byPassword("ada", password, { authFlow }),
        "InvalidParameterException",
      );
  });
});

describe("the tokens", () => {
  const access = readJwt(user.accessToken);
  const id = readJwt(user.idToken);

  it("carry Cognito's claims", () => {
    assert.equal(access.header["alg"], "RS256");
    assert.equal(access.claims["iss"], suite.issuer);
    assert.equal(access.claims["token_use"], "access");
    assert.equal(access.claims["client_id"], clientId);
    assert.equal(access.claims["sub"], user.sub);
    assert.equal(access.claims["username"], "ada");
    for (const name of ["exp", "iat", "auth_time"])
      assert.equal(typeof access.claims[name], "number");
    for (const name of ["jti", "origin_jti", "scope"])
      assert.equal(typeof access.claims[name], "string");
    assert.equal(id.claims["token_use"], "id");
    assert.equal(id.claims["aud"], clientId);
    assert.equal(id.claims["cognito:username"], "ada");
    assert.equal(id.claims["email"], "ada@example.test");
    assert.equal(id.claims["email_verified"], true);
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
