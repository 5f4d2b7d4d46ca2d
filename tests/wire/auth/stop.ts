// SIGTERM ends parlor-auth well, whatever it is at.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startSuite } from "../../harness/suite.ts";
import { auth, password } from "../../harness/users.ts";

const suite = await startSuite(["kv"]);
after(() => suite.stop());

async function endsWell(): Promise<void> {
  const program = suite.programs.get("auth");
  assert.equal(await program?.end(), 0, program?.log());
}

describe("SIGTERM", () => {
  it("comes while the pool's first key is drawn", async () => {
    for (let later = 0; later < 50; later += 5) {
      await suite.start("auth", {}, "healthz");
      await sleep(later);
      await endsWell();
    }
  });

  it("comes while passwords are hashed for clients that have gone", async () => {
    for (let later = 0; later < 50; later += 10) {
      const leaving = new AbortController();
      await suite.start("auth");
      const asked = Array.from({ length: 8 }, (_, i) =>
        auth(suite)
          .signUp(
            {
              clientId: suite.clientId,
              username: `user-${later}-${i}`,
              password,
              userAttributes: [{ name: "email", value: "new@example.test" }],
            },
            { signal: leaving.signal },
          )
          .catch(() => undefined),
      );
      await sleep(later);
      leaving.abort();
      await Promise.all(asked);
      await endsWell();
    }
  });
});
