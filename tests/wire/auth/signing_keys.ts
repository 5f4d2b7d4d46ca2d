// The next signing key: by command and by time, and nobody is signed out.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { anotherPool, poolAdmin } from "../../harness/another_pool.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { buildDir, start } from "../../harness/process.ts";
import { refusal, refuses } from "../../harness/refusal.ts";
import { client, startSuite, type Suite } from "../../harness/suite.ts";
import { readJwt } from "../../harness/tokens.ts";
import {
  auth,
  newUser,
  refresh,
  signIn,
  signUp,
  type User,
} from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

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

const administrator = poolAdmin(suite);
const kid = (token: string) => readJwt(token).header["kid"];

/** The settings' pool, and one that was made: the same story. */
const pools = [suite, await anotherPool(suite)];

const rotate = ({ userPoolId }: Suite) =>
  administrator.rotateSigningKeys({ userPoolId });

async function published(
  { userPoolId }: Suite,
  base = suite.url.auth,
): Promise<unknown[]> {
  const answer = await fetch(
    `${base}/${userPoolId}/.well-known/jwks.json`,
  ).catch(() => undefined);
  if (!answer?.ok) return [];
  const { keys } = (await answer.json()) as { keys: { kid: unknown }[] };
  return keys.map((key) => key.kid);
}
/** Once so many keys are published, which takes seconds. */
const publishes = (count: number, pool: Suite, base?: string) =>
  until(`${count} keys`, async () => {
    const ids = await published(pool, base);
    return ids.length === count && ids;
  });
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

interface Story {
  readonly pool: Suite;
  readonly ann: User;
  readonly first: unknown;
  next?: unknown;
  third?: unknown;
}
const stories: Story[] = [];
for (const pool of pools) {
  const ann = await newUser(pool, "ann");
  const [first] = await publishes(1, pool);
  stories.push({ pool, ann, first });
}
const renewed = async ({ pool, ann }: Story) =>
  kid((await refresh(pool, ann.refreshToken)).idToken);

describe("RotateSigningKeys", () => {
  it("is an administrator's", async () => {
    await refuses(
      auth(suite).rotateSigningKeys({ userPoolId: suite.userPoolId }),
      "MissingAuthenticationTokenException",
    );
  });
  it("makes a key that all replicas publish within seconds", async () => {
    for (const story of stories) {
      const { pool, first } = story;
      const made = await rotate(pool);
      const both = [first, made.keyId];
      story.next = made.keyId;
      assert.equal(made.signingDate - made.creationDate, 600);
      assert.deepEqual(await publishes(2, pool), both);
      assert.deepEqual(
        await publishes(2, pool, `http://127.0.0.1:${port}`),
        both,
      );
    }
  });
  it("tells of the same key while that does not sign yet", async () => {
    for (const { pool, first, next } of stories) {
      assert.equal((await rotate(pool)).keyId, next);
      assert.deepEqual(await published(pool), [first, next]);
      assert.equal(kid((await signIn(pool, "ann")).accessToken), first);
    }
  });
  it("refuses another pool", async () => {
    await refuses(
      rotate({ ...suite, userPoolId: "local_none" }),
      "ResourceNotFoundException",
    );
  });
});

describe("the next key", { skip: cannotWait }, () => {
  it("signs after ten minutes, beside tokens of the last one", async () => {
    await restart(later("+11m"));
    for (const story of stories) {
      const { pool, ann, first, next } = story;
      await signUp(pool, "bob");
      assert.equal(kid((await signIn(pool, "bob")).accessToken), next);
      assert.equal(await renewed(story), next);
      assert.equal(kid(ann.accessToken), first);
      await auth(pool).getUser({ accessToken: ann.accessToken });
    }
  });
  it("is known to the other daemons", async () => {
    const bob = await signIn(suite, "bob");
    const [{ ann }] = stories as [Story];
    for (const { accessToken } of [ann, bob])
      await until("known to the store", () => isGood(accessToken));
  });
  it("lets the last one go when that has signed nothing that is good", async () => {
    await restart(later("+26h"));
    for (const { pool, next } of stories)
      assert.deepEqual(await publishes(1, pool), [next]);
    await restart(later("+26h"));
    for (const story of stories) {
      assert.deepEqual(await published(story.pool), [story.next]);
      assert.equal(await renewed(story), story.next);
    }
  });
  it("comes by itself when its time has come", async () => {
    const env = { PARLOR_AUTH_SIGNING_KEY_LIFE: "2d" };
    await restart({ ...later("+47h"), ...env });
    for (const { pool, next } of stories)
      assert.deepEqual(await published(pool), [next]);
    await restart({ ...later("+49h"), ...env });
    for (const story of stories) {
      const [, third] = await publishes(2, story.pool);
      story.third = third;
      assert.equal(await renewed(story), story.next);
    }
    await restart({ ...later("+50h"), ...env });
    for (const story of stories) {
      const { pool, next, third } = story;
      assert.deepEqual(await published(pool), [next, third]);
      assert.equal(await renewed(story), third);
    }
  });
});
