// Second factors: codes by mail, the choice between several, and a pool that
// demands one of everybody.
import {
  AssociateSoftwareTokenCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SetUserMFAPreferenceCommand,
  VerifySoftwareTokenCommand,
  type ChallengeNameType,
  type InitiateAuthResponse,
  type SetUserMFAPreferenceRequest,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { totpCode, wrongCode } from "../../harness/totp.ts";
import { mailedCode, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();

const enter = (USERNAME: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );
const respond = (
  ChallengeName: ChallengeNameType,
  Session: string | undefined,
  ChallengeResponses: Record<string, string>,
) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses,
    }),
  );
const prefer = (
  AccessToken: string | undefined,
  settings: Omit<SetUserMFAPreferenceRequest, "AccessToken">,
) => client.send(new SetUserMFAPreferenceCommand({ AccessToken, ...settings }));
const tokenOf = ({ AuthenticationResult }: InitiateAuthResponse): string => {
  assert.ok(AuthenticationResult?.AccessToken);
  return AuthenticationResult.AccessToken;
};
/** A secret whose app has shown a code of the step before this one. */
async function setUpApp(AccessToken: string): Promise<string> {
  const { SecretCode = "" } = await client.send(
    new AssociateSoftwareTokenCommand({ AccessToken }),
  );
  await client.send(
    new VerifySoftwareTokenCommand({
      AccessToken,
      UserCode: totpCode(SecretCode, -1),
    }),
  );
  return SecretCode;
}
async function restart(env: NodeJS.ProcessEnv): Promise<void> {
  await suite.kill("auth");
  await suite.start("auth", env);
}
const mails = async () => (await readdir(join(suite.data, "mail"))).length;
const on = { Enabled: true };
const first = { Enabled: true, PreferredMfa: true };

await signUp(suite, "ada");
const ada = await signIn(suite, "ada");
let secret = "";

describe("a code by mail behind the password", () => {
  it("is asked for when it is set", async () => {
    await prefer(ada.accessToken, { EmailMfaSettings: first });
    const who = await client.send(
      new GetUserCommand({ AccessToken: ada.accessToken }),
    );
    assert.deepEqual(
      [who.PreferredMfaSetting, who.UserMFASettingList],
      ["EMAIL_OTP", ["EMAIL_OTP"]],
    );
    const asked = await enter("ada");
    assert.equal(asked.ChallengeName, "EMAIL_OTP");
    assert.equal(asked.AuthenticationResult, undefined);
    assert.deepEqual(asked.ChallengeParameters, {
      USER_ID_FOR_SRP: "ada",
      CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL",
      CODE_DELIVERY_DESTINATION: "a***@e***",
    });
    const code = await mailedCode(suite, "ada@example.test");
    await throwsName(
      respond("EMAIL_OTP", asked.Session, {
        USERNAME: "ada",
        EMAIL_OTP_CODE: wrongCode(code),
      }),
      "CodeMismatchException",
    );
    const answer = { USERNAME: "ada", EMAIL_OTP_CODE: code };
    tokenOf(await respond("EMAIL_OTP", asked.Session, answer));
    await throwsName(
      respond("EMAIL_OTP", asked.Session, answer),
      "ExpiredCodeException",
    );
  });
  it("is not asked for when the password is wrong", async () => {
    const before = await mails();
    await throwsName(
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD: "Wrong-horse-7" },
        }),
      ),
      "NotAuthorizedException",
    );
    assert.equal(await mails(), before);
  });
  it("can be tried five times", async () => {
    const { Session } = await enter("ada");
    const code = await mailedCode(suite, "ada@example.test");
    for (let tries = 0; tries < 5; tries++)
      await throwsName(
        respond("EMAIL_OTP", Session, {
          USERNAME: "ada",
          EMAIL_OTP_CODE: wrongCode(code),
        }),
        "CodeMismatchException",
      );
    await throwsName(
      respond("EMAIL_OTP", Session, { USERNAME: "ada", EMAIL_OTP_CODE: code }),
      "LimitExceededException",
    );
    const again = await enter("ada");
    const other = await mailedCode(suite, "ada@example.test");
    await throwsName(
      respond("EMAIL_OTP", again.Session, {
        USERNAME: "ada",
        EMAIL_OTP_CODE: other,
      }),
      "LimitExceededException",
    );
  });
  it("is never the only factor", async () => {
    const before = await mails();
    const { Session } = await client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "USER_AUTH",
        AuthParameters: { USERNAME: "ada", PREFERRED_CHALLENGE: "EMAIL_OTP" },
      }),
    );
    assert.equal(await mails(), before);
    const behind = await signUp(suite, "bob").then(async () => {
      await prefer((await signIn(suite, "bob")).accessToken, {
        EmailMfaSettings: on,
      });
      return enter("bob");
    });
    const code = await mailedCode(suite, "bob@example.test");
    // the code behind a password is none without it
    await throwsName(
      respond("EMAIL_OTP", Session, { USERNAME: "bob", EMAIL_OTP_CODE: code }),
      "CodeMismatchException",
    );
    tokenOf(
      await respond("EMAIL_OTP", behind.Session, {
        USERNAME: "bob",
        EMAIL_OTP_CODE: code,
      }),
    );
  });
});

describe("SELECT_MFA_TYPE", () => {
  it("asks who has several and prefers none", async () => {
    await signUp(suite, "cy");
    const { accessToken } = await signIn(suite, "cy");
    secret = await setUpApp(accessToken);
    await prefer(accessToken, {
      EmailMfaSettings: on,
      SoftwareTokenMfaSettings: on,
    });
    const asked = await enter("cy");
    assert.equal(asked.ChallengeName, "SELECT_MFA_TYPE");
    assert.deepEqual(asked.ChallengeParameters, {
      USER_ID_FOR_SRP: "cy",
      MFAS_CAN_CHOOSE: '["SOFTWARE_TOKEN_MFA","EMAIL_OTP"]',
    });
    await throwsName(
      respond("SELECT_MFA_TYPE", asked.Session, {
        USERNAME: "cy",
        ANSWER: "SMS_MFA",
      }),
      "InvalidParameterException",
    );
    const mail = await respond("SELECT_MFA_TYPE", asked.Session, {
      USERNAME: "cy",
      ANSWER: "EMAIL_OTP",
    });
    assert.equal(mail.ChallengeName, "EMAIL_OTP");
    tokenOf(
      await respond("EMAIL_OTP", mail.Session, {
        USERNAME: "cy",
        EMAIL_OTP_CODE: await mailedCode(suite, "cy@example.test"),
      }),
    );
  });
  it("goes on with an app's code, by amazon-cognito-identity-js", async () => {
    const Pool = new CognitoUserPool({
      UserPoolId: suite.userPoolId,
      ClientId,
      endpoint: suite.url.auth,
    });
    const user = new CognitoUser({ Username: "cy", Pool });
    const session = await new Promise<CognitoUserSession>(
      (onSuccess, onFailure) => {
        const more = {
          onSuccess,
          onFailure,
          mfaRequired: () => onFailure(new Error("a code by mail")),
          totpRequired: () =>
            user.sendMFACode(
              totpCode(secret),
              { onSuccess, onFailure },
              "SOFTWARE_TOKEN_MFA",
            ),
        };
        user.authenticateUser(
          new AuthenticationDetails({ Username: "cy", Password: password }),
          {
            ...more,
            selectMFAType: () =>
              user.sendMFASelectionAnswer("SOFTWARE_TOKEN_MFA", more),
          },
        );
      },
    );
    assert.ok(session.isValid());
  });
  it("is not asked where one is preferred", async () => {
    const { Session } = await enter("cy");
    const { Session: next } = await respond("SELECT_MFA_TYPE", Session, {
      USERNAME: "cy",
      ANSWER: "EMAIL_OTP",
    });
    const AccessToken = tokenOf(
      await respond("EMAIL_OTP", next, {
        USERNAME: "cy",
        EMAIL_OTP_CODE: await mailedCode(suite, "cy@example.test"),
      }),
    );
    await prefer(AccessToken, { SoftwareTokenMfaSettings: first });
    assert.equal((await enter("cy")).ChallengeName, "SOFTWARE_TOKEN_MFA");
    await prefer(AccessToken, { EmailMfaSettings: first });
    assert.equal((await enter("cy")).ChallengeName, "EMAIL_OTP");
    await prefer(AccessToken, { EmailMfaSettings: { Enabled: false } });
    assert.equal((await enter("cy")).ChallengeName, "SOFTWARE_TOKEN_MFA");
  });
});

describe("SetUserMFAPreference", () => {
  it("refuses what there is not, and two that are preferred", async () => {
    await signUp(suite, "dot");
    const { accessToken } = await signIn(suite, "dot");
    await setUpApp(accessToken);
    await throwsName(
      prefer(accessToken, {
        EmailMfaSettings: first,
        SoftwareTokenMfaSettings: first,
      }),
      "InvalidParameterException",
      /^Only one MFA type can be preferred.$/,
    );
    await throwsName(
      prefer(accessToken, { SMSMfaSettings: on }),
      "InvalidParameterException",
      /^User does not have delivery config set to turn on SMS_MFA$/,
    );
    await throwsName(
      prefer(accessToken, { EmailMfaSettings: { PreferredMfa: true } }),
      "InvalidParameterException",
    );
    tokenOf(await enter("dot"));
  });
});

describe("a pool that demands a second factor", () => {
  it("asks for a code by mail of who has set up nothing", async () => {
    await signUp(suite, "eve");
    await signUp(suite, "flo");
    await restart({ PARLOR_AUTH_MFA: "on" });
    const { ChallengeName } = await enter("eve");
    assert.equal(ChallengeName, "EMAIL_OTP");
    const wishes: Record<string, string>[] = [
      {},
      { PREFERRED_CHALLENGE: "EMAIL_OTP" },
    ];
    for (const more of wishes) {
      const choice = await client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_AUTH",
          AuthParameters: { USERNAME: "eve", ...more },
        }),
      );
      assert.equal(choice.ChallengeName, "SELECT_CHALLENGE");
      assert.deepEqual(choice.AvailableChallenges, [
        "PASSWORD",
        "PASSWORD_SRP",
      ]);
    }
  });
  it("has it set up before it lets in", async () => {
    await restart({ PARLOR_AUTH_MFA: "on", PARLOR_AUTH_MFA_EMAIL: "false" });
    const asked = await enter("eve");
    assert.equal(asked.ChallengeName, "MFA_SETUP");
    assert.deepEqual(asked.ChallengeParameters, {
      USER_ID_FOR_SRP: "eve",
      MFAS_CAN_SETUP: '["SOFTWARE_TOKEN_MFA"]',
    });
    const begun = await client.send(
      new AssociateSoftwareTokenCommand({ Session: asked.Session }),
    );
    const UserCode = totpCode(begun.SecretCode ?? "", -1);
    await throwsName(
      client.send(
        new VerifySoftwareTokenCommand({
          Session: begun.Session,
          UserCode: wrongCode(UserCode),
        }),
      ),
      "EnableSoftwareTokenMFAException",
    );
    await throwsName(
      respond("MFA_SETUP", begun.Session, { USERNAME: "eve" }),
      "InvalidParameterException",
    );
    const shown = await client.send(
      new VerifySoftwareTokenCommand({ Session: begun.Session, UserCode }),
    );
    assert.equal(shown.Status, "SUCCESS");
    const done = await respond("MFA_SETUP", shown.Session, { USERNAME: "eve" });
    const AccessToken = tokenOf(done);
    const who = await client.send(new GetUserCommand({ AccessToken }));
    assert.deepEqual(who.UserMFASettingList, ["SOFTWARE_TOKEN_MFA"]);
    await throwsName(
      respond("MFA_SETUP", shown.Session, { USERNAME: "eve" }),
      "NotAuthorizedException",
      /can only be used once/,
    );
    // the first session sets up nothing more
    await throwsName(
      client.send(
        new AssociateSoftwareTokenCommand({ Session: asked.Session }),
      ),
      "NotAuthorizedException",
      /^Invalid session for the user.$/,
    );
    assert.equal((await enter("eve")).ChallengeName, "SOFTWARE_TOKEN_MFA");
  });
  it("does so for amazon-cognito-identity-js", async () => {
    const Pool = new CognitoUserPool({
      UserPoolId: suite.userPoolId,
      ClientId,
      endpoint: suite.url.auth,
    });
    const user = new CognitoUser({ Username: "flo", Pool });
    const session = await new Promise<CognitoUserSession>(
      (onSuccess, onFailure) =>
        user.authenticateUser(
          new AuthenticationDetails({ Username: "flo", Password: password }),
          {
            onSuccess: () => onFailure(new Error("nothing was demanded")),
            onFailure,
            mfaSetup: () =>
              user.associateSoftwareToken({
                onFailure,
                associateSecretCode: (text) =>
                  user.verifySoftwareToken(totpCode(text), "phone", {
                    onSuccess,
                    onFailure,
                  }),
              }),
          },
        ),
    );
    assert.ok(session.isValid());
  });
  it("takes no session of another challenge, nor token and session", async () => {
    const { Session } = await client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "USER_AUTH",
        AuthParameters: { USERNAME: "eve" },
      }),
    );
    await throwsName(
      client.send(
        new AssociateSoftwareTokenCommand({
          Session: `${ClientId}.${Session}`,
        }),
      ),
      "NotAuthorizedException",
      /^Invalid session for the user.$/,
    );
    await throwsName(
      client.send(
        new AssociateSoftwareTokenCommand({
          Session,
          AccessToken: ada.accessToken,
        }),
      ),
      "InvalidParameterException",
    );
    await throwsName(
      client.send(
        new AssociateSoftwareTokenCommand({
          Session: "nobody-at-all-anywhere.x",
        }),
      ),
      "ResourceNotFoundException",
    );
  });
});

describe("a pool without second factors", () => {
  it("asks for none and sets up none", async () => {
    await restart({ PARLOR_AUTH_MFA: "off" });
    const AccessToken = tokenOf(await enter("cy"));
    await throwsName(
      client.send(new AssociateSoftwareTokenCommand({ AccessToken })),
      "SoftwareTokenMFANotFoundException",
      /^Software Token MFA has not been enabled by the userPool$/,
    );
    await throwsName(
      prefer(AccessToken, { EmailMfaSettings: on }),
      "InvalidParameterException",
    );
  });
});
