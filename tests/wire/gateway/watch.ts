// WatchMatch through the gateway: what a player sees without asking again, and
// what happens to it when a part of the suite goes.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";
import assert from "node:assert/strict";
import { connect } from "node:net";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import {
  Matches,
  MatchStatus,
  type Match,
} from "../../gen/parlor/game/v1/matches_pb.js";
import { buildDir, memoryOf, root, sanitized } from "../../harness/process.ts";
import { refusal } from "../../harness/refusal.ts";
import { adminKv, client, run, startSuite } from "../../harness/suite.ts";
import { newUser, type User } from "../../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());
const ann = await newUser(suite, "ann");
const bob = await newUser(suite, "bob");
const eve = await newUser(suite, "eve");

/** connect-node's client, as a server or a bot has it. */
const matches = (user: User, json = false) =>
  createClient(
    Matches,
    createConnectTransport({
      baseUrl: suite.url.gateway,
      httpVersion: "1.1",
      useBinaryFormat: !json,
      interceptors: [
        (next) => (request) => {
          request.header.set("authorization", `Bearer ${user.accessToken}`);
          return next(request);
        },
      ],
    }),
  );

async function begin(): Promise<Match> {
  const { match } = await matches(ann).createMatch({ game: "connect-four" });
  assert.ok(match);
  const joined = await matches(bob).joinMatch({ matchId: match.matchId });
  assert.ok(joined.match);
  return joined.match;
}

async function move(user: User, { matchId, version }: Match, column: string) {
  const requestId = `move-${version}`;
  for (let tries = 0; ; tries++)
    try {
      const { match } = await matches(user).playMove({
        matchId,
        version,
        move: column,
        requestId, // so that a repeat is the same
      });
      assert.ok(match);
      return match;
    } catch (error) {
      const { code } = ConnectError.from(error);
      if (code === Code.FailedPrecondition || tries > 400) throw error;
      await sleep(20);
    }
}

interface Watcher {
  /** All that was shown, in order. */
  readonly seen: Match[];
  /** How often it had to begin again. */
  breaks: number;
  until(version: bigint): Promise<Match>;
  /** Its end: by itself, or told to. */
  readonly over: Promise<void>;
  stop(): Promise<void>;
}

/** Watches as a page does: begins again, with what it knows, after a break. */
function watch(user: User, matchId: string, json = false): Watcher {
  const stop = new AbortController();
  const seen: Match[] = [];

  const read = async () => {
    for (;;)
      try {
        const knownVersion = seen.at(-1)?.version;
        for await (const { match } of matches(user, json).watchMatch(
          { matchId, ...(knownVersion ? { knownVersion } : {}) },
          { signal: stop.signal },
        ))
          if (match) seen.push(match);
        return;
      } catch (error) {
        if (stop.signal.aborted) return;
        const { code } = ConnectError.from(error);
        if (code === Code.PermissionDenied || code === Code.NotFound)
          throw error;
        watcher.breaks++;
        await sleep(10);
      }
  };
  const watcher: Watcher = {
    seen,
    breaks: 0,
    async until(version) {
      for (let tries = 0; tries < 4000; tries++) {
        const last = seen.at(-1);
        if (last && last.version >= version) return last;
        await sleep(5);
      }
      return assert.fail(
        `waits for ${version}, saw ${seen.map((m) => m.version).join()}`,
      );
    },
    over: Promise.resolve(),
    async stop() {
      stop.abort();
      await this.over;
    },
  };
  return Object.assign(watcher, { over: read() });
}

const versions = ({ seen }: Watcher) => seen.map(({ version }) => version);
const upTo = (first: bigint, last: bigint) =>
  Array.from({ length: Number(last - first) + 1 }, (_, i) => first + BigInt(i));

describe("two players", () => {
  for (const json of [false, true])
    it(`see each other's moves at once, ${json ? "JSON" : "proto"}`, async () => {
      let match = await begin();
      const watchers = [ann, bob].map((user) =>
        watch(user, match.matchId, json),
      );
      await Promise.all(watchers.map((w) => w.until(match.version)));
      const first = match.version;
      const waits: number[] = [];
      for (let i = 0; i < 6; i++) {
        match = await move(i % 2 ? bob : ann, match, String(i));
        const moved = performance.now();
        const shown = await Promise.all(
          watchers.map((w) => w.until(match.version)),
        );
        waits.push(performance.now() - moved);
        for (const each of shown) assert.deepEqual(each.moves, match.moves);
      }
      assert.ok(Math.max(...waits) < 500, waits.join());
      await matches(bob).resign({ matchId: match.matchId });
      await Promise.all(watchers.map((w) => w.over)); // it ends by itself
      for (const w of watchers) {
        assert.equal(w.seen.at(-1)?.status, MatchStatus.RESIGNED);
        assert.deepEqual(versions(w), upTo(first, match.version + 1n));
        assert.equal(w.breaks, 0);
      }
    });
  it("see one join", async () => {
    const { match } = await matches(ann).createMatch({ game: "connect-four" });
    const watcher = watch(ann, match?.matchId ?? "");
    await watcher.until(1n);
    await matches(bob).joinMatch({ matchId: match?.matchId ?? "" });
    const begun = await watcher.until(2n);
    assert.equal(begun.status, MatchStatus.PLAYING);
    await watcher.stop();
  });
  it("are told nothing that they know", async () => {
    const { matchId, version } = await begin();
    const stop = new AbortController();
    const answers = matches(ann).watchMatch(
      { matchId, knownVersion: version },
      { signal: stop.signal },
    );
    const next = answers[Symbol.asyncIterator]().next();
    assert.equal(await Promise.race([next, sleep(200, "silence")]), "silence");
    await matches(bob).resign({ matchId });
    const { value } = await next;
    assert.equal(value?.match?.status, MatchStatus.RESIGNED);
    stop.abort();
  });
});

describe("refusals", () => {
  const first = async (user: User, matchId: string) => {
    for await (const answer of matches(user).watchMatch({ matchId }))
      return answer;
    return assert.fail("it ended");
  };

  it("say why, as a stream does", async () => {
    const { matchId } = await begin();
    const stranger = await refusal(first(eve, matchId));
    assert.equal(stranger.code, Code.PermissionDenied);
    assert.match(stranger.message, /no player of match/);
    const nothing = await refusal(first(ann, "0".repeat(19)));
    assert.equal(nothing.code, Code.NotFound);
    const nobody = await refusal(first({ ...ann, accessToken: "x" }, matchId));
    assert.equal(nobody.code, Code.Unauthenticated);
    assert.match(nobody.message, /token/);
  });
  it("name the limit of a user's watches", async () => {
    const { matchId } = await begin();
    const open = Array.from({ length: 40 }, () => watch(bob, matchId));
    const refused = await refusal(
      Promise.any(
        Array.from({ length: 20 }, () =>
          first(bob, matchId).then(() => Promise.reject(new Error("open"))),
        ),
      ).catch((all: AggregateError) => Promise.reject(all.errors[0] as Error)),
    );
    assert.equal(refused.code, Code.ResourceExhausted);
    assert.match(refused.message, /watches_per_user/);
    await Promise.all(open.map((w) => w.stop()));
  });
});

describe("a part that goes", () => {
  /** Plays 8 moves, `meanwhile` in their middle; each sees each once. */
  async function play(meanwhile: () => Promise<void>): Promise<Watcher[]> {
    let match = await begin();
    const first = match.version;
    const watchers = [ann, bob].map((user) => watch(user, match.matchId));
    await Promise.all(watchers.map((w) => w.until(first)));
    let broken: Promise<void> | undefined;
    for (let i = 0; i < 8; i++) {
      if (i === 3) broken = meanwhile();
      match = await move(i % 2 ? bob : ann, match, String(i % 7));
      await Promise.all(watchers.map((w) => w.until(match.version)));
    }
    await broken;
    await Promise.all(watchers.map((w) => w.stop()));
    for (const w of watchers)
      assert.deepEqual(versions(w), upTo(first, match.version));
    return watchers;
  }

  for (const name of ["gateway", "game", "kv"] as const)
    for (const signal of ["SIGKILL", "SIGTERM"] as const)
      it(`loses nothing and doubles nothing: ${name}, ${signal}`, async () => {
        await play(async () => {
          await suite.kill(name, signal);
          await suite.start(name);
        });
      });
  it("ends streams with unavailable where it stops in order", async () => {
    for (const name of ["gateway", "game"] as const) {
      const { matchId } = await begin();
      const stream = matches(ann).watchMatch({ matchId });
      const answers = stream[Symbol.asyncIterator]();
      await answers.next();
      const end = refusal(answers.next());
      const stopped = performance.now();
      await suite.kill(name, "SIGTERM");
      assert.ok(performance.now() - stopped < 2000, "it waited for the drain");
      const { code, message } = await end;
      assert.equal(code, Code.Unavailable);
      assert.match(message, /stops/);
      await suite.start(name);
    }
  });
});

describe("functions.yaml", () => {
  const good = {
    rpc: "parlor.game.v1.Matches/WatchMatch",
    function: "GetMatch",
    table: "game",
    pk: "view#${sub}",
    sk: "match#${match_id}",
  };
  const check = async (rows: readonly object[]) => {
    const deployed = join(root, "services/game/deploy/functions.yaml");
    const file = join(suite.data, "functions-to-check.yaml");
    const [functions = ""] = (await readFile(deployed, "utf8")).split(
      "\nwatches:",
    );
    await writeFile(file, `${functions}\nwatches: ${JSON.stringify(rows)}\n`);
    return run(
      join(buildDir, "parlor-game"),
      ["--data", suite.data, "--check"],
      { PARLOR_GAME_FUNCTIONS: file },
    );
  };

  it("may say so", async () => {
    assert.equal(await check([good]), "ok\n");
  });
  for (const [what, rows, words] of [
    ["no rpc", [{ ...good, rpc: "WatchMatch" }], /not SERVICE\/METHOD/],
    [
      "an rpc that does not stream",
      [{ ...good, rpc: "parlor.game.v1.Matches/GetMatch" }],
      /streams its answers alone/,
    ],
    ["no function", [{ ...good, function: "Get" }], /no function 'Get'/],
    [
      "a function of other messages",
      [{ ...good, function: "ListMatches" }],
      /other messages/,
    ],
    [
      "a name that is no text of the request",
      [{ ...good, sk: "match#${known_version}" }],
      /sk: 'known_version' is neither/,
    ],
    ["a missing key", [{ ...good, pk: undefined }], /pk/],
    ["one twice", [good, good], /stands twice/],
  ] as const)
    it(`is refused with ${what}`, async () => {
      await assert.rejects(check(rows), words);
    });
});

describe("readers", () => {
  const memory = (name: "gateway" | "game") =>
    memoryOf(suite.programs.get(name));

  it("that are slow cost no more than others", async () => {
    let match = await begin();
    const body = Buffer.from(JSON.stringify({ matchId: match.matchId }));
    const head = Buffer.from([0, 0, 0, 0, body.length]);
    const before = await memory("gateway");
    const { hostname, port } = new URL(suite.url.gateway);
    const socket = connect({ host: hostname, port: Number(port) });
    socket.pause();
    socket.write(
      `POST /parlor.game.v1.Matches/WatchMatch HTTP/1.1\r\nHost: a\r\n` +
        `Authorization: Bearer ${ann.accessToken}\r\n` +
        `Content-Type: application/connect+json\r\n` +
        `Content-Length: ${5 + body.length}\r\n\r\n`,
    );
    socket.write(Buffer.concat([head, body]));
    for (let i = 0; i < 20; i++)
      match = await move(i % 2 ? bob : ann, match, String(i % 7));
    assert.ok((await memory("gateway")) - before < 2_000_000 || sanitized);
    const pieces: Buffer[] = [];
    socket.resume();
    socket.on("data", (piece) => pieces.push(piece));
    const shown = () => Buffer.concat(pieces).toString();
    for (let tries = 0; !shown().includes(`"version":"${match.version}"`);)
      if (++tries > 400) assert.fail(shown());
      else await sleep(5);
    socket.destroy();
  });
  it("that wait cost little, and nothing while nothing happens", async () => {
    const WATCHES = 1000;
    const { hostname, port } = new URL(suite.url.gateway);
    await suite.kill("game", "SIGTERM");
    await suite.start("game", {
      PARLOR_GAME_WATCHES_PER_USER: String(2 * WATCHES),
    });
    const { matchId } = await begin();
    const body = Buffer.from(JSON.stringify({ matchId }));
    const request = Buffer.concat([
      Buffer.from(
        `POST /parlor.game.v1.Matches/WatchMatch HTTP/1.1\r\nHost: a\r\n` +
          `Authorization: Bearer ${ann.accessToken}\r\n` +
          `Content-Type: application/connect+json\r\n` +
          `Content-Length: ${5 + body.length}\r\n\r\n`,
      ),
      Buffer.from([0, 0, 0, 0, body.length]),
      body,
    ]);
    const open = () =>
      new Promise<ReturnType<typeof connect>>((resolve, reject) => {
        const socket = connect({ host: hostname, port: Number(port) });
        let text = "";
        socket.on("error", reject);
        socket.on("data", (piece: Buffer) => {
          text += piece.toString();
          if (text.includes('"match":')) resolve(socket);
          else if (text.includes('"error"')) reject(new Error(text));
        });
        socket.write(request);
      });
    const warm = [];
    for (let i = 0; i < 50; i++) warm.push(await open());
    const before = await Promise.all([memory("gateway"), memory("game")]);
    const sockets = [];
    for (let i = 0; i < WATCHES / 20; i++)
      sockets.push(...(await Promise.all(Array.from({ length: 20 }, open))));
    const now = await Promise.all([memory("gateway"), memory("game")]);
    const each = now.map((bytes, i) => (bytes - (before[i] ?? 0)) / WATCHES);
    for (const bytes of each)
      assert.ok(bytes < 30_000 || sanitized, each.join());

    const ran = async () => {
      const hour = BigInt(Math.floor(Date.now() / 3_600_000));
      await sleep(1500); // the spools have been sent
      const { rows } = await adminKv(suite).getUsage({
        fromHour: hour - 1n,
        toHour: hour + 1n,
        principal: "function:GetMatch",
        unit: "Invocations",
      });
      return rows.reduce((sum, { quantity }) => sum + quantity, 0n);
    };
    const runs = await ran();
    assert.equal(await ran(), runs);
    for (const socket of [...warm, ...sockets]) socket.destroy();
  });
});

describe("the bill", () => {
  it("has a run for each that was shown", async () => {
    const user = await newUser(suite);
    const game = client(Matches, suite.url.gateway, user.accessToken);
    const { match } = await game.createMatch({ game: "connect-four" });
    const watcher = watch(user, match?.matchId ?? "");
    await watcher.until(1n);
    await matches(bob).joinMatch({ matchId: match?.matchId ?? "" });
    await watcher.until(2n);
    await watcher.stop();
    const hour = BigInt(Math.floor(Date.now() / 3_600_000));
    for (let tries = 0; ; tries++) {
      const { rows } = await adminKv(suite).getUsage({
        fromHour: hour - 1n,
        toHour: hour + 1n,
        principal: "function:GetMatch",
        unit: "Invocations",
      });
      const runs = rows
        .filter(({ key }) => key?.user === `user:${user.sub}`)
        .reduce((sum, { quantity }) => sum + quantity, 0n);
      if (runs === 2n) break;
      assert.ok(runs < 2n && tries < 100, `${runs} runs`);
      await sleep(100);
    }
  });
});

describe("a table without a stream", () => {
  it("is not watched in vain", async () => {
    const kv = adminKv(suite);
    await kv.deleteTable({ tableName: "game" });
    await kv.createTable({
      tableName: "game",
      attributeDefinitions: ["pk", "sk"].map((attributeName) => ({
        attributeName,
        attributeType: "S",
      })),
      keySchema: [
        { attributeName: "pk", keyType: "HASH" },
        { attributeName: "sk", keyType: "RANGE" },
      ],
      billingMode: "PAY_PER_REQUEST",
    });
    for (let tries = 0; ; tries++) {
      const answers = matches(ann).watchMatch({ matchId: "0".repeat(19) });
      const { code, message } = await refusal(
        answers[Symbol.asyncIterator]().next(),
      );
      if (/'game' cannot be watched: .*has no stream/.test(message)) {
        assert.equal(code, Code.Unavailable);
        break;
      }
      assert.ok(tries < 100, message);
      await sleep(50);
    }
  });
});
