// Many matches at once, each played to its end by random moves, against rules
// of the test's own; then the leaderboard and the ledger must say the same.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { randomInt, randomUUID } from "node:crypto";
import {
  Matches,
  MatchStatus,
  type Match,
} from "../gen/parlor/game/v1/matches_pb.js";
import { person } from "../harness/person.ts";
import { client, startSuite } from "../harness/suite.ts";
import { newUser } from "../harness/users.ts";

const long = process.env["PARLOR_TEST_LONG"] === "1";
const MATCHES = long ? 2000 : 200;
const ACCOUNTS = 100;
const AT_ONCE = 64;

const suite = await startSuite();
after(() => suite.stop());

interface Player {
  readonly name: string;
  readonly game: ReturnType<typeof gameOf>;
  wins: number;
  losses: number;
  draws: number;
}

const gameOf = (token: string) => client(Matches, suite.url.gateway, token);

const calls = { CreateMatch: 0, JoinMatch: 0, PlayMove: 0 };

/** Counts a call; its match. */
async function matchOf(
  method: keyof typeof calls,
  answer: Promise<{ match?: Match }>,
): Promise<Match> {
  calls[method]++;
  const { match } = await answer;
  assert.ok(match);
  return match;
}

/** Does the work of all items, so many at once. */
async function forEach<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  async function worker(): Promise<void> {
    for (let at = next++; at < items.length; at = next++)
      await work(items[at] as Item, at);
  }
  await Promise.all(Array.from({ length: atOnce }, worker));
}

// ---- the rules, once more --------------------------------------------------

function hasFour(columns: readonly string[], player: string): boolean {
  const directions = [
    [1, 0],
    [0, 1],
    [1, 1],
    [1, -1],
  ] as const;
  const is = (column: number, row: number) => columns[column]?.[row] === player;

  for (let column = 0; column < 7; column++)
    for (let row = 0; row < 6; row++)
      for (const [right, up] of directions)
        if ([0, 1, 2, 3].every((n) => is(column + n * right, row + n * up)))
          return true;
  return false;
}

async function playMatch(players: readonly [Player, Player]): Promise<void> {
  const columns = Array.from({ length: 7 }, () => "");
  const [first, second] = players;
  let match = await matchOf(
    "CreateMatch",
    first.game.createMatch({ game: "connect-four", requestId: randomUUID() }),
  );
  const { matchId } = match;

  match = await matchOf(
    "JoinMatch",
    second.game.joinMatch({ matchId, requestId: randomUUID() }),
  );
  for (let moves = 0; ; moves++) {
    const open = [0, 1, 2, 3, 4, 5, 6].filter(
      (column) => (columns[column] ?? "").length < 6,
    );
    const turn = moves % 2;
    const [mover, other] = turn ? [second, first] : [first, second];

    if (open.length === 0) {
      assert.equal(match.status, MatchStatus.DRAWN);
      mover.draws++;
      other.draws++;
      return;
    }
    assert.equal(match.status, MatchStatus.PLAYING);
    assert.equal(match.turn, turn);
    const column = open[randomInt(open.length)] ?? 0;
    match = await matchOf(
      "PlayMove",
      mover.game.playMove({
        matchId,
        version: match.version,
        move: String(column),
        requestId: randomUUID(),
      }),
    );
    columns[column] += String(turn);
    assert.deepEqual(match.columns, columns);
    if (hasFour(columns, String(turn))) {
      assert.equal(match.status, MatchStatus.WON);
      assert.equal(match.winner, turn);
      mover.wins++;
      other.losses++;
      return;
    }
  }
}

// ---- the story -------------------------------------------------------------

const players: Player[] = [];

it(`signs ${ACCOUNTS} accounts up`, async () => {
  const names = Array.from({ length: ACCOUNTS }, (_, i) => `player${i}`);
  await forEach(names, 8, async (name, at) => {
    const { accessToken } = await newUser(suite, name);
    const game = gameOf(accessToken);
    players[at] = { name, game, wins: 0, losses: 0, draws: 0 };
  });
});

it(`plays ${MATCHES} matches to their end`, async () => {
  const matches = Array.from({ length: MATCHES }, (_, i) => i);
  await forEach(matches, AT_ONCE, async (i) => {
    const first = players[i % ACCOUNTS] as Player;
    const other = (i + 1 + randomInt(ACCOUNTS - 1)) % ACCOUNTS;
    await playMatch([first, players[other] as Player]);
  });
});

const admin = await person(suite, "admin");

type Row = Record<string, { S?: string; N?: string }>;

async function query(request: Record<string, unknown>): Promise<Row[]> {
  const rows: Row[] = [];
  let ExclusiveStartKey: Row | undefined;

  do {
    const page = await admin.ask<{ Items: Row[]; LastEvaluatedKey?: Row }>([
      "kv",
      "Query",
      JSON.stringify({ ...request, ExclusiveStartKey }),
    ]);
    rows.push(...page.Items);
    ExclusiveStartKey = page.LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return rows;
}

it("has every result on the leaderboard", async () => {
  const board = await query({
    TableName: "game",
    IndexName: "leaderboard",
    KeyConditionExpression: "board = :board",
    ExpressionAttributeValues: { ":board": { S: "connect-four#1" } },
    ScanIndexForward: false,
  });
  const got = new Map(
    board.map((row) => [
      row["name"]?.S,
      ["wins", "losses", "draws", "score"].map((n) => Number(row[n]?.N)),
    ]),
  );
  const scores = board.map((row) => Number(row["score"]?.N));

  assert.deepEqual(
    scores,
    [...scores].sort((a, b) => b - a),
  );
  for (const { name, wins, losses, draws } of players)
    assert.deepEqual(
      got.get(name) ?? [0, 0, 0, 0],
      [wins, losses, draws, 3 * wins + draws],
      name,
    );
});

interface Usage {
  readonly Key: { Principal: string; Unit: string; CostTag?: string };
  readonly Quantity: string | number;
}

async function usage(request: Record<string, unknown>): Promise<Usage[]> {
  const rows: Usage[] = [];
  let NextToken: string | undefined;

  do {
    const page = await admin.ask<{ Rows?: Usage[]; NextToken?: string }>([
      "kv",
      "GetUsage",
      JSON.stringify({ ...request, NextToken }),
    ]);
    rows.push(...(page.Rows ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return rows;
}

function sum(rows: readonly Usage[]): number {
  return rows.reduce((total, row) => total + Number(row.Quantity), 0);
}

it("has every invocation in the ledger, once", async () => {
  for (const [method, count] of Object.entries(calls)) {
    const Principal = `function:${method}`;
    const deadline = Date.now() + 10_000;
    let got: number;

    do {
      got = sum(await usage({ Principal, Unit: "Invocations" }));
    } while (got < count && Date.now() < deadline);
    assert.equal(got, count, method);
  }
});
