// The story of two newcomers, typed as they would type it.
import assert from "node:assert/strict";
import { readFileSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { after, it } from "node:test";
import {
  newPlayer,
  person,
  type Outcome,
  type Person,
} from "../harness/person.ts";
import { startSuite } from "../harness/suite.ts";

const suite = await startSuite();
after(() => suite.stop());

interface Match {
  readonly matchId: string;
  readonly status: string;
  readonly version: string;
  readonly moves?: string[];
  readonly columns: string[];
  readonly winner?: number;
}
interface MatchAnswer {
  readonly match: Match;
}
interface Rows {
  readonly Items: Record<string, Record<string, string>>[];
}

const DONE = 0;
const REFUSED = 1;
const UNUSABLE = 2;
const UNREACHABLE = 3;

function expect(outcome: Outcome, status: number, words?: RegExp): void {
  assert.equal(outcome.status, status, outcome.stderr || outcome.stdout);
  if (words) assert.match(outcome.stdout + outcome.stderr, words);
}

function subOf(player: Person): string {
  const file = join(player.home, "profiles/default.json");
  assert.equal(statSync(file).mode & 0o777, 0o600);
  return (JSON.parse(readFileSync(file, "utf8")) as { sub: string }).sub;
}

const ada = await newPlayer(suite, "ada");
const bob = await newPlayer(suite, "bob");
const eve = await person(suite, "eve");

it("knows who is signed in", async () => {
  expect(await ada.parlor(["whoami"]), DONE, /ada/);
  expect(await eve.parlor(["whoami"]), REFUSED, /sign-in/);
});

it("refuses a wrong password", async () => {
  expect(
    await eve.parlor(
      ["sign-in", "ada", "--password-stdin"],
      "wrong-Password-1\n",
    ),
    REFUSED,
    /Incorrect username or password/,
  );
});

let matchId = "";

it("opens a match and lets another join it", async () => {
  const opened = await ada.ask<MatchAnswer>([
    "match",
    "create",
    "connect-four",
  ]);
  matchId = opened.match.matchId;
  assert.equal(opened.match.status, "MATCH_STATUS_WAITING");
  expect(await bob.parlor(["match", "show", matchId]), REFUSED, /no player/);
  expect(await ada.parlor(["match", "join", matchId]), REFUSED);
  expect(await bob.parlor(["match", "join", matchId]), DONE, /ada's turn/);
});

it("plays it to its end, each move by whose turn it is", async () => {
  expect(await bob.parlor(["match", "move", matchId, "3"]), REFUSED, /turn/);
  expect(await ada.parlor(["match", "move", matchId, "7"]), REFUSED, /column/);
  for (const [at, column] of [..."0101010"].entries())
    expect(
      await (at % 2 ? bob : ada).parlor(["match", "move", matchId, column]),
      DONE,
    );
  const { match } = await bob.ask<MatchAnswer>(["match", "show", matchId]);
  assert.equal(match.status, "MATCH_STATUS_WON");
  assert.equal(match.winner ?? 0, 0);
  assert.deepEqual(match.columns.slice(0, 2), ["0000", "111"]);
  expect(await bob.parlor(["match", "move", matchId, "3"]), REFUSED, /over/);
});

it("reads the leaderboard and results straight from the store", async () => {
  const board = await bob.ask<Rows>(["leaderboard", "connect-four"]);
  assert.deepEqual(
    board.Items.map((row) => [row["name"]?.["S"], row["score"]?.["N"]]),
    [
      ["ada", "3"],
      ["bob", "0"],
    ],
  );
  expect(await ada.parlor(["results"]), DONE, /won +against bob/);
  expect(await ada.parlor(["results", "bob"]), DONE, /lost +against ada/);
  expect(await ada.parlor(["results", "eve"]), REFUSED, /no player 'eve'/);
});

it("lets a player read the own view only, and write nothing", async () => {
  const query = (sub: string) => [
    "kv",
    "Query",
    JSON.stringify({
      TableName: "game",
      KeyConditionExpression: "pk = :pk",
      ExpressionAttributeValues: { ":pk": { S: `view#${sub}` } },
    }),
  ];
  const as = ["--profile", "default"];
  const key = { pk: { S: `view#${subOf(ada)}` }, sk: { S: "x" } };
  const put = JSON.stringify({ TableName: "game", Item: key });
  const check = JSON.stringify({
    TransactItems: [
      {
        ConditionCheck: {
          TableName: "game",
          Key: key,
          ConditionExpression: "attribute_not_exists(pk)",
        },
      },
    ],
  });

  const own = await ada.ask<Rows>([...as, ...query(subOf(ada))]);
  assert.equal(own.Items[0]?.["match_id"]?.["S"], matchId);
  expect(await ada.parlor([...as, ...query(subOf(bob))]), REFUSED);
  expect(await ada.parlor([...as, "kv", "PutItem", put]), REFUSED);
  expect(await ada.parlor([...as, "kv", "TransactWriteItems", check]), REFUSED);
  expect(await ada.parlor(["kv", "ListTables", "{}"]), DONE, /"game"/);
});

it("plays in the terminal, both at once", async () => {
  const first = ada.parlor(["play"], "x\n2\n3\n2\n3\n2\n");
  let open: Match | undefined;
  while (!open) {
    const list = await ada.ask<{ matches: Match[] }>(["match", "list"]);
    open = list.matches.find((m) => m.status === "MATCH_STATUS_WAITING");
  }
  const second = bob.parlor(["play"], "2\n3\n2\n3\nr\n");
  expect(await second, DONE, /you lost by resignation/);
  expect(await first, DONE, /you won by resignation/);
  expect(await ada.parlor(["leaderboard"]), DONE, /1 +6 +2 +0 +0 +ada/);
});

it("plays against the computer, and again, it beginning", async () => {
  const args = ["--opponent", "computer", "--level", "1"];
  const { stdout } = await ada.parlor(["play", ...args], "3\nr\n");
  assert.match(stdout, /ada against computer/);
  assert.match(stdout, /you lost by resignation/);
  const id = /match (\S+):/.exec(stdout)?.[1] ?? "";
  const { match } = await ada.ask<MatchAnswer>(["match", "rematch", id]);
  assert.equal(match.moves?.length, 1);
  expect(await ada.parlor(["play"], "r\n"), DONE, /computer against ada/);
  expect(await ada.parlor(["results"]), DONE, /lost +against computer/);
  expect(await ada.parlor(["leaderboard"]), DONE, /1 +6 +2 +0 +0 +ada/);
});

it("waits no longer than a player wants", async () => {
  const opened = await ada.ask<MatchAnswer>([
    ...["match", "create", "connect-four"],
    ...["--opponent", "link"],
  ]);
  const { matchId } = opened.match;
  expect(await bob.parlor(["match", "cancel", matchId]), REFUSED);
  expect(await ada.parlor(["match", "cancel", matchId]), DONE, /nobody came/);
  expect(await ada.parlor(["play", matchId]), DONE, /nobody came/);
  for (const wrong of [
    ["--opponent", "anybody"],
    ["--level", "hard"],
  ])
    expect(
      await ada.parlor(["match", "create", "connect-four", ...wrong]),
      UNUSABLE,
    );
});

it("tells refused from unusable from unreachable", async () => {
  expect(await ada.parlor(["match", "show", "nonsense"]), REFUSED);
  expect(await ada.parlor(["match", "show"]), UNUSABLE);
  expect(await ada.parlor(["dance"]), UNUSABLE);
  expect(await ada.parlor(["match", "create", "go"]), REFUSED, /'go'/);
  const lost = await person(suite, "lost");
  await rm(join(lost.home, "endpoints.json"));
  expect(await lost.parlor(["whoami"]), UNREACHABLE, /no suite/);
});

it("signs out", async () => {
  expect(await bob.parlor(["sign-out"]), DONE);
  expect(await bob.parlor(["whoami"]), REFUSED, /sign-in/);
});
