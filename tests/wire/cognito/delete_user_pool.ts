// DeleteUserPool: the pool is gone at once, and soon all that it had.
import {
  CreateUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeUserPoolCommand,
  GetUserCommand,
  UpdateUserPoolCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { anotherPool, poolAdmin } from "../../harness/another_pool.ts";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { countOf, rowsOf } from "../../harness/pool.ts";
import { refuses } from "../../harness/refusal.ts";
import { newUser, signIn, signUp, type User } from "../../harness/users.ts";

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

describe("DeleteUserPool", () => {
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
    await suite.kill("auth"); // what is left is left to the next one
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
  it("leaves nothing behind, also after a restart", async () => {
    for (const end = Date.now() + 20_000; ; await sleep(100)) {
      const left = (await counts(UserPoolId)).concat(
        (await sessions()).map((rows) => rows.length),
      );
      const marks = await rowsOf(suite, "parlor.pools", "gone");
      if (left.every((count) => count === 0) && marks.length === 0) break;
      assert.ok(Date.now() < end, `${String(left)} and ${marks.length} left`);
    }
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
