// GetTokensFromRefreshToken: refresh tokens that rotate, and who uses an old one.
import {
  CreateUserPoolClientCommand,
  DescribeUserPoolClientCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  UpdateUserPoolClientCommand,
  type RefreshTokenRotationType,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { readJwt } from "../../harness/tokens.ts";
import { signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
await signUp(suite, "ada");

async function rotate(RefreshToken: string, by = ClientId) {
  const { AuthenticationResult } = await client.send(
    new GetTokensFromRefreshTokenCommand({ ClientId: by, RefreshToken }),
  );
  assert.ok(AuthenticationResult?.AccessToken && AuthenticationResult.IdToken);
  return {
    accessToken: AuthenticationResult.AccessToken,
    refreshToken: AuthenticationResult.RefreshToken ?? "",
  };
}
const refresh = (REFRESH_TOKEN: string, by = ClientId) =>
  client.send(
    new InitiateAuthCommand({
      ClientId: by,
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

describe("RefreshTokenRotation", () => {
  const admin = administrator(suite);
  const { userPoolId: UserPoolId } = suite;
  const password = "ALLOW_USER_PASSWORD_AUTH";
  const keeping = "ALLOW_REFRESH_TOKEN_AUTH";
  async function newClient(
    RefreshTokenRotation: RefreshTokenRotationType | undefined,
    keeps = true,
  ) {
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "app",
        ExplicitAuthFlows: keeps ? [password, keeping] : [password],
        RefreshTokenRotation,
      }),
    );
    return UserPoolClient?.ClientId ?? "";
  }
  const told = async (ClientId: string) => {
    const { UserPoolClient } = await admin.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    return UserPoolClient?.RefreshTokenRotation;
  };
  const signedIn = async (clientId: string) =>
    (await signIn({ ...suite, clientId }, "ada")).refreshToken;

  for (const rotation of [
    undefined,
    { Feature: "DISABLED", RetryGracePeriodSeconds: 0 },
  ] as const)
    it(`is off where it is ${rotation?.Feature ?? "not said"}`, async () => {
      const id = await newClient(rotation);
      assert.deepEqual(await told(id), rotation);
      const token = await signedIn(id);
      for (let i = 0; i < 2; i++) {
        assert.equal((await rotate(token, id)).refreshToken, "");
        await refresh(token, id);
      }
    });
  it("is for GetTokensFromRefreshToken alone", async () => {
    const rotation = {
      Feature: "ENABLED",
      RetryGracePeriodSeconds: 60,
    } as const;
    const id = await newClient(rotation, false);
    assert.deepEqual(await told(id), rotation);
    const first = await signedIn(id);
    await throwsName(
      refresh(first, id),
      "InvalidParameterException",
      /^REFRESH_TOKEN_AUTH is not enabled for the client\.$/,
    );
    const second = await rotate(first, id);
    assert.ok(second.refreshToken);
    // within the grace the answer is given again
    assert.equal((await rotate(first, id)).refreshToken, second.refreshToken);
    await rotate(second.refreshToken, id);
    await throwsName(rotate(first, id), "RefreshTokenReuseException");
  });
  it("ends the sign-in at once where there is no grace", async () => {
    const id = await newClient({ Feature: "ENABLED" }, false);
    const first = await signedIn(id);
    await rotate(first, id);
    await throwsName(rotate(first, id), "RefreshTokenReuseException");
  });
  it("is refused beside the flow that keeps the token", async () => {
    const words =
      /^ALLOW_REFRESH_TOKEN_AUTH is not a permitted ExplicitAuthFlow when refresh token rotation is enabled$/;
    await throwsName(
      newClient({ Feature: "ENABLED" }),
      "InvalidParameterException",
      words,
    );
    await throwsName(
      admin.send(
        new UpdateUserPoolClientCommand({
          UserPoolId,
          ClientId: await newClient(undefined),
          ExplicitAuthFlows: [keeping],
          RefreshTokenRotation: { Feature: "ENABLED" },
        }),
      ),
      "InvalidParameterException",
      words,
    );
    await throwsName(
      newClient({ Feature: "ENABLED", RetryGracePeriodSeconds: 61 }, false),
      "InvalidParameterException",
      /refreshTokenRotation\.retryGracePeriodSeconds/,
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
