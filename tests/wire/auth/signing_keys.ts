// The next signing key: by command and by time, and nobody is signed out.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { UserPool } from "../../gen/parlor/auth/v1/user_pool_pb.js";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { cannotWait, later } from "../../harness/later.ts";
import { buildDir, start } from "../../harness/process.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { signingFetch } from "../../harness/sigv4.ts";
import { client, startSuite } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import { auth, newUser, refresh, signIn, signUp } from "../../harness/users.ts";

const suite = await startSuite(["kv", "auth"]);
const port = Number(new URL(suite.url.auth).port) + 100;
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

const administrator = client(UserPool, suite.url.auth, undefined, {
  fetch: signingFetch(suite.admin, suite.region, "cognito-idp"),
});
const rotate = () =>
  administrator.rotateSigningKeys({ userPoolId: suite.userPoolId });
const kid = (token: string) => readJwt(token).header["kid"];

async function published(base = suite.url.auth): Promise<unknown[]> {
  const answer = await fetch(
    `${base}/${suite.userPoolId}/.well-known/jwks.json`,
  ).catch(() => undefined);
  if (!answer?.ok) return [];
  const { keys } = (await answer.json()) as { keys: { kid: unknown }[] };
  return keys.map((key) => key.kid);
}
/** Until so many keys are published, which takes seconds at most. */
async function until(count: number, base?: string): Promise<unknown[]> {
  for (const end = Date.now() + 5000; ; await sleep(50)) {
    const ids = await published(base);
    if (ids.length === count) return ids;
    assert.ok(Date.now() < end, `${ids.length} keys and not ${count}`);
  }
}
async function restart(env: NodeJS.ProcessEnv): Promise<void> {
  for (const name of ["auth", "kv"] as const) await suite.kill(name);
  for (const name of ["kv", "auth"] as const) await suite.start(name, env);
}
/** What the store says of a player's token: whether it is a good one. */
async function isGood(token: string): Promise<boolean> {
  const { code } = await refusal(
    client(KeyValue, suite.url.kv, token).getItem({
      tableName: "game",
      key: { attributes: {} },
    }),
  );
  return code !== Code.Unauthenticated;
}

const ann = await newUser(suite, "ann");
const [first] = await until(1);
let next: unknown;

describe("RotateSigningKeys", () => {
  it("is an administrator's", async () => {
    await refuses(
      auth(suite).rotateSigningKeys({ userPoolId: suite.userPoolId }),
      "MissingAuthenticationTokenException",
    );
  });
  it("makes a key that all replicas publish within seconds", async () => {
    const made = await rotate();
    next = made.keyId;
    assert.equal(made.signingDate - made.creationDate, 600);
    assert.deepEqual(await until(2), [first, next]);
    assert.deepEqual(await until(2, `http://127.0.0.1:${port}`), [first, next]);
  });
  it("tells of the same key while that does not sign yet", async () => {
    assert.equal((await rotate()).keyId, next);
    assert.deepEqual(await published(), [first, next]);
    assert.equal(kid((await signIn(suite, "ann")).accessToken), first);
  });
  it("refuses another pool", async () => {
    await refuses(
      administrator.rotateSigningKeys({ userPoolId: "local_none" }),
      "ResourceNotFoundException",
    );
  });
});

describe("the next key", { skip: cannotWait }, () => {
  it("signs after ten minutes, beside tokens of the last one", async () => {
    await restart(later("+11m"));
    await signUp(suite, "bob");
    const bob = await signIn(suite, "bob");
    assert.equal(kid(bob.accessToken), next);
    assert.equal(kid((await refresh(suite, ann.refreshToken)).idToken), next);
    assert.equal(kid(ann.accessToken), first);
    await auth(suite).getUser({ accessToken: ann.accessToken });
    for (const { accessToken } of [ann, bob])
      for (const end = Date.now() + 5000; !(await isGood(accessToken));) {
        assert.ok(Date.now() < end, "not known to the store");
        await sleep(50);
      }
  });
  it("lets the last one go when that has signed nothing that is good", async () => {
    await restart(later("+26h"));
    assert.deepEqual(await until(1), [next]);
    await restart(later("+26h"));
    assert.deepEqual(await published(), [next]);
    assert.equal(kid((await refresh(suite, ann.refreshToken)).idToken), next);
  });
  it("comes by itself when its time has come", async () => {
    const env = { PARLOR_AUTH_SIGNING_KEY_LIFE: "2d" };
    await restart({ ...later("+47h"), ...env });
    assert.deepEqual(await published(), [next]);
    await restart({ ...later("+49h"), ...env });
    const [, third] = await until(2);
    assert.equal(kid((await refresh(suite, ann.refreshToken)).idToken), next);
    await restart({ ...later("+50h"), ...env });
    assert.deepEqual(await published(), [next, third]);
    assert.equal(kid((await refresh(suite, ann.refreshToken)).idToken), third);
  });
});
