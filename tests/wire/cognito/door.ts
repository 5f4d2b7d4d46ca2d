// The pool's doors: an unmodified SDK without keys, and the bytes; what neither an
// administrator nor a user finds; and all of an administrator's on Connect's.
import {
  ConfirmSignUpCommand,
  DeleteUserCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  NotAuthorizedException,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import { isMessage } from "@bufbuild/protobuf";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cognito, startCognito, throwsName } from "../../harness/cognito.ts";
import { newClient } from "../../harness/pools.ts";
import { refusal } from "../../harness/refusal.ts";
import { signingFetch } from "../../harness/sigv4.ts";
import { client as connect } from "../../harness/suite.ts";
import { mailedCode, password } from "../../harness/users.ts";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";

const { suite, client, ClientId } = await startCognito();

const signIn = (Username: string, secret = password, by = client) =>
  by.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME: Username, PASSWORD: secret },
    }),
  );

async function ask(
  target: string,
  body: string,
  headers: Record<string, string> = {},
) {
  const answer = await fetch(suite.url.auth, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.1",
      "x-amz-target": target,
      ...headers,
    },
    body,
  });
  return {
    status: answer.status,
    headers: answer.headers,
    json: (await answer.json()) as Record<string, unknown>,
  };
}
const service = "AWSCognitoIdentityProviderService";

describe("AWS's SDK", () => {
  it("signs up, confirms, signs in, refreshes and signs out", async () => {
    const Username = "ada";
    const made = await client.send(
      new SignUpCommand({
        ClientId,
        Username,
        Password: password,
        UserAttributes: [{ Name: "email", Value: "ada@example.test" }],
      }),
    );
    assert.equal(made.UserConfirmed, false);
    assert.deepEqual(made.CodeDeliveryDetails, {
      AttributeName: "email",
      DeliveryMedium: "EMAIL",
      Destination: "a***@e***",
    });
    await client.send(
      new ResendConfirmationCodeCommand({ ClientId, Username }),
    );
    await client.send(
      new ConfirmSignUpCommand({
        ClientId,
        Username,
        ConfirmationCode: await mailedCode(suite, "ada@example.test"),
      }),
    );
    const { AuthenticationResult: first } = await signIn(Username);
    assert.equal(first?.TokenType, "Bearer");
    assert.equal(first.ExpiresIn, 3600);
    const { AuthenticationResult: next } = await client.send(
      new InitiateAuthCommand({
        ClientId,
        AuthFlow: "REFRESH_TOKEN_AUTH",
        AuthParameters: { REFRESH_TOKEN: first.RefreshToken ?? "" },
      }),
    );
    const { AccessToken } = next ?? {};
    const who = await client.send(new GetUserCommand({ AccessToken }));
    assert.equal(who.Username, Username);
    assert.equal(
      who.UserAttributes?.find(({ Name }) => Name === "sub")?.Value,
      made.UserSub,
    );
    await client.send(new GlobalSignOutCommand({ AccessToken }));
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
      /^Access Token has been revoked$/,
    );
    const again = (await signIn(Username)).AuthenticationResult;
    await client.send(
      new RevokeTokenCommand({ ClientId, Token: again?.RefreshToken }),
    );
    const last = (await signIn(Username)).AuthenticationResult;
    await client.send(
      new DeleteUserCommand({ AccessToken: last?.AccessToken }),
    );
    await throwsName(signIn(Username), "NotAuthorizedException");
  });

  it("knows the exceptions as its own classes", async () => {
    const error = await throwsName(signIn("nobody"), "NotAuthorizedException");
    assert.ok(error instanceof NotAuthorizedException);
    assert.equal(error.$fault, "client");
    assert.equal(error.message, "Incorrect username or password.");
    assert.ok(error.$metadata.requestId);
  });

  it("may sign what needs no signature, by any key", async () => {
    const stranger = cognito(suite, {
      credentials: { accessKeyId: "AKIDNOBODY", secretAccessKey: "x" },
    });
    await throwsName(signIn("nobody", "x", stranger), "NotAuthorizedException");
    const got = await ask(`${service}.InitiateAuth`, "{}", {
      authorization: "AWS4-HMAC-SHA256 nonsense",
    });
    assert.equal(got.json["__type"], "InvalidParameterException");
  });
});

describe("the bytes", () => {
  it("of an error: its bare name, also in a header, and words", async () => {
    const got = await ask(
      `${service}.GetUser`,
      JSON.stringify({ AccessToken: "x" }),
    );
    assert.equal(got.status, 400);
    assert.deepEqual(got.json, {
      __type: "NotAuthorizedException",
      message: "Invalid Access Token",
    });
    assert.equal(got.headers.get("content-type"), "application/x-amz-json-1.1");
    assert.equal(got.headers.get("x-amzn-errortype"), "NotAuthorizedException");
    assert.match(got.headers.get("x-amzn-requestid") ?? "", /^\S{16,}$/);
    assert.equal(got.headers.get("x-amz-crc32"), null);
  });
  for (const [what, target, type, body, exception] of [
    [
      "an unknown operation",
      `${service}.Dance`,
      "1.1",
      "{}",
      "UnknownOperationException",
    ],
    [
      "another service's",
      "DynamoDB_20120810.GetItem",
      "1.1",
      "{}",
      "UnknownOperationException",
    ],
    [
      "JSON 1.0",
      `${service}.GetUser`,
      "1.0",
      "{}",
      "UnknownOperationException",
    ],
    ["no JSON", `${service}.GetUser`, "1.1", "{", "SerializationException"],
    [
      "a number for a text",
      `${service}.GetUser`,
      "1.1",
      `{"AccessToken":1}`,
      "SerializationException",
    ],
    [
      "a missing token",
      `${service}.GetUser`,
      "1.1",
      "{}",
      "InvalidParameterException",
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      const got = await ask(target, body, {
        "content-type": `application/x-amz-json-${type}`,
      });
      assert.equal(got.status, 400);
      assert.equal(got.json["__type"], exception);
    });
  it("are let through from a page of the game", async () => {
    const answer = await fetch(suite.url.auth, {
      method: "OPTIONS",
      headers: {
        origin: suite.url.gateway,
        "access-control-request-method": "POST",
        "access-control-request-headers":
          "cache-control,content-type,x-amz-target,x-amz-user-agent",
      },
    });
    assert.equal(answer.status, 204);
    for (const name of ["cache-control", "x-amz-target", "x-amz-user-agent"])
      assert.match(
        answer.headers.get("access-control-allow-headers") ?? "",
        new RegExp(`\\b${name}\\b`),
      );
  });
});

// Every operation's name, and which of these members its request has.
const operations = UserPool.methods.map(({ name, input }) => ({
  name,
  has: (member: string) => input.fields.some((f) => f.jsonName === member),
}));
const named = (...members: string[]) =>
  operations.filter(({ has }) => members.every(has)).map(({ name }) => name);

describe("what there is none of", () => {
  /** What all need, whatever they are about: nobody knows more than its own. */
  const members = {
    UserPoolId: suite.userPoolId,
    ClientId,
    Username: "nobody",
    GroupName: "none",
    Identifier: "none",
    AccessToken: "none",
    Name: "none",
    ClientName: "none",
    Token: "none",
    RefreshToken: "none",
    Password: password,
    PreviousPassword: password,
    ProposedPassword: password,
    ConfirmationCode: "123456",
    Code: "123456",
    UserCode: "123456",
    AttributeName: "email",
    UserAttributeNames: ["nickname"],
    UserAttributes: [{ Name: "nickname", Value: "n" }],
    CustomAttributes: [{ Name: "shoe", AttributeDataType: "Number" }],
    MfaConfiguration: "OFF",
    MessageAction: "RESEND",
    AuthFlow: "USER_PASSWORD_AUTH",
    ChallengeName: "SMS_MFA",
  };
  const asAdmin = signingFetch(suite.admin, suite.region, "cognito-idp");
  async function refusalOf(name: string, more: object, by = asAdmin) {
    const answer = await by(suite.url.auth, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `${service}.${name}`,
      },
      body: JSON.stringify({ ...members, ...more }),
    });
    const { __type, message } = (await answer.json()) as Record<string, string>;
    return `${name}: ${__type ?? answer.status}: ${message ?? ""}`;
  }
  /** All of them are refused so. */
  async function all(
    names: string[],
    more: object,
    refused: string,
    by = fetch,
  ) {
    const got = await Promise.all(
      names.map((name) => refusalOf(name, more, by)),
    );
    assert.deepEqual(
      got,
      names.map((name) => `${name}: ${refused}`),
    );
  }
  const without = (names: string[], ...others: string[]) =>
    names.filter(
      (name) => !others.includes(name) && name !== "RotateSigningKeys",
    );

  it("a pool", () =>
    all(
      without(named("UserPoolId")),
      { UserPoolId: "local-1_nobody" },
      "ResourceNotFoundException: User pool local-1_nobody does not exist.",
      asAdmin,
    ));
  it("a user", () =>
    all(
      without(
        named("UserPoolId", "Username"),
        "AdminListUserAuthEvents", // what was tried with a name that nobody has
        ...named("GroupName"),
      ),
      {},
      "UserNotFoundException: User does not exist.",
      asAdmin,
    ));
  it("a user, for a client that may tell", async () => {
    const { ClientId: legacy } = await newClient(suite, suite.userPoolId, {
      ExplicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_ADMIN_USER_PASSWORD_AUTH",
      ],
    });
    await all(
      [
        "InitiateAuth",
        "AdminInitiateAuth",
        "ConfirmSignUp",
        "ResendConfirmationCode",
        "ForgotPassword",
        "ConfirmForgotPassword",
      ],
      {
        ClientId: legacy,
        AuthParameters: { USERNAME: "nobody", PASSWORD: password },
      },
      "UserNotFoundException: User does not exist.",
      asAdmin,
    );
  });
  it("a group", () =>
    all(
      without(named("UserPoolId", "GroupName"), "CreateGroup"),
      {},
      "ResourceNotFoundException: Group not found.",
      asAdmin,
    ));
  it("a client, for its pool's administrator", () =>
    all(
      without(named("UserPoolId", "ClientId")),
      { ClientId: "none" },
      "ResourceNotFoundException: User pool client none does not exist.",
      asAdmin,
    ));
  it("a client, for its users", () =>
    all(
      named("ClientId").filter((name) => !named("UserPoolId").includes(name)),
      { ClientId: "none" },
      "ResourceNotFoundException: User pool client none does not exist.",
    ));
  it("a token", () =>
    all(
      without(named("AccessToken"), "SignUp"),
      {},
      "NotAuthorizedException: Invalid Access Token",
    ));
});

describe("Connect's door", () => {
  const pool = connect(UserPool, suite.url.auth, undefined, {
    fetch: signingFetch(suite.admin, suite.region, "cognito-idp"),
  });
  const userPoolId = suite.userPoolId;
  const user = { userPoolId, username: "connie" };
  const crew = { userPoolId, groupName: "crew" };
  const connie = { ...user, ...crew };
  const server = { userPoolId, identifier: "https://matches.test" };
  let [other, app] = [{ userPoolId: "" }, { userPoolId, clientId: "" }];
  const nickname = async () =>
    (await pool.adminGetUser(user)).userAttributes.find(
      ({ name }) => name === "nickname",
    )?.value;
  const isEnabled = async () => (await pool.adminGetUser(user)).enabled;
  const groups = async () =>
    (await pool.adminListGroupsForUser(user)).groups.map((g) => g.groupName);
  const exception = async (call: Promise<unknown>) =>
    (await refusal(call)).exception;

  /** An administrator's day: an operation, what comes of it, what is to come. */
  const day: [string, () => Promise<unknown>, unknown][] = [
    [
      "CreateUserPool",
      async () => {
        const { userPool } = await pool.createUserPool({ poolName: "club" });
        other = { userPoolId: userPool?.id ?? "" };
        return userPool?.name;
      },
      "club",
    ],
    [
      "UpdateUserPool",
      () => pool.updateUserPool({ ...other, poolName: "guild" }),
      {},
    ],
    [
      "AddCustomAttributes",
      () =>
        pool.addCustomAttributes({
          ...other,
          customAttributes: [{ name: "shoe", attributeDataType: "Number" }],
        }),
      {},
    ],
    [
      "DescribeUserPool",
      async () => {
        const { userPool } = await pool.describeUserPool(other);
        const { name, attributeDataType } =
          userPool?.schemaAttributes.at(-1) ?? {};
        return [userPool?.name, name, attributeDataType];
      },
      ["guild", "custom:shoe", "Number"],
    ],
    [
      "ListUserPools",
      async () =>
        (await pool.listUserPools({ maxResults: 60 })).userPools.length,
      2,
    ],
    [
      "SetUserPoolMfaConfig",
      async () =>
        (
          await pool.setUserPoolMfaConfig({
            ...other,
            mfaConfiguration: "OPTIONAL",
            softwareTokenMfaConfiguration: { enabled: true },
          })
        ).mfaConfiguration,
      "OPTIONAL",
    ],
    [
      "GetUserPoolMfaConfig",
      async () =>
        (await pool.getUserPoolMfaConfig(other)).softwareTokenMfaConfiguration
          ?.enabled,
      true,
    ],
    [
      "RotateSigningKeys",
      async () => (await pool.rotateSigningKeys(other)).keyId.length > 0,
      true,
    ],
    ["DeleteUserPool", () => pool.deleteUserPool(other), {}],

    [
      "CreateUserPoolClient",
      async () => {
        const { userPoolClient } = await pool.createUserPoolClient({
          userPoolId,
          clientName: "app",
          explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
        });
        app = { userPoolId, clientId: userPoolClient?.clientId ?? "" };
        return userPoolClient?.explicitAuthFlows;
      },
      ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
    ],
    [
      "UpdateUserPoolClient",
      async () =>
        (
          await pool.updateUserPoolClient({
            ...app,
            explicitAuthFlows: ["ALLOW_ADMIN_USER_PASSWORD_AUTH"],
            accessTokenValidity: 2,
          })
        ).userPoolClient?.accessTokenValidity,
      2,
    ],
    [
      "DescribeUserPoolClient",
      async () =>
        (await pool.describeUserPoolClient(app)).userPoolClient?.clientName,
      "app",
    ],
    [
      "ListUserPoolClients",
      async () =>
        (await pool.listUserPoolClients({ userPoolId })).userPoolClients.some(
          ({ clientId }) => clientId === app.clientId,
        ),
      true,
    ],

    [
      "CreateResourceServer",
      async () =>
        (
          await pool.createResourceServer({
            ...server,
            name: "matches",
            scopes: [{ scopeName: "read", scopeDescription: "sees them" }],
          })
        ).resourceServer?.scopes[0]?.scopeName,
      "read",
    ],
    [
      "UpdateResourceServer",
      async () =>
        (await pool.updateResourceServer({ ...server, name: "games" }))
          .resourceServer?.scopes,
      [],
    ],
    [
      "DescribeResourceServer",
      async () =>
        (await pool.describeResourceServer(server)).resourceServer?.name,
      "games",
    ],
    [
      "ListResourceServers",
      async () =>
        (
          await pool.listResourceServers({ userPoolId, maxResults: 50 })
        ).resourceServers.map(({ identifier }) => identifier),
      [server.identifier],
    ],
    ["DeleteResourceServer", () => pool.deleteResourceServer(server), {}],

    [
      "AdminCreateUser",
      async () =>
        (
          await pool.adminCreateUser({
            ...user,
            messageAction: "SUPPRESS",
            userAttributes: [
              { name: "email", value: "connie@example.test" },
              { name: "email_verified", value: "true" },
            ],
          })
        ).user?.userStatus,
      "FORCE_CHANGE_PASSWORD",
    ],
    [
      "AdminSetUserPassword",
      () => pool.adminSetUserPassword({ ...user, password, permanent: true }),
      {},
    ],
    [
      "AdminInitiateAuth",
      async () =>
        (
          await pool.adminInitiateAuth({
            ...app,
            authFlow: "ADMIN_USER_PASSWORD_AUTH",
            authParameters: { USERNAME: user.username, PASSWORD: password },
          })
        ).authenticationResult?.expiresIn,
      2 * 60 * 60,
    ],
    [
      "AdminRespondToAuthChallenge",
      () =>
        exception(
          pool.adminRespondToAuthChallenge({
            ...app,
            challengeName: "NEW_PASSWORD_REQUIRED",
            challengeResponses: {
              USERNAME: user.username,
              NEW_PASSWORD: password,
            },
            session: "x".repeat(20),
          }),
        ),
      "NotAuthorizedException",
    ],
    ["DeleteUserPoolClient", () => pool.deleteUserPoolClient(app), {}],
    [
      "AdminResetUserPassword",
      async () => {
        await pool.adminResetUserPassword(user);
        return (await pool.adminGetUser(user)).userStatus;
      },
      "RESET_REQUIRED",
    ],
    [
      "ListUsers",
      async () =>
        (
          await pool.listUsers({ userPoolId, filter: 'username = "connie"' })
        ).users.map((u) => u.userStatus),
      ["RESET_REQUIRED"],
    ],
    [
      "AdminUpdateUserAttributes",
      async () => {
        await pool.adminUpdateUserAttributes({
          ...user,
          userAttributes: [{ name: "nickname", value: "Con" }],
        });
        return nickname();
      },
      "Con",
    ],
    [
      "AdminDeleteUserAttributes",
      async () => {
        await pool.adminDeleteUserAttributes({
          ...user,
          userAttributeNames: ["nickname"],
        });
        return nickname();
      },
      undefined,
    ],
    [
      "AdminDisableUser",
      async () => (await pool.adminDisableUser(user), isEnabled()),
      false,
    ],
    [
      "AdminEnableUser",
      async () => (await pool.adminEnableUser(user), isEnabled()),
      true,
    ],
    [
      "AdminConfirmSignUp",
      () => exception(pool.adminConfirmSignUp(user)),
      "NotAuthorizedException",
    ],
    [
      "AdminSetUserMFAPreference",
      () =>
        pool.adminSetUserMFAPreference({
          ...user,
          emailMfaSettings: { enabled: true },
        }),
      {},
    ],
    [
      "AdminGetUser",
      async () => (await pool.adminGetUser(user)).userMfaSettingList,
      ["EMAIL_OTP"],
    ],
    ["AdminUserGlobalSignOut", () => pool.adminUserGlobalSignOut(user), {}],

    [
      "CreateGroup",
      async () =>
        (await pool.createGroup({ ...crew, precedence: 2 })).group?.precedence,
      2,
    ],
    [
      "UpdateGroup",
      async () =>
        (await pool.updateGroup({ ...crew, description: "all hands" })).group
          ?.description,
      "all hands",
    ],
    ["GetGroup", async () => (await pool.getGroup(crew)).group?.precedence, 2],
    [
      "ListGroups",
      async () =>
        (await pool.listGroups({ userPoolId })).groups.map((g) => g.groupName),
      ["crew"],
    ],
    ["AdminAddUserToGroup", () => pool.adminAddUserToGroup(connie), {}],
    ["AdminListGroupsForUser", groups, ["crew"]],
    [
      "ListUsersInGroup",
      async () =>
        (await pool.listUsersInGroup(crew)).users.map((u) => u.username),
      ["connie"],
    ],
    [
      "AdminRemoveUserFromGroup",
      async () => (await pool.adminRemoveUserFromGroup(connie), groups()),
      [],
    ],
    ["DeleteGroup", () => pool.deleteGroup(crew), {}],

    [
      "AdminListUserAuthEvents",
      async () =>
        (await pool.adminListUserAuthEvents(user)).authEvents.at(-1)?.operation,
      "AdminCreateUser",
    ],
    ["AdminDeleteUser", () => pool.adminDeleteUser(user), {}],
  ];

  for (const [name, ask, want] of day)
    it(name, async () => {
      const got = await ask();
      assert.deepEqual(isMessage(got) ? {} : got, want);
    });
  it("has no other operation for administrators", () => {
    assert.deepEqual(
      day.map(([name]) => name).sort(),
      [...named("UserPoolId"), "CreateUserPool", "ListUserPools"].sort(),
    );
  });
});
