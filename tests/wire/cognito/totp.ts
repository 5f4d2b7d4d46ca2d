// A second factor: codes of an app, set up and asked for by
// amazon-cognito-identity-js.
import {
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { totpCode as code, wrongCode as wrong } from "../../harness/totp.ts";
import { newGuest, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
const Pool = new CognitoUserPool({
  UserPoolId: suite.userPoolId,
  ClientId,
  endpoint: suite.url.auth,
});

const enter = (USERNAME: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );
const answer = (
  Session: string | undefined,
  USERNAME: string,
  SOFTWARE_TOKEN_MFA_CODE: string,
) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "SOFTWARE_TOKEN_MFA",
      Session,
      ChallengeResponses: { USERNAME, SOFTWARE_TOKEN_MFA_CODE },
    }),
  );

const details = new AuthenticationDetails({
  Username: "ada",
  Password: password,
});
let secret = "";
let used = "";

describe("an app's codes, by amazon-cognito-identity-js", () => {
  it("are set up", async () => {
    await signUp(suite, "ada");
    const user = new CognitoUser({ Username: "ada", Pool });
    await new Promise((onSuccess, onFailure) =>
      user.authenticateUser(details, { onSuccess, onFailure }),
    );
    secret = await new Promise<string>((associateSecretCode, onFailure) =>
      user.associateSoftwareToken({ associateSecretCode, onFailure }),
    );
    assert.match(secret, /^[A-Z2-7]{32}$/);
    const verify = (text: string) =>
      new Promise((onSuccess, onFailure) =>
        user.verifySoftwareToken(text, "phone", { onSuccess, onFailure }),
      );
    await assert.rejects(verify(wrong(code(secret))), {
      code: "EnableSoftwareTokenMFAException",
    });
    await verify(code(secret, -1));
    await new Promise((resolve, reject) =>
      user.setUserMfaPreference(
        null,
        { Enabled: true, PreferredMfa: true },
        (error, result) => (error ? reject(error) : resolve(result)),
      ),
    );
  });
  it("are asked for from then on", async () => {
    const user = new CognitoUser({ Username: "ada", Pool });
    const session = await new Promise<CognitoUserSession>(
      (onSuccess, onFailure) =>
        user.authenticateUser(details, {
          onSuccess: () => onFailure(new Error("no code was asked for")),
          onFailure,
          totpRequired: () => {
            used = code(secret);
            user.sendMFACode(
              used,
              { onSuccess, onFailure },
              "SOFTWARE_TOKEN_MFA",
            );
          },
        }),
    );
    const who = await client.send(
      new GetUserCommand({
        AccessToken: session.getAccessToken().getJwtToken(),
      }),
    );
    assert.deepEqual(
      [who.PreferredMfaSetting, who.UserMFASettingList],
      ["SOFTWARE_TOKEN_MFA", ["SOFTWARE_TOKEN_MFA"]],
    );
  });
});

describe("SOFTWARE_TOKEN_MFA", { skip: cannotWait }, () => {
  it("takes a code once, and a session once", async () => {
    const first = await enter("ada");
    assert.equal(first.ChallengeName, "SOFTWARE_TOKEN_MFA");
    assert.equal(first.AuthenticationResult, undefined);
    await throwsName(
      answer(first.Session, "ada", used),
      "ExpiredCodeException",
      /^Your software token has already been used once.$/,
    );
    const next = code(secret, 1);
    await throwsName(
      answer(first.Session, "ada", wrong(next)),
      "CodeMismatchException",
      /^Invalid code received for user$/,
    );
    const { AuthenticationResult } = await answer(first.Session, "ada", next);
    assert.ok(AuthenticationResult?.AccessToken);
    await throwsName(
      answer((await enter("ada")).Session, "ada", next),
      "ExpiredCodeException",
    );
  });
  it("shuts out who guesses", async () => {
    const { Session } = await enter("ada");
    for (let i = 0; i < 5; i++)
      await throwsName(
        answer(Session, "ada", "1234567"),
        "CodeMismatchException",
      );
    await throwsName(
      answer(Session, "ada", code(secret, 1)),
      "NotAuthorizedException",
    );
  });
  it("takes no session that is not its own, and none after a while", async () => {
    const { Session = "" } = await enter("ada");
    for (const bad of ["A".repeat(100), Session.slice(1)])
      await throwsName(
        answer(bad, "ada", code(secret)),
        "NotAuthorizedException",
        /^Invalid session for the user.$/,
      );
    for (const name of ["auth", "kv"] as const) await suite.kill(name);
    for (const name of ["kv", "auth"] as const)
      await suite.start(name, later("+4m"));
    await throwsName(
      answer(Session, "ada", code(secret, 8)),
      "NotAuthorizedException",
      /session is expired/,
    );
  });
});

describe("SetUserMFAPreference", () => {
  it("refuses what there is not", async () => {
    await signUp(suite, "eve");
    const { accessToken: AccessToken } = await signIn(suite, "eve");
    const prefer = (settings: object, token = AccessToken) =>
      client.send(
        new SetUserMFAPreferenceCommand({ AccessToken: token, ...settings }),
      );
    await throwsName(
      prefer({ SoftwareTokenMfaSettings: { Enabled: true } }),
      "InvalidParameterException",
      /^User does not have delivery config set to turn on SOFTWARE_TOKEN_MFA$/,
    );
    await throwsName(
      prefer({ SMSMfaSettings: { Enabled: true } }),
      "InvalidParameterException",
    );
    await prefer({ SoftwareTokenMfaSettings: { Enabled: false } });
    await throwsName(
      client.send(
        new VerifySoftwareTokenCommand({ AccessToken, UserCode: "123456" }),
      ),
      "SoftwareTokenMFANotFoundException",
    );
    const guest = await newGuest(suite);
    await throwsName(
      prefer({ SoftwareTokenMfaSettings: {} }, guest.accessToken),
      "InvalidParameterException",
    );
  });
});
