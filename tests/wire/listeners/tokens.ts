// Forged, stolen and spent tokens at every daemon.
import { Code, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-web";
import assert from "node:assert/strict";
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
} from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { Matches } from "../../gen/parlor/game/v1/matches_pb.js";
import { KeyValue } from "../../gen/parlor/kv/v1/kv_pb.js";
import { item } from "../../harness/items.ts";
import { cannotWait, later } from "../../harness/later.ts";
import { misclaimed } from "../../harness/pool.ts";
import { refusal } from "../../harness/refusal.ts";
import { client, startSuite, type DaemonName } from "../../harness/suite.ts";
import {
  forgeries,
  signEs256,
  signHs256,
  tampered,
  type Jwt,
} from "../../harness/tokens.ts";
import { auth, newUser, signIn } from "../../harness/users.ts";
import { until } from "../../harness/until.ts";

const suite = await startSuite();
after(() => suite.stop());
const user = await newUser(suite, "ada");
const forged = await forgeries(suite.issuer, user.accessToken, user.idToken);
const claimed = await misclaimed(suite, user.accessToken);

/** A call of each daemon that any signed-in player may make. */
const calls: Partial<
  Record<DaemonName, (token: string | undefined) => Promise<unknown>>
> = {
  kv: (token) =>
    client(KeyValue, suite.url.kv, token).query({
      tableName: "game",
      indexName: "leaderboard",
      keyConditionExpression: "board = :b",
      expressionAttributeValues: item({ ":b": "connect-four#1" }),
    }),
  game: (token) => client(Matches, suite.url.game, token).listMatches({}),
  gateway: (token) => client(Matches, suite.url.gateway, token).listMatches({}),
};
const rows = Object.entries(calls) as [
  DaemonName,
  (token: string | undefined) => Promise<unknown>,
][];

async function refusesToken(call: Promise<unknown>): Promise<void> {
  const { code, message } = await refusal(call);
  assert.equal(code, Code.Unauthenticated, `${Code[code]}: ${message}`);
}

for (const [name, call] of rows)
  describe(`parlor-${name}`, () => {
    it("takes a good token", async () => {
      await call(user.accessToken);
    });
    for (const [what, token] of forged)
      it(`refuses ${what}`, async () => {
        await refusesToken(call(token));
      });
    for (const [what, token] of claimed)
      it(`refuses ${what} under our signature`, async () => {
        await refusesToken(call(token));
      });
    it("refuses it with any letter changed", async () => {
      for (const token of tampered(user.accessToken))
        await refusesToken(call(token));
    });
    it("refuses another scheme", async () => {
      const answer = await fetch(
        `${suite.url[name]}/parlor.game.v1.Matches/X`,
        {
          method: "POST",
          headers: { authorization: `Basic ${user.accessToken}` },
        },
      );
      assert.ok(answer.status >= 400);
    });
  });

describe("no token", () => {
  it("is not enough for a match", async () => {
    for (const name of ["game", "gateway"] as const)
      await refusesToken(calls[name]?.(undefined) ?? Promise.resolve());
  });
  it("is nobody to the store's policies", async () => {
    const { code } = await refusal(calls.kv?.(undefined) ?? Promise.resolve());
    assert.ok(code === Code.PermissionDenied || code === Code.Unauthenticated);
  });
});

/** Asks until it is refused, for two seconds at most. */
async function isRefusedSoon(call: () => Promise<unknown>): Promise<void> {
  await until(
    "the token is refused",
    () =>
      call().then(
        () => false,
        () => true,
      ),
    2000,
  );
  await refusesToken(call());
}

describe("a revoked token", () => {
  it("is refused by everybody within two seconds", async () => {
    const { accessToken, refreshToken } = await signIn(suite, "ada");
    for (const [, call] of rows) await call(accessToken);
    await auth(suite).revokeToken({
      clientId: suite.clientId,
      token: refreshToken,
    });
    await Promise.all(
      rows.map(([, call]) => isRefusedSoon(() => call(accessToken))),
    );
    for (const [, call] of rows) await call(user.accessToken);
  });
  it("stays revoked for a daemon that starts later", async () => {
    const { accessToken, refreshToken } = await signIn(suite, "ada");
    await auth(suite).revokeToken({
      clientId: suite.clientId,
      token: refreshToken,
    });
    for (const [name] of rows) {
      await suite.kill(name);
      await suite.start(name);
    }
    await Promise.all(
      rows.map(([, call]) => isRefusedSoon(() => call(accessToken))),
    );
  });
});

for (const [name, call] of rows)
  describe(`parlor-${name} started otherwise`, () => {
    const startWith = async (env: NodeJS.ProcessEnv) => {
      await suite.kill(name);
      await suite.start(name, env, "healthz");
    };
    after(async () => {
      await suite.kill(name);
      await suite.start(name);
    });

    it("refuses a token for another client", async () => {
      await startWith({
        [`PARLOR_${name.toUpperCase()}_CLIENT_ID`]: "another",
      });
      await refusesToken(call(user.accessToken));
    });
    it("refuses a token two hours later", { skip: cannotWait }, async () => {
      await startWith(later("+2h"));
      await refusesToken(call(user.accessToken));
    });
  });

describe("a service's token", async () => {
  const readKey = async (name: string) =>
    createPrivateKey(await readFile(join(suite.data, `keys/${name}.pem`)));
  const key = await readKey("game");
  const now = Math.floor(Date.now() / 1000);

  const jwt = (claims: object = {}, header: object = {}): Jwt => ({
    header: { alg: "ES256", kid: "game", ...header },
    claims: {
      sub: "service:game",
      aud: "kv",
      iat: Math.floor(Date.now() / 1000),
      exp: Math.floor(Date.now() / 1000) + 60,
      ...claims,
    },
  });
  const describeTable = (token: string) =>
    createClient(
      KeyValue,
      createConnectTransport({
        baseUrl: suite.url.kv,
        useBinaryFormat: true,
        interceptors: [
          (next) => (request) => {
            request.header.set("parlor-caller", token);
            return next(request);
          },
        ],
      }),
    ).getRolePolicy({ roleName: "service:game", policyName: "lend" });

  it("is good while it is its own, fresh, and for the store", async () => {
    try {
      await describeTable(signEs256(jwt(), key));
    } catch (error) {
      assert.notEqual(
        (await refusal(Promise.reject(error))).code,
        Code.Unauthenticated,
      );
    }
  });
  const stranger = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = createPublicKey(key).export({ type: "spki", format: "pem" });
  const bad: [string, string][] = [
    ["for another service", signEs256(jwt({ aud: "auth" }), key)],
    ["for nobody", signEs256(jwt({ aud: undefined }), key)],
    ["expired", signEs256(jwt({ iat: now - 120, exp: now - 60 }), key)],
    [
      "from the future",
      signEs256(jwt({ iat: now + 3600, exp: now + 3660 }), key),
    ],
    ["good for an hour", signEs256(jwt({ exp: now + 3600 }), key)],
    ["without an end", signEs256(jwt({ exp: undefined }), key)],
    ["in another's name", signEs256(jwt({ sub: "service:auth" }), key)],
    ["in an administrator's name", signEs256(jwt({ sub: "admin:x" }), key)],
    ["under another's kid", signEs256(jwt({}, { kid: "auth" }), key)],
    ["under no kid", signEs256(jwt({}, { kid: undefined }), key)],
    ["by a stranger's key", signEs256(jwt(), stranger.privateKey)],
    [
      "by HS256 and the public key",
      signHs256(jwt({}, { alg: "HS256" }), String(pem)),
    ],
    [
      "by none",
      `${signEs256(jwt({}, { alg: "none" }), key)
        .split(".")
        .slice(0, 2)
        .join(".")}.`,
    ],
    ["a user's", user.accessToken],
  ];
  for (const [what, token] of bad)
    it(`is refused: ${what}`, async () => {
      await refusesToken(describeTable(token));
    });
});
