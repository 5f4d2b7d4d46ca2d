// REST paths with JSON, CORS, throttles: what is the gateway's own.
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());
const ann = await newUser(suite, "ann");
const bob = await newUser(suite, "bob");

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    match?: {
      matchId: string;
      version: string;
      status: string;
      moves?: string[];
    };
    matches?: unknown[];
    code?: string;
    message?: string;
  };
}

async function call(
  method: string,
  path: string,
  { token = ann.accessToken, body = undefined as unknown, headers = {} } = {},
): Promise<Answer> {
  const answer = await fetch(suite.url.gateway + path, {
    method,
    headers: {
      ...(token === "" ? {} : { authorization: `Bearer ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return {
    status: answer.status,
    headers: answer.headers,
    body: (text ? JSON.parse(text) : {}) as Answer["body"],
  };
}

const created = await call("POST", "/matches", {
  body: { game: "connect-four" },
});

describe("REST paths", () => {
  const matchId = created.body.match?.matchId ?? "";
  it("create", () => {
    assert.equal(created.status, 200, JSON.stringify(created.body));
    assert.equal(created.headers.get("content-type"), "application/json");
    assert.equal(created.body.match?.status, "MATCH_STATUS_WAITING");
    assert.equal(created.body.match?.version, "1");
  });
  it("take a field from the path", async () => {
    const { status, body } = await call("GET", `/matches/${matchId}`);
    assert.equal(status, 200);
    assert.equal(body.match?.matchId, matchId);
  });
  it("take fields from the query", async () => {
    const known = await call("GET", `/matches/${matchId}?knownVersion=1`);
    assert.deepEqual(known.body, {});
    const list = await call("GET", "/matches?limit=1");
    assert.equal(list.body.matches?.length, 1);
  });
  it("join, move and resign", async () => {
    const joined = await call("POST", `/matches/${matchId}/join`, {
      token: bob.accessToken,
    });
    assert.equal(joined.body.match?.status, "MATCH_STATUS_PLAYING");
    const moved = await call("POST", `/matches/${matchId}/moves`, {
      body: { version: joined.body.match?.version, move: "3" },
    });
    assert.deepEqual(moved.body.match?.moves, ["3"]);
    const resigned = await call("POST", `/matches/${matchId}/resign`);
    assert.equal(resigned.body.match?.status, "MATCH_STATUS_RESIGNED");
  });
  it("offer a rematch, and take it back", async () => {
    const offered = await call("POST", `/matches/${matchId}/rematch`);
    assert.equal(offered.body.match?.status, "MATCH_STATUS_WAITING");
    const path = `/matches/${offered.body.match?.matchId}/cancel`;
    const cancelled = await call("POST", path);
    assert.equal(cancelled.body.match?.status, "MATCH_STATUS_CANCELLED");
  });
  it("refuse what the function refuses", async () => {
    const missing = await call("GET", `/matches/${"0".repeat(19)}`);
    assert.equal(missing.status, 404);
    assert.equal(missing.body.code, "not_found");
    const game = await call("POST", "/matches", { body: { game: "go" } });
    assert.equal(game.status, 400);
    assert.equal(game.body.code, "invalid_argument");
  });
  it("refuse unknown fields, bad JSON and bad numbers", async () => {
    for (const [path, body] of [
      ["/matches", { games: "connect-four" }],
      ["/matches", "{"],
      ["/matches", "[]"],
    ] as const) {
      const { status, body: refused } = await call("POST", path, { body });
      assert.equal(status, 400, JSON.stringify(refused));
      assert.equal(refused.code, "invalid_argument");
    }
    assert.equal((await call("GET", "/matches?limit=x")).status, 400);
    assert.equal((await call("GET", "/matches?nope=1")).status, 400);
  });
  it("want a token", async () => {
    const { status, headers } = await call("GET", "/matches", {
      token: "",
    });
    assert.equal(status, 401);
    assert.match(headers.get("www-authenticate") ?? "", /^Bearer/);
  });
  it("say what is not there, and what is allowed", async () => {
    assert.equal((await call("GET", "/nothing")).status, 404);
    const { status, headers } = await call("DELETE", "/matches");
    assert.equal(status, 405);
    const allowed = headers.get("allow") ?? "";
    assert.ok(allowed.includes("GET") && allowed.includes("POST"), allowed);
  });
  it("pass a trace and a request id on", async () => {
    const { headers } = await call("GET", "/matches", {
      headers: { "x-request-id": "my-request" },
    });
    assert.equal(headers.get("x-request-id"), "my-request");
  });
  it("let nobody speak for a service", async () => {
    const { status } = await call("GET", "/matches", {
      token: "",
      headers: { "parlor-caller": "x.y.z", "parlor-user": "ann" },
    });
    assert.equal(status, 401);
  });
});

describe("Connect paths", () => {
  it("have a Connect body on every error", async () => {
    for (const [path, headers, status] of [
      ["/parlor.game.v1.Matches/Nope", {}, 404],
      ["/parlor.game.v1.Matches/GetMatch", {}, 401],
      ["/parlor.game.v1.Matches/GetMatch", { authorization: "Bearer x" }, 401],
    ] as const) {
      const answer = await fetch(suite.url.gateway + path, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: "{}",
      });
      assert.equal(answer.status, status);
      const body = (await answer.json()) as { code?: string };
      assert.match(body.code ?? "", /^[a-z_]+$/);
    }
  });
  it("say which content types they take", async () => {
    const answer = await fetch(
      `${suite.url.gateway}/parlor.game.v1.Matches/GetMatch`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${ann.accessToken}`,
          "content-type": "text/plain",
        },
        body: "x",
      },
    );
    assert.equal(answer.status, 415);
    assert.match(((await answer.json()) as { code: string }).code, /_/);
  });
  it("answer 503 with a Connect body while the host is down", async () => {
    await suite.kill("game");
    const answer = await fetch(
      `${suite.url.gateway}/parlor.game.v1.Matches/ListMatches`,
      {
        method: "POST",
        headers: {
          authorization: `Bearer ${ann.accessToken}`,
          "content-type": "application/json",
        },
        body: "{}",
      },
    );
    assert.equal(answer.status, 503);
    assert.equal(
      ((await answer.json()) as { code: string }).code,
      "unavailable",
    );
    await suite.start("game");
  });
});

describe("CORS", () => {
  const preflight = () =>
    fetch(`${suite.url.gateway}/matches`, {
      method: "OPTIONS",
      headers: {
        origin: "https://play.example",
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization, content-type",
      },
    });

  it("lets no pages but the suite's own call unless it is set", async () => {
    const { status, headers } = await preflight();
    assert.equal(status, 403);
    assert.equal(headers.get("access-control-allow-origin"), null);
  });
  it("lets the pages of an origin call", async () => {
    await suite.kill("gateway");
    await suite.start("gateway", {
      PARLOR_GATEWAY_CORS_ORIGINS: "https://play.example",
    });
    const { status, headers } = await preflight();
    assert.ok(status === 204 || status === 200);
    assert.equal(
      headers.get("access-control-allow-origin"),
      "https://play.example",
    );
    assert.match(headers.get("access-control-allow-methods") ?? "", /POST/);
    assert.match(
      headers.get("access-control-allow-headers") ?? "",
      /authorization/i,
    );
    const answer = await call("GET", "/matches", {
      headers: { origin: "https://play.example" },
    });
    assert.equal(
      answer.headers.get("access-control-allow-origin"),
      "https://play.example",
    );
    const stranger = await call("GET", "/matches", {
      headers: { origin: "https://evil.example" },
    });
    assert.equal(stranger.headers.get("access-control-allow-origin"), null);
  });
});

describe("throttles", () => {
  it("hold a user to a rate, with a hint, and no other user", async () => {
    await suite.kill("gateway");
    await suite.start("gateway", {
      PARLOR_GATEWAY_USER_RATE_LIMIT: "1",
      PARLOR_GATEWAY_USER_BURST_LIMIT: "3",
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call("GET", "/matches?limit=1")),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.ok(refused.length >= 4 && refused.length <= 5);
    assert.equal(refused[0]?.body.code, "resource_exhausted");
    assert.ok(Number(refused[0]?.headers.get("retry-after")) >= 1);
    const { status } = await call("GET", "/matches", {
      token: bob.accessToken,
    });
    assert.equal(status, 200);
  });
});
