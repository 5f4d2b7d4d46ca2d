// The topology of docker-compose.yml as plain processes: one store, three auths,
// two gateways, four game hosts, found through file: targets, and matches that
// are played to their end while replicas are killed and others take their place.
import assert from "node:assert/strict";
import { after, it } from "node:test";
import { randomUUID } from "node:crypto";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  Matches,
  MatchStatus,
  type Match,
} from "../gen/parlor/game/v1/matches_pb.js";
import { adminKv, client, startSuite, type Suite } from "../harness/suite.ts";
import { buildDir, start, type Program } from "../harness/process.ts";
import { newUser } from "../harness/users.ts";

const counts = { auth: 3, gateway: 2, game: 4 } as const;
type Replicated = keyof typeof counts;
const kinds = Object.keys(counts) as Replicated[];

const MATCHES = 24;
const PLAYERS = 8;

interface Replica {
  readonly url: string;
  readonly program: Program;
}

const folder = await mkdtemp(join(tmpdir(), "parlor-topology-"));
const target = (kind: Replicated) => join(folder, kind);
const env = Object.fromEntries(
  kinds.map((kind) => [
    `PARLOR_SUITE_${kind.toUpperCase()}`,
    `file:${target(kind)}`,
  ]),
);
for (const kind of kinds) await writeFile(target(kind), "127.0.0.1:1\n");
const suite = await startSuite(["kv"], env);
const replicas: Record<Replicated, Replica[]> = {
  auth: [],
  gateway: [],
  game: [],
};
after(async () => {
  for (const { program } of kinds.flatMap((kind) => replicas[kind]))
    await program.end("SIGKILL");
  await suite.stop();
  await rm(folder, { recursive: true, force: true });
});

/** Replaces a target's file whole, so that nobody reads half of it. */
async function publish(kind: Replicated): Promise<void> {
  const lines = replicas[kind].map(({ url }) => url.slice("http://".length));
  await writeFile(`${target(kind)}.new`, `${lines.join("\n")}\n`);
  await rename(`${target(kind)}.new`, target(kind));
}

let made = 0;

async function add(kind: Replicated): Promise<void> {
  const name = `${kind}-${made++}`;
  const file = join(folder, name);
  const program = start(
    join(buildDir, `parlor-${kind}`),
    [
      ...["--data", suite.data, "--address-file", file],
      ...["--listen", "127.0.0.1:0", "--admin-listen", "127.0.0.1:0"],
    ],
    { ...env, PARLOR_SUITE_SPOOL: join(folder, `${name}.spool`) },
  );
  for (;;) {
    assert.equal(program.child.exitCode, null, program.log());
    const address = await readFile(file, "utf8").catch(() => "");
    if (address) {
      replicas[kind].push({ url: `http://${address.trim()}`, program });
      return publish(kind);
    }
    await pause(10);
  }
}

async function ready({ url, program }: Replica): Promise<void> {
  for (;;) {
    assert.equal(program.child.exitCode, null, program.log());
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await pause(20);
  }
}

/** The oldest of a kind goes at once; a new one takes its place. */
async function replace(kind: Replicated): Promise<void> {
  const oldest = replicas[kind].shift();
  await oldest?.program.end("SIGKILL");
  await add(kind);
}

const again = new Set([
  Code.Unavailable,
  Code.Unknown,
  Code.Aborted,
  Code.ResourceExhausted,
  Code.DeadlineExceeded,
  Code.Canceled,
  Code.Internal,
]);

/** Asks one gateway after the other until one answers. */
async function patiently(
  token: string,
  ask: (
    game: ReturnType<typeof client<typeof Matches>>,
  ) => Promise<{ match?: Match }>,
): Promise<Match> {
  const end = Date.now() + 60_000;
  for (let turn = 0; ; turn++) {
    const { url } = replicas.gateway[turn % replicas.gateway.length] as Replica;
    try {
      const { match } = await ask(client(Matches, url, token));
      assert.ok(match);
      return match;
    } catch (error) {
      if (!(error instanceof ConnectError) || !again.has(error.code))
        throw error;
      if (Date.now() > end) throw error;
      await pause(50);
    }
  }
}

const tokens: string[] = [];

it("starts three auths, two gateways and four game hosts", async () => {
  for (const kind of kinds)
    for (let i = 0; i < counts[kind]; i++) await add(kind);
  await Promise.all(kinds.flatMap((kind) => replicas[kind]).map(ready));
});

it("signs players up and in at any of the auths", async () => {
  for (let i = 0; i < PLAYERS; i++) {
    const { url } = replicas.auth[i % counts.auth] as Replica;
    const at: Suite = { ...suite, url: { ...suite.url, auth: url } };
    const { accessToken } = await newUser(at, `player${i}`);
    tokens.push(accessToken);
  }
});

let moves = 0;

async function playMatch(first: string, second: string): Promise<void> {
  const create = { game: "connect-four", requestId: randomUUID() };
  let match = await patiently(first, (game) => game.createMatch(create));
  const join = { matchId: match.matchId, requestId: randomUUID() };

  match = await patiently(second, (game) => game.joinMatch(join));
  while (match.status === MatchStatus.PLAYING) {
    const move = {
      matchId: match.matchId,
      version: match.version,
      move: String(match.moves.length % 7),
      requestId: randomUUID(),
    };
    const seen = match.moves.length;

    match = await patiently(match.turn === 0 ? first : second, (game) =>
      game.playMove(move),
    );
    assert.equal(match.moves.length, seen + 1);
    moves++;
  }
  assert.equal(match.status, MatchStatus.WON);
}

it("plays on while replicas are killed and added", async () => {
  let over = false;
  const played = Promise.all(
    Array.from({ length: MATCHES }, (_, i) =>
      playMatch(
        tokens[i % PLAYERS] as string,
        tokens[(i + 3) % PLAYERS] as string,
      ),
    ),
  ).finally(() => {
    over = true;
  });
  for (const kind of ["game", "gateway", "auth", "game", "gateway"] as const) {
    const before = moves;
    await Promise.race([replace(kind), played]);
    while (!over && moves < before + 40) await pause(5); // they carry on
  }
  await played;
});

it("counts each match once on the leaderboard", async () => {
  const { items } = await adminKv(suite).query({
    tableName: "game",
    indexName: "leaderboard",
    keyConditionExpression: "board = :board",
    expressionAttributeValues: {
      attributes: {
        ":board": { value: { case: "s", value: "connect-four#1" } },
      },
    },
  });
  const scores = items.map(({ attributes }) =>
    Number(attributes["score"]?.value.value),
  );
  assert.equal(
    scores.reduce((sum, score) => sum + score, 0),
    3 * MATCHES,
  );
});
