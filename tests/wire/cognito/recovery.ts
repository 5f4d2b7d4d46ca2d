// AccountRecoverySetting: who may ask for a code for a new password.
import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  ConfirmForgotPasswordCommand,
  DescribeUserPoolCommand,
  ForgotPasswordCommand,
  UpdateUserPoolCommand,
  type RecoveryOptionType,
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
import { mailedCode, password } from "../../harness/users.ts";

const { suite, client } = await startCognito();
const admin = administrator(suite);

const saying = (...RecoveryMechanisms: RecoveryOptionType[]) => ({
  AccountRecoverySetting: { RecoveryMechanisms },
});
const by = (
  Name: RecoveryOptionType["Name"],
  Priority = 1,
): RecoveryOptionType => ({ Name, Priority });
const update = (
  UserPoolId: string,
  setting: Partial<ReturnType<typeof saying>>,
) => admin.send(new UpdateUserPoolCommand({ UserPoolId, ...setting }));
const told = async (UserPoolId: string) =>
  (await admin.send(new DescribeUserPoolCommand({ UserPoolId }))).UserPool
    ?.AccountRecoverySetting;

describe("AccountRecoverySetting", () => {
  it("is told as it was said, and not unless it was", async () => {
    const pool = await newPool(suite, {});
    assert.equal(await told(pool), undefined);
    for (const setting of [
      saying(by("verified_email")),
      saying(by("verified_phone_number", 2), by("verified_email", 1)),
      saying(by("admin_only")),
    ]) {
      await update(pool, setting);
      const want = setting.AccountRecoverySetting;
      assert.deepEqual(await told(pool), want);
      assert.deepEqual(await told(await newPool(suite, setting)), want);
    }
    await update(pool, {});
    assert.equal(await told(pool), undefined);
  });
  it("is refused where it makes no sense", async () => {
    const email = by("verified_email");
    const phone = by("verified_phone_number", 2);
    const rows: [RecoveryOptionType[], RegExp][] = [
      [[by("admin_only"), phone], /cannot use admin_only setting with any/],
      [[email, by("admin_only", 2)], /cannot use admin_only setting with any/],
      [[email, by("verified_email", 2)], /priority of its own/],
      [[email, by("verified_phone_number", 1)], /priority of its own/],
      [[phone], /no text messages/],
      [[email, phone, email], /'accountRecoverySetting.recoveryMechanisms'/],
      [[by("verified_email", 3)], /less than or equal to 2/],
      [[by("verified_email", 0)], /greater than or equal to 1/],
      [[by("luck" as "admin_only")], /\[admin_only, verified_/],
      [[by(undefined)], /'accountRecoverySetting.*1.member.name'.*not be null/],
      [[{ ...email, Priority: undefined }], /member.priority'.*not be null/],
    ];
    const pool = await newPool(suite, {});
    for (const [said, words] of rows)
      for (const call of [
        () => newPool(suite, saying(...said)),
        () => update(pool, saying(...said)),
      ])
        await throwsName(call(), "InvalidParameterException", words);
    assert.equal(await told(pool), undefined);
  });
});

describe("admin_only", async () => {
  const UserPoolId = await newPool(suite, saying(by("admin_only")));
  const legacy = (await newClient(suite, UserPoolId)).ClientId;
  const quiet = await newClient(suite, UserPoolId, {
    PreventUserExistenceErrors: "ENABLED",
  });
  const forgot = (ClientId: string, Username: string) =>
    client.send(new ForgotPasswordCommand({ ClientId, Username }));
  const address = "ada@recovery.test";
  await admin.send(
    new AdminCreateUserCommand({
      UserPoolId,
      Username: "ada",
      MessageAction: "SUPPRESS",
      UserAttributes: [
        { Name: "email", Value: address },
        { Name: "email_verified", Value: "true" },
      ],
    }),
  );
  await setPassword(suite, UserPoolId, "ada");

  it("lets nobody ask for a code, whoever it is", async () => {
    for (const ClientId of [legacy, quiet.ClientId])
      for (const name of ["ada", "nobody"])
        await throwsName(
          forgot(ClientId, name),
          "NotAuthorizedException",
          /^Contact administrator to reset password\.$/,
        );
    await signIn(client, legacy, "ada");
  });
  it("lets an administrator do so", async () => {
    await admin.send(
      new AdminResetUserPasswordCommand({ UserPoolId, Username: "ada" }),
    );
    await client.send(
      new ConfirmForgotPasswordCommand({
        ClientId: legacy,
        Username: "ada",
        ConfirmationCode: await mailedCode(suite, address),
        Password: password,
      }),
    );
    await signIn(client, legacy, "ada");
  });
  it("ends when the pool says something else", async () => {
    for (const setting of [
      {},
      saying(by("verified_phone_number"), by("verified_email", 2)),
    ]) {
      await update(UserPoolId, setting);
      const { CodeDeliveryDetails } = await forgot(legacy, "ada");
      assert.equal(CodeDeliveryDetails?.DeliveryMedium, "EMAIL");
    }
  });
});
