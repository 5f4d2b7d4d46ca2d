// User pools and their clients: made, told, changed, deleted; and users, tokens
// and keys that are each pool's own.
import {
  AdminConfirmSignUpCommand,
  AdminSetUserPasswordCommand,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  GetTokensFromRefreshTokenCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  InitiateAuthCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  ResendConfirmationCodeCommand,
  RevokeTokenCommand,
  SignUpCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import {
  AuthenticationDetails,
  CognitoUser,
  CognitoUserPool,
  type CognitoUserSession,
} from "amazon-cognito-identity-js";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import {
  administrator,
  cognito,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { rowsOf } from "../../harness/pool.ts";
import { buildDir, start } from "../../harness/process.ts";
import { readJwt } from "../../harness/tokens.ts";
import { mailedCode, password } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const { suite, client, ClientId: home } = await startCognito();
const admin = administrator(suite);

async function newPool(
  PoolName: string,
  more: Partial<CreateUserPoolCommandInput> = {},
): Promise<string> {
  const { UserPool } = await admin.send(
    new CreateUserPoolCommand({
      PoolName,
      AutoVerifiedAttributes: ["email"],
      ...more,
    }),
  );
  return UserPool?.Id ?? "";
}

async function newClient(
  UserPoolId: string,
  more: Partial<CreateUserPoolClientCommandInput> = {},
) {
  const { UserPoolClient } = await admin.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      ...more,
    }),
  );
  assert.ok(UserPoolClient?.ClientId);
  return { ...UserPoolClient, ClientId: UserPoolClient.ClientId };
}

/** Cognito's SECRET_HASH; none without a secret. */
const hash = (Username: string, ClientId: string, secret?: string) =>
  secret &&
  createHmac("sha256", secret)
    .update(Username + ClientId)
    .digest("base64");

async function signUp(
  ClientId: string,
  Username: string,
  { secret, Password = password }: { secret?: string; Password?: string } = {},
): Promise<string> {
  const SecretHash = hash(Username, ClientId, secret);
  const email = `${Username}@${ClientId.slice(0, 8)}.test`;
  const { UserSub } = await client.send(
    new SignUpCommand({
      ClientId,
      SecretHash,
      Username,
      Password,
      UserAttributes: [{ Name: "email", Value: email }],
    }),
  );
  await client.send(
    new ConfirmSignUpCommand({
      ClientId,
      SecretHash,
      Username,
      ConfirmationCode: await mailedCode(suite, email),
    }),
  );
  return UserSub ?? "";
}

async function signIn(
  ClientId: string,
  USERNAME: string,
  SECRET_HASH?: string,
  by = client,
) {
  const { AuthenticationResult } = await by.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: {
        USERNAME,
        PASSWORD: password,
        ...(SECRET_HASH ? { SECRET_HASH } : {}),
      },
    }),
  );
  assert.ok(AuthenticationResult);
  const {
    AccessToken = "",
    RefreshToken = "",
    IdToken = "",
  } = AuthenticationResult;
  return { AccessToken, RefreshToken, IdToken };
}

describe("user pools", () => {
  it("are told as they were made", async () => {
    const Id = await newPool("chess club", {
      Policies: {
        PasswordPolicy: {
          MinimumLength: 12,
          RequireUppercase: false,
          RequireNumbers: true,
        },
      },
      DeletionProtection: "ACTIVE",
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    assert.match(Id, /^local-1_[A-Za-z0-9]{9}$/);
    const { UserPool } = await admin.send(
      new DescribeUserPoolCommand({ UserPoolId: Id }),
    );
    assert.ok(UserPool);
    const { CreationDate, LastModifiedDate, ...rest } = UserPool;
    assert.ok(CreationDate && Date.now() - CreationDate.getTime() < 60_000);
    assert.deepEqual(LastModifiedDate, CreationDate);
    assert.equal(rest.Name, "chess club");
    assert.equal(
      rest.Arn,
      `arn:aws:cognito-idp:local-1:000000000000:userpool/${Id}`,
    );
    assert.deepEqual(rest.Policies?.PasswordPolicy, {
      MinimumLength: 12,
      RequireUppercase: false,
      RequireLowercase: false,
      RequireNumbers: true,
      RequireSymbols: false,
      TemporaryPasswordValidityDays: 7,
    });
    assert.equal(rest.DeletionProtection, "ACTIVE");
    assert.equal(rest.MfaConfiguration, "OFF");
    assert.deepEqual(rest.AutoVerifiedAttributes, ["email"]);
    assert.equal(rest.AdminCreateUserConfig?.AllowAdminCreateUserOnly, true);
    await throwsName(
      admin.send(new DeleteUserPoolCommand({ UserPoolId: Id })),
      "InvalidParameterException",
      /deletion protection is activated/,
    );
    // what an update does not say is the default again
    await admin.send(new UpdateUserPoolCommand({ UserPoolId: Id }));
    const { UserPool: now } = await admin.send(
      new DescribeUserPoolCommand({ UserPoolId: Id }),
    );
    assert.equal(now?.Name, "chess club");
    assert.equal(now.DeletionProtection, "INACTIVE");
    assert.equal(now.Policies?.PasswordPolicy?.MinimumLength, 8);
    await admin.send(new DeleteUserPoolCommand({ UserPoolId: Id }));
    await throwsName(
      admin.send(new DescribeUserPoolCommand({ UserPoolId: Id })),
      "ResourceNotFoundException",
      /^User pool local-1_\w+ does not exist\.$/,
    );
  });

  it("are listed page by page, the settings' own among them", async () => {
    for (const name of ["a", "b", "c"]) await newPool(name);
    const ids: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await admin.send(
        new ListUserPoolsCommand({ MaxResults: 2, NextToken }),
      );
      ids.push(...(page.UserPools ?? []).map(({ Id }) => Id));
      NextToken = page.NextToken;
    } while (NextToken);
    assert.ok(ids.length >= 4 && new Set(ids).size === ids.length);
    assert.ok(ids.includes(suite.userPoolId));
    for (const MaxResults of [0, 61])
      await throwsName(
        admin.send(new ListUserPoolsCommand({ MaxResults })),
        "InvalidParameterException",
        /maxResults/,
      );
  });

  it("are refused where they make no sense", async () => {
    for (const [input, words] of [
      [{ PoolName: "" }, /poolName/],
      [{ PoolName: "a/b" }, /poolName/],
      [{ PoolName: "a".repeat(129) }, /poolName/],
      [{ Policies: { PasswordPolicy: { MinimumLength: 5 } } }, /minimumLength/],
      [{ DeletionProtection: "MAYBE" }, /deletionProtection/],
      [{ AutoVerifiedAttributes: ["phone_number"] }, /phone_number/],
      [{ AliasAttributes: ["nickname"] }, /aliasAttributes/],
      [{ UsernameAttributes: ["preferred_username"] }, /usernameAttributes/],
    ] as [Partial<CreateUserPoolCommandInput>, RegExp][])
      await throwsName(
        newPool("ok", input),
        "InvalidParameterException",
        words,
      );
  });

  it("are an administrator's only", async () => {
    await assert.rejects(
      client.send(new ListUserPoolsCommand({ MaxResults: 1 })),
    );
    const strangers = cognito(suite, {
      credentials: { accessKeyId: "AKIA", secretAccessKey: "no" },
    });
    await assert.rejects(
      strangers.send(new CreateUserPoolCommand({ PoolName: "x" })),
    );
  });

  it("leave the settings' own to the settings", async () => {
    const UserPoolId = suite.userPoolId;
    const { UserPool } = await admin.send(
      new DescribeUserPoolCommand({ UserPoolId }),
    );
    assert.equal(UserPool?.Policies?.PasswordPolicy?.MinimumLength, 8);
    await throwsName(
      admin.send(new DeleteUserPoolCommand({ UserPoolId })),
      "InvalidParameterException",
      /parlor\.yaml/,
    );
    await throwsName(
      admin.send(new UpdateUserPoolCommand({ UserPoolId })),
      "InvalidParameterException",
      /parlor\.yaml/,
    );
  });
});

describe("UserPoolTags", () => {
  const tags = async (UserPoolId: string) =>
    (await admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool
      ?.UserPoolTags;
  const update = (UserPoolId: string, UserPoolTags?: Record<string, string>) =>
    admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTags }));
  const many = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [`tag-${i}`, String(i)]),
    );

  it("are told as they were said, and replaced as a whole", async () => {
    const first = { team: "chess", "cost centre": "", größe: "ß".repeat(256) };
    const { UserPool } = await admin.send(
      new CreateUserPoolCommand({ PoolName: "tags", UserPoolTags: first }),
    );
    assert.deepEqual(UserPool?.UserPoolTags, first);
    const pool = UserPool?.Id ?? "";
    assert.deepEqual(await tags(pool), first);
    for (const next of [{ team: "go" }, many(50), { ["k".repeat(128)]: "v" }]) {
      await update(pool, next);
      assert.deepEqual(await tags(pool), next);
    }
    await update(pool);
    assert.deepEqual(await tags(pool), {});
  });
  it("are so many, and so long", async () => {
    const pool = await newPool("tags", { UserPoolTags: { a: "b" } });
    for (const [said, words] of [
      [many(51), /'userPoolTags'.* length less than or equal to 50$/],
      [{ "": "v" }, /'userPoolTags'.*Map keys must .*equal to 1\]$/],
      [{ ["ß".repeat(129)]: "v" }, /'userPoolTags'.*Map keys must .*to 128,/],
      [{ k: "ß".repeat(257) }, /'userPoolTags'.*Map value must .*to 256,/],
    ] as const) {
      await throwsName(update(pool, said), "InvalidParameterException", words);
      await throwsName(
        newPool("tags", { UserPoolTags: said }),
        "InvalidParameterException",
        words,
      );
    }
    assert.deepEqual(await tags(pool), { a: "b" });
  });
});

describe("a pool of its own", () => {
  it("has its own users, issuer and keys", async () => {
    const UserPoolId = await newPool("red");
    const { ClientId } = await newClient(UserPoolId);
    const sub = await signUp(ClientId, "ada");
    await throwsName(signIn(home, "ada"), "NotAuthorizedException");
    const { AccessToken, IdToken } = await signIn(ClientId, "ada");
    const issuer = suite.issuer.replace(suite.userPoolId, UserPoolId);
    const { claims, header } = readJwt(AccessToken);
    assert.equal(claims["iss"], issuer);
    assert.equal(claims["client_id"], ClientId);
    assert.equal(claims["sub"], sub);
    assert.equal(readJwt(IdToken).claims["aud"], ClientId);
    // by its own keys, and by no other's
    const jwks = async (pool: string) =>
      (await (
        await fetch(`${suite.url.auth}/${pool}/.well-known/jwks.json`)
      ).json()) as { keys: { kid: string }[] };
    const ours = (await jwks(UserPoolId)).keys.map(({ kid }) => kid);
    const homes = (await jwks(suite.userPoolId)).keys.map(({ kid }) => kid);
    assert.deepEqual(ours, [header["kid"]]);
    assert.ok(!homes.includes(String(header["kid"])));
    const discovery = (await (
      await fetch(`${issuer}/.well-known/openid-configuration`)
    ).json()) as { issuer: string };
    assert.equal(discovery.issuer, issuer);
    const { Username } = await client.send(new GetUserCommand({ AccessToken }));
    assert.equal(Username, "ada");
    await client.send(new GlobalSignOutCommand({ AccessToken }));
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
      /revoked/,
    );
  });

  it("has names that another pool has, too, with other passwords", async () => {
    const one = (await newClient(await newPool("one"))).ClientId;
    const two = (await newClient(await newPool("two"))).ClientId;
    await signUp(one, "bob");
    await signUp(two, "bob", { Password: "Another-horse-8" });
    await signIn(one, "bob");
    await throwsName(signIn(two, "bob"), "NotAuthorizedException");
  });

  it("signs in by SRP", async () => {
    const UserPoolId = await newPool("srp");
    const { ClientId } = await newClient(UserPoolId);
    await signUp(ClientId, "cleo");
    const Pool = new CognitoUserPool({
      UserPoolId,
      ClientId,
      endpoint: suite.url.auth,
    });
    const session = await new Promise<CognitoUserSession>(
      (onSuccess, onFailure) =>
        new CognitoUser({ Username: "cleo", Pool }).authenticateUser(
          new AuthenticationDetails({ Username: "cleo", Password: password }),
          { onSuccess, onFailure },
        ),
    );
    assert.ok(session.isValid());
  });

  it("has its own rules for passwords", async () => {
    const pool = await newPool("short", {
      Policies: { PasswordPolicy: { MinimumLength: 6 } },
    });
    const { ClientId } = await newClient(pool);
    await signUp(ClientId, "dan", { Password: "abcdef" });
    await throwsName(
      signUp(ClientId, "eve", { Password: "abcde" }),
      "InvalidPasswordException",
      /not long enough/,
    );
  });

  it("is closed to who comes by itself where it is told to be", async () => {
    const pool = await newPool("closed", {
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    });
    const { ClientId } = await newClient(pool);
    await throwsName(
      signUp(ClientId, "mia"),
      "NotAuthorizedException",
      /^SignUp is not permitted for this user pool$/,
    );
  });
});

describe("clients", () => {
  it("are told as they were made, and with defaults", async () => {
    const UserPoolId = await newPool("clients");
    const made = await newClient(UserPoolId, {
      ClientName: "phone",
      ExplicitAuthFlows: undefined,
    });
    assert.match(made.ClientId, /^[a-z0-9]{26}$/);
    assert.equal(made.ClientSecret, undefined);
    assert.equal(made.RefreshTokenValidity, 30);
    assert.equal(made.PreventUserExistenceErrors, "LEGACY");
    assert.equal(made.EnableTokenRevocation, true);
    assert.equal(made.AuthSessionValidity, 3);
    const { ClientId } = made;
    const { UserPoolClient } = await admin.send(
      new UpdateUserPoolClientCommand({
        UserPoolId,
        ClientId,
        AccessTokenValidity: 10,
        TokenValidityUnits: { AccessToken: "minutes", RefreshToken: "hours" },
        RefreshTokenValidity: 2,
        ReadAttributes: ["email", "name"],
        CallbackURLs: ["https://app.example/back"],
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes: ["openid"],
        AllowedOAuthFlowsUserPoolClient: true,
        RefreshTokenRotation: {
          Feature: "ENABLED",
          RetryGracePeriodSeconds: 10,
        },
      }),
    );
    const { UserPoolClient: told } = await admin.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    assert.deepEqual(told, UserPoolClient);
    assert.equal(told?.ClientName, "phone");
    assert.equal(told.AccessTokenValidity, 10);
    assert.deepEqual(told.TokenValidityUnits, {
      AccessToken: "minutes",
      RefreshToken: "hours",
    });
    assert.deepEqual(told.ReadAttributes, ["email", "name"]);
    assert.deepEqual(told.CallbackURLs, ["https://app.example/back"]);
    assert.equal(told.RefreshTokenRotation?.RetryGracePeriodSeconds, 10);
    await newClient(UserPoolId, { ClientName: "second" });
    const { UserPoolClients = [] } = await admin.send(
      new ListUserPoolClientsCommand({ UserPoolId, MaxResults: 60 }),
    );
    assert.deepEqual(
      UserPoolClients.map(({ ClientName }) => ClientName).sort(),
      ["phone", "second"],
    );
    await admin.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    await throwsName(
      admin.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId })),
      "ResourceNotFoundException",
      /^User pool client \w+ does not exist\.$/,
    );
  });

  it("are refused where they make no sense", async () => {
    const UserPoolId = await newPool("strict");
    for (const [input, name, words] of [
      [{ ClientName: "" }, "InvalidParameterException", /clientName/],
      [
        { AccessTokenValidity: 2, TokenValidityUnits: { AccessToken: "days" } },
        "InvalidParameterException",
        /^Invalid range for token validity\.$/,
      ],
      [
        { ExplicitAuthFlows: ["ALLOW_NOTHING"] },
        "InvalidParameterException",
        /explicitAuthFlows/,
      ],
      [
        { ExplicitAuthFlows: ["USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH"] },
        "InvalidParameterException",
        /legacy/,
      ],
      [
        {
          AllowedOAuthFlows: ["client_credentials"],
          AllowedOAuthScopes: ["a/b"],
        },
        "InvalidOAuthFlowException",
        /secret/,
      ],
      [
        { DefaultRedirectURI: "https://else.example/" },
        "InvalidParameterException",
        /redirect/,
      ],
      [
        { UserPoolId: "local-1_nowhere00" },
        "ResourceNotFoundException",
        /does not exist/,
      ],
    ] as [Partial<CreateUserPoolClientCommandInput>, string, RegExp][])
      await throwsName(newClient(UserPoolId, input), name, words);
  });

  it("belong to their pool, the settings' pool too", async () => {
    const UserPoolId = await newPool("other");
    const { ClientId } = await newClient(UserPoolId);
    await throwsName(
      admin.send(
        new DescribeUserPoolClientCommand({
          UserPoolId: suite.userPoolId,
          ClientId,
        }),
      ),
      "ResourceNotFoundException",
    );
    const second = (await newClient(suite.userPoolId)).ClientId;
    await signUp(home, "gil");
    const { AccessToken } = await signIn(second, "gil");
    assert.equal(readJwt(AccessToken).claims["client_id"], second);
    assert.equal(readJwt(AccessToken).claims["iss"], suite.issuer);
    await client.send(new GetUserCommand({ AccessToken }));
    await admin.send(
      new DeleteUserPoolClientCommand({
        UserPoolId: suite.userPoolId,
        ClientId: second,
      }),
    );
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "ResourceNotFoundException",
    );
    const { UserPoolClient } = await admin.send(
      new DescribeUserPoolClientCommand({
        UserPoolId: suite.userPoolId,
        ClientId: home,
      }),
    );
    assert.ok(
      UserPoolClient?.ExplicitAuthFlows?.includes("ALLOW_USER_SRP_AUTH"),
    );
  });

  it("allow what they allow", async () => {
    const UserPoolId = await newPool("flows");
    const { ClientId } = await newClient(UserPoolId, {
      ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH"],
      AccessTokenValidity: 10,
      TokenValidityUnits: { AccessToken: "minutes" },
    });
    await signUp(ClientId, "hal");
    const { AccessToken, RefreshToken } = await signIn(ClientId, "hal");
    const { exp, iat } = readJwt(AccessToken).claims;
    assert.equal(Number(exp) - Number(iat), 600);
    const flow = (AuthFlow: "USER_SRP_AUTH" | "REFRESH_TOKEN_AUTH") =>
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow,
          AuthParameters: {
            USERNAME: "hal",
            SRP_A: "abcdef",
            REFRESH_TOKEN: RefreshToken,
          },
        }),
      );
    await throwsName(flow("USER_SRP_AUTH"), "InvalidParameterException");
    await throwsName(flow("REFRESH_TOKEN_AUTH"), "InvalidParameterException");
    // nobody proves a password by SRP in this pool: no verifier is kept
    const [row] = await rowsOf(suite, "parlor.users", `${UserPoolId}/user#hal`);
    assert.ok(row && !("srp_verifier" in row));
  });

  it("end no sign-in that is another's", async () => {
    const UserPoolId = await newPool("revoking");
    const { ClientId } = await newClient(UserPoolId);
    const other = (await newClient(UserPoolId)).ClientId;
    await signUp(ClientId, "lou");
    const { AccessToken, RefreshToken: Token } = await signIn(ClientId, "lou");
    const revoke = (by: string) =>
      client.send(new RevokeTokenCommand({ ClientId: by, Token }));
    await throwsName(revoke(other), "UnauthorizedException");
    const answer = await fetch(`${suite.url.auth}/oauth2/revoke`, {
      method: "POST",
      body: new URLSearchParams({ client_id: other, token: Token }),
    });
    assert.equal(answer.status, 400);
    assert.partialDeepStrictEqual(await answer.json(), {
      error: "invalid_grant",
    });
    await client.send(new GetUserCommand({ AccessToken }));
    await revoke(ClientId);
    await throwsName(
      client.send(new GetUserCommand({ AccessToken })),
      "NotAuthorizedException",
      /revoked/,
    );
  });

  it("tell who has no address only where they are told to", async () => {
    const UserPoolId = await newPool("addresses");
    const legacy = (await newClient(UserPoolId)).ClientId;
    const quiet = (
      await newClient(UserPoolId, { PreventUserExistenceErrors: "ENABLED" })
    ).ClientId;
    await client.send(
      new SignUpCommand({
        ClientId: legacy,
        Username: "moe",
        Password: password,
      }),
    );
    const mails = async () => (await readdir(join(suite.data, "mail"))).length;
    const before = await mails();
    const resend = (ClientId: string, Username: string) =>
      client.send(new ResendConfirmationCodeCommand({ ClientId, Username }));
    for (const name of ["moe", "nobody"]) {
      const { CodeDeliveryDetails } = await resend(quiet, name);
      assert.match(
        CodeDeliveryDetails?.Destination ?? "",
        /^[a-z]\*\*\*@[a-z]\*\*\*$/,
      );
    }
    await throwsName(
      resend(legacy, "moe"),
      "InvalidParameterException",
      /has no email/,
    );
    await admin.send(
      new AdminConfirmSignUpCommand({ UserPoolId, Username: "moe" }),
    );
    const { AccessToken } = await signIn(legacy, "moe");
    await throwsName(
      client.send(
        new GetUserAttributeVerificationCodeCommand({
          AccessToken,
          AttributeName: "email",
        }),
      ),
      "InvalidParameterException",
      /has no email/,
    );
    assert.equal(await mails(), before);
    await admin.send(
      new AdminSetUserPasswordCommand({
        UserPoolId,
        Username: "moe",
        Password: password,
      }),
    );
    const { ChallengeParameters } = await client.send(
      new InitiateAuthCommand({
        ClientId: legacy,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: "moe", PASSWORD: password },
      }),
    );
    assert.equal(ChallengeParameters?.["userAttributes"], "{}");
  });

  it("tell who has no account only where they are told to", async () => {
    const UserPoolId = await newPool("existence");
    const legacy = (await newClient(UserPoolId)).ClientId;
    const quiet = (
      await newClient(UserPoolId, { PreventUserExistenceErrors: "ENABLED" })
    ).ClientId;
    const forgot = (ClientId: string) =>
      client.send(new ForgotPasswordCommand({ ClientId, Username: "nobody" }));
    await throwsName(signIn(legacy, "nobody"), "UserNotFoundException");
    await throwsName(forgot(legacy), "UserNotFoundException");
    await throwsName(signIn(quiet, "nobody"), "NotAuthorizedException");
    await forgot(quiet);
  });
});

describe("a client with a secret", async () => {
  const UserPoolId = await newPool("secrets");
  const { ClientId, ClientSecret } = await newClient(UserPoolId, {
    GenerateSecret: true,
  });
  assert.ok(ClientSecret);
  const hashed = (name: string) => hash(name, ClientId, ClientSecret);
  await signUp(ClientId, "iva", { secret: ClientSecret });

  it("proves it at each step", async () => {
    await throwsName(
      signIn(ClientId, "iva"),
      "NotAuthorizedException",
      /configured with secret but SECRET_HASH was not received/,
    );
    await throwsName(
      signIn(ClientId, "iva", hashed("ivo")),
      "NotAuthorizedException",
      /^Unable to verify secret hash for client /,
    );
    await throwsName(signUp(ClientId, "jon"), "NotAuthorizedException");
    await throwsName(
      client.send(new ForgotPasswordCommand({ ClientId, Username: "iva" })),
      "NotAuthorizedException",
    );
    await signIn(ClientId, "iva", hashed("iva"));
    await throwsName(
      signIn(home, "iva", hashed("iva")),
      "NotAuthorizedException",
      /secret hash/,
    );
  });

  it("also where tokens are refreshed and revoked", async () => {
    const { AccessToken, RefreshToken } = await signIn(
      ClientId,
      "iva",
      hashed("iva"),
    );
    const sub = String(readJwt(AccessToken).claims["sub"]);
    const refresh = (SECRET_HASH?: string) =>
      client.send(
        new InitiateAuthCommand({
          ClientId,
          AuthFlow: "REFRESH_TOKEN_AUTH",
          AuthParameters: {
            REFRESH_TOKEN: RefreshToken,
            ...(SECRET_HASH ? { SECRET_HASH } : {}),
          },
        }),
      );
    await throwsName(refresh(), "NotAuthorizedException");
    await throwsName(refresh(hashed("ivo")), "NotAuthorizedException");
    await refresh(hashed("iva"));
    await refresh(hashed(sub));
    const tokens = (secret?: string) =>
      client.send(
        new GetTokensFromRefreshTokenCommand({
          ClientId,
          RefreshToken,
          ClientSecret: secret,
        }),
      );
    await throwsName(tokens(), "NotAuthorizedException");
    await throwsName(tokens("wrong".repeat(5)), "NotAuthorizedException");
    await tokens(ClientSecret);
    const revoke = (secret?: string) =>
      client.send(
        new RevokeTokenCommand({
          ClientId,
          Token: RefreshToken,
          ClientSecret: secret,
        }),
      );
    await throwsName(revoke(), "NotAuthorizedException");
    await revoke(ClientSecret);
    await throwsName(refresh(hashed("iva")), "NotAuthorizedException");
  });

  it("finds it sealed in the store", async () => {
    const row = (
      await rowsOf(suite, "parlor.pools", `${UserPoolId}/pool`)
    ).find(({ sk }) => sk === `client#${ClientId}`);
    assert.ok(row?.["secret"] instanceof Uint8Array);
    assert.ok(!Buffer.from(row["secret"]).includes(ClientSecret));
    const { UserPoolClient } = await admin.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    assert.equal(UserPoolClient?.ClientSecret, ClientSecret);
  });
});

describe("another replica", async () => {
  const port = Number(new URL(suite.url.auth).port) + 100;
  const second = start(join(buildDir, "parlor-auth"), [
    "--data",
    suite.data,
    "--listen",
    `127.0.0.1:${port}`,
    "--admin-listen",
    `127.0.0.1:${port + 10}`,
  ]);
  after(() => second.end());
  const there = cognito(suite, { endpoint: `http://127.0.0.1:${port}` });
  await until(
    () => `the second is ready: ${second.log()}`,
    async () =>
      (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => undefined))
        ?.ok,
  );

  it("knows pools and clients within seconds, until they are gone", async () => {
    const UserPoolId = await newPool("shared");
    const { ClientId } = await newClient(UserPoolId);
    await signUp(ClientId, "kim");
    const works = () =>
      signIn(ClientId, "kim", undefined, there).then(
        () => true,
        () => false,
      );
    await until("the client is known", works, 5000);
    const { AccessToken } = await signIn(ClientId, "kim", undefined, there);
    await client.send(new GetUserCommand({ AccessToken }));
    await admin.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    await until("the client is gone", async () => !(await works()), 5000);
  });
});
