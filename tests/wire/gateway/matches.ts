// The game through the gateway: REST with JSON, Connect, and who is refused.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Matches, MatchStatus } from "../../gen/parlor/game/v1/matches_pb.js";
import { adminKv, client, startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

interface Json {
  readonly code?: string;
  readonly message?: string;
  readonly match?: {
    readonly matchId: string;
    readonly status: string;
    readonly version: string;
    readonly columns: readonly string[];
  };
}

const suite = await startSuite();
after(() => suite.stop());
const ann = await newUser(suite);
const bob = await newUser(suite);

async function rest(
  method: string,
  path: string,
  token?: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; json: Json }> {
  const answer = await fetch(`${suite.url.gateway}${path}`, {
    method,
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    json: (text ? JSON.parse(text) : {}) as Json,
  };
}

describe("REST", () => {
  it("plays: made by one, joined and moved in by turns", async () => {
    const made = await rest("POST", "/matches", ann.accessToken, {
      game: "connect-four",
      requestId: "r-1",
    });
    assert.equal(made.status, 200, JSON.stringify(made.json));
    const id = made.json.match?.matchId ?? "";
    assert.equal(made.json.match?.status, "MATCH_STATUS_WAITING");

    const joined = await rest(
      "POST",
      `/matches/${id}/join`,
      bob.accessToken,
      {},
    );
    assert.equal(joined.status, 200, JSON.stringify(joined.json));
    const version = joined.json.match?.version;

    const moved = await rest("POST", `/matches/${id}/moves`, ann.accessToken, {
      version,
      move: "3",
      requestId: "r-2",
    });
    assert.equal(moved.status, 200, JSON.stringify(moved.json));
    assert.equal(moved.json.match?.columns[3], "0");

    const seen = await rest("GET", `/matches/${id}`, bob.accessToken);
    assert.equal(seen.json.match?.columns[3], "0");
    const known = await rest(
      "GET",
      `/matches/${id}?knownVersion=${seen.json.match?.version}`,
      bob.accessToken,
    );
    assert.deepEqual(known.json, {});

    const stale = await rest("POST", `/matches/${id}/moves`, bob.accessToken, {
      version,
      move: "3",
      requestId: "r-3",
    });
    assert.equal(stale.status, 400);
    assert.equal(stale.json.code, "failed_precondition");
  });
});

describe("Connect", () => {
  for (const json of [false, true])
    it(`is passed through, ${json ? "JSON" : "proto"}`, async () => {
      const matches = client(Matches, suite.url.gateway, ann.accessToken, {
        json,
      });
      const made = await matches.createMatch({ game: "connect-four" });
      const id = made.match?.matchId ?? "";
      const seen = await matches.getMatch({ matchId: id });
      assert.equal(seen.match?.matchId, id);
      assert.equal(seen.match?.status, MatchStatus.WAITING);
      await assert.rejects(matches.getMatch({ matchId: "nothing" }), {
        code: Code.InvalidArgument,
      });
    });
  it("tells who has no token", async () => {
    const matches = client(Matches, suite.url.gateway);
    await assert.rejects(matches.getMatch({ matchId: "x" }), {
      code: Code.Unauthenticated,
    });
  });
  it("takes access tokens, not ID tokens", async () => {
    const matches = client(Matches, suite.url.gateway, ann.idToken);
    await assert.rejects(matches.getMatch({ matchId: "x" }), {
      code: Code.Unauthenticated,
    });
  });
});

describe("refusals", () => {
  for (const [name, method, path, status, code] of [
    ["no token", "GET", "/matches", 401, "unauthenticated"],
    ["an unknown path", "GET", "/nothing", 404, "unimplemented"],
    ["another verb", "DELETE", "/matches", 405, "unimplemented"],
    [
      "an unknown rpc",
      "POST",
      "/parlor.game.v1.Matches/Cheat",
      404,
      "unimplemented",
    ],
    [
      "the host's other doors",
      "POST",
      "/parlor.function.v1.Functions/Invoke",
      404,
      "unimplemented",
    ],
  ] as const)
    it(`${name}: ${status}, with Connect's body`, async () => {
      const answer = await rest(method, path);
      assert.equal(answer.status, status);
      assert.equal(answer.json.code, code);
      assert.ok(answer.json.message);
      assert.equal(answer.headers.get("content-type"), "application/json");
      if (status === 401)
        assert.equal(answer.headers.get("www-authenticate"), "Bearer");
      if (status === 405)
        assert.match(answer.headers.get("allow") ?? "", /GET/);
    });
  it("a stranger's word for who he is counts nothing", async () => {
    const answer = await rest("GET", "/matches", undefined, undefined, {
      "parlor-caller": "user:somebody",
    });
    assert.equal(answer.status, 401);
  });
  it("says that the game is away, and that it is back", async () => {
    await suite.kill("game");
    const away = await rest("GET", "/matches", ann.accessToken);
    assert.equal(away.status, 503);
    assert.equal(away.json.code, "unavailable");
    await suite.start("game");
    const back = await rest("GET", "/matches", ann.accessToken);
    assert.equal(back.status, 200, JSON.stringify(back.json));
  });
});

describe("the ledger", () => {
  it("has each call that was passed on, and no other", async () => {
    const carl = await newUser(suite);
    for (let i = 0; i < 3; i++) await rest("GET", "/matches", carl.accessToken);
    await rest("GET", "/nothing", carl.accessToken);
    const hour = BigInt(Math.floor(Date.now() / 3_600_000));
    for (let tries = 0; ; tries++) {
      const { rows } = await adminKv(suite).getUsage({
        fromHour: hour - 1n,
        toHour: hour + 1n,
        principal: `user:${carl.sub}`,
        unit: "Calls",
      });
      const calls = rows.filter((row) => row.key?.resource === "GET /matches");
      if (calls[0]?.quantity === 3n || tries > 100) {
        assert.equal(calls.length, 1);
        assert.equal(calls[0]?.quantity, 3n);
        assert.equal(calls[0]?.key?.operation, "ListMatches");
        break;
      }
      await sleep(100);
    }
  });
});
