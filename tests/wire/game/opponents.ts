// How players find each other, and the computer that is always there.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  MatchStatus,
  Opponent,
  type Match,
} from "../../gen/parlor/game/v1/matches_pb.js";
import { game, gameOf, must, refusedWith, subs } from "../../harness/game.ts";
import { item, plain } from "../../harness/items.ts";
import { adminKv, startSuite } from "../../harness/suite.ts";
import { newUser, type User } from "../../harness/users.ts";

const CROWD = 24;
const ROUNDS = 4;

const suite = await startSuite();
after(() => suite.stop());
const kv = adminKv(suite);
const { of, create, join, find, look, move, resign, cancel } = gameOf(suite);
const tableName = "game";
const crowd: User[] = [];
for (let i = 0; i < CROWD; i += 4)
  crowd.push(
    ...(await Promise.all(
      [i, i + 1, i + 2, i + 3].map((n) => newUser(suite, `player${n}`)),
    )),
  );
const [ann, bob, eve] = crowd as [User, User, User];

describe("JoinMatch with or_open", () => {
  it("opens a match, which the next one finds", async () => {
    const open = await find(ann);
    assert.equal(open.status, MatchStatus.WAITING);
    assert.equal(open.opponent, Opponent.OPEN);
    assert.ok(open.expiresAt > BigInt(Date.now()));
    const begun = await find(bob);
    assert.equal(begun.matchId, open.matchId);
    assert.equal(begun.status, MatchStatus.PLAYING);
    assert.deepEqual(subs(begun), [ann.sub, bob.sub]);
    await resign(ann, begun.matchId);
  });
  it("never finds one's own, but stays with it", async () => {
    const open = await find(ann);
    assert.deepEqual(await find(ann), open);
    await cancel(ann, open.matchId);
  });
  it("answers a repeat as it did before", async () => {
    const open = await find(ann, { requestId: "first" });
    const again = await find(ann, { requestId: "second" });
    assert.deepEqual(again, open);
    const begun = await find(bob, { requestId: "third" });
    assert.deepEqual(await find(ann, { requestId: "first" }), open);
    assert.deepEqual(await find(bob, { requestId: "third" }), begun);
    // answered with a match that another request had opened: as it stands
    assert.equal(
      (await find(ann, { requestId: "second" })).matchId,
      open.matchId,
    );
    await resign(ann, open.matchId);
  });
  it("gives one match to a request that is made twice at once", async () => {
    for (let i = 0; i < 10; i++) {
      const waiting = i % 2 ? await find(bob) : undefined;
      const [first, second] = await Promise.all(
        [0, 1].map(() => find(ann, { requestId: `twice-${i}` })),
      );
      assert.deepEqual(first, second);
      if (waiting) assert.equal(first?.matchId, waiting.matchId);
      await (waiting ? resign : cancel)(ann, first?.matchId ?? "");
    }
  });
  it("takes who waits, and no longer waits itself", async () => {
    const first = await create(ann);
    const second = await create(bob);
    const begun = await find(bob);
    assert.equal(begun.matchId, first.matchId);
    const { status } = await look(bob, second.matchId);
    assert.equal(status, MatchStatus.CANCELLED);
    await resign(ann, begun.matchId);
  });
  it("passes by what has waited too long", async () => {
    const open = await find(ann);
    const past = Math.floor(Date.now() / 1000) - 1;
    const [row] = (
      await kv.query({
        tableName,
        keyConditionExpression: "pk = :pk AND begins_with(sk, :time)",
        expressionAttributeValues: item({
          ":pk": `open#${game}`,
          ":time": "1",
        }),
      })
    ).items;
    assert.ok(row);
    const { pk = null, sk = null } = plain(row);
    for (const key of [
      { pk, sk },
      { pk: `view#${ann.sub}`, sk: `match#${open.matchId}` },
    ])
      await kv.updateItem({
        tableName,
        key: item(key),
        updateExpression: "SET expires_at = :past",
        expressionAttributeValues: item({ ":past": past }),
      });
    const own = await find(bob);
    assert.notEqual(own.matchId, open.matchId);
    const seen = await of(ann).getMatch({
      matchId: open.matchId,
      knownVersion: open.version,
    });
    assert.equal(seen.match?.status, MatchStatus.CANCELLED);
    await cancel(bob, own.matchId);
    await cancel(ann, open.matchId);
  });
  it("is for a game, not for a match", async () => {
    await refusedWith(
      of(ann).joinMatch({ matchId: "0".repeat(19), orOpen: true }),
      Code.InvalidArgument,
      /or_open/,
    );
  });
  it(`pairs each of ${CROWD} who ask at once, exactly once`, async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const asked = await Promise.all(crowd.map((user) => find(user)));
      const matches = await Promise.all(
        crowd.map((user, i) => look(user, (asked[i] as Match).matchId)),
      );
      for (const [i, match] of matches.entries()) {
        assert.equal(match.status, MatchStatus.PLAYING);
        assert.ok(subs(match).includes(crowd[i]?.sub as string));
        assert.equal(new Set(subs(match)).size, 2);
      }
      const ids = new Set(matches.map(({ matchId }) => matchId));
      assert.equal(ids.size, CROWD / 2);
      await Promise.all(
        crowd.map(async (user) => {
          const latest = (await of(user).listMatches({})).matches;
          const playing = latest.filter(
            ({ status }) => status === MatchStatus.PLAYING,
          );
          assert.equal(playing.length, 1, "one match each");
        }),
      );
      await Promise.all(
        [...ids].map((id) => {
          const i = matches.findIndex(({ matchId }) => matchId === id);
          return resign(crowd[i] as User, id);
        }),
      );
    }
  });
});

describe("CreateMatch with opponent link", () => {
  it("waits for who knows the match, and not in the queue", async () => {
    const open = await create(ann, { opponent: Opponent.LINK });
    assert.equal(open.opponent, Opponent.LINK);
    await refusedWith(of(eve).joinMatch({ game }), Code.NotFound);
    const begun = await join(bob, open.matchId);
    assert.equal(begun.status, MatchStatus.PLAYING);
    await resign(bob, begun.matchId);
  });
});

describe("CancelMatch", () => {
  it("ends what waits, for good", async () => {
    const open = await create(ann);
    await refusedWith(cancel(bob, open.matchId), Code.PermissionDenied);
    const ended = await cancel(ann, open.matchId);
    assert.equal(ended.status, MatchStatus.CANCELLED);
    assert.deepEqual(await look(ann, open.matchId), ended);
    await refusedWith(of(bob).joinMatch({ game }), Code.NotFound);
    await refusedWith(join(bob, open.matchId), Code.FailedPrecondition);
    await refusedWith(cancel(ann, open.matchId), Code.FailedPrecondition);
  });
  it("answers a repeat as it did before", async () => {
    const { matchId } = await create(ann);
    const ask = () =>
      must(of(ann).cancelMatch({ matchId, requestId: "enough" }));
    assert.deepEqual(await ask(), await ask());
  });
  it("refuses a match that is played", async () => {
    const { matchId } = await create(ann, { opponent: Opponent.LINK });
    await join(bob, matchId);
    await refusedWith(
      cancel(ann, matchId),
      Code.FailedPrecondition,
      /all its players/,
    );
    await resign(ann, matchId);
  });
});

describe("the computer", () => {
  const against = (level?: number) =>
    create(eve, {
      opponent: Opponent.COMPUTER,
      ...(level ? { level } : {}),
    });

  it("sits down at once, with a level", async () => {
    for (const level of [undefined, 1, 2, 3]) {
      const match = await against(level);
      assert.equal(match.status, MatchStatus.PLAYING);
      assert.equal(match.players[0]?.sub, eve.sub);
      assert.equal(match.players[1]?.computer, level ?? 2);
      await resign(eve, match.matchId);
    }
  });
  it("moves with the player, and so does a repeat", async () => {
    const match = await against(3);
    const moved = await move(eve, match, 3, "three");
    assert.equal(moved.moves.length, 2);
    assert.equal(moved.turn, 0);
    assert.deepEqual(await move(eve, match, 3, "three"), moved);
    assert.deepEqual(await look(eve, match.matchId), moved);
    await resign(eve, match.matchId);
  });
  it("blocks what would lose at once", async () => {
    const match = await against(2);
    const drop = (now: Match) => move(eve, now, 0);
    const third = await drop(await drop(await drop(match)));
    assert.equal(third.columns[0]?.[3], "1");
    await resign(eve, match.matchId);
  });
  it("is among the results and not on the leaderboard", async () => {
    const match = await against(3);
    await resign(eve, match.matchId);
    const results = await kv.query({
      tableName,
      keyConditionExpression: "pk = :pk",
      expressionAttributeValues: item({ ":pk": `results#${eve.sub}` }),
      scanIndexForward: false,
      limit: 1,
    });
    const row = plain(results.items[0] ?? item({}));
    assert.equal(row["match_id"], match.matchId);
    assert.equal(row["opponent"], "computer");
    const record = await kv.getItem({
      tableName,
      key: item({ pk: `player#${eve.sub}`, sk: `record#${game}` }),
    });
    const losses = record.item ? Number(plain(record.item)["losses"]) : 0;
    assert.ok(losses <= ROUNDS, "only what was lost to people");
  });
  it("has three levels, and they are its own", async () => {
    for (const level of [0, 4, -1])
      await refusedWith(
        of(eve).createMatch({ game, opponent: Opponent.COMPUTER, level }),
        Code.InvalidArgument,
        /level/,
      );
    await refusedWith(
      of(eve).createMatch({ game, level: 1 }),
      Code.InvalidArgument,
      /level/,
    );
  });
});
