// The ledger: what was done is counted, all of it and nothing else.
import type { Client } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { KeyValue } from "../gen/parlor/kv/v1/kv_pb.js";
import { count, ledgerKey, type Model } from "./store.ts";

async function read(
  kv: Client<typeof KeyValue>,
  model: Model,
): Promise<Map<string, number>> {
  const ledger = new Map<string, number>();
  for (let nextToken: string | undefined, more = true; more;) {
    const page = await kv.getUsage({ ...(nextToken ? { nextToken } : {}) });
    for (const { key, quantity } of page.rows) {
      const resource = key?.resource ?? "";
      if (!model.tables.has(resource.replace(/\/.*/, ""))) continue;
      if (!key?.unit?.endsWith("RequestUnits")) continue;
      count(ledger, [
        [ledgerKey(resource, key.operation ?? "", key.unit), Number(quantity)],
      ]);
    }
    nextToken = page.nextToken || undefined;
    more = nextToken !== undefined;
  }
  return ledger;
}

/** Where the two differ: more than was done, or less. */
function differences(
  model: Model,
  maybe: ReadonlyMap<string, number>,
  have: ReadonlyMap<string, number>,
): string[] {
  const keys = new Set([...model.ledger.keys(), ...have.keys()]);
  return [...keys].flatMap((key) => {
    const least = model.ledger.get(key) ?? 0;
    const most = least + (maybe.get(key) ?? 0);
    const is = have.get(key) ?? 0;
    return is < least || is > most ? [`${key}: ${is}, not ${least}`] : [];
  });
}

/** Waits for the spool's last second; then the two must agree. What only may
 * have been done is settled by what the ledger says. */
export async function checkLedger(
  kv: Client<typeof KeyValue>,
  model: Model,
  maybe: Map<string, number>,
): Promise<void> {
  let have = new Map<string, number>();
  let wrong: string[] = [];
  for (let tries = 0; tries < 100; tries++) {
    have = await read(kv, model);
    wrong = differences(model, maybe, have);
    if (!wrong.length) break;
    await sleep(100);
  }
  assert.deepEqual(wrong, [], "the ledger");
  for (const key of maybe.keys()) model.ledger.set(key, have.get(key) ?? 0);
  maybe.clear();
}
