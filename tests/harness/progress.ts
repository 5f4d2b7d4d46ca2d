// A line for each file of tests that has ended, for who waits for all of them.
import { relative } from "node:path";
import type { TestEvent } from "node:test/reporters";
import { root } from "./process.ts";

export default async function* progress(events: AsyncIterable<TestEvent>) {
  for await (const { type, data } of events) {
    if (type !== "test:summary" || !data.file) continue;
    const { file, counts, duration_ms: took } = data;
    const failed = counts.tests - counts.passed - counts.skipped;
    yield (
      `${relative(root, file)}: ${counts.tests} tests` +
      `${failed ? `, ${failed} failed` : ""}, ${(took / 1000).toFixed(1)} s\n`
    );
  }
}
