// Pools beside the settings' own, and their clients, made by the administrator.
import {
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
  type CognitoIdentityProviderClient,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { administrator } from "./cognito.ts";
import type { Suite } from "./suite.ts";
import { password } from "./users.ts";

/** Its id. */
export async function newPool(
  suite: Suite,
  more: Partial<CreateUserPoolCommandInput>,
): Promise<string> {
  const { UserPool } = await administrator(suite).send(
    new CreateUserPoolCommand({ PoolName: "club", ...more }),
  );
  assert.ok(UserPool?.Id);
  return UserPool.Id;
}

export async function newClient(
  suite: Suite,
  UserPoolId: string,
  more: Partial<CreateUserPoolClientCommandInput> = {},
) {
  const { UserPoolClient } = await administrator(suite).send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: "app",
      ExplicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_USER_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
      ...more,
    }),
  );
  assert.ok(UserPoolClient?.ClientId);
  return { ...UserPoolClient, ClientId: UserPoolClient.ClientId };
}

/** The tests' password, for good; it confirms the account. */
export const setPassword = (
  suite: Suite,
  UserPoolId: string,
  Username: string,
) =>
  administrator(suite).send(
    new AdminSetUserPasswordCommand({
      UserPoolId,
      Username,
      Password: password,
      Permanent: true,
    }),
  );

export async function signIn(
  by: CognitoIdentityProviderClient,
  ClientId: string,
  USERNAME: string,
) {
  const { AuthenticationResult } = await by.send(
    new InitiateAuthCommand({
      ClientId,
      AuthFlow: "USER_PASSWORD_AUTH",
      AuthParameters: { USERNAME, PASSWORD: password },
    }),
  );
  assert.ok(AuthenticationResult);
  const { AccessToken = "", IdToken = "" } = AuthenticationResult;
  return { AccessToken, IdToken };
}
