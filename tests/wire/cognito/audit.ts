// The audit log: what happened to an account, without any secret.
import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminListUserAuthEventsCommand,
  ForgotPasswordCommand,
  InitiateAuthCommand,
  RevokeTokenCommand,
  SetUserMFAPreferenceCommand,
  SignUpCommand,
  type AuthEventType,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anotherPool } from "../../harness/another_pool.ts";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { rowsOf } from "../../harness/pool.ts";
import { refuses } from "../../harness/refusal.ts";
import { adminKv } from "../../harness/suite.ts";
import {
  auth,
  mailedCode,
  newGuest,
  password,
  signIn,
  signUp,
} from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
const admin = administrator(suite);
const UserPoolId = suite.userPoolId;

const list = (Username: string, more: object = {}) =>
  admin.send(
    new AdminListUserAuthEventsCommand({ UserPoolId, Username, ...more }),
  );
/** The kinds and outcomes of all there are, the latest first. */
async function kinds(name: string): Promise<string[]> {
  const { AuthEvents = [] } = await list(name);
  return AuthEvents.map(
    ({ EventType, EventResponse }) => `${EventType} ${EventResponse}`,
  );
}
async function latest(name: string): Promise<AuthEventType> {
  const { AuthEvents = [] } = await list(name, { MaxResults: 1 });
  assert.ok(AuthEvents[0]);
  return AuthEvents[0];
}
const enter = (USERNAME: string, PASSWORD: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );

describe("the audit log", () => {
  it("has sign-ups and sign-ins, also those that failed", async () => {
    await signUp(suite, "ada");
    await signIn(suite, "Ada");
    await throwsName(enter("ada", "Wrong-horse-7"), "NotAuthorizedException");
    assert.deepEqual(await kinds("ada"), [
      "SignIn Fail",
      "SignIn Pass",
      "SignUp Pass",
      "SignUp Pass",
    ]);
    const event = await latest("ada");
    assert.match(event.EventId ?? "", /^[0-9a-f-]{36}$/);
    assert.ok(
      Math.abs((event.CreationDate?.getTime() ?? 0) - Date.now()) < 60_000,
    );
    assert.deepEqual(event.ChallengeResponses, [
      { ChallengeName: "Password", ChallengeResponse: "Failure" },
    ]);
    assert.equal(event.EventContextData?.IpAddress, "127.0.0.1");
  });
  it("has each lockout", async () => {
    await signUp(suite, "bob");
    for (let tries = 0; tries < 6; tries++)
      await throwsName(enter("bob", "Wrong-horse-7"), "NotAuthorizedException");
    const [row] = (await rowsOf(suite, "parlor.audit", "user#bob")).slice(-1);
    assert.equal(row?.["reason"], "Password attempts exceeded");
  });
  it("has changes of factors and passwords, and how a sign-in went on", async () => {
    await signUp(suite, "cy");
    const { accessToken: AccessToken } = await signIn(suite, "cy");
    await client.send(
      new SetUserMFAPreferenceCommand({
        AccessToken,
        EmailMfaSettings: { Enabled: true },
      }),
    );
    const { session } = await auth(suite).initiateAuth({
      clientId: ClientId,
      authFlow: "USER_PASSWORD_AUTH",
      authParameters: { USERNAME: "cy", PASSWORD: password },
    });
    await auth(suite).respondToAuthChallenge({
      clientId: ClientId,
      challengeName: "EMAIL_OTP",
      session,
      challengeResponses: {
        USERNAME: "cy",
        EMAIL_OTP_CODE: await mailedCode(suite, "cy@example.test"),
      },
    });
    const { ChallengeResponses } = await latest("cy");
    assert.deepEqual(ChallengeResponses, [
      { ChallengeName: "Mfa", ChallengeResponse: "Success" },
    ]);
    await refuses(
      auth(suite).changePassword({
        accessToken: AccessToken,
        previousPassword: "Wrong-horse-7",
        proposedPassword: "Better-horse-8",
      }),
      "NotAuthorizedException",
    );
    await auth(suite).globalSignOut({ accessToken: AccessToken });
    assert.deepEqual((await kinds("cy")).slice(0, 6), [
      "SignOut Pass",
      "PasswordChange Fail",
      "SignIn Pass",
      "SignIn InProgress",
      "MfaChange Pass",
      "SignIn Pass",
    ]);
  });
  it("has a refresh token that came again, and one that was revoked", async () => {
    await signUp(suite, "dot");
    const first = await signIn(suite, "dot");
    const refresh = () =>
      auth(suite).getTokensFromRefreshToken({
        clientId: ClientId,
        refreshToken: first.refreshToken,
      });
    await refresh();
    await refuses(refresh(), "RefreshTokenReuseException");
    const second = await signIn(suite, "dot");
    await client.send(
      new RevokeTokenCommand({ ClientId, Token: second.refreshToken }),
    );
    assert.deepEqual((await kinds("dot")).slice(0, 3), [
      "SignOut Pass",
      "SignIn Pass",
      "TokenReuse Fail",
    ]);
  });
  it("has what was tried at names that nobody has, for a day", async () => {
    await throwsName(enter("nobody", password), "NotAuthorizedException");
    await client.send(
      new ForgotPasswordCommand({ ClientId, Username: "nobody" }),
    );
    const rows = await rowsOf(suite, "parlor.audit", "user#nobody");
    assert.deepEqual(
      rows.map((row) => [row["type"], row["response"]]),
      [
        ["SignIn", "Fail"],
        ["ForgotPassword", "InProgress"],
      ],
    );
    const day = 24 * 3600;
    for (const { expires_at } of rows)
      assert.ok(Math.abs(Number(expires_at) - Date.now() / 1000 - day) < 60);
    await throwsName(list("nobody"), "UserNotFoundException");
  });
  it("has what administrators may not, each pool its own", async () => {
    const { accessKey: credentials } = await adminKv(suite).createAccessKey({
      userName: "service:desk",
    });
    assert.ok(credentials);
    const { userPoolId } = await anotherPool(suite);
    await throwsName(
      administrator(suite, credentials).send(
        new AdminDisableUserCommand({
          UserPoolId: userPoolId,
          Username: "flo",
        }),
      ),
      "AccessDeniedException",
    );
    const rows = await rowsOf(suite, "parlor.audit", `${userPoolId}/user#flo`);
    assert.deepEqual(
      rows.map(({ type, response, by }) => [type, response, by]),
      [["AdminDisableUser", "Fail", "service:desk"]],
    );
    assert.deepEqual(await rowsOf(suite, "parlor.audit", "user#flo"), []);
  });
  it("has nothing of what is merely malformed, and no secret", async () => {
    await throwsName(
      client.send(
        new SignUpCommand({ ClientId, Username: "eve", Password: "short" }),
      ),
      "InvalidPasswordException",
    );
    assert.deepEqual(await rowsOf(suite, "parlor.audit", "user#eve"), []);
    for (const name of ["ada", "bob", "cy", "dot", "nobody"]) {
      const text = JSON.stringify(
        await rowsOf(suite, "parlor.audit", `user#${name}`),
      );
      assert.doesNotMatch(text, /horse|eyJ/);
    }
  });
});

describe("AdminListUserAuthEvents", () => {
  it("tells of a guest under the name that it had", async () => {
    const guest = await newGuest(suite);
    const email = "gus@example.test";
    await admin.send(
      new AdminEnableUserCommand({ UserPoolId, Username: guest.username }),
    );
    await auth(suite).signUp({
      clientId: ClientId,
      username: "gus",
      password,
      userAttributes: [{ name: "email", value: email }],
      accessToken: guest.accessToken,
    });
    await auth(suite).confirmSignUp({
      clientId: ClientId,
      username: "gus",
      confirmationCode: await mailedCode(suite, email),
    });
    assert.deepEqual(await kinds(guest.username.toUpperCase()), [
      "AdminEnableUser Pass",
    ]);
    assert.deepEqual(await kinds("gus"), ["SignUp Pass", "SignUp Pass"]);
  });
  it("gives pages", async () => {
    const all = (await list("bob")).AuthEvents ?? [];
    const seen: AuthEventType[] = [];
    let NextToken: string | undefined;
    do {
      const page = await list("bob", { MaxResults: 3, NextToken });
      seen.push(...(page.AuthEvents ?? []));
      NextToken = page.NextToken;
    } while (NextToken);
    assert.ok(all.length > 3);
    assert.deepEqual(seen, all);
  });
  it("refuses what is out of bounds, and who may not", async () => {
    await throwsName(
      list("bob", { MaxResults: 61 }),
      "InvalidParameterException",
      /less than or equal to 60/,
    );
    await refuses(
      auth(suite).adminListUserAuthEvents({
        userPoolId: UserPoolId,
        username: "bob",
      }),
      "MissingAuthenticationTokenException",
    );
  });
});
