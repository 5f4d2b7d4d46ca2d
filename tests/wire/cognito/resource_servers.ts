// Resource servers: made, told, changed, deleted; and the scopes that clients can
// be given.
import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteResourceServerCommand,
  DescribeResourceServerCommand,
  ListResourceServersCommand,
  UpdateResourceServerCommand,
  UpdateUserPoolClientCommand,
  type CreateResourceServerCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { asService } from "../../harness/pool.ts";
import { refusal } from "../../harness/refusal.ts";
import { client } from "../../harness/suite.ts";

const { suite } = await startCognito();
const admin = administrator(suite);

async function newPool(): Promise<string> {
  const { UserPool } = await admin.send(
    new CreateUserPoolCommand({ PoolName: "club" }),
  );
  return UserPool?.Id ?? "";
}

const scopesOf = (...names: string[]) =>
  names.map((ScopeName) => ({
    ScopeName,
    ScopeDescription: `to ${ScopeName}`,
  }));

const create = (more: Partial<CreateResourceServerCommandInput>) =>
  admin.send(
    new CreateResourceServerCommand({
      UserPoolId: suite.userPoolId,
      Identifier: "matches",
      Name: "Matches",
      ...more,
    }),
  );

describe("resource servers", () => {
  it("are told as they were made, and changed whole", async () => {
    const UserPoolId = await newPool();
    const key = { UserPoolId, Identifier: "https://api.test/v1" };
    const describeIt = () => admin.send(new DescribeResourceServerCommand(key));
    const made = await create({
      ...key,
      Name: "An API",
      Scopes: scopesOf("read", "write.all"),
    });
    const expected = {
      ...key,
      Name: "An API",
      Scopes: scopesOf("read", "write.all"),
    };
    assert.deepEqual(made.ResourceServer, expected);
    assert.deepEqual((await describeIt()).ResourceServer, expected);
    const changed = await admin.send(
      new UpdateResourceServerCommand({ ...key, Name: "Another name" }),
    );
    assert.equal(changed.ResourceServer?.Name, "Another name");
    assert.equal(changed.ResourceServer.Scopes?.length ?? 0, 0);
    await admin.send(new DeleteResourceServerCommand(key));
    await throwsName(
      describeIt(),
      "ResourceNotFoundException",
      /^Resource server https:\/\/api\.test\/v1 does not exist\.$/,
    );
  });
  it("belong to one pool, and are listed by pages", async () => {
    const [UserPoolId, other] = [await newPool(), await newPool()];
    const ids = ["a", "b", "c", "d", "e"];
    for (const Identifier of ids) await create({ UserPoolId, Identifier });
    const list = async (pool: string, MaxResults?: number) => {
      const pages: (string | undefined)[][] = [];
      let NextToken: string | undefined;
      do {
        const page = await admin.send(
          new ListResourceServersCommand({
            UserPoolId: pool,
            MaxResults,
            NextToken,
          }),
        );
        pages.push(page.ResourceServers?.map((row) => row.Identifier) ?? []);
        NextToken = page.NextToken;
      } while (NextToken);
      return pages;
    };
    assert.deepEqual(await list(UserPoolId), [ids]);
    assert.deepEqual(await list(UserPoolId, 2), [
      ["a", "b"],
      ["c", "d"],
      ["e"],
    ]);
    assert.deepEqual(await list(other), [[]]);
    await create({ UserPoolId: other, Identifier: "a" });
    await throwsName(
      create({ UserPoolId, Identifier: "a" }),
      "InvalidParameterException",
      /a already exists in user pool/,
    );
    for (const MaxResults of [0, 51])
      await throwsName(
        admin.send(new ListResourceServersCommand({ UserPoolId, MaxResults })),
        "InvalidParameterException",
        /maxResults/,
      );
    for (let count = ids.length; count < 25; count++)
      await create({ UserPoolId, Identifier: `more-${count}` });
    await throwsName(
      create({ UserPoolId, Identifier: "too-many" }),
      "LimitExceededException",
    );
  });

  const rows: [string, Partial<CreateResourceServerCommandInput>, RegExp][] = [
    ["no identifier", { Identifier: "" }, /'identifier'/],
    ["a blank in the identifier", { Identifier: "a b" }, /'identifier'/],
    ["a long identifier", { Identifier: "a".repeat(257) }, /'identifier'/],
    ["no name", { Name: "" }, /'name'/],
    ["an odd name", { Name: "a/b" }, /'name'/],
    ["a long name", { Name: "a".repeat(257) }, /'name'/],
    [
      "a slash in a scope",
      { Scopes: scopesOf("a/b") },
      /'scopes\.1\.member\.scopeName'/,
    ],
    [
      "a scope without a name",
      { Scopes: scopesOf("") },
      /'scopes\.1\.member\.scopeName'/,
    ],
    [
      "a scope without a description",
      { Scopes: [{ ScopeName: "a", ScopeDescription: "" }] },
      /'scopes\.1\.member\.scopeDescription'/,
    ],
    [
      "too many scopes",
      { Scopes: scopesOf(...Array.from({ length: 101 }, (_, i) => `s${i}`)) },
      /'scopes/,
    ],
  ];
  for (const [name, more, words] of rows)
    it(`with ${name} can't be`, async () => {
      await throwsName(create(more), "InvalidParameterException", words);
    });
  it("are nobody's who is no administrator, at either door", async () => {
    const users = client(UserPool, suite.url.auth);
    const request = { userPoolId: suite.userPoolId, identifier: "matches" };
    const nobody = users.createResourceServer({ ...request, name: "x" });
    assert.equal((await refusal(nobody)).code, Code.Unauthenticated);
    const game = client(UserPool, suite.url.auth, undefined, {
      fetch: await asService(suite, "game", "auth"),
    });
    const other = game.deleteResourceServer(request);
    assert.equal((await refusal(other)).code, Code.PermissionDenied);
  });
});

describe("a client's scopes", () => {
  const clientWith = (UserPoolId: string, AllowedOAuthScopes: string[]) =>
    admin.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: "app",
        AllowedOAuthFlowsUserPoolClient: true,
        AllowedOAuthFlows: ["code"],
        AllowedOAuthScopes,
      }),
    );

  const updateTo = (
    UserPoolId: string,
    ClientId: string | undefined,
    AllowedOAuthScopes: string[],
  ) =>
    admin.send(
      new UpdateUserPoolClientCommand({
        UserPoolId,
        ClientId,
        AllowedOAuthScopes,
      }),
    );

  it("are the pool's and what its resource servers have", async () => {
    const UserPoolId = await newPool();
    const Identifier = "https://api.test/v1";
    await create({ UserPoolId, Identifier, Scopes: scopesOf("read") });
    const scopes = [
      "openid",
      "email",
      "profile",
      "phone",
      "aws.cognito.signin.user.admin",
      `${Identifier}/read`,
    ];
    const { UserPoolClient: made } = await clientWith(UserPoolId, scopes);
    assert.deepEqual(made?.AllowedOAuthScopes, scopes);
    for (const scope of [
      "address",
      "read",
      `${Identifier}/write`,
      `${Identifier}/`,
      `${Identifier}/read/read`,
      "https://api.test/v",
    ]) {
      const words = `Invalid scope requested: ${scope}`;
      const told: string[] = [];
      for (const call of [
        () => clientWith(UserPoolId, ["openid", scope]),
        () => updateTo(UserPoolId, made.ClientId, [scope]),
      ]) {
        const name = "ScopeDoesNotExistException";
        told.push((await throwsName(call(), name)).message);
      }
      assert.deepEqual(told, [words, words]);
    }
    await throwsName(
      clientWith(suite.userPoolId, [`${Identifier}/read`]),
      "ScopeDoesNotExistException",
    );
  });
});
