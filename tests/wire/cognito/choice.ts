// USER_AUTH: the user chooses between a password, SRP and a code by mail.
import {
  AdminInitiateAuthCommand,
  DescribeUserPoolCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  type AuthFactorType,
  type UserPoolPolicyType,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { newClient, newPool } from "../../harness/pools.ts";
import { mailedCode, password, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
await signUp(suite, "ada");

const begin = (USERNAME: string, more: Record<string, string> = {}) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_AUTH",
      AuthParameters: { USERNAME, ...more },
    }),
  );
const respond = (
  ChallengeName: "SELECT_CHALLENGE" | "EMAIL_OTP",
  Session: string | undefined,
  USERNAME: string,
  more: Record<string, string>,
) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName,
      Session,
      ChallengeResponses: { USERNAME, ...more },
    }),
  );
const code = (Session: string | undefined, name: string, text: string) =>
  respond("EMAIL_OTP", Session, name, { EMAIL_OTP_CODE: text });
const mails = async () => (await readdir(join(suite.data, "mail"))).length;

describe("USER_AUTH", () => {
  it("offers the same to everybody", async () => {
    for (const name of ["ada", "nobody"]) {
      const got = await begin(name);
      assert.equal(got.ChallengeName, "SELECT_CHALLENGE");
      assert.deepEqual(got.AvailableChallenges, [
        "PASSWORD",
        "PASSWORD_SRP",
        "EMAIL_OTP",
      ]);
    }
  });
  it("takes a password, at once or when chosen", async () => {
    const first = await begin("ada", {
      PREFERRED_CHALLENGE: "PASSWORD",
      PASSWORD: password,
    });
    assert.ok(first.AuthenticationResult?.AccessToken);
    const { Session } = await begin("ada");
    const answer = { ANSWER: "PASSWORD", PASSWORD: password };
    const second = await respond("SELECT_CHALLENGE", Session, "ada", answer);
    assert.ok(second.AuthenticationResult?.AccessToken);
    await throwsName(
      respond("SELECT_CHALLENGE", Session, "ada", answer),
      "NotAuthorizedException",
      /can only be used once/,
    );
  });
  it("asks for the proof of a password", async () => {
    const got = await begin("ada", {
      PREFERRED_CHALLENGE: "PASSWORD_SRP",
      SRP_A: "abcdef",
    });
    assert.equal(got.ChallengeName, "PASSWORD_VERIFIER");
  });
  it("mails a code, good once", async () => {
    const { Session } = await begin("ada");
    const asked = await respond("SELECT_CHALLENGE", Session, "ada", {
      ANSWER: "EMAIL_OTP",
    });
    assert.equal(asked.ChallengeName, "EMAIL_OTP");
    assert.deepEqual(asked.ChallengeParameters, {
      CODE_DELIVERY_DELIVERY_MEDIUM: "EMAIL",
      CODE_DELIVERY_DESTINATION: "a***@e***",
    });
    const mailed = await mailedCode(suite, "ada@example.test");
    await throwsName(
      code(asked.Session, "ada", "1234567"),
      "CodeMismatchException",
    );
    const { AuthenticationResult } = await code(asked.Session, "ada", mailed);
    assert.ok(AuthenticationResult?.AccessToken);
    await throwsName(
      code(asked.Session, "ada", mailed),
      "ExpiredCodeException",
    );
  });
  it("does the same for nobody, and mails nothing", async () => {
    const before = await mails();
    const asked = await begin("nobody", { PREFERRED_CHALLENGE: "EMAIL_OTP" });
    assert.equal(asked.ChallengeName, "EMAIL_OTP");
    for (let i = 0; i < 5; i++)
      await throwsName(
        code(asked.Session, "nobody", "1234567"),
        "CodeMismatchException",
      );
    await throwsName(
      code(asked.Session, "nobody", "1234567"),
      "LimitExceededException",
    );
    assert.equal(await mails(), before);
  });
  it("lets choose who prefers what is not offered", async () => {
    const AuthParameters = {
      USERNAME: "ada",
      PREFERRED_CHALLENGE: "WEB_AUTHN",
    };
    const offers = ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"];
    for (const PREFERRED_CHALLENGE of ["WEB_AUTHN", "SMS_OTP"])
      for (const name of ["ada", "nobody"]) {
        const got = await begin(name, { PREFERRED_CHALLENGE });
        assert.equal(got.ChallengeName, "SELECT_CHALLENGE");
        assert.deepEqual(got.AvailableChallenges, offers);
        assert.deepEqual(Object.keys(got.ChallengeParameters ?? {}), []);
      }
    const { ChallengeName, AvailableChallenges, Session } = await administrator(
      suite,
    ).send(
      new AdminInitiateAuthCommand({
        UserPoolId: suite.userPoolId,
        ClientId,
        AuthFlow: "USER_AUTH",
        AuthParameters,
      }),
    );
    assert.equal(ChallengeName, "SELECT_CHALLENGE");
    assert.deepEqual(AvailableChallenges, offers);
    const { AuthenticationResult } = await respond(
      "SELECT_CHALLENGE",
      Session,
      "ada",
      { ANSWER: "PASSWORD", PASSWORD: password },
    );
    assert.ok(AuthenticationResult?.AccessToken);
  });
  it("refuses what can't be chosen", async () => {
    for (const PREFERRED_CHALLENGE of ["LUCK", "PASSWORDS", ""])
      await throwsName(
        begin("ada", { PREFERRED_CHALLENGE }),
        "InvalidParameterException",
        /^Challenge .* is not available/,
      );
    const { Session } = await begin("ada");
    await throwsName(
      respond("SELECT_CHALLENGE", Session, "ada", { ANSWER: "WEB_AUTHN" }),
      "InvalidParameterException",
      /WEB_AUTHN is not available/,
    );
    await throwsName(
      respond("SELECT_CHALLENGE", "A".repeat(100), "ada", {
        ANSWER: "EMAIL_OTP",
      }),
      "NotAuthorizedException",
      /^Invalid session for the user.$/,
    );
  });
});

describe("AllowedFirstAuthFactors", () => {
  const admin = administrator(suite);
  /** What they are told to be, and what is offered by a pool that says this. */
  async function offered(Policies?: UserPoolPolicyType) {
    const UserPoolId = await newPool(suite, { Policies });
    const { ClientId } = await newClient(suite, UserPoolId);
    const { UserPool } = await admin.send(
      new DescribeUserPoolCommand({ UserPoolId }),
    );
    const ask = (more: Record<string, string> = {}) =>
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_AUTH",
          AuthParameters: { USERNAME: "ada", ...more },
        }),
      );
    const { AvailableChallenges } = await ask();
    const told = UserPool?.Policies?.SignInPolicy?.AllowedFirstAuthFactors;
    return { told, AvailableChallenges, ask };
  }
  const saying = (...AllowedFirstAuthFactors: AuthFactorType[]) => ({
    SignInPolicy: { AllowedFirstAuthFactors },
  });

  it("are a password alone unless it is said", async () => {
    const { told, AvailableChallenges, ask } = await offered();
    assert.deepEqual(told, ["PASSWORD"]);
    assert.deepEqual(AvailableChallenges, ["PASSWORD", "PASSWORD_SRP"]);
    const preferring = await ask({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
    assert.equal(preferring.ChallengeName, "SELECT_CHALLENGE");
    assert.deepEqual(preferring.AvailableChallenges, AvailableChallenges);
  });
  it("are what is said", async () => {
    const both = await offered(saying("PASSWORD", "EMAIL_OTP"));
    assert.deepEqual(both.told, ["PASSWORD", "EMAIL_OTP"]);
    assert.deepEqual(both.AvailableChallenges, [
      "PASSWORD",
      "PASSWORD_SRP",
      "EMAIL_OTP",
    ]);
    const asked = await both.ask({ PREFERRED_CHALLENGE: "EMAIL_OTP" });
    assert.equal(asked.ChallengeName, "EMAIL_OTP");
    const mail = await offered(saying("EMAIL_OTP"));
    assert.deepEqual(mail.AvailableChallenges, ["EMAIL_OTP"]);
  });
  it("are none that there is not", async () => {
    for (const factor of ["SMS_OTP", "WEB_AUTHN"] as const)
      await throwsName(
        offered(saying("PASSWORD", factor)),
        "InvalidParameterException",
        /neither text messages nor passkeys/,
      );
    await throwsName(
      offered(saying("LUCK" as AuthFactorType)),
      "InvalidParameterException",
      /allowedFirstAuthFactors/,
    );
  });
});
