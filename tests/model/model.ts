// parlor-kv against a plain model of it: generated operations on both doors,
// with the store killed among them; what tables, indexes, streams and the
// ledger hold must be what the model says.
//
//   PARLOR_MODEL_SEED=N    the seed, which is printed; then it is the only one
//   PARLOR_MODEL_COUNT=N   how many operations
import { randomInt } from "node:crypto";
import { availableParallelism } from "node:os";
import { describe, it } from "node:test";
import { Worker } from "node:worker_threads";

const LONG = process.env["PARLOR_TEST_LONG"] === "1";
const COUNT = Number(
  process.env["PARLOR_MODEL_COUNT"] ?? (LONG ? 200_000 : 5_000),
);
const SEED = process.env["PARLOR_MODEL_SEED"];

const seeds = SEED
  ? [Number(SEED)]
  : Array.from({ length: Math.min(availableParallelism(), 8) }, () =>
      randomInt(2 ** 31),
    );
const count = Math.ceil(COUNT / seeds.length);

/** In a thread and with a store of its own. */
const run = (seed: number) =>
  new Promise<void>((resolve, reject) => {
    new Worker(new URL("run.ts", import.meta.url), {
      workerData: { seed, count, long: LONG },
    })
      .on("error", reject)
      .on("exit", () => {
        resolve();
      });
  });

void describe("parlor-kv and its model", { concurrency: true }, () => {
  for (const seed of seeds)
    void it(`agree over ${count} operations, of seed ${seed}`, () => run(seed));
});
