// A match during which each daemon in turn is killed and started again. The
// players sit at `parlor play` all the while and only type their moves.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { newPlayer } from "../harness/person.ts";
import { daemonNames, startSuite } from "../harness/suite.ts";

const suite = await startSuite();
after(() => suite.stop());

interface Match {
  readonly matchId: string;
  readonly moves?: string[];
  readonly status: string;
}

const ada = await newPlayer(suite, "ada");
const bob = await newPlayer(suite, "bob");

const moves = [..."5450624550411045"];
const PATIENCE_MS = 20_000;

async function look(matchId: string): Promise<Match> {
  const args = ["match", "show", matchId];
  return (await ada.ask<{ match: Match }>(args)).match;
}

/** The match once it has so many moves. */
async function whenMoved(matchId: string, count: number): Promise<Match> {
  const deadline = Date.now() + PATIENCE_MS;

  for (;;) {
    const match = await look(matchId);
    if ((match.moves?.length ?? 0) >= count) return match;
    if (Date.now() > deadline)
      throw new Error(`move ${count} was not made: ${JSON.stringify(match)}`);
    await sleep(50);
  }
}

it("loses no move and makes none twice", async () => {
  const { match } = await ada.ask<{ match: Match }>([
    "match",
    "create",
    "connect-four",
  ]);
  const { matchId } = match;
  const first = ada.begin(["play", matchId]);
  const second = bob.begin(["play", matchId]);

  for (const [at, column] of moves.entries()) {
    const victim = daemonNames[at % daemonNames.length] ?? "kv";

    (at % 2 ? second : first).type(column);
    await sleep((at * 7) % 30);
    await suite.kill(victim);
    await suite.start(victim);
    const { moves: made } = await whenMoved(matchId, at + 1);
    assert.deepEqual(made, moves.slice(0, at + 1), `killing ${victim}`);
  }
  first.type("r");
  assert.match((await second.end()).stdout, /you won by resignation/);
  assert.match((await first.end()).stdout, /you lost by resignation/);
  assert.deepEqual((await look(matchId)).moves, moves);
});
