// DeleteUserPool: the pool is gone at once, and soon all that it had.
import { Code } from "@connectrpc/connect";
import {
  AdminUserGlobalSignOutCommand,
  CreateUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { anotherPool, poolAdmin } from "../../harness/another_pool.ts";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { item } from "../../harness/items.ts";
import { countOf, rowsOf, setAll } from "../../harness/pool.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { client as connected } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import { newUser, signIn, signUp, type User } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const { suite, client } = await startCognito();
const admin = administrator(suite);
const tables = [
  "parlor.users",
  "parlor.sessions",
  "parlor.keys",
  "parlor.pools",
];

const gone = await anotherPool(suite, "gone");
const kept = await anotherPool(suite, "kept");
const users: User[] = [];
for (const name of ["ann", "bob", "cy"]) users.push(await newUser(gone, name));
await newUser(kept, "ann");
const home = await newUser(suite, "ann");

const { userPoolId: UserPoolId } = gone;
const connect = poolAdmin(suite);
await connect.createGroup({ userPoolId: UserPoolId, groupName: "club" });
await connect.adminAddUserToGroup({
  userPoolId: UserPoolId,
  groupName: "club",
  username: "ann",
});
await admin.send(
  new CreateUserPoolClientCommand({ UserPoolId, ClientName: "second" }),
);

const counts = (userPoolId: string) =>
  Promise.all(tables.map((table) => countOf(suite, table, userPoolId)));
const sessions = async () =>
  Promise.all(
    users.map(async ({ sub }) =>
      rowsOf(suite, "parlor.sessions", `user#${sub}`),
    ),
  );

// whose users another daemon knows by their name in front
const issuer = suite.issuer.replace(suite.userPoolId, UserPoolId);
await suite.kill("kv");
await suite.start("kv", {
  PARLOR_KV_ISSUERS: JSON.stringify({
    club: {
      issuer,
      audience: gone.clientId,
      jwks_url: `${issuer}/.well-known/jwks.json`,
    },
  }),
});
/** Until the store knows the user, or does not any more. */
async function comesToBe(code: Code, { accessToken }: User) {
  const kv = connected(KeyValue, suite.url.kv, accessToken);
  const request = { tableName: "none", key: item({ pk: "x" }) };
  await until(
    `the store answers ${code}`,
    async () => (await refusal(kv.getItem(request))).code === code,
    2000,
  );
}

describe("a user of another pool", () => {
  it("is refused by the other daemons once it is signed out", async () => {
    const [ann] = users;
    assert.ok(ann);
    for (const user of users) await comesToBe(Code.PermissionDenied, user);
    await admin.send(
      new AdminUserGlobalSignOutCommand({ UserPoolId, Username: ann.username }),
    );
    await comesToBe(Code.Unauthenticated, ann);
    const revoked = await rowsOf(suite, "parlor.revocations", "revocation");
    const expiry = Number(readJwt(ann.accessToken).claims["exp"]);
    assert.ok(Number(revoked.at(-1)?.["expires_at"]) > expiry);
  });
});

describe("DeleteUserPool", () => {
  let leasedUntil = 0;
  it("is refused while the pool is protected", async () => {
    const protect = (DeletionProtection: "ACTIVE" | "INACTIVE") =>
      admin.send(new UpdateUserPoolCommand({ UserPoolId, DeletionProtection }));
    await protect("ACTIVE");
    await throwsName(
      admin.send(new DeleteUserPoolCommand({ UserPoolId })),
      "InvalidParameterException",
      /^The user pool cannot be deleted because deletion protection is activated\. Deletion protection must be inactivated first\.$/,
    );
    await protect("INACTIVE");
  });
  it("ends the pool at once", async () => {
    await admin.send(new DeleteUserPoolCommand({ UserPoolId }));
    const [, ...others] = users;
    for (const user of others) await comesToBe(Code.Unauthenticated, user);
    await suite.kill("auth"); // what is left is left to the next one
    leasedUntil = Date.now() + 3500;
    for (const [name, value] of [
      ["swept_by", "another"],
      ["swept_until", leasedUntil],
    ] as const)
      await setAll(suite, "parlor.pools", "gone", name, value);
    await suite.start("auth");
    await throwsName(
      admin.send(new DescribeUserPoolCommand({ UserPoolId })),
      "ResourceNotFoundException",
    );
    await refuses(signIn(gone, "ann"), "ResourceNotFoundException");
    for (const { accessToken: AccessToken } of users)
      await throwsName(
        client.send(new GetUserCommand({ AccessToken })),
        "NotAuthorizedException",
      );
    await throwsName(
      admin.send(new DeleteUserPoolCommand({ UserPoolId })),
      "ResourceNotFoundException",
    );
  });
  it("leaves nothing behind, also where who swept has gone", async () => {
    await until("nothing is left", async () => {
      const left = (await counts(UserPoolId)).concat(
        (await sessions()).map((rows) => rows.length),
      );
      const marks = await rowsOf(suite, "parlor.pools", "gone");
      return left.every((count) => count === 0) && marks.length === 0;
    });
    assert.ok(Date.now() > leasedUntil); // by the other one
  });
  it("leaves other pools alone", async () => {
    for (const table of ["parlor.users", "parlor.keys", "parlor.pools"])
      assert.ok(await countOf(suite, table, kept.userPoolId), table);
    await signIn(kept, "ann");
    await signUp(kept, "dot");
    await signIn(suite, "ann");
    await client.send(new GetUserCommand({ AccessToken: home.accessToken }));
  });
});
