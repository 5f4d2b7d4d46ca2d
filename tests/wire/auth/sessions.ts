// GetUser, RevokeToken, GlobalSignOut: sessions and their end.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { misclaimed } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { startSuite } from "../../harness/suite.ts";
import { exceptionOf, forgeries, tampered } from "../../harness/tokens.ts";
import { auth, newUser, signIn } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const { clientId } = suite;
const pool = auth(suite);
const user = await newUser(suite, "ada");

const forged = [
  ...(await forgeries(suite.issuer, user.accessToken, user.idToken)),
  ...(await misclaimed(suite, user.accessToken)),
];

const getUser = (accessToken: string) => pool.getUser({ accessToken });

/** Who revoked a token refuses it at once. */
const isBad = (accessToken: string) =>
  refuses(getUser(accessToken), "NotAuthorizedException", /revoked/i);

describe("GetUser", () => {
  it("says who it is", async () => {
    const answer = await getUser(user.accessToken);
    assert.equal(answer.username, "ada");
    const attributes = Object.fromEntries(
      answer.userAttributes.map(({ name, value }) => [name, value]),
    );
    assert.equal(attributes["sub"], user.sub);
    assert.equal(attributes["email"], "ada@example.test");
    assert.equal(attributes["email_verified"], "true");
  });
  for (const [name, token] of forged)
    it(`refuses ${name}`, async () => {
      const got = await refusal(getUser(token));
      assert.equal(got.exception, exceptionOf(token), got.message);
    });
  it("refuses it with any letter changed", async () => {
    for (const token of tampered(user.accessToken))
      await refuses(getUser(token), "NotAuthorizedException");
  });
  it("refuses no token at all", async () => {
    await refuses(getUser(""), "InvalidParameterException", /'accessToken'/);
  });
});

describe("RevokeToken", () => {
  it("ends a session by its refresh token, and no other", async () => {
    const first = await signIn(suite, "ada");
    const second = await signIn(suite, "ada");
    await pool.revokeToken({ clientId, token: first.refreshToken });
    await isBad(first.accessToken);
    await getUser(second.accessToken);
    await refuses(
      pool.initiateAuth({
        clientId,
        authFlow: "REFRESH_TOKEN_AUTH",
        authParameters: { REFRESH_TOKEN: first.refreshToken },
      }),
      "NotAuthorizedException",
    );
  });
  it("takes an unknown token for a revoked one", async () => {
    const { refreshToken } = await signIn(suite, "ada");
    await pool.revokeToken({ clientId, token: refreshToken });
    await pool.revokeToken({ clientId, token: refreshToken });
  });
  it("refuses an access token", async () => {
    await refuses(
      pool.revokeToken({ clientId, token: user.accessToken }),
      "UnsupportedTokenTypeException",
    );
  });
});

describe("GlobalSignOut", () => {
  it("ends all sessions; a later one is good", async () => {
    const first = await signIn(suite, "ada");
    const second = await signIn(suite, "ada");
    await pool.globalSignOut({ accessToken: first.accessToken });
    await isBad(second.accessToken);
    await refuses(
      pool.initiateAuth({
        clientId,
        authFlow: "REFRESH_TOKEN_AUTH",
        authParameters: { REFRESH_TOKEN: second.refreshToken },
      }),
      "NotAuthorizedException",
    );
    const later = await signIn(suite, "ada");
    await getUser(later.accessToken);
  });
});
