// So many from an address, so many in the pool.
import {
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  InitiateAuthCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { ConnectError } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { refuses } from "../../harness/refusal.ts";
import { auth, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito({
  PARLOR_AUTH_SIGN_INS_PER_ADDRESS: "1",
  PARLOR_AUTH_SIGN_UPS_PER_ADDRESS: "2",
  PARLOR_AUTH_CODES_PER_POOL: "1",
});

const enter = (USERNAME: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );

describe("limits", () => {
  it("bound what an address may sign up", async () => {
    await signUp(suite, "ada");
    await signUp(suite, "bob");
    await throwsName(
      client.send(
        new SignUpCommand({
          ClientId,
          Username: "cy",
          Password: password,
          UserAttributes: [{ Name: "email", Value: "cy@example.test" }],
        }),
      ),
      "TooManyRequestsException",
      /^Too many sign-ups from this address: 2 an hour$/,
    );
  });
  it("bound what an address may try, whatever the name", async () => {
    const { refreshToken } = await signIn(suite, "ada");
    await throwsName(
      enter("nobody"),
      "TooManyRequestsException",
      /^Too many sign-ins from this address: 1 a minute$/,
    );
    const { error } = await refuses(
      signIn(suite, "bob"),
      "TooManyRequestsException",
    );
    assert.ok(error instanceof ConnectError);
    assert.ok(Number(error.metadata.get("retry-after")) >= 1);
    // who is signed in stays so
    const { AuthenticationResult } = await client.send(
      new GetTokensFromRefreshTokenCommand({
        ClientId,
        RefreshToken: refreshToken,
      }),
    );
    assert.ok(AuthenticationResult?.AccessToken);
  });
  it("bound what may be mailed in the pool, to whomever", async () => {
    const forget = (Username: string) =>
      client.send(new ForgotPasswordCommand({ ClientId, Username }));
    await forget("nobody");
    await throwsName(
      forget("ada"),
      "TooManyRequestsException",
      /^Too many codes in this user pool: 1 an hour$/,
    );
    await refuses(
      auth(suite).resendConfirmationCode({
        clientId: ClientId,
        username: "ada",
      }),
      "TooManyRequestsException",
    );
  });
});
