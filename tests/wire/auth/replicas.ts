// Two replicas: one pool. And a pool outlives each of its daemons.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";
import { buildDir, start } from "../../harness/process.ts";
import { refuses } from "../../harness/refusal.ts";
import { client, startSuite } from "../../harness/suite.ts";
import { auth, newUser, password, signIn } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const suite = await startSuite(["kv"]);
const port = Number(new URL(suite.url.auth).port) + 100;
const url = `http://127.0.0.1:${port}`;
// both start at once, on a store without a key
const second = start(join(buildDir, "parlor-auth"), [
  "--data",
  suite.data,
  "--listen",
  `127.0.0.1:${port}`,
  "--admin-listen",
  `127.0.0.1:${port + 10}`,
]);
after(async () => {
  await second.end();
  await suite.stop();
});
await suite.start("auth");

const ready = () =>
  until(
    () => `the second is ready: ${second.log()}`,
    async () => (await fetch(`${url}/readyz`).catch(() => undefined))?.ok,
  );
await ready();

const jwks = async (base: string): Promise<string> =>
  (await fetch(`${base}/${suite.userPoolId}/.well-known/jwks.json`)).text();

describe("replicas", () => {
  it("agree on the first key", async () => {
    assert.equal(await jwks(url), await jwks(suite.url.auth));
  });

  it("serve the same users", async () => {
    const ann = await newUser(suite, "ann");
    const there = client(UserPool, url);
    await there.getUser({ accessToken: ann.accessToken });
    const { authenticationResult } = await there.initiateAuth({
      clientId: suite.clientId,
      authFlow: "USER_PASSWORD_AUTH",
      authParameters: { USERNAME: "ann", PASSWORD: password },
    });
    const accessToken = authenticationResult?.accessToken ?? "";
    await auth(suite).getUser({ accessToken });
    await auth(suite).globalSignOut({ accessToken });
    await until(
      "the other refuses",
      () =>
        there.getUser({ accessToken }).then(
          () => false,
          () => true,
        ),
      2000,
    );
    await refuses(there.getUser({ accessToken }), "NotAuthorizedException");
  });

  it("keep keys, users and sessions over a kill", async () => {
    const before = await jwks(suite.url.auth);
    const ann = await signIn(suite, "ann");
    await suite.kill("auth");
    await suite.start("auth");
    assert.equal(await jwks(suite.url.auth), before);
    await auth(suite).getUser({ accessToken: ann.accessToken });
    await signIn(suite, "ann");
  });
});
