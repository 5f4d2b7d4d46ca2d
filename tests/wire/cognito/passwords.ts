// ForgotPassword, ConfirmForgotPassword, ChangePassword.
import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ChangePasswordCommand,
  ConfirmForgotPasswordCommand,
  CreateUserPoolClientCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  UpdateUserPoolCommand,
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
import { rowsOf } from "../../harness/pool.ts";
import { newClient, newPool } from "../../harness/pools.ts";
import { mailedCode, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
const other = "Another-horse-8";

const forgot = (Username: string, by = ClientId) =>
  client.send(new ForgotPasswordCommand({ ClientId: by, Username }));
const confirm = (
  Username: string,
  ConfirmationCode: string,
  Password = other,
) =>
  client.send(
    new ConfirmForgotPasswordCommand({
      ClientId,
      Username,
      ConfirmationCode,
      Password,
    }),
  );
const enter = (Username: string, secret: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: secret },
    }),
  );
const change = (
  AccessToken: string,
  PreviousPassword: string,
  ProposedPassword: string,
) =>
  client.send(
    new ChangePasswordCommand({
      AccessToken,
      PreviousPassword,
      ProposedPassword,
    }),
  );
const wrongCode = (code: string) => (code === "000000" ? "000001" : "000000");
const mails = async () => (await readdir(join(suite.data, "mail"))).length;

describe("ForgotPassword", () => {
  it("mails a code, good for one new password", async () => {
    await signUp(suite, "ada");
    const { CodeDeliveryDetails } = await forgot("Ada");
    assert.deepEqual(CodeDeliveryDetails, {
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: "a***@e***",
    });
    const code = await mailedCode(suite, "ada@example.test");
    await throwsName(confirm("ada", wrongCode(code)), "CodeMismatchException");
    await throwsName(
      confirm("ada", code, "short"),
      "InvalidPasswordException",
      /^Password did not conform with policy: /,
    );
    await confirm("ada", code);
    await enter("ada", other);
    await throwsName(enter("ada", password), "NotAuthorizedException");
    await throwsName(confirm("ada", code), "ExpiredCodeException");
  });
  it("opens a name that guesses had shut out", async () => {
    await signUp(suite, "kim");
    for (let i = 0; i < 6; i++)
      await throwsName(enter("kim", "Wrong-horse-7"), "NotAuthorizedException");
    await forgot("kim");
    await confirm("kim", await mailedCode(suite, "kim@example.test"));
    await enter("kim", other);
  });
  it("does the same for nobody, and mails nothing", async () => {
    const before = await mails();
    const first = await forgot("nobody");
    assert.match(
      first.CodeDeliveryDetails?.Destination ?? "",
      /^[a-z]\*\*\*@[a-z]\*\*\*$/,
    );
    assert.deepEqual(
      (await forgot("NOBODY")).CodeDeliveryDetails,
      first.CodeDeliveryDetails,
    );
    assert.equal(await mails(), before);
  });
  it("says why none can be mailed only by a client that may tell", async () => {
    const admin = administrator(suite);
    const { userPoolId: UserPoolId } = suite;
    const of = (Username: string) => ({ UserPoolId, Username });
    await admin.send(
      new AdminCreateUserCommand({ ...of("ivy"), MessageAction: "SUPPRESS" }),
    );
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: "una",
        Password: password,
        UserAttributes: [{ Name: "email", Value: "una@example.test" }],
      }),
    );
    for (const name of ["max", "off"]) await signUp(suite, name);
    await admin.send(
      new AdminUpdateUserAttributesCommand({
        ...of("max"),
        UserAttributes: [{ Name: "email_verified", Value: "false" }],
      }),
    );
    await admin.send(new AdminDisableUserCommand(of("off")));
    const { UserPoolClient } = await admin.send(
      new CreateUserPoolClientCommand({ UserPoolId, ClientName: "tells" }),
    );
    const before = await mails();
    for (const [name, exception, words] of [
      ["noone", "UserNotFoundException", /^User does not exist\.$/],
      ["off", "NotAuthorizedException", /^User is disabled\.$/],
      ["ivy", "NotAuthorizedException", /in the current state\.$/],
      [
        "una",
        "InvalidParameterException",
        /^Cannot reset password for the user/,
      ],
      [
        "max",
        "InvalidParameterException",
        /^Cannot reset password for the user/,
      ],
    ] as const) {
      await throwsName(
        forgot(name, UserPoolClient?.ClientId),
        exception,
        words,
      );
      assert.ok((await forgot(name)).CodeDeliveryDetails?.Destination);
    }
    assert.equal(await mails(), before);
  });
  it("lets codes be tried and asked for a few times, account or not", async () => {
    await signUp(suite, "eve");
    for (const name of ["eve", "somebody"]) {
      await throwsName(confirm(name, "123456"), "ExpiredCodeException");
      await forgot(name);
      for (let i = 0; i < 5; i++)
        await throwsName(confirm(name, "1234567"), "CodeMismatchException");
      await throwsName(
        confirm(name, "1234567"),
        "LimitExceededException",
        /^Attempt limit exceeded, please try after some time.$/,
      );
      for (let i = 1; i < 5; i++) await forgot(name);
      await throwsName(forgot(name), "LimitExceededException");
      await throwsName(confirm(name, "1234567"), "LimitExceededException");
    }
  });
  it("counts guesses that are made side by side", async () => {
    await signUp(suite, "sue");
    await forgot("sue");
    const all = await Promise.allSettled(
      Array.from({ length: 30 }, () => confirm("sue", "1234567")),
    );
    const names = all.map((one) =>
      one.status === "rejected" ? (one.reason as Error).name : "",
    );
    assert.equal(
      names.filter((name) => name === "CodeMismatchException").length,
      5,
    );
  });
});

describe("ChangePassword", () => {
  it("takes the old one for a new one", async () => {
    await signUp(suite, "tim");
    const { accessToken } = await signIn(suite, "tim");
    await throwsName(
      change(accessToken, "Wrong-horse-7", other),
      "NotAuthorizedException",
      /^Incorrect username or password.$/,
    );
    await throwsName(
      change(accessToken, password, "short"),
      "InvalidPasswordException",
    );
    await change(accessToken, password, other);
    await throwsName(enter("tim", password), "NotAuthorizedException");
    await enter("tim", other);
  });
  it("is no way to guess it", async () => {
    await signUp(suite, "zoe");
    const { accessToken } = await signIn(suite, "zoe");
    for (let i = 0; i < 5; i++)
      await throwsName(
        change(accessToken, "Wrong-horse-7", other),
        "NotAuthorizedException",
      );
    await throwsName(
      change(accessToken, password, other),
      "LimitExceededException",
    );
    await throwsName(
      enter("zoe", password),
      "NotAuthorizedException",
      /^Password attempts exceeded$/,
    );
  });
});

describe("PasswordHistorySize", async () => {
  const used = "PasswordHistoryPolicyViolationException";
  const admin = administrator(suite);
  const words = ["First-horse-1", "Second-horse-2", "Third-horse-3"] as const;
  const [first, second, third] = words;
  const policies = (PasswordHistorySize?: number) => ({
    PasswordPolicy: { MinimumLength: 8, PasswordHistorySize },
  });
  const UserPoolId = await newPool(suite, {
    AutoVerifiedAttributes: ["email"],
    Policies: policies(2),
  });
  const { ClientId: app } = await newClient(suite, UserPoolId);
  const by = (PASSWORD: string) =>
    client.send(
      new InitiateAuthCommand({
        ClientId: app,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "ada", PASSWORD },
      }),
    );
  const set = (Password: string, Permanent = true) =>
    admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId,
        Username: "ada",
        Password,
        Permanent,
      }),
    );
  const size = async () =>
    (await admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool
      ?.Policies?.PasswordPolicy?.PasswordHistorySize;
  const past = async () =>
    (await rowsOf(suite, "parlor.users", `${UserPoolId}/user#ada`)).map(
      (row) => row["past_passwords"],
    )[0];
  await admin.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: "ada",
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: "ada@history.test" },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );

  it("keeps the last passwords from coming again", async () => {
    assert.equal(await size(), 2);
    await set(first);
    const { AuthenticationResult } = await by(first);
    const token = AuthenticationResult?.AccessToken ?? "";
    await throwsName(change(token, first, first), used);
    await change(token, first, second);
    for (const word of [first, second])
      await throwsName(change(token, second, word), used);
    await change(token, second, third);
    await throwsName(set(second), used);
    await change(token, third, first);
    await by(first);
  });
  it("does so whoever sets it, and lends it to nobody for good", async () => {
    const code = { ClientId: app, Username: "ada" };
    await client.send(new ForgotPasswordCommand(code));
    const ConfirmationCode = await mailedCode(suite, "ada@history.test");
    const reset = (Password: string) =>
      client.send(
        new ConfirmForgotPasswordCommand({
          ...code,
          ConfirmationCode,
          Password,
        }),
      );
    await throwsName(reset(third), used);
    await reset(second);
    await set(third, false);
    const { Session } = await by(third);
    const renew = (NEW_PASSWORD: string) =>
      client.send(
        new RespondToAuthChallengeCommand({
          ClientId: app,
          ChallengeName: "NEW_PASSWORD_REQUIRED",
          Session,
          ChallengeResponses: { USERNAME: "ada", NEW_PASSWORD },
        }),
      );
    for (const word of [second, third]) await throwsName(renew(word), used);
    await renew(first);
    assert.ok(await past());
  });
  it("is up to 24, and none unless it is said", async () => {
    const update = (Policies?: UserPoolPolicyType) =>
      admin.send(new UpdateUserPoolCommand({ UserPoolId, Policies }));
    await throwsName(
      update(policies(25)),
      "InvalidParameterException",
      /passwordHistorySize/,
    );
    for (const none of [undefined, policies(), policies(0)]) {
      await update(policies(24));
      assert.equal(await size(), 24);
      await update(none);
      assert.equal(await size(), undefined);
    }
    await set("Second-horse-2");
    await set("Second-horse-2");
    assert.equal(await past(), undefined);
  });
});

describe("a password", () => {
  it("has no blank at its ends", async () => {
    const admin = administrator(suite);
    const { userPoolId: UserPoolId } = suite;
    await signUp(suite, "amy");
    const { accessToken } = await signIn(suite, "amy");
    const UserAttributes = [{ Name: "email", Value: "b@example.test" }];
    for (const Password of [" Correct-horse-7", "Correct-horse-7 ", "7"])
      for (const [where, call] of [
        [
          "password",
          () =>
            client.send(
              new SignUpCommand({
                ClientId,
                Username: "ben",
                Password,
                UserAttributes,
              }),
            ),
        ],
        ["password", () => confirm("amy", "123456", Password)],
        ["previousPassword", () => change(accessToken, Password, other)],
        ["proposedPassword", () => change(accessToken, password, Password)],
        [
          "temporaryPassword",
          () =>
            admin.send(
              new AdminCreateUserCommand({
                UserPoolId,
                Username: "ben",
                TemporaryPassword: Password,
                UserAttributes,
              }),
            ),
        ],
      ] as const)
        assert.equal(
          (await throwsName(call(), "InvalidParameterException")).message,
          `1 validation error detected: Value at '${where}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[\\S]+.*[\\S]+$`,
        );
    await change(accessToken, password, "Correct horse 7");
    await enter("amy", "Correct horse 7");
  });
});
