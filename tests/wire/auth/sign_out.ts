// What RevokeToken and GlobalSignOut end is refused by other daemons too.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { refusal, refuses } from "../../harness/refusal.ts";
import { client, startSuite } from "../../harness/suite.ts";
import { auth, newUser, signIn } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const suite = await startSuite(["kv", "auth"]);
after(() => suite.stop());
const { clientId } = suite;
await newUser(suite, "ann");

const refresh = (token: string) =>
  auth(suite).initiateAuth({
    clientId,
    authFlow: "REFRESH_TOKEN_AUTH",
    authParameters: { REFRESH_TOKEN: token },
  });
const getUser = (accessToken: string) => auth(suite).getUser({ accessToken });

/** Does the store refuse the token itself, whatever the table? */
async function storeRefuses(accessToken: string): Promise<boolean> {
  const { code } = await refusal(
    client(KeyValue, suite.url.kv, accessToken).getItem({
      tableName: "parlor.users",
      key: {},
    }),
  );
  return code === Code.Unauthenticated;
}

const isRefusedSoon = (token: string) =>
  until("the store refuses", () => storeRefuses(token), 2000);

describe("RevokeToken", () => {
  const revoke = (token: string) =>
    auth(suite).revokeToken({ clientId, token });

  it("ends one sign-in and leaves the others", async () => {
    const [first, second] = [
      await signIn(suite, "ann"),
      await signIn(suite, "ann"),
    ];
    assert.equal(await storeRefuses(first.accessToken), false);
    await revoke(first.refreshToken);
    await refuses(
      getUser(first.accessToken),
      "NotAuthorizedException",
      /^Access Token has been revoked$/,
    );
    await refuses(
      refresh(first.refreshToken),
      "NotAuthorizedException",
      /^Refresh Token has been revoked$/,
    );
    await isRefusedSoon(first.accessToken);
    await getUser(second.accessToken);
    await refresh(second.refreshToken);
    assert.equal(await storeRefuses(second.accessToken), false);
  });
});

describe("GlobalSignOut", () => {
  it("ends all sign-ins of before, and none of after", async () => {
    const [first, second] = [
      await signIn(suite, "ann"),
      await signIn(suite, "ann"),
    ];
    await auth(suite).globalSignOut({ accessToken: first.accessToken });
    const later = await signIn(suite, "ann"); // in the same second
    for (const user of [first, second]) {
      await refuses(
        getUser(user.accessToken),
        "NotAuthorizedException",
        /^Access Token has been revoked$/,
      );
      await refuses(
        refresh(user.refreshToken),
        "NotAuthorizedException",
        /^Refresh Token has been revoked$/,
      );
      await isRefusedSoon(user.accessToken);
    }
    await getUser(later.accessToken);
    await refresh(later.refreshToken);
    assert.equal(await storeRefuses(later.accessToken), false);
  });

  it("refuses a token that was signed out", async () => {
    const { accessToken } = await signIn(suite, "ann");
    await auth(suite).globalSignOut({ accessToken });
    await refuses(
      auth(suite).globalSignOut({ accessToken }),
      "NotAuthorizedException",
      /^Access Token has been revoked$/,
    );
  });
});
