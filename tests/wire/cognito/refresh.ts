// GetTokensFromRefreshToken: refresh tokens that rotate, and who uses an old one.
import {
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { readJwt } from "../../harness/tokens.ts";
import { signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
await signUp(suite, "ada");

async function rotate(RefreshToken: string) {
  const { AuthenticationResult } = await client.send(
    new GetTokensFromRefreshTokenCommand({ ClientId, RefreshToken }),
  );
  assert.ok(AuthenticationResult?.AccessToken && AuthenticationResult.IdToken);
  return {
    accessToken: AuthenticationResult.AccessToken,
    refreshToken: AuthenticationResult.RefreshToken ?? "",
  };
}
const refresh = (REFRESH_TOKEN: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN },
    }),
  );
const getUser = (AccessToken: string) =>
  client.send(new GetUserCommand({ AccessToken }));

describe("GetTokensFromRefreshToken", () => {
  it("gives a new refresh token of the same sign-in, again and again", async () => {
    const first = await signIn(suite, "ada");
    let last = first.refreshToken;
    for (let i = 0; i < 4; i++) {
      const next = await rotate(last);
      assert.notEqual(next.refreshToken, last);
      assert.equal(
        readJwt(next.accessToken).claims["origin_jti"],
        readJwt(first.accessToken).claims["origin_jti"],
      );
      last = next.refreshToken;
    }
    const { AuthenticationResult } = await refresh(last);
    assert.equal(AuthenticationResult?.RefreshToken, undefined);
    await rotate(last);
  });

  for (const [what, use] of [
    ["GetTokensFromRefreshToken", rotate],
    ["REFRESH_TOKEN_AUTH", refresh],
  ] as const)
    it(`ends the sign-in when an old one comes back by ${what}`, async () => {
      const { refreshToken: stolen } = await signIn(suite, "ada");
      const owner = await rotate(stolen);
      await throwsName(use(stolen), "RefreshTokenReuseException");
      await throwsName(rotate(owner.refreshToken), "NotAuthorizedException");
      await throwsName(
        getUser(owner.accessToken),
        "NotAuthorizedException",
        /revoked/,
      );
    });

  it("lets one of many at once through", async () => {
    for (let round = 0; round < 20; round++) {
      const { refreshToken } = await signIn(suite, "ada");
      const all = await Promise.allSettled(
        Array.from({ length: 8 }, () => rotate(refreshToken)),
      );
      const good = all.filter(({ status }) => status === "fulfilled");
      assert.ok(good.length <= 1);
      for (const one of all)
        if (one.status === "rejected")
          assert.match(
            (one.reason as Error).name,
            /^(RefreshTokenReuse|NotAuthorized)Exception$/,
          );
    }
  });

  it("takes nobody's word that a token was once good", async () => {
    const { refreshToken } = await signIn(suite, "ada");
    const bytes = Buffer.from(refreshToken, "base64url");
    bytes[40] = (bytes[40] ?? 0) ^ 1; // of what all its tokens share
    await throwsName(
      rotate(bytes.toString("base64url")),
      "NotAuthorizedException",
      /^Invalid Refresh Token$/,
    );
    await rotate(refreshToken);
  });

  for (const [what, RefreshToken, exception] of [
    ["no token", "", "InvalidParameterException"],
    ["nonsense", "abc", "NotAuthorizedException"],
  ] as const)
    it(`refuses ${what}`, async () => {
      await throwsName(rotate(RefreshToken), exception);
    });
  it("refuses another client", async () => {
    const { refreshToken } = await signIn(suite, "ada");
    await throwsName(
      client.send(
        new GetTokensFromRefreshTokenCommand({
          ClientId: "other",
          RefreshToken: refreshToken,
        }),
      ),
      "ResourceNotFoundException",
    );
  });
});

describe("refresh_retry_grace", () => {
  it("answers again what was lost, with the same token", async () => {
    await suite.kill("auth");
    await suite.start("auth", { PARLOR_AUTH_REFRESH_RETRY_GRACE: "60s" });
    const { refreshToken } = await signIn(suite, "ada");
    const all = await Promise.all(
      Array.from({ length: 4 }, () => rotate(refreshToken)),
    );
    assert.equal(new Set(all.map((one) => one.refreshToken)).size, 1);
    const next = await rotate(all[0]?.refreshToken ?? "");
    await throwsName(rotate(refreshToken), "RefreshTokenReuseException");
    await throwsName(rotate(next.refreshToken), "NotAuthorizedException");
  });
});

describe("without rotation", () => {
  it("the refresh token stays", async () => {
    await suite.kill("auth");
    await suite.start("auth", { PARLOR_AUTH_REFRESH_TOKEN_ROTATION: "false" });
    const { refreshToken } = await signIn(suite, "ada");
    assert.equal((await rotate(refreshToken)).refreshToken, "");
    await rotate(refreshToken);
  });
});
