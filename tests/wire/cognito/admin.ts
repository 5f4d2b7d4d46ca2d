// What administrators do with users: make, change, shut out and sign them in.
import {
  AdminConfirmSignUpCommand,
  AdminCreateUserCommand,
  AdminDeleteUserAttributesCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminInitiateAuthCommand,
  AdminResetUserPasswordCommand,
  AdminRespondToAuthChallengeCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  AdminUserGlobalSignOutCommand,
  ConfirmForgotPasswordCommand,
  GetUserCommand,
  InitiateAuthCommand,
  RespondToAuthChallengeCommand,
  SignUpCommand,
  type AdminCreateUserCommandInput,
  type AdminSetUserMFAPreferenceCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { mailedCode, password, signIn, signUp } from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
const UserPoolId = suite.userPoolId;
const admin = administrator(suite);
const fresh = "Brand-new-word-8";

const create = (
  Username: string,
  more: Partial<AdminCreateUserCommandInput> = {},
) =>
  admin.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      UserAttributes: [
        { Name: "email", Value: `${Username}@example.test` },
        { Name: "email_verified", Value: "true" },
      ],
      ...more,
    }),
  );
const get = (Username: string) =>
  admin.send(new AdminGetUserCommand({ UserPoolId, Username }));
const status = async (Username: string) => (await get(Username)).UserStatus;
const said = async (Username: string) =>
  Object.fromEntries(
    (await get(Username)).UserAttributes?.map(({ Name, Value }) => [
      Name,
      Value,
    ]) ?? [],
  );
const setPassword = (Username: string, Password: string, Permanent: boolean) =>
  admin.send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username,
      Password,
      Permanent,
    }),
  );
const withPassword = (USERNAME: string, PASSWORD: string) =>
  client.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD },
    }),
  );
const renew = (
  USERNAME: string,
  Session: string | undefined,
  NEW_PASSWORD = fresh,
  more: Record<string, string> = {},
) =>
  client.send(
    new RespondToAuthChallengeCommand({
      ClientId,
      ChallengeName: "NEW_PASSWORD_REQUIRED",
      Session,
      ChallengeResponses: { USERNAME, NEW_PASSWORD, ...more },
    }),
  );

/** By SRP, as amazon-cognito-identity-js asks for a password of one's own. */
const bySrp = (Username: string, Password: string, chosen: string) =>
  new Promise<CognitoUserSession>((onSuccess, onFailure) => {
    const user = new CognitoUser({
      Username,
      Pool: new CognitoUserPool({
        UserPoolId,
        ClientId,
        endpoint: suite.url.auth,
      }),
    });
    user.authenticateUser(new AuthenticationDetails({ Username, Password }), {
      onSuccess: () => onFailure(new Error("it asked for none")),
      onFailure,
      newPasswordRequired: () =>
        user.completeNewPasswordChallenge(chosen, {}, { onSuccess, onFailure }),
    });
  });

/** The temporary password of the last invitation to that address. */
async function invited(to: string): Promise<string> {
  const folder = join(suite.data, "mail");
  const names = (await readdir(folder)).filter((n) => !n.startsWith("."));
  const mails = await Promise.all(
    names.sort().map((name) => readFile(join(folder, name), "utf8")),
  );
  const mail = mails.findLast((text) => text.includes(`<${to}>`)) ?? "";
  const plain = mail.replaceAll(/=\r\n/g, "").replaceAll("=3D", "=");
  const found = /temporary password is (\S+)/.exec(plain)?.[1];
  assert.ok(found, plain);
  return found;
}

describe("AdminCreateUser", () => {
  it("invites with a password that has to be changed", async () => {
    const { User } = await create("ida");
    assert.deepEqual(
      [User?.Username, User?.Enabled, User?.UserStatus],
      ["ida", true, "FORCE_CHANGE_PASSWORD"],
    );
    const given = await invited("ida@example.test");
    const {
      ChallengeName,
      Session,
      ChallengeParameters,
      AuthenticationResult,
    } = await withPassword("ida", given);
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
    assert.equal(AuthenticationResult, undefined);
    const { userAttributes = "", requiredAttributes } =
      ChallengeParameters ?? {};
    assert.deepEqual(
      [JSON.parse(userAttributes), requiredAttributes],
      [{ email_verified: "true", email: "ida@example.test" }, "[]"],
    );
    await throwsName(renew("ida", Session, "weak"), "InvalidPasswordException");
    const answer = await renew("ida", Session, fresh, {
      "userAttributes.nickname": "I",
    });
    assert.ok(answer.AuthenticationResult?.AccessToken);
    assert.equal(await status("ida"), "CONFIRMED");
    const { nickname, email_verified } = await said("ida");
    assert.deepEqual([nickname, email_verified], ["I", "true"]);
    await throwsName(withPassword("ida", given), "NotAuthorizedException");
    await withPassword("ida", fresh);
    await throwsName(
      renew("ida", Session, "Another-word-9"),
      "NotAuthorizedException",
      /Invalid session/,
    );
  });
  it("asks for it by SRP, too, and of a server", async () => {
    await create("joe", { TemporaryPassword: password });
    const session = await bySrp("joe", password, fresh);
    assert.equal(session.getIdToken().payload["cognito:username"], "joe");
    await setPassword("joe", password, false);
    const { Session, ChallengeName } = await admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "joe", PASSWORD: password },
      }),
    );
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
    const { AuthenticationResult } = await admin.send(
      new AdminRespondToAuthChallengeCommand({
        UserPoolId,
        ClientId,
        ChallengeName,
        Session,
        ChallengeResponses: { USERNAME: "joe", NEW_PASSWORD: fresh },
      }),
    );
    assert.ok(AuthenticationResult?.RefreshToken);
  });
  it("is silent if it is to be, and needs no address then", async () => {
    await create("kim", {
      MessageAction: "SUPPRESS",
      TemporaryPassword: password,
      UserAttributes: [],
    });
    const { Session, ChallengeParameters } = await withPassword(
      "kim",
      password,
    );
    assert.equal(
      ChallengeParameters?.["requiredAttributes"],
      '["userAttributes.email"]',
    );
    await throwsName(
      renew("kim", Session),
      "InvalidParameterException",
      /email: The attribute is required/,
    );
    assert.equal(await status("kim"), "FORCE_CHANGE_PASSWORD");
    await renew("kim", Session, fresh, { "userAttributes.email": "k@k.test" });
    const { email, email_verified } = await said("kim");
    assert.deepEqual([email, email_verified], ["k@k.test", "false"]);
  });
  it("is silent where there is nobody to be told, too", async () => {
    const { User } = await create("max", {
      UserAttributes: [],
      TemporaryPassword: password,
      ValidationData: [{ Name: "by", Value: "the desk" }],
      ClientMetadata: { by: "the desk" },
    });
    assert.equal(User?.UserStatus, "FORCE_CHANGE_PASSWORD");
    assert.deepEqual(
      User.Attributes?.map(({ Name }) => Name),
      ["sub"],
    );
    const { ChallengeName } = await withPassword("max", password);
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
    await throwsName(
      create("max", { MessageAction: "RESEND" }),
      "InvalidParameterException",
      /no email/,
    );
  });
  it("goes by mail where that is one of several ways", async () => {
    await create("nat", { DesiredDeliveryMediums: ["SMS", "EMAIL"] });
    assert.ok(await invited("nat@example.test"));
  });
  it("invites again, with another password", async () => {
    await create("lea");
    const first = await invited("lea@example.test");
    await create("lea", { MessageAction: "RESEND" });
    const second = await invited("lea@example.test");
    assert.notEqual(first, second);
    await throwsName(withPassword("lea", first), "NotAuthorizedException");
    const { Session } = await withPassword("lea", second);
    await setPassword("lea", password, false);
    await throwsName(
      renew("lea", Session),
      "NotAuthorizedException",
      /Invalid session/,
    );
  });
  before(() => signUp(suite, "ada"));
  for (const [what, call, exception, words] of [
    [
      "a name that is taken",
      () => create("ADA"),
      "UsernameExistsException",
      /exists/,
    ],
    [
      "a guest's name",
      () => create("guest-1"),
      "InvalidParameterException",
      /guests'/,
    ],
    ["no name", () => create(" "), "InvalidParameterException", /username/],
    [
      "a weak password",
      () => create("x", { TemporaryPassword: "weak" }),
      "InvalidPasswordException",
      /./,
    ],
    [
      "mail to nobody",
      () =>
        create("x", {
          UserAttributes: [],
          DesiredDeliveryMediums: ["EMAIL"],
        }),
      "InvalidParameterException",
      /no email/,
    ],
    [
      "an attribute that there is none of",
      () => create("x", { UserAttributes: [{ Name: "shoe", Value: "43" }] }),
      "InvalidParameterException",
      /schema/,
    ],
    [
      "an invitation to nobody",
      () => create("nobody", { MessageAction: "RESEND" }),
      "UserNotFoundException",
      /./,
    ],
    [
      "an invitation to who is here",
      () => create("ada", { MessageAction: "RESEND" }),
      "UnsupportedUserStateException",
      /^Resend not possible\. ada status is not FORCE_CHANGE_PASSWORD$/,
    ],
    [
      "a text message",
      () => create("x", { DesiredDeliveryMediums: ["SMS"] }),
      "InvalidParameterException",
      /SMS/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await throwsName(call(), exception, words);
    });
});

describe("AdminSetUserPassword", () => {
  before(() => signUp(suite, "ben"));
  it("sets one for good", async () => {
    await setPassword("ben", fresh, true);
    await withPassword("ben", fresh);
    await throwsName(withPassword("ben", password), "NotAuthorizedException");
  });
  it("sets one to be changed", async () => {
    await setPassword("ben", password, false);
    assert.equal(await status("ben"), "FORCE_CHANGE_PASSWORD");
    const { ChallengeName } = await withPassword("ben", password);
    assert.equal(ChallengeName, "NEW_PASSWORD_REQUIRED");
    await setPassword("ben", password, true);
    assert.equal(await status("ben"), "CONFIRMED");
  });
  it("lets in who was shut out", async () => {
    for (let tries = 0; tries < 5; tries++)
      await throwsName(withPassword("ben", "wrong"), "NotAuthorizedException");
    await throwsName(
      withPassword("ben", password),
      "NotAuthorizedException",
      /attempts exceeded/,
    );
    await setPassword("ben", fresh, true);
    await withPassword("ben", fresh);
  });
  it("confirms who had not been", async () => {
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: "cleo",
        Password: password,
        UserAttributes: [{ Name: "email", Value: "c@example.test" }],
      }),
    );
    await setPassword("cleo", fresh, true);
    assert.equal(await status("cleo"), "CONFIRMED");
  });
  it("refuses a weak one, and of nobody", async () => {
    await throwsName(
      setPassword("ben", "weak", true),
      "InvalidPasswordException",
    );
    await throwsName(
      setPassword("nobody", fresh, true),
      "UserNotFoundException",
    );
  });
});

describe("AdminResetUserPassword", () => {
  it("lets in only who replaces the password by the code", async () => {
    await signUp(suite, "dan");
    await admin.send(
      new AdminResetUserPasswordCommand({ UserPoolId, Username: "dan" }),
    );
    assert.equal(await status("dan"), "RESET_REQUIRED");
    await throwsName(
      withPassword("dan", password),
      "PasswordResetRequiredException",
      /^Password reset required for the user$/,
    );
    await throwsName(withPassword("dan", "wrong"), "NotAuthorizedException");
    await client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username: "dan",
        ConfirmationCode: await mailedCode(suite, "dan@example.test"),
        Password: fresh,
      }),
    );
    assert.equal(await status("dan"), "CONFIRMED");
    await withPassword("dan", fresh);
  });
  it("needs a verified address, and a password of the user's own", async () => {
    const reset = (Username: string) =>
      admin.send(new AdminResetUserPasswordCommand({ UserPoolId, Username }));
    await create("eva", { MessageAction: "SUPPRESS" });
    await throwsName(reset("eva"), "NotAuthorizedException", /current state/);
    await setPassword("eva", password, true);
    await admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: "eva",
        UserAttributes: [{ Name: "email_verified", Value: "false" }],
      }),
    );
    await throwsName(reset("eva"), "InvalidParameterException", /verified/);
  });
});

describe("AdminConfirmSignUp", () => {
  it("confirms without the code, but vouches for no address", async () => {
    await client.send(
      new SignUpCommand({
        ClientId,
        Username: "fay",
        Password: password,
        UserAttributes: [{ Name: "email", Value: "fay@example.test" }],
      }),
    );
    await throwsName(
      withPassword("fay", password),
      "UserNotConfirmedException",
    );
    const confirm = () =>
      admin.send(
        new AdminConfirmSignUpCommand({ UserPoolId, Username: "fay" }),
      );
    await confirm();
    await withPassword("fay", password);
    assert.equal((await said("fay"))["email_verified"], "false");
    await throwsName(
      confirm(),
      "NotAuthorizedException",
      /^User cannot be confirmed\. Current status is CONFIRMED$/,
    );
  });
});

describe("AdminDisableUser", () => {
  it("shuts out, at once and everywhere, until AdminEnableUser", async () => {
    await signUp(suite, "gus");
    const { accessToken: AccessToken, refreshToken } = await signIn(
      suite,
      "gus",
    );
    await admin.send(
      new AdminDisableUserCommand({ UserPoolId, Username: "gus" }),
    );
    assert.equal((await get("gus")).Enabled, false);
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
    );
    await throwsName(
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "REFRESH_TOKEN_AUTH",
          AuthParameters: { REFRESH_TOKEN: refreshToken },
        }),
      ),
      "NotAuthorizedException",
    );
    await throwsName(
      withPassword("gus", password),
      "NotAuthorizedException",
      /^User is disabled\.$/,
    );
    await throwsName(
      withPassword("gus", "wrong"),
      "NotAuthorizedException",
      /^Incorrect username or password\.$/,
    );
    await admin.send(
      new AdminEnableUserCommand({ UserPoolId, Username: "gus" }),
    );
    await withPassword("gus", password);
  });
});

describe("AdminUpdateUserAttributes", () => {
  const update = (rows: Record<string, string>) =>
    admin.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId,
        Username: "hal",
        UserAttributes: Object.entries(rows).map(([Name, Value]) => ({
          Name,
          Value,
        })),
      }),
    );
  before(() => signUp(suite, "hal"));
  it("says it, and vouches for an address", async () => {
    await update({ email: "h@new.test", email_verified: "true", name: "Hal" });
    const { email, email_verified, name } = await said("hal");
    assert.deepEqual(
      [email, email_verified, name],
      ["h@new.test", "true", "Hal"],
    );
    await update({ email: "h@other.test" });
    assert.equal((await said("hal"))["email_verified"], "false");
  });
  it("forgets by AdminDeleteUserAttributes", async () => {
    await admin.send(
      new AdminDeleteUserAttributesCommand({
        UserPoolId,
        Username: "hal",
        UserAttributeNames: ["name"],
      }),
    );
    assert.equal((await said("hal"))["name"], undefined);
  });
  it("refuses what is nobody's to say", async () => {
    await throwsName(
      update({ sub: "x" }),
      "InvalidParameterException",
      /non-mutable attribute sub/,
    );
    await throwsName(
      update({ email_verified: "maybe" }),
      "InvalidParameterException",
      /true or false/,
    );
  });
});

describe("AdminSetUserMFAPreference", () => {
  const prefer = (more: Partial<AdminSetUserMFAPreferenceCommandInput>) =>
    admin.send(
      new AdminSetUserMFAPreferenceCommand({
        UserPoolId,
        Username: "ivo",
        ...more,
      }),
    );
  it("asks a user for a second factor, or for none", async () => {
    await signUp(suite, "ivo");
    await prefer({ EmailMfaSettings: { Enabled: true, PreferredMfa: true } });
    const { ChallengeName } = await withPassword("ivo", password);
    assert.equal(ChallengeName, "EMAIL_OTP");
    assert.equal((await get("ivo")).PreferredMfaSetting, "EMAIL_OTP");
    await prefer({ EmailMfaSettings: { Enabled: false } });
    await signIn(suite, "ivo");
  });
  it("asks for none that the user has not got", async () => {
    await throwsName(
      prefer({ SoftwareTokenMfaSettings: { Enabled: true } }),
      "InvalidParameterException",
      /SOFTWARE_TOKEN_MFA/,
    );
  });
});

describe("AdminInitiateAuth", () => {
  const initiate = (AuthFlow: "ADMIN_USER_PASSWORD_AUTH", PASSWORD: string) =>
    admin.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId,
        AuthFlow,
        AuthParameters: { USERNAME: "ada", PASSWORD },
      }),
    );
  it("signs in a user whose password the server was told", async () => {
    const { AuthenticationResult } = await initiate(
      "ADMIN_USER_PASSWORD_AUTH",
      password,
    );
    const { Username } = await client.send(
      new GetUserCommand({ AccessToken: AuthenticationResult?.AccessToken }),
    );
    assert.equal(Username, "ada");
    await throwsName(
      initiate("ADMIN_USER_PASSWORD_AUTH", "wrong"),
      "NotAuthorizedException",
      /^Incorrect username or password\.$/,
    );
  });
  it("is no flow of the user's own", async () => {
    await throwsName(
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "ADMIN_USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME: "ada", PASSWORD: password },
        }),
      ),
      "InvalidParameterException",
      /not supported/,
    );
  });
});

describe("the end", () => {
  it("of all sign-ins by AdminUserGlobalSignOut", async () => {
    const { accessToken: AccessToken } = await signIn(suite, "ada");
    await admin.send(
      new AdminUserGlobalSignOutCommand({ UserPoolId, Username: "ada" }),
    );
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
    );
  });
  it("of the account by AdminDeleteUser", async () => {
    await admin.send(
      new AdminDeleteUserCommand({ UserPoolId, Username: "ada" }),
    );
    await throwsName(get("ada"), "UserNotFoundException");
    await throwsName(withPassword("ada", password), "NotAuthorizedException");
  });
});

it(
  "a password of somebody else's is good for a week",
  {
    skip: cannotWait,
  },
  async () => {
    await create("mia", { TemporaryPassword: password });
    for (const name of ["auth", "kv"] as const)
      await suite.kill(name, "SIGTERM");
    for (const name of ["kv", "auth"] as const)
      await suite.start(name, later("+8d"));
    await throwsName(
      withPassword("mia", password),
      "NotAuthorizedException",
      /^Temporary password has expired and must be reset by an administrator\.$/,
    );
  },
);
