// Signing in by something else than the name: AliasAttributes, UsernameAttributes,
// and whether case means something.
import {
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmForgotPasswordCommand,
  ConfirmSignUpCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  InitiateAuthCommand,
  ResendConfirmationCodeCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import {
  newClient,
  newPool,
  setPassword,
  signIn,
} from "../../harness/pools.ts";
import { readJwt } from "../../harness/tokens.ts";
import { mailedCode, password } from "../../harness/users.ts";

const { suite, client } = await startCognito();
const admin = administrator(suite);
const email = (Value: string) => [{ Name: "email", Value }];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-/;

const signUp = (ClientId: string, Username: string, address?: string) =>
  client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: password,
      UserAttributes: address ? email(address) : [],
    }),
  );
const confirm = async (
  ClientId: string,
  Username: string,
  address: string,
  ForceAliasCreation = false,
) =>
  client.send(
    new ConfirmSignUpCommand({
      ClientId,
      Username,
      ConfirmationCode: await mailedCode(suite, address),
      ForceAliasCreation,
    }),
  );
const change = (
  UserPoolId: string,
  Username: string,
  rows: Record<string, string>,
) =>
  admin.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username,
      UserAttributes: Object.entries(rows).map(([Name, Value]) => ({
        Name,
        Value,
      })),
    }),
  );
const told = async (UserPoolId: string, Username: string) => {
  const user = await admin.send(
    new AdminGetUserCommand({ UserPoolId, Username }),
  );
  return {
    ...Object.fromEntries(
      (user.UserAttributes ?? []).map(({ Name, Value }) => [Name, Value]),
    ),
    username: user.Username,
  } as Record<string, string | undefined>;
};
const nameOf = async (ClientId: string, name: string) =>
  readJwt((await signIn(client, ClientId, name)).AccessToken).claims[
    "username"
  ];
const bySrp = (UserPoolId: string, ClientId: string, Username: string) =>
  new Promise<CognitoUserSession>((onSuccess, onFailure) =>
    new CognitoUser({
      Username,
      Pool: new CognitoUserPool({
        UserPoolId,
        ClientId,
        endpoint: suite.url.auth,
      }),
    }).authenticateUser(
      new AuthenticationDetails({ Username, Password: password }),
      { onSuccess, onFailure },
    ),
  );

describe("aliases", async () => {
  const UserPoolId = await newPool(suite, {
    AutoVerifiedAttributes: ["email"],
    AliasAttributes: ["email", "phone_number", "preferred_username"],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const { ClientId } = await newClient(suite, UserPoolId);
  await signUp(ClientId, "ann", "ann@x.test");
  await confirm(ClientId, "ann", "ann@x.test");

  it("are what is verified, and the preferred name", async () => {
    assert.equal(await nameOf(ClientId, "Ann@X.test"), "ann");
    const { AccessToken } = await signIn(client, ClientId, "ann");
    await client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: [
          { Name: "preferred_username", Value: "countess" },
          { Name: "phone_number", Value: "+4930123" },
        ],
      }),
    );
    assert.equal(await nameOf(ClientId, "countess"), "ann");
    await throwsName(nameOf(ClientId, "+4930123"), "UserNotFoundException");
    await change(UserPoolId, "+4930123", {}).then(
      () => assert.fail("it was found"),
      () => undefined,
    );
    await change(UserPoolId, "countess", { phone_number_verified: "true" });
    assert.equal(await nameOf(ClientId, "+4930123"), "ann");
    assert.ok((await bySrp(UserPoolId, ClientId, "ann@x.test")).isValid());
  });

  it("end when they change, and are free then", async () => {
    const { AccessToken } = await signIn(client, ClientId, "countess");
    await client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: [
          { Name: "preferred_username", Value: "duchess" },
          ...email("ann@y.test"),
        ],
      }),
    );
    await throwsName(nameOf(ClientId, "countess"), "UserNotFoundException");
    // not before it is verified
    await throwsName(nameOf(ClientId, "ann@y.test"), "UserNotFoundException");
    await client.send(
      new VerifyUserAttributeCommand({
        AccessToken,
        AttributeName: "email",
        Code: await mailedCode(suite, "ann@y.test"),
      }),
    );
    assert.equal(await nameOf(ClientId, "ann@y.test"), "ann");
    await signUp(ClientId, "countess", "c@x.test");
  });

  it("are a password's name, too, when it is forgotten", async () => {
    const Username = "ann@y.test";
    await client.send(new ForgotPasswordCommand({ ClientId, Username }));
    await client.send(
      new ConfirmForgotPasswordCommand({
        ClientId,
        Username: "duchess",
        ConfirmationCode: await mailedCode(suite, Username),
        Password: password,
      }),
    );
  });

  it("have one lock with the name", async () => {
    await signUp(ClientId, "len", "len@x.test");
    await confirm(ClientId, "len", "len@x.test");
    const guess = (USERNAME: string) =>
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "USER_PASSWORD_AUTH",
          AuthParameters: { USERNAME, PASSWORD: "Wrong-horse-7" },
        }),
      );
    for (const name of ["len", "len@x.test", "LEN", "len@X.test", "len", "len"])
      await throwsName(guess(name), "NotAuthorizedException");
    await throwsName(
      signIn(client, ClientId, "len@x.test"),
      "NotAuthorizedException",
      /^Password attempts exceeded$/,
    );
  });

  it("have one owner", async () => {
    await signUp(ClientId, "bob", "ann@y.test");
    await throwsName(
      confirm(ClientId, "bob", "ann@y.test"),
      "AliasExistsException",
      /^An account with the given email already exists\.$/,
    );
    await client.send(
      new ResendConfirmationCodeCommand({ ClientId, Username: "bob" }),
    );
    await confirm(ClientId, "bob", "ann@y.test", true);
    assert.equal(await nameOf(ClientId, "ann@y.test"), "bob");
    assert.equal((await told(UserPoolId, "ann"))["email_verified"], "false");
    await throwsName(
      change(UserPoolId, "ann", { email_verified: "true" }),
      "AliasExistsException",
    );
    await throwsName(
      change(UserPoolId, "bob", { preferred_username: "Duchess" }),
      "AliasExistsException",
      /preferred_username/,
    );
    await throwsName(
      change(UserPoolId, "bob", { preferred_username: "ann" }),
      "AliasExistsException",
    );
    await throwsName(
      signUp(ClientId, "duchess", "d@x.test"),
      "UsernameExistsException",
      /^User already exists$/,
    );
    const create = (ForceAliasCreation: boolean) =>
      admin.send(
        new AdminCreateUserCommand({
          UserPoolId,
          Username: "cid",
          MessageAction: "SUPPRESS",
          ForceAliasCreation,
          UserAttributes: [
            ...email("ann@y.test"),
            { Name: "email_verified", Value: "true" },
          ],
        }),
      );
    await throwsName(create(false), "AliasExistsException");
    await create(true);
    assert.equal((await told(UserPoolId, "ann@y.test"))["username"], "cid");
  });

  it("go with the account", async () => {
    await admin.send(
      new AdminDeleteUserCommand({ UserPoolId, Username: "ann@y.test" }),
    );
    await throwsName(told(UserPoolId, "cid"), "UserNotFoundException");
    await throwsName(told(UserPoolId, "ann@y.test"), "UserNotFoundException");
  });

  it("are no names", async () => {
    await throwsName(
      signUp(ClientId, "eve@x.test", "eve@x.test"),
      "InvalidParameterException",
      /^Username cannot be of email format, since user pool is configured for email alias\.$/,
    );
    await throwsName(
      newPool(suite, {
        AliasAttributes: ["email"],
        UsernameAttributes: ["email"],
      }),
      "InvalidParameterException",
      /^Only one of the aliasAttributes or usernameAttributes/,
    );
  });
});

describe("an address in the name's place", async () => {
  const UserPoolId = await newPool(suite, {
    AutoVerifiedAttributes: ["email"],
    UsernameAttributes: ["email"],
    UsernameConfiguration: { CaseSensitive: false },
  });
  const { ClientId } = await newClient(suite, UserPoolId);
  const { ClientId: quiet } = await newClient(suite, UserPoolId, {
    PreventUserExistenceErrors: "ENABLED",
  });
  const { UserSub, CodeDeliveryDetails } = await signUp(ClientId, "fay@x.test");

  it("is the address, and the name the sub", async () => {
    assert.equal(CodeDeliveryDetails?.Destination, "f***@x***");
    await confirm(ClientId, "fay@x.test", "fay@x.test");
    const { AccessToken, IdToken } = await signIn(
      client,
      ClientId,
      "FAY@x.test",
    );
    const { Username, UserAttributes } = await client.send(
      new GetUserCommand({ AccessToken }),
    );
    assert.equal(Username, UserSub);
    assert.deepEqual(
      UserAttributes?.find(({ Name }) => Name === "email")?.Value,
      "fay@x.test",
    );
    assert.equal(readJwt(IdToken).claims["cognito:username"], UserSub);
    assert.equal(readJwt(AccessToken).claims["username"], UserSub);
    assert.equal(await nameOf(ClientId, UserSub ?? ""), UserSub);
    assert.ok((await bySrp(UserPoolId, ClientId, "fay@x.test")).isValid());
    assert.equal((await told(UserPoolId, "fay@x.test"))["username"], UserSub);
  });

  it("is one account's", async () => {
    await throwsName(
      signUp(ClientId, "Fay@X.test"),
      "UsernameExistsException",
      /^An account with the given email already exists\.$/,
    );
    await throwsName(
      signUp(ClientId, "gil"),
      "InvalidParameterException",
      /^Username should be an email\.$/,
    );
    await throwsName(
      signUp(ClientId, "gil@x.test", "other@x.test"),
      "InvalidParameterException",
      /^User email should be empty or same as username/,
    );
    const { User } = await admin.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username: "hal@x.test",
        MessageAction: "SUPPRESS",
        UserAttributes: [{ Name: "email_verified", Value: "true" }],
      }),
    );
    assert.match(User?.Username ?? "", uuid);
    await throwsName(
      change(UserPoolId, "hal@x.test", { email: "fay@x.test" }),
      "AliasExistsException",
    );
    await change(UserPoolId, "hal@x.test", { email: "hal@y.test" });
    await setPassword(suite, UserPoolId, "hal@y.test");
    assert.equal(await nameOf(ClientId, "hal@y.test"), User?.Username);
    await throwsName(nameOf(ClientId, "hal@x.test"), "UserNotFoundException");
  });

  it("does not tell whether there is an account", async () => {
    const srp = async (USERNAME: string) => {
      const { ChallengeParameters } = await client.send(
        new InitiateAuthCommand({
          ClientId: quiet,
          AuthFlow: "USER_SRP_AUTH",
          AuthParameters: { USERNAME, SRP_A: "abcdef" },
        }),
      );
      return ChallengeParameters?.["USER_ID_FOR_SRP"] ?? "";
    };
    assert.equal(await srp("fay@x.test"), UserSub);
    const nobody = await srp("nobody@x.test");
    assert.match(nobody, uuid);
    assert.equal(await srp("Nobody@x.test"), nobody);
    assert.notEqual(await srp("noone@x.test"), nobody);
  });
});

describe("an address that is to be verified first", async () => {
  const UserPoolId = await newPool(suite, {
    AutoVerifiedAttributes: ["email"],
    AliasAttributes: ["email"],
    UserAttributeUpdateSettings: {
      AttributesRequireVerificationBeforeUpdate: ["email"],
    },
  });
  const { ClientId } = await newClient(suite, UserPoolId);
  await signUp(ClientId, "kim", "kim@x.test");
  await confirm(ClientId, "kim", "kim@x.test");
  const { AccessToken } = await signIn(client, ClientId, "kim");
  const move = (address: string) =>
    client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: email(address),
      }),
    );
  const verify = async (Code: string) =>
    client.send(
      new VerifyUserAttributeCommand({
        AccessToken,
        AttributeName: "email",
        Code,
      }),
    );
  const now = async () => {
    const { email, email_verified } = await told(UserPoolId, "kim");
    return [email, email_verified];
  };

  it("waits for the code, and then takes the other's place", async () => {
    const { CodeDeliveryDetailsList } = await move("kim@y.test");
    assert.equal(CodeDeliveryDetailsList?.[0]?.Destination, "k***@y***");
    assert.deepEqual(await now(), ["kim@x.test", "true"]);
    assert.equal(await nameOf(ClientId, "kim@x.test"), "kim");
    await throwsName(verify("1234567"), "CodeMismatchException");
    await verify(await mailedCode(suite, "kim@y.test"));
    assert.deepEqual(await now(), ["kim@y.test", "true"]);
    assert.equal(await nameOf(ClientId, "kim@y.test"), "kim");
    await throwsName(nameOf(ClientId, "kim@x.test"), "UserNotFoundException");
  });

  it("is mailed to again, until an administrator decides", async () => {
    await move("kim@z.test");
    await client.send(
      new GetUserAttributeVerificationCodeCommand({
        AccessToken,
        AttributeName: "email",
      }),
    );
    const code = await mailedCode(suite, "kim@z.test");
    await change(UserPoolId, "kim", { email: "kim@w.test" });
    await throwsName(verify(code), "CodeMismatchException");
    assert.deepEqual(await now(), ["kim@w.test", "false"]);
  });

  it("is one that codes are mailed to", async () => {
    await throwsName(
      newPool(suite, {
        UserAttributeUpdateSettings: {
          AttributesRequireVerificationBeforeUpdate: ["email"],
        },
      }),
      "InvalidParameterException",
      /AutoVerifiedAttributes/,
    );
  });
});

describe("a pool that verifies nothing", async () => {
  const UserPoolId = await newPool(suite, {});
  const { ClientId } = await newClient(suite, UserPoolId);

  it("mails no codes", async () => {
    const { CodeDeliveryDetails, UserConfirmed } = await signUp(
      ClientId,
      "ida",
      "ida@x.test",
    );
    assert.deepEqual([CodeDeliveryDetails, UserConfirmed], [undefined, false]);
    await throwsName(
      client.send(
        new ResendConfirmationCodeCommand({ ClientId, Username: "ida" }),
      ),
      "InvalidParameterException",
      /^Auto verification not turned on\.$/,
    );
    await setPassword(suite, UserPoolId, "ida");
    const { AccessToken } = await signIn(client, ClientId, "ida");
    const { CodeDeliveryDetailsList = [] } = await client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: email("ida@y.test"),
      }),
    );
    assert.deepEqual(CodeDeliveryDetailsList, []);
  });

  it("has names whose case means something, unless told", async () => {
    await signUp(ClientId, "Ida");
    assert.equal((await told(UserPoolId, "Ida"))["email"], undefined);
    assert.equal((await told(UserPoolId, "ida"))["email"], "ida@y.test");
    await throwsName(told(UserPoolId, "IDA"), "UserNotFoundException");
    const folded = await newPool(suite, {
      UsernameConfiguration: { CaseSensitive: false },
    });
    const { ClientId: app } = await newClient(suite, folded);
    await signUp(app, "Jon");
    await throwsName(signUp(app, "JON"), "UsernameExistsException");
    assert.equal((await told(folded, "jon"))["username"], "Jon");
  });
});
