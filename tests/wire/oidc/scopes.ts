// What an access token opens: Cognito's own operations only with their scope.
import {
  AssociateSoftwareTokenCommand,
  ChangePasswordCommand,
  DeleteUserAttributesCommand,
  DeleteUserCommand,
  GetUserAttributeVerificationCodeCommand,
  GetUserCommand,
  GlobalSignOutCommand,
  SetUserMFAPreferenceCommand,
  UpdateUserAttributesCommand,
  VerifySoftwareTokenCommand,
  VerifyUserAttributeCommand,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import * as oidc from "openid-client";
import { cognito, throwsName } from "../../harness/cognito.ts";
import {
  begin,
  discover,
  newBrowser,
  signInAt,
  startOidc,
} from "../../harness/oidc.ts";
import { password, signUp } from "../../harness/users.ts";

const suite = await startOidc();
const client = cognito(suite);
const sub = await signUp(suite, "ada");
const config = await discover(suite);

async function tokenFor(scope: string): Promise<string> {
  const asked = await begin(config, { scope });
  const location = await signInAt(newBrowser(suite), asked.url, "ada");
  return (await asked.redeem(location)).access_token;
}

describe("a token without aws.cognito.signin.user.admin", async () => {
  const AccessToken = await tokenFor("openid email profile");
  const calls = {
    GetUser: () => client.send(new GetUserCommand({ AccessToken })),
    UpdateUserAttributes: () =>
      client.send(
        new UpdateUserAttributesCommand({
          AccessToken,
          UserAttributes: [{ Name: "name", Value: "A" }],
        }),
      ),
    DeleteUserAttributes: () =>
      client.send(
        new DeleteUserAttributesCommand({
          AccessToken,
          UserAttributeNames: ["name"],
        }),
      ),
    GetUserAttributeVerificationCode: () =>
      client.send(
        new GetUserAttributeVerificationCodeCommand({
          AccessToken,
          AttributeName: "email",
        }),
      ),
    VerifyUserAttribute: () =>
      client.send(
        new VerifyUserAttributeCommand({
          AccessToken,
          AttributeName: "email",
          Code: "123456",
        }),
      ),
    ChangePassword: () =>
      client.send(
        new ChangePasswordCommand({
          AccessToken,
          PreviousPassword: password,
          ProposedPassword: "Better-horse-8",
        }),
      ),
    AssociateSoftwareToken: () =>
      client.send(new AssociateSoftwareTokenCommand({ AccessToken })),
    VerifySoftwareToken: () =>
      client.send(
        new VerifySoftwareTokenCommand({ AccessToken, UserCode: "123456" }),
      ),
    SetUserMFAPreference: () =>
      client.send(new SetUserMFAPreferenceCommand({ AccessToken })),
    GlobalSignOut: () => client.send(new GlobalSignOutCommand({ AccessToken })),
    DeleteUser: () => client.send(new DeleteUserCommand({ AccessToken })),
  };
  for (const [name, call] of Object.entries(calls))
    it(`can't ${name}`, async () => {
      await throwsName(
        call(),
        "NotAuthorizedException",
        /^Access Token does not have required scopes$/,
      );
    });
  it("tells its app of the user still", async () => {
    const info = await oidc.fetchUserInfo(config, AccessToken, sub);
    assert.equal(info.email, "ada@example.test");
  });
});
