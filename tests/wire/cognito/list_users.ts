// ListUsers: the filter's grammar, pages, and what is said of each.
import {
  AdminDisableUserCommand,
  AdminCreateUserCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import {
  administrator,
  startCognito,
  throwsName,
} from "../../harness/cognito.ts";
import { newGuest } from "../../harness/users.ts";

const { suite } = await startCognito();
const UserPoolId = suite.userPoolId;
const admin = administrator(suite);
const subs = new Map<string, string | undefined>();

const list = (more: Partial<ListUsersCommandInput> = {}) =>
  admin.send(new ListUsersCommand({ UserPoolId, ...more }));
const found = async (Filter: string) =>
  ((await list({ Filter })).Users ?? []).map(({ Username }) => Username).sort();

before(async () => {
  for (const [Username, name] of [
    ["ada", "Ada Lovelace"],
    ["Adam", 'Adam "the first"'],
    ["bob", "Bob"],
  ] as const) {
    const { User } = await admin.send(
      new AdminCreateUserCommand({
        UserPoolId,
        Username,
        MessageAction: "SUPPRESS",
        UserAttributes: [
          { Name: "email", Value: `${Username.toLowerCase()}@example.test` },
          { Name: "name", Value: name },
        ],
      }),
    );
    subs.set(
      Username,
      User?.Attributes?.find(({ Name }) => Name === "sub")?.Value,
    );
  }
  await admin.send(
    new AdminDisableUserCommand({ UserPoolId, Username: "bob" }),
  );
});

describe("a filter finds", () => {
  for (const [filter, names] of [
    ["", ["Adam", "ada", "bob"]],
    ['username = "ada"', ["ada"]],
    ['username = "ADAM"', ["Adam"]],
    ['username ^= "ad"', ["Adam", "ada"]],
    ['username = "nobody"', []],
    ['email = "bob@example.test"', ["bob"]],
    ['email ^= "ada"', ["Adam", "ada"]],
    ['  name  ^=  "Ada Love" ', ["ada"]],
    ['name="Adam \\"the first\\""', ["Adam"]],
    ['status = "Disabled"', ["bob"]],
    ['status = "Enabled"', ["Adam", "ada"]],
    ['status = "disabled"', []],
    ['cognito:user_status = "FORCE_CHANGE_PASSWORD"', ["Adam", "ada", "bob"]],
    ['cognito:user_status ^= "CONF"', []],
    ['phone_number ^= "+1"', []],
  ] as const)
    it(`by '${filter}'`, async () => {
      assert.deepEqual(await found(filter), names);
    });
  it("by sub", async () => {
    assert.deepEqual(await found(`sub = "${subs.get("bob")}"`), ["bob"]);
  });
  for (const [filter, words] of [
    ["ada", /^Error while parsing filter\.$/],
    ["username = ada", /parsing/],
    ['username = "ada', /parsing/],
    ['username == "ada"', /parsing/],
    ['username = "a" or name = "b"', /parsing/],
    ['locale = "en"', /^Invalid search attribute: locale$/],
    [`name = "${"x".repeat(256)}"`, /filter/],
  ] as const)
    it(`nothing by '${filter.slice(0, 40)}'`, async () => {
      await throwsName(found(filter), "InvalidParameterException", words);
    });
});

describe("a page", () => {
  it("goes on where the last one ended", async () => {
    const names: (string | undefined)[] = [];
    let PaginationToken: string | undefined;
    do {
      const page = await list({ Limit: 1, PaginationToken });
      assert.ok((page.Users ?? []).length <= 1);
      names.push(...(page.Users?.map(({ Username }) => Username) ?? []));
      ({ PaginationToken } = page);
    } while (PaginationToken);
    assert.deepEqual(names.sort(), ["Adam", "ada", "bob"]);
  });
  it("says what is asked for", async () => {
    const { Users } = await list({
      Filter: 'username = "ada"',
      AttributesToGet: ["email"],
    });
    assert.deepEqual(Users?.[0]?.Attributes, [
      { Name: "email", Value: "ada@example.test" },
    ]);
    assert.equal(Users[0]?.UserStatus, "FORCE_CHANGE_PASSWORD");
    assert.equal(Users[0].Enabled, true);
    await throwsName(
      list({ AttributesToGet: ["shoe"] }),
      "InvalidParameterException",
      /^One or more requested attributes do not exist\.$/,
    );
  });
  it("has at most sixty", async () => {
    await throwsName(list({ Limit: 61 }), "InvalidParameterException", /60/);
    await throwsName(
      list({ PaginationToken: "*" }),
      "InvalidParameterException",
      /token/,
    );
  });
  it("has guests, too", async () => {
    const { username } = await newGuest(suite);
    assert.deepEqual(await found('cognito:user_status = "GUEST"'), [username]);
  });
});
