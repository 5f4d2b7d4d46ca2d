// The pool as AWS's own clients have it: nothing but an endpoint.
import {
  CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
  type CognitoIdentityProviderClientConfig,
} from "@aws-sdk/client-cognito-identity-provider";
import assert from "node:assert/strict";
import { after } from "node:test";
import { startSuite, type Suite } from "./suite.ts";

/** AWS's client; user operations are not signed, so it has no keys. */
export function cognito(
  suite: Suite,
  more: CognitoIdentityProviderClientConfig = {},
) {
  const client = new CognitoIdentityProviderClient({
    endpoint: suite.url.auth,
    region: suite.region,
    maxAttempts: 1, // it takes LimitExceededException for something to repeat
    ...more,
  });
  after(() => client.destroy());
  return client;
}

/** The same with an access key, the suite's administrator's unless told. */
export const administrator = (suite: Suite, credentials = suite.admin) =>
  cognito(suite, { credentials });

/** The store and the pool, and a client of it. */
export async function startCognito(env: NodeJS.ProcessEnv = {}) {
  const suite = await startSuite(["kv", "auth"], env);
  after(() => suite.stop());
  return { suite, client: cognito(suite), ClientId: suite.clientId };
}

/** Must fail with the exception of this name, and words that match. */
export async function throwsName(
  call: Promise<unknown>,
  name: string,
  words: RegExp = /./,
): Promise<CognitoIdentityProviderServiceException> {
  try {
    await call;
  } catch (error) {
    assert.ok(
      error instanceof CognitoIdentityProviderServiceException,
      String(error),
    );
    assert.equal(error.name, name, error.message);
    assert.match(error.message, words);
    return error;
  }
  return assert.fail("it was not refused");
}
