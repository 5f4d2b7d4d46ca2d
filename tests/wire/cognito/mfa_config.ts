// SetUserPoolMfaConfig: what second factors a pool has.
import {
  AssociateSoftwareTokenCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  GetUserPoolMfaConfigCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserPoolMfaConfigCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
  ConfirmSignUpCommand,
  VerifySoftwareTokenCommand,
  type SetUserPoolMfaConfigCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { totpCode } from "../../harness/totp.ts";
import { mailedCode, password } from "../../harness/users.ts";

const { suite, client } = await startCognito();
const admin = administrator(suite);
const { UserPool } = await admin.send(
  new CreateUserPoolCommand({
    PoolName: "another",
    AutoVerifiedAttributes: ["email"],
  }),
);
const UserPoolId = UserPool?.Id ?? "";
const { UserPoolClient } = await admin.send(
  new CreateUserPoolClientCommand({
    UserPoolId,
    ClientName: "app",
    ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
  }),
);
const ClientId = UserPoolClient?.ClientId ?? "";

const set = (
  config: Omit<SetUserPoolMfaConfigCommandInput, "UserPoolId">,
  pool = UserPoolId,
) =>
  admin.send(new SetUserPoolMfaConfigCommand({ UserPoolId: pool, ...config }));
const get = (pool = UserPoolId) =>
  admin.send(new GetUserPoolMfaConfigCommand({ UserPoolId: pool }));
const enter = () =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: "ada", PASSWORD: password },
    }),
  );
const app = { SoftwareTokenMfaConfiguration: { Enabled: true } };

await client.send(
  new SignUpCommand({
    ClientId,
    Username: "ada",
    Password: password,
    UserAttributes: [{ Name: "email", Value: "ada@example.test" }],
  }),
);
await client.send(
  new ConfirmSignUpCommand({
    ClientId,
    Username: "ada",
    ConfirmationCode: await mailedCode(suite, "ada@example.test"),
  }),
);

describe("SetUserPoolMfaConfig", () => {
  it("says what was set, and it is told so", async () => {
    assert.equal((await get()).MfaConfiguration, "OFF");
    const answer = await set({ ...app, MfaConfiguration: "OPTIONAL" });
    const told = await get();
    for (const got of [answer, told]) {
      assert.equal(got.MfaConfiguration, "OPTIONAL");
      assert.deepEqual(got.SoftwareTokenMfaConfiguration, { Enabled: true });
      assert.equal(got.EmailMfaConfiguration, undefined);
    }
    assert.ok((await enter()).AuthenticationResult);
  });
  it("demands codes by mail", async () => {
    await set({ EmailMfaConfiguration: {}, MfaConfiguration: "ON" });
    assert.deepEqual((await get()).EmailMfaConfiguration, {});
    assert.equal((await enter()).ChallengeName, "EMAIL_OTP");
  });
  it("demands an app's codes, which a sign-in sets up", async () => {
    await set({ ...app, MfaConfiguration: "ON" });
    const { ChallengeName, Session } = await enter();
    assert.equal(ChallengeName, "MFA_SETUP");
    const begun = await client.send(
      new AssociateSoftwareTokenCommand({ Session }),
    );
    const shown = await client.send(
      new VerifySoftwareTokenCommand({
        Session: begun.Session,
        UserCode: totpCode(begun.SecretCode ?? ""),
      }),
    );
    const { AuthenticationResult } = await client.send(
      new RespondToAuthChallengeCommand({
        ClientId,
        ChallengeName: "MFA_SETUP",
        Session: shown.Session,
        ChallengeResponses: { USERNAME: "ada" },
      }),
    );
    assert.ok(AuthenticationResult?.AccessToken);
  });
  it("turns all of it off", async () => {
    await set({ MfaConfiguration: "OFF" });
    assert.ok((await enter()).AuthenticationResult);
  });
  it("is all that says which factors there are", async () => {
    const update = (MfaConfiguration?: "ON") =>
      admin.send(new UpdateUserPoolCommand({ UserPoolId, MfaConfiguration }));
    await set({ EmailMfaConfiguration: {}, MfaConfiguration: "OPTIONAL" });
    await update();
    assert.equal((await get()).MfaConfiguration, "OFF"); // the default
    await update("ON");
    const told = await get();
    assert.equal(told.MfaConfiguration, "ON");
    assert.deepEqual(told.EmailMfaConfiguration, {});
    assert.deepEqual(told.SoftwareTokenMfaConfiguration, { Enabled: false });
    await set({ MfaConfiguration: "OFF" });
  });
  const refused: [string, object, RegExp][] = [
    ["a mode that is none", { MfaConfiguration: "MAYBE" }, /enum value set/],
    [
      "a mode without a factor",
      { MfaConfiguration: "ON" },
      /can't disable all MFAs/,
    ],
    [
      "a factor without a mode",
      { ...app, MfaConfiguration: "OFF" },
      /can't turn off MFA/,
    ],
    [
      "text messages",
      { SmsMfaConfiguration: {}, MfaConfiguration: "ON" },
      /SmsMfaConfiguration/,
    ],
  ];
  for (const [what, config, words] of refused)
    it(`refuses ${what}`, async () => {
      await throwsName(
        set(config as SetUserPoolMfaConfigCommandInput),
        "InvalidParameterException",
        words,
      );
    });
  it("leaves the settings' own pool to the settings", async () => {
    const told = await get(suite.userPoolId);
    assert.equal(told.MfaConfiguration, "OPTIONAL");
    assert.deepEqual(told.SoftwareTokenMfaConfiguration, { Enabled: true });
    await throwsName(
      set({ MfaConfiguration: "OFF" }, suite.userPoolId),
      "InvalidParameterException",
      /parlor.yaml/,
    );
    await throwsName(get("local_none"), "ResourceNotFoundException");
  });
});
