// What a name that nobody has costs: the same hashes. And a client that has gone:
// none.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { refusal, type Refusal } from "../../harness/refusal.ts";
import { startSuite, type Suite } from "../../harness/suite.ts";
import { auth, password, signUp } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

async function hashes({ adminUrl }: Suite): Promise<number> {
  const text = await (await fetch(`${adminUrl.auth}/metrics`)).text();
  const found = /^parlor_auth_password_hashes_total (\d+)$/m.exec(text);
  return Number(found?.[1] ?? 0);
}

describe("a name", async () => {
  const suite = await startSuite(["kv", "auth"]);
  after(() => suite.stop());
  await signUp(suite, "ann");
  const { clientId } = suite;
  const pool = auth(suite);
  const calls: [string, number, (username: string) => Promise<unknown>][] = [
    [
      "signing in by password",
      1,
      (USERNAME) =>
        refusal(
          pool.initiateAuth({
            clientId,
            authFlow: "USER_PASSWORD_AUTH",
            authParameters: { USERNAME, PASSWORD: "Wrong-horse-7" },
          }),
        ),
    ],
    [
      "signing up",
      1,
      (username) =>
        pool
          .signUp({
            clientId,
            username,
            password,
            userAttributes: [{ name: "email", value: "new@example.test" }],
          })
          .catch(() => undefined),
    ],
    [
      "forgetting a password",
      0,
      (username) => pool.forgotPassword({ clientId, username }),
    ],
    [
      "confirming a new one",
      0,
      (username) =>
        refusal(
          pool.confirmForgotPassword({
            clientId,
            username,
            confirmationCode: "000000",
            password,
          }),
        ),
    ],
    [
      "asking for a code again",
      0,
      (username) =>
        pool
          .resendConfirmationCode({ clientId, username })
          .catch(() => undefined),
    ],
  ];

  for (const [what, cost, call] of calls)
    it(`costs the same by ${what}, whether somebody has it or not`, async () => {
      for (const name of ["ann", `nobody-${what.length}`]) {
        const before = await hashes(suite);
        await call(name);
        assert.equal((await hashes(suite)) - before, cost, name);
      }
    });
});

describe("a client that has gone", async () => {
  const suite = await startSuite(["kv", "auth"], {
    PARLOR_AUTH_HASH_THREADS: "1",
    PARLOR_AUTH_HASH_QUEUE: "4",
    PARLOR_AUTH_HASH_MEMORY: "128MB",
    PARLOR_AUTH_HASH_PASSES: "16",
  });
  after(() => suite.stop());
  const enter = (USERNAME: string, signal?: AbortSignal) =>
    auth(suite).initiateAuth(
      {
        clientId: suite.clientId,
        authFlow: "USER_PASSWORD_AUTH",
        authParameters: { USERNAME, PASSWORD: password },
      },
      { signal },
    );

  it("is forgotten before its turn comes", async () => {
    const leaving = new AbortController();
    const left: Promise<unknown>[] = [];
    const isExcess = ({ message }: Refusal) => message === "Too many requests";
    let full = false;

    // at most one is hashed, and four wait, when the next is refused
    await until("the queue is full", () => {
      const one = refusal(enter(`user-${left.length}`, leaving.signal));
      left.push(one.then((got) => (full ||= isExcess(got))));
      return full;
    });
    assert.equal(await hashes(suite), 0);
    leaving.abort();
    await Promise.all(left);
    const last = await until("there is room again", async () => {
      const got = await refusal(enter("somebody"));
      return !isExcess(got) && got;
    });
    assert.equal(last.message, "Incorrect username or password.");
    assert.ok((await hashes(suite)) <= 2);
  });
});
