// UpdateUserAttributes, DeleteUserAttributes and the code to a new address.
import {
  DeleteUserAttributesCommand,
  ForgotPasswordCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startCognito, throwsName } from "../../harness/cognito.ts";
import { readJwt } from "../../harness/tokens.ts";
import {
  mailedCode,
  newGuest,
  refresh,
  signIn,
  signUp,
} from "../../harness/users.ts";

const { suite, client, ClientId } = await startCognito();
await signUp(suite, "ada");
const { accessToken: AccessToken, refreshToken } = await signIn(suite, "ada");

const said = async () =>
  Object.fromEntries(
    (
      await client.send(new GetUserCommand({ AccessToken }))
    ).UserAttributes?.map(({ Name, Value }) => [Name, Value]) ?? [],
  );
const update = (rows: Record<string, string>, token = AccessToken) =>
  client.send(
    new UpdateUserAttributesCommand({
      AccessToken: token,
      UserAttributes: Object.entries(rows).map(([Name, Value]) => ({
        Name,
        Value,
      })),
    }),
  );
const remove = (...UserAttributeNames: string[]) =>
  client.send(
    new DeleteUserAttributesCommand({ AccessToken, UserAttributeNames }),
  );
const verify = (Code: string) =>
  client.send(
    new VerifyUserAttributeCommand({
      AccessToken,
      AttributeName: "email",
      Code,
    }),
  );

describe("UpdateUserAttributes", () => {
  it("says it from now on, in new tokens too", async () => {
    const { CodeDeliveryDetailsList } = await update({
      name: "Ada Lovelace",
      nickname: "countess",
    });
    assert.deepEqual(CodeDeliveryDetailsList ?? [], []);
    const { name, nickname, email_verified } = await said();
    assert.deepEqual(
      [name, nickname, email_verified],
      ["Ada Lovelace", "countess", "true"],
    );
    const { idToken } = await refresh(suite, refreshToken);
    assert.equal(readJwt(idToken).claims["nickname"], "countess");
  });
  it("forgets what has no value, as DeleteUserAttributes does", async () => {
    await update({ name: "" });
    await remove("nickname");
    const { name, nickname } = await said();
    assert.deepEqual([name, nickname], [undefined, undefined]);
  });
  it("mails a code to a new address, which counts when it comes back", async () => {
    const { CodeDeliveryDetailsList } = await update({
      email: "ada@new.test",
    });
    assert.deepEqual(CodeDeliveryDetailsList, [
      {
        AttributeName: "email",
        DeliveryMedium: "EMAIL",
        Destination: "a***@n***",
      },
    ]);
    assert.equal((await said())["email_verified"], "false");
    const before = (await readdir(join(suite.data, "mail"))).length;
    await client.send(new ForgotPasswordCommand({ ClientId, Username: "ada" }));
    assert.equal((await readdir(join(suite.data, "mail"))).length, before);
    const code = await mailedCode(suite, "ada@new.test");
    await throwsName(verify("1234567"), "CodeMismatchException");
    await verify(code);
    assert.equal((await said())["email_verified"], "true");
    await throwsName(verify(code), "ExpiredCodeException");
  });
  it("takes no code that went to another address", async () => {
    await update({ email: "one@new.test" });
    const code = await mailedCode(suite, "one@new.test");
    await update({ email: "two@new.test" });
    await throwsName(verify(code), "CodeMismatchException");
    const { CodeDeliveryDetails } = await client.send(
      new GetUserAttributeVerificationCodeCommand({
        AccessToken,
        AttributeName: "email",
      }),
    );
    assert.equal(CodeDeliveryDetails?.Destination, "t***@n***");
    await verify(await mailedCode(suite, "two@new.test"));
  });
  for (const [what, call, exception, words] of [
    [
      "a sub",
      () => update({ sub: "x" }),
      "NotAuthorizedException",
      /^A client attempted to write unauthorized attribute$/,
    ],
    [
      "a verified address by word",
      () => update({ email_verified: "true" }),
      "NotAuthorizedException",
      /unauthorized/,
    ],
    [
      "what the pool does not know",
      () => update({ shoe: "43" }),
      "InvalidParameterException",
      /schema: shoe/,
    ],
    [
      "no address",
      () => update({ email: "x" }),
      "InvalidParameterException",
      /email/,
    ],
    [
      "to be without an address",
      () => remove("email"),
      "InvalidParameterException",
      /email: The attribute is required/,
    ],
    [
      "a bad token",
      () => update({ name: "x" }, "x"),
      "NotAuthorizedException",
      /Invalid Access Token/,
    ],
  ] as const)
    it(`refuses ${what}`, async () => {
      await throwsName(call(), exception, words);
    });
  it("refuses a guest", async () => {
    const guest = await newGuest(suite);
    await throwsName(
      update({ name: "x" }, guest.accessToken),
      "InvalidParameterException",
      /sign up first/,
    );
  });
});
