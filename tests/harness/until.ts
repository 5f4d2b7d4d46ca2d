// Waiting for what must come.
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

/** What `ask` gives, once that is something: it is asked again and again, for a
 * minute unless told otherwise. */
export async function until<T>(
  what: string | (() => string),
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  ms = 60_000,
): Promise<T> {
  for (const end = Date.now() + ms; ; await sleep(20)) {
    const got = await ask();
    if (got !== undefined && got !== false) return got;
    if (Date.now() > end)
      assert.fail(
        `not within ${ms} ms: ${typeof what === "string" ? what : what()}`,
      );
  }
}
