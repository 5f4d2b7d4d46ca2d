// Who may administer the pool: by a signature or a token, and by a policy.
import {
  AdminGetUserCommand,
  GetUserCommand,
  type CognitoIdentityProviderClient,
} from "@aws-sdk/client-cognito-identity-provider";
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  administrator,
  cognito,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { person } from "../../harness/person.ts";
import { asService } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { sign, signingFetch, type AccessKey } from "../../harness/sigv4.ts";
import { adminKv, client as connect } from "../../harness/suite.ts";
import { signIn, signUp } from "../../harness/users.ts";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";

const { suite } = await startCognito();
const UserPoolId = suite.userPoolId;
const arn = `arn:aws:cognito-idp:${suite.region}:000000000000:userpool/${UserPoolId}`;
const sub = await signUp(suite, "ada");
const { accessToken } = await signIn(suite, "ada");
const kv = adminKv(suite);

const get = (by: CognitoIdentityProviderClient, pool = UserPoolId) =>
  by.send(new AdminGetUserCommand({ UserPoolId: pool, Username: "ada" }));

/** What that principal may do with the pool from now on. */
const allow = (roleName: string, Action: string, Resource = arn) =>
  kv.putRolePolicy({
    roleName,
    policyName: "pool",
    policyDocument: JSON.stringify({
      Version: "2012-10-17",
      Statement: [{ Effect: "Allow", Action, Resource }],
    }),
  });

async function keyFor(userName: string): Promise<AccessKey> {
  const { accessKey } = await kv.createAccessKey({ userName });
  assert.ok(accessKey);
  const { accessKeyId, secretAccessKey } = accessKey;
  return { accessKeyId, secretAccessKey };
}

/** The pool on its Connect door, as somebody has it. */
const pool = (by: typeof fetch) =>
  connect(UserPool, suite.url.auth, undefined, { fetch: by });
const request = { userPoolId: UserPoolId, username: "ada" };

describe("an administrator's key", () => {
  it("may do all", async () => {
    const { Username, Enabled, UserStatus } = await get(administrator(suite));
    assert.deepEqual(
      [Username, Enabled, UserStatus],
      ["ada", true, "CONFIRMED"],
    );
  });
  it("may so on the other door, too, and without the body's hash", async () => {
    const by = signingFetch(suite.admin, suite.region, "cognito-idp");
    assert.equal((await pool(by).adminGetUser(request)).username, "ada");
    const signed = await sign(
      {
        key: suite.admin,
        region: suite.region,
        service: "cognito-idp",
        withoutHash: true,
      },
      new Request(suite.url.auth, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
        },
        body: JSON.stringify({ UserPoolId, Username: "ada" }),
      }),
    );
    assert.equal((await fetch(signed.url, signed)).status, 200);
  });
  it("signs what `parlor auth` asks", async () => {
    const operator = await person(suite, "operator");
    const { status, stdout, stderr } = await operator.parlor([
      "auth",
      "AdminGetUser",
      JSON.stringify({ UserPoolId, Username: "ada" }),
    ]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /"UserStatus": *"CONFIRMED"/);
  });
  it("needs no pool's id there where it is the settings' own", async () => {
    const operator = await person(suite, "operator");
    const run = async (...args: string[]) => {
      const { status, stdout, stderr } = await operator.parlor(args);
      assert.equal(status, 0, stderr);
      return stdout;
    };
    assert.match(await run("auth", "DescribeUserPool"), new RegExp(UserPoolId));
    assert.match(
      await run("auth", "ListUsers", '{"Limit": 1}'),
      /"Username": *"ada"/,
    );
    assert.match(await run("auth", "keys", "rotate"), /"KeyId"/);
    const help = await run("auth", "--help");
    assert.match(help, /^operations:\n +SignUp ConfirmSignUp /m);
    assert.match(help, /AdminGetUser/);
  });
  it("names a pool and a user that there are", async () => {
    const by = administrator(suite);
    await throwsName(
      get(by, "local-1_nobody"),
      "ResourceNotFoundException",
      /^User pool local-1_nobody does not exist\.$/,
    );
    await throwsName(
      by.send(new AdminGetUserCommand({ UserPoolId, Username: "nobody" })),
      "UserNotFoundException",
      /^User does not exist\.$/,
    );
  });
});

describe("a signature is refused", () => {
  const other = { ...suite.admin, secretAccessKey: "x".repeat(40) };
  for (const [what, by, exception] of [
    [
      "by another secret",
      () => administrator(suite, other),
      "InvalidSignatureException",
    ],
    [
      "by a key that nobody has",
      () =>
        administrator(suite, { ...other, accessKeyId: "AKIANOBODYHASTHISKEY" }),
      "UnrecognizedClientException",
    ],
    [
      "for another region",
      () => cognito(suite, { credentials: suite.admin, region: "eu-west-1" }),
      "InvalidSignatureException",
    ],
    [
      "of last week",
      () =>
        cognito(suite, {
          credentials: suite.admin,
          systemClockOffset: -7 * 86_400_000,
        }),
      "InvalidSignatureException",
    ],
  ] as const)
    it(what, async () => {
      await throwsName(get(by()), exception);
    });
  it("that is none", async () => {
    const answer = await fetch(suite.url.auth, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
      },
      body: JSON.stringify({ UserPoolId, Username: "ada" }),
    });
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), {
      __type: "MissingAuthenticationTokenException",
      message: "Request is missing Authentication Token",
    });
  });
  it("for the store", async () => {
    const by = signingFetch(suite.admin, suite.region);
    await refuses(
      pool(by).adminGetUser(request),
      "InvalidSignatureException",
      /correct service: 'cognito-idp'/,
    );
  });
  it("over another body", async () => {
    const { url, method, headers } = await sign(
      { key: suite.admin, region: suite.region, service: "cognito-idp" },
      new Request(suite.url.auth, {
        method: "POST",
        headers: {
          "content-type": "application/x-amz-json-1.1",
          "x-amz-target": "AWSCognitoIdentityProviderService.AdminGetUser",
        },
        body: JSON.stringify({ UserPoolId, Username: "ada" }),
      }),
    );
    const answer = await fetch(url, {
      method,
      headers,
      body: JSON.stringify({ UserPoolId, Username: "bob" }),
    });
    assert.match(await answer.text(), /InvalidSignatureException/);
  });
});

describe("another principal", () => {
  it("may what a policy allows its key, on that pool", async () => {
    const by = administrator(suite, await keyFor("service:desk"));
    await throwsName(
      get(by),
      "AccessDeniedException",
      /^User: service:desk is not authorized to perform: cognito-idp:AdminGetUser on resource: arn:aws:cognito-idp:\S+ because no policy allows it$/,
    );
    await allow("service:desk", "cognito-idp:AdminListGroupsForUser");
    await throwsName(get(by), "AccessDeniedException");
    await allow("service:desk", "cognito-idp:AdminGet*", `${arn}x`);
    await throwsName(get(by), "AccessDeniedException");
    await allow("service:desk", "cognito-idp:AdminGet*");
    assert.equal((await get(by)).Username, "ada");
  });
  it("may what a policy allows that one key", async () => {
    const key = await keyFor("service:kiosk");
    await allow(`key:${key.accessKeyId}`, "cognito-idp:*");
    assert.equal((await get(administrator(suite, key))).Username, "ada");
    await throwsName(
      get(administrator(suite, await keyFor("service:kiosk"))),
      "AccessDeniedException",
    );
  });
  it("may so as a daemon, by its token", async () => {
    const game = pool(await asService(suite, "game", "auth"));
    await refuses(game.adminGetUser(request), "AccessDeniedException");
    await allow("service:game", "cognito-idp:AdminGetUser");
    assert.equal((await game.adminGetUser(request)).username, "ada");
  });
  it("may so as a user, by an access token", async () => {
    const ada = connect(UserPool, suite.url.auth, accessToken);
    await refuses(ada.adminGetUser(request), "AccessDeniedException");
    await allow(`user:${sub}`, "cognito-idp:AdminGetUser");
    assert.equal((await ada.adminGetUser(request)).username, "ada");
  });
  it("is nobody without any of them", async () => {
    const { code } = await refusal(
      connect(UserPool, suite.url.auth).adminGetUser(request),
    );
    assert.equal(code, Code.Unauthenticated);
  });
});

describe("GetSigningKey", () => {
  const today = new Date().toISOString().slice(0, 10).replaceAll("-", "");
  const scope = {
    accessKeyId: suite.admin.accessKeyId,
    date: today,
    region: suite.region,
    service: "cognito-idp",
  };
  const store = async (name: "auth" | "game") =>
    connect(KeyValue, suite.url.kv, undefined, {
      fetch: await asService(suite, name, "kv"),
    });

  it("gives the day's key and the principal", async () => {
    const { signingKey, userName } = await (
      await store("auth")
    ).getSigningKey(scope);
    assert.deepEqual([signingKey.length, userName], [32, "admin"]);
  });
  for (const [what, by, change, exception] of [
    ["to administrators", "admin", {}, "AccessDeniedException"],
    ["for what the daemon is not", "game", {}, "AccessDeniedException"],
    ["for the store", "auth", { service: "dynamodb" }, "AccessDeniedException"],
    ["for another day", "auth", { date: "20300101" }, "ValidationException"],
    ["elsewhere", "auth", { region: "eu-west-1" }, "ValidationException"],
    [
      "of a key that there is none of",
      "auth",
      { accessKeyId: "x" },
      "UnrecognizedClientException",
    ],
  ] as const)
    it(`not ${what}`, async () => {
      const asking = by === "admin" ? kv : await store(by);
      await refuses(asking.getSigningKey({ ...scope, ...change }), exception);
    });
  it("lets a daemon ask about its own operations only", async () => {
    const auth = await store("auth");
    const asked = {
      policySourceArn: "service:desk",
      actionNames: ["dynamodb:GetItem"],
      resourceArns: ["*"],
    };
    await refuses(auth.simulatePrincipalPolicy(asked), "AccessDeniedException");
  });
});

it("users' operations look at no signature", async () => {
  const by = administrator(suite, { ...suite.admin, secretAccessKey: "x" });
  const { Username } = await by.send(
    new GetUserCommand({ AccessToken: accessToken }),
  );
  assert.equal(Username, "ada");
});
