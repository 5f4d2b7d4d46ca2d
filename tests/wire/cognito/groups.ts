// Groups: what they are, who is in them, and what tokens say of that.
import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { readJwt } from "../../harness/tokens.ts";
import { newGuest, signIn, signUp } from "../../harness/users.ts";

const { suite } = await startCognito();
const UserPoolId = suite.userPoolId;
const admin = administrator(suite);
const role = (name: string) => `arn:aws:iam::000000000000:role/${name}`;

const create = (GroupName: string, Precedence?: number, RoleArn?: string) =>
  admin.send(
    new CreateGroupCommand({ UserPoolId, GroupName, Precedence, RoleArn }),
  );
const add = (Username: string, GroupName: string) =>
  admin.send(
    new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }),
  );
const groupsOf = async (Username: string) =>
  (
    await admin.send(
      new AdminListGroupsForUserCommand({ UserPoolId, Username }),
    )
  ).Groups?.map(({ GroupName }) => GroupName);
const usersIn = async (GroupName: string) =>
  (
    await admin.send(new ListUsersInGroupCommand({ UserPoolId, GroupName }))
  ).Users?.map(({ Username }) => Username);

async function claims(Username: string) {
  const { idToken, accessToken } = await signIn(suite, Username);
  const id = readJwt(idToken).claims;
  const access = readJwt(accessToken).claims;
  assert.deepEqual(access["cognito:groups"], id["cognito:groups"]);
  assert.equal(access["cognito:roles"], undefined);
  return {
    groups: id["cognito:groups"],
    roles: id["cognito:roles"],
    preferred: id["cognito:preferred_role"],
  };
}

before(async () => {
  for (const name of ["ada", "bob", "cat"]) await signUp(suite, name);
});

describe("a group", () => {
  it("is made, read and changed", async () => {
    const { Group } = await admin.send(
      new CreateGroupCommand({
        UserPoolId,
        GroupName: "staff",
        Description: "those who know",
        Precedence: 5,
        RoleArn: role("staff"),
      }),
    );
    assert.equal(Group?.UserPoolId, UserPoolId);
    assert.ok(Group.CreationDate instanceof Date);
    await admin.send(
      new UpdateGroupCommand({
        UserPoolId,
        GroupName: "staff",
        Description: "those who should",
      }),
    );
    const got = await admin.send(
      new GetGroupCommand({ UserPoolId, GroupName: "staff" }),
    );
    assert.deepEqual(
      [got.Group?.Description, got.Group?.Precedence, got.Group?.RoleArn],
      ["those who should", 5, role("staff")],
    );
  });
  for (const [what, call, exception, words] of [
    [
      "made twice",
      () => create("staff"),
      "GroupExistsException",
      /already exists/,
    ],
    [
      "without a name",
      () => create(""),
      "InvalidParameterException",
      /groupName/,
    ],
    [
      "with a blank in its name",
      () => create("a b"),
      "InvalidParameterException",
      /groupName/,
    ],
    [
      "below zero",
      () => create("x", -1),
      "InvalidParameterException",
      /precedence/,
    ],
    [
      "with a role that is none",
      () => create("x", 1, "not a role but long enough"),
      "InvalidParameterException",
      /roleArn/,
    ],
    [
      "read that there is none of",
      () => admin.send(new GetGroupCommand({ UserPoolId, GroupName: "x" })),
      "ResourceNotFoundException",
      /^Group not found\.$/,
    ],
    [
      "joined that there is none of",
      () => add("ada", "x"),
      "ResourceNotFoundException",
      /Group/,
    ],
    [
      "joined by nobody",
      () => add("nobody", "staff"),
      "UserNotFoundException",
      /User/,
    ],
  ] as const)
    it(`is not ${what}`, async () => {
      await throwsName(call(), exception, words);
    });
  it("takes no guest in", async () => {
    const guest = await newGuest(suite);
    await throwsName(
      add(guest.username, "staff"),
      "InvalidParameterException",
      /guest/,
    );
  });
});

describe("tokens", () => {
  it("say nothing of who is in none", async () => {
    assert.deepEqual(await claims("ada"), {
      groups: undefined,
      roles: undefined,
      preferred: undefined,
    });
  });
  it("say the groups, and the role that takes precedence", async () => {
    await create("chess", 1, role("chess"));
    await create("late");
    for (const group of ["late", "staff", "chess"]) await add("ada", group);
    await add("ada", "chess"); // once more changes nothing
    assert.deepEqual(await claims("ada"), {
      groups: ["chess", "staff", "late"],
      roles: [role("chess"), role("staff")],
      preferred: role("chess"),
    });
    assert.deepEqual(await groupsOf("ada"), ["chess", "staff", "late"]);
  });
  it("follow a change of the group", async () => {
    await admin.send(
      new UpdateGroupCommand({
        UserPoolId,
        GroupName: "chess",
        Precedence: 5,
        RoleArn: role("other"),
      }),
    );
    assert.deepEqual(await claims("ada"), {
      groups: ["chess", "staff", "late"],
      roles: [role("other"), role("staff")],
      preferred: undefined, // two of the same precedence
    });
  });
  it("say nothing more of a group that was left, or is gone", async () => {
    await admin.send(
      new AdminRemoveUserFromGroupCommand({
        UserPoolId,
        Username: "ada",
        GroupName: "staff",
      }),
    );
    await admin.send(new DeleteGroupCommand({ UserPoolId, GroupName: "late" }));
    assert.deepEqual((await claims("ada")).groups, ["chess"]);
    await create("late");
    assert.deepEqual(await usersIn("late"), []);
    assert.deepEqual((await claims("ada")).groups, ["chess"]);
  });
});

describe("members", () => {
  it("are listed, in pages", async () => {
    await create("all");
    for (const name of ["cat", "ada", "bob"]) await add(name, "all");
    assert.deepEqual(await usersIn("all"), ["ada", "bob", "cat"]);
    const first = await admin.send(
      new ListUsersInGroupCommand({ UserPoolId, GroupName: "all", Limit: 2 }),
    );
    const second = await admin.send(
      new ListUsersInGroupCommand({
        UserPoolId,
        GroupName: "all",
        Limit: 2,
        NextToken: first.NextToken,
      }),
    );
    assert.deepEqual(
      [...(first.Users ?? []), ...(second.Users ?? [])].map((u) => u.Username),
      ["ada", "bob", "cat"],
    );
    assert.equal(second.NextToken, undefined);
  });
  it("are none any more when their account is gone, and made again", async () => {
    await admin.send(
      new AdminDeleteUserCommand({ UserPoolId, Username: "bob" }),
    );
    assert.deepEqual(await usersIn("all"), ["ada", "cat"]);
    await signUp(suite, "bob");
    assert.deepEqual(await groupsOf("bob"), []);
  });
  it("leave a group of many when it goes", async () => {
    await create("crowd");
    for (let i = 0; i < 30; i++) {
      await signUp(suite, `one-${i}`);
      await add(`one-${i}`, "crowd");
    }
    await admin.send(
      new DeleteGroupCommand({ UserPoolId, GroupName: "crowd" }),
    );
    assert.deepEqual(await groupsOf("one-0"), []);
    assert.deepEqual(await groupsOf("one-29"), []);
    await throwsName(
      admin.send(
        new ListUsersInGroupCommand({ UserPoolId, GroupName: "crowd" }),
      ),
      "ResourceNotFoundException",
    );
  });
});

describe("ListGroups", () => {
  it("lists them in pages", async () => {
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await admin.send(
        new ListGroupsCommand({ UserPoolId, Limit: 2, NextToken }),
      );
      names.push(...(page.Groups?.map(({ GroupName }) => GroupName) ?? []));
      ({ NextToken } = page);
    } while (NextToken);
    assert.deepEqual(names, ["all", "chess", "late", "staff"]);
  });
  it("refuses a limit and a token that are none", async () => {
    const list = (more: object) =>
      admin.send(new ListGroupsCommand({ UserPoolId, ...more }));
    await throwsName(list({ Limit: 61 }), "InvalidParameterException", /limit/);
    await throwsName(
      list({ NextToken: "*" }),
      "InvalidParameterException",
      /token/,
    );
  });
});
