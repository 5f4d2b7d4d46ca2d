// A pool beside the settings' own, which administrators have made.
import { UserPool } from "../gen/parlor/auth/v1/user_pool_pb.js";
import { signingFetch } from "./sigv4.ts";
import { client, type Suite } from "./suite.ts";

/** The pools on their Connect door, as their administrator has them. */
export const poolAdmin = (suite: Suite, url = suite.url.auth) =>
  client(UserPool, url, undefined, {
    fetch: signingFetch(suite.admin, suite.region, "cognito-idp"),
  });

/** The suite as those have it whose pool that is, with a client of its own. */
export async function anotherPool(
  suite: Suite,
  poolName = "another",
): Promise<Suite> {
  const admin = poolAdmin(suite);
  const { userPool } = await admin.createUserPool({
    poolName,
    autoVerifiedAttributes: ["email"],
  });
  const userPoolId = userPool?.id ?? "";
  const { userPoolClient } = await admin.createUserPoolClient({
    userPoolId,
    clientName: "app",
    explicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
  });
  return { ...suite, userPoolId, clientId: userPoolClient?.clientId ?? "" };
}
