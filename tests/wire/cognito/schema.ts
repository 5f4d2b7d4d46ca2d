// What may be said of a pool's users: standard attributes and a pool's own, and
// which of them a client reads and writes.
import {
  AddCustomAttributesCommand,
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  DescribeUserPoolCommand,
  DeleteUserAttributesCommand,
  GetUserCommand,
  ListUsersCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
  type AttributeType,
  type SchemaAttributeType,
} from "@aws-sdk/client-cognito-identity-provider";
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
import { password } from "../../harness/users.ts";

const { suite, client } = await startCognito();
const admin = administrator(suite);

const rows = (said: Record<string, string>): AttributeType[] =>
  Object.entries(said).map(([Name, Value]) => ({ Name, Value }));
const plain = (said: AttributeType[] = []) =>
  Object.fromEntries(said.map(({ Name, Value }) => [Name, Value]));
const schemaOf = async (UserPoolId: string) => {
  const { UserPool } = await admin.send(
    new DescribeUserPoolCommand({ UserPoolId }),
  );
  return new Map(UserPool?.SchemaAttributes?.map((a) => [a.Name, a]));
};
const add = (UserPoolId: string, ...CustomAttributes: SchemaAttributeType[]) =>
  admin.send(new AddCustomAttributesCommand({ UserPoolId, CustomAttributes }));
const create = (
  UserPoolId: string,
  Username: string,
  said: Record<string, string>,
) =>
  admin.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username,
      MessageAction: "SUPPRESS",
      UserAttributes: rows(said),
    }),
  );
const change = (
  UserPoolId: string,
  Username: string,
  said: Record<string, string>,
) =>
  admin.send(
    new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username,
      UserAttributes: rows(said),
    }),
  );
const signUp = (
  ClientId: string,
  Username: string,
  said: Record<string, string>,
) =>
  client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: password,
      UserAttributes: rows(said),
    }),
  );

const Schema: SchemaAttributeType[] = [
  { Name: "email", Required: true },
  { Name: "family_name", Required: true, Mutable: false },
  {
    Name: "team",
    AttributeDataType: "String",
    StringAttributeConstraints: { MinLength: "2", MaxLength: "4" },
  },
  {
    Name: "shoe",
    AttributeDataType: "Number",
    NumberAttributeConstraints: { MinValue: "16", MaxValue: "50" },
  },
  { Name: "side", AttributeDataType: "Boolean", Mutable: false },
  { Name: "since", AttributeDataType: "DateTime" },
  { Name: "rank", AttributeDataType: "String", DeveloperOnlyAttribute: true },
];
const good = { email: "a@a.test", family_name: "A" };

describe("a schema", async () => {
  const UserPoolId = await newPool(suite, { Schema });

  it("is told with the standard attributes", async () => {
    const told = await schemaOf(UserPoolId);
    assert.equal(told.size, 20 + 5);
    assert.deepEqual(told.get("sub"), {
      Name: "sub",
      AttributeDataType: "String",
      DeveloperOnlyAttribute: false,
      Mutable: false,
      Required: true,
      StringAttributeConstraints: { MinLength: "1", MaxLength: "2048" },
    });
    assert.deepEqual(told.get("birthdate")?.StringAttributeConstraints, {
      MinLength: "10",
      MaxLength: "10",
    });
    assert.equal(told.get("email")?.Required, true);
    assert.equal(told.get("email")?.Mutable, true);
    assert.equal(told.get("family_name")?.Mutable, false);
    assert.deepEqual(told.get("custom:shoe"), {
      Name: "custom:shoe",
      AttributeDataType: "Number",
      DeveloperOnlyAttribute: false,
      Mutable: true,
      Required: false,
      NumberAttributeConstraints: { MinValue: "16", MaxValue: "50" },
    });
    assert.equal(told.get("dev:rank")?.DeveloperOnlyAttribute, true);
    assert.equal(told.get("email_verified")?.AttributeDataType, "Boolean");
  });

  it("grows, and says why not", async () => {
    const pool = await newPool(suite, {});
    await add(pool, { Name: "a", AttributeDataType: "String" });
    assert.equal((await schemaOf(pool)).get("custom:a")?.Mutable, true);
    for (const [attribute, words] of [
      [
        { Name: "a", AttributeDataType: "String" },
        /^custom:a: Existing attribute already has name custom:a\.$/,
      ],
      [{ Name: "b" }, /^Invalid AttributeDataType input/],
      [
        { Name: "b", AttributeDataType: "String", Required: true },
        /^Required custom attributes are not supported currently\.$/,
      ],
      [{ Name: "b".repeat(21), AttributeDataType: "String" }, /member\.name/],
      [{ Name: "", AttributeDataType: "String" }, /member\.name/],
      [
        {
          Name: "b",
          AttributeDataType: "String",
          StringAttributeConstraints: { MaxLength: "9999" },
        },
        /2048/,
      ],
    ] as [SchemaAttributeType, RegExp][])
      await throwsName(
        add(pool, attribute),
        "InvalidParameterException",
        words,
      );
    await throwsName(
      newPool(suite, {
        Schema: [{ Name: "email", AttributeDataType: "Number" }],
      }),
      "InvalidParameterException",
      /^You can not change AttributeDataType/,
    );
    await throwsName(
      add(suite.userPoolId, { Name: "a", AttributeDataType: "String" }),
      "InvalidParameterException",
      /parlor\.yaml/,
    );
    await assert.rejects(
      client.send(
        new AddCustomAttributesCommand({
          UserPoolId: pool,
          CustomAttributes: [{ Name: "b", AttributeDataType: "String" }],
        }),
      ),
    );
    const many = (from: number) =>
      Array.from({ length: 25 }, (_, i) => ({
        Name: `x${from + i}`,
        AttributeDataType: "String" as const,
      }));
    await add(pool, ...many(0));
    await throwsName(
      add(pool, ...many(25)),
      "InvalidParameterException",
      /more than 50 custom/,
    );
    await add(pool, ...many(25).slice(1));
  });

  it("holds for whoever makes an account", async () => {
    const { ClientId } = await newClient(suite, UserPoolId);
    for (const [said, words] of [
      [
        {},
        /schema: email: The attribute is required\nfamily_name: The attribute is required\n$/,
      ],
      [{ ...good, shoe: "43" }, /shoe: Attribute does not exist in the schema/],
      [{ ...good, phone_number: "030" }, /^Invalid phone number format\.$/],
      [{ ...good, birthdate: "today" }, /birthdate/],
      [{ ...good, given_name: "x".repeat(2049) }, /2048/],
    ] as [Record<string, string>, RegExp][])
      await throwsName(
        signUp(ClientId, "ann", said),
        "InvalidParameterException",
        words,
      );
    for (const [name, value] of [
      ["custom:team", "x"],
      ["custom:team", "xxxxx"],
      ["custom:shoe", "15"],
      ["custom:shoe", "51"],
      ["custom:shoe", "big"],
      ["custom:side", "maybe"],
      ["custom:since", "long ago"],
    ] as const)
      await throwsName(
        create(UserPoolId, "ann", { ...good, [name]: value }),
        "InvalidParameterException",
        new RegExp(`^Attributes did not conform to the schema: ${name}: `),
      );
  });

  it("is what an administrator says, and reads", async () => {
    const said = {
      ...good,
      "custom:team": "red",
      "custom:shoe": "43",
      "custom:side": "true",
      "custom:since": "2026-11-26",
      "dev:rank": "boss",
      phone_number: "+493012345",
      phone_number_verified: "true",
    };
    await create(UserPoolId, "bob", said);
    const { UserAttributes } = await admin.send(
      new AdminGetUserCommand({ UserPoolId, Username: "bob" }),
    );
    const { sub, ...told } = plain(UserAttributes);
    assert.ok(sub);
    assert.deepEqual(told, { ...said, email_verified: "false" });
    for (const name of ["custom:side", "family_name"])
      await throwsName(
        change(UserPoolId, "bob", { [name]: "false" }),
        "InvalidParameterException",
        new RegExp(`^user\\.${name}: Attribute cannot be updated\\.\\n$`),
      );
    await change(UserPoolId, "bob", { "custom:team": "", "custom:shoe": "44" });
    const { Users } = await admin.send(
      new ListUsersCommand({
        UserPoolId,
        Filter: 'phone_number ^= "+4930"',
        AttributesToGet: ["custom:team", "custom:shoe"],
      }),
    );
    assert.deepEqual(plain(Users?.[0]?.Attributes), { "custom:shoe": "44" });
  });
});

describe("a client", async () => {
  const UserPoolId = await newPool(suite, { Schema });
  const said = {
    ...good,
    nickname: "N",
    "custom:team": "red",
    "dev:rank": "boss",
  };
  const readers = async (
    more: Parameters<typeof newClient>[2],
    username: string,
  ) => {
    const { ClientId } = await newClient(suite, UserPoolId, more);
    await create(UserPoolId, username, said);
    await setPassword(suite, UserPoolId, username);
    const { AccessToken, IdToken } = await signIn(client, ClientId, username);
    const { UserAttributes } = await client.send(
      new GetUserCommand({ AccessToken }),
    );
    return { AccessToken, told: plain(UserAttributes), ...readJwt(IdToken) };
  };
  const update = (AccessToken: string, what: Record<string, string>) =>
    client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: rows(what),
      }),
    );

  it("reads and writes what is standard, unless told", async () => {
    const { AccessToken, told, claims } = await readers({}, "cid");
    const { sub, ...rest } = told;
    assert.ok(sub);
    assert.deepEqual(rest, { ...good, nickname: "N", email_verified: "false" });
    assert.equal(claims["nickname"], "N");
    assert.equal(claims["custom:team"], undefined);
    await update(AccessToken, { nickname: "M" });
    for (const name of ["custom:team", "dev:rank", "email_verified"])
      await throwsName(
        update(AccessToken, { [name]: "true" }),
        "NotAuthorizedException",
        /^A client attempted to write unauthorized attribute$/,
      );
  });

  it("reads and writes no more than it is told", async () => {
    const { AccessToken, told, claims } = await readers(
      {
        ReadAttributes: ["custom:team", "dev:rank", "nickname"],
        WriteAttributes: ["email", "family_name", "custom:team"],
      },
      "dee",
    );
    assert.deepEqual(Object.keys(told).sort(), [
      "custom:team",
      "dev:rank",
      "nickname",
      "sub",
    ]);
    assert.equal(claims["custom:team"], "red");
    assert.equal(claims["email"], undefined);
    assert.equal(claims["email_verified"], undefined);
    await update(AccessToken, { "custom:team": "blue" });
    for (const call of [
      () => update(AccessToken, { nickname: "M" }),
      () =>
        client.send(
          new DeleteUserAttributesCommand({
            AccessToken,
            UserAttributeNames: ["nickname"],
          }),
        ),
    ])
      await throwsName(call(), "NotAuthorizedException", /unauthorized/);
    const { ClientId } = await newClient(suite, UserPoolId, {
      WriteAttributes: ["email", "family_name"],
    });
    await throwsName(
      signUp(ClientId, "eve", { ...good, nickname: "E" }),
      "NotAuthorizedException",
      /unauthorized/,
    );
  });

  it("is of the pool's attributes", async () => {
    for (const [more, words] of [
      [
        { ReadAttributes: ["shoe"] },
        /^Invalid read attributes specified while creating a client$/,
      ],
      [
        { WriteAttributes: ["email"] },
        /^Invalid write attributes specified while creating a client$/,
      ],
      [{ WriteAttributes: ["email", "family_name", "dev:rank"] }, /write/],
      [{ WriteAttributes: ["email", "family_name", "sub"] }, /write/],
    ] as [Parameters<typeof newClient>[2], RegExp][])
      await throwsName(
        newClient(suite, UserPoolId, more),
        "InvalidParameterException",
        words,
      );
  });
});

describe("fifty attributes of 2,048 characters", async () => {
  const names = Array.from({ length: 50 }, (_, i) => `x${i}`);
  const custom = names.map((name) => `custom:${name}`);
  const all = (character: string) =>
    Object.fromEntries(custom.map((name) => [name, character.repeat(2048)]));
  const UserPoolId = await newPool(suite, {
    Schema: names.map((Name) => ({ Name, AttributeDataType: "String" })),
  });
  const { ClientId } = await newClient(suite, UserPoolId, {
    ReadAttributes: custom,
    WriteAttributes: custom,
  });

  it("stand in the store, in answers and in the ID token", async () => {
    const { sub, ...told } = plain(
      (await create(UserPoolId, "fay", all("\u00e9"))).User?.Attributes,
    );
    assert.ok(sub);
    assert.deepEqual(told, { ...all("\u00e9") });
    await setPassword(suite, UserPoolId, "fay");
    const { AccessToken, IdToken } = await signIn(client, ClientId, "fay");
    const { claims } = readJwt(IdToken);
    for (const name of custom) assert.equal(claims[name], told[name]);
    await client.send(
      new UpdateUserAttributesCommand({
        AccessToken,
        UserAttributes: rows({ "custom:x7": "\u20ac".repeat(2048) }),
      }),
    );
    const { UserAttributes } = await client.send(
      new GetUserCommand({ AccessToken }),
    );
    assert.deepEqual(plain(UserAttributes), {
      ...told,
      sub,
      "custom:x7": "\u20ac".repeat(2048),
    });
  });

  it("may be too much together", async () => {
    await throwsName(
      change(UserPoolId, "fay", all("\u{1f600}")),
      "InvalidParameterException",
      /all together have more than 393216 bytes$/,
    );
  });
});
