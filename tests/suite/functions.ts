// A whole match during which every function process is killed between any two
// calls: nobody notices, and the match is the one that was played.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { after, it } from "node:test";
import { newPlayer, type Person } from "../harness/person.ts";
import { startSuite } from "../harness/suite.ts";

const suite = await startSuite();
after(() => suite.stop());

interface Match {
  readonly matchId: string;
  readonly status: string;
  readonly winner?: number;
  readonly version: string;
  readonly moves?: string[];
}

const ada = await newPlayer(suite, "ada");
const bob = await newPlayer(suite, "bob");

/** The processes that this one started, and those that they started. */
async function descendants(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(
    threads.map((thread) =>
      readFile(`/proc/${pid}/task/${thread}/children`, "utf8").catch(() => ""),
    ),
  );
  const children = lists.flatMap((list) =>
    list.split(" ").filter(Boolean).map(Number),
  );
  return [
    ...(await Promise.all(children.map(descendants))).flat(),
    ...children,
  ];
}

let killed = 0;

async function killFunctions(): Promise<void> {
  const game = suite.programs.get("game")?.child.pid ?? 0;

  for (const pid of await descendants(game)) {
    try {
      process.kill(pid, "SIGKILL");
      killed++;
    } catch {
      // it ended by itself meanwhile
    }
  }
}

async function call(player: Person, ...args: string[]): Promise<Match> {
  await killFunctions();
  const { match } = await player.ask<{ match: Match }>(["match", ...args]);
  return match;
}

it("plays a match with a new process for every call", async () => {
  const { matchId } = await call(ada, "create", "connect-four");
  const moves = [..."3344556"];

  await call(bob, "join", matchId);
  for (const [at, column] of moves.entries()) {
    const match = await call(at % 2 ? bob : ada, "move", matchId, column);
    assert.deepEqual(match.moves, moves.slice(0, at + 1));
  }
  const end = await call(bob, "show", matchId);
  assert.equal(end.status, "MATCH_STATUS_WON");
  assert.equal(end.winner ?? 0, 0);
  assert.deepEqual(end.moves, moves);
  // a template and a worker each time
  assert.ok(killed >= 2 * (moves.length + 2), `only ${killed} were killed`);
});

it("counts the match once", async () => {
  const board = await bob.ask<{
    Items: Record<string, Record<string, string>>[];
  }>(["leaderboard", "connect-four"]);
  assert.deepEqual(
    board.Items.map((row) => [row["name"]?.["S"], row["score"]?.["N"]]),
    [
      ["ada", "3"],
      ["bob", "0"],
    ],
  );
});
