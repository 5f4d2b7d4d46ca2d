// DeletePlayer: what is left of who has gone, and what others keep.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  Matches,
  MatchStatus,
  Opponent,
} from "../../gen/parlor/game/v1/matches_pb.js";
import { game, gameOf, refusedWith, subs } from "../../harness/game.ts";
import { item, plain } from "../../harness/items.ts";
import { adminKv, client, startSuite } from "../../harness/suite.ts";
import { newUser, type User } from "../../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());
const kv = adminKv(suite);
const ann = await newUser(suite, "ann");
const bob = await newUser(suite, "bob");
const { of, create, look, move, resign, cancel, rematch, pair, find } =
  gameOf(suite);

async function deletePlayer(user: User): Promise<number> {
  for (let calls = 1; ; calls++)
    if ((await of(user).deletePlayer({})).done) return calls;
}

/** All items of the game, as text. */
async function everything(): Promise<string[]> {
  const { items } = await kv.scan({ tableName: "game" });
  return items.map((row) => JSON.stringify(plain(row)));
}

describe("DeletePlayer", () => {
  it("leaves nothing of a player, and others their matches", async () => {
    const drop = (user: User, match: Awaited<ReturnType<typeof pair>>) =>
      move(user, match, user === ann ? 0 : 1);
    const won = await pair(ann, bob);
    let now = won;
    for (let i = 0; i < 7; i++) now = await drop(i % 2 ? bob : ann, now);
    assert.equal(now.status, MatchStatus.WON);
    const lost = await pair(bob, ann);
    await resign(ann, lost.matchId);
    const offered = await rematch(ann, lost.matchId);
    const playing = await move(ann, await pair(ann, bob), 3);
    const alone = await create(ann, { opponent: Opponent.COMPUTER });
    const cancelled = await create(ann);
    await cancel(ann, cancelled.matchId);
    const waiting = await find(ann);

    assert.equal(await deletePlayer(ann), 1);

    const left = await everything();
    for (const row of left) {
      assert.ok(!row.includes(ann.sub), row);
      assert.ok(!row.includes(`"${ann.username}"`), row);
    }
    const kept = [won, lost, playing];
    for (const { matchId } of [offered, alone, cancelled, waiting])
      assert.ok(!left.some((row) => row.includes(`match#${matchId}`)));
    for (const { matchId } of kept) {
      const match = await look(bob, matchId);
      assert.deepEqual(subs(match).sort(), ["", bob.sub].sort());
      await refusedWith(of(ann).getMatch({ matchId }), Code.PermissionDenied);
      await refusedWith(
        rematch(bob, matchId),
        Code.FailedPrecondition,
        /has left/,
      );
    }
    const resigned = await look(bob, playing.matchId);
    assert.equal(resigned.status, MatchStatus.RESIGNED);
    assert.equal(resigned.winner, 1);
    assert.deepEqual(resigned.moves, ["3"]);

    const results = await kv.query({
      tableName: "game",
      keyConditionExpression: "pk = :pk",
      expressionAttributeValues: item({ ":pk": `results#${bob.sub}` }),
    });
    assert.deepEqual(
      results.items.map((row) => plain(row)["outcome"]),
      ["lost", "won", "won"],
    );
    const record = await kv.getItem({
      tableName: "game",
      key: item({ pk: `player#${bob.sub}`, sk: `record#${game}` }),
    });
    assert.equal(plain(record.item ?? item({}))["wins"], 2);
    assert.deepEqual((await of(ann).listMatches({})).matches, []);
  });
  it("goes on where it stopped, and may be repeated", async () => {
    const many = await newUser(suite, "many");
    for (let i = 0; i < 25; i++)
      await create(many, { opponent: Opponent.LINK });
    assert.ok((await deletePlayer(many)) > 1);
    assert.equal(await deletePlayer(many), 1);
    assert.ok(!(await everything()).some((row) => row.includes(many.sub)));
  });
  it("deletes a match when both have left", async () => {
    const eve = await newUser(suite, "eve");
    const dan = await newUser(suite, "dan");
    const { matchId } = await pair(eve, dan);
    await Promise.all([deletePlayer(eve), deletePlayer(dan)]);
    assert.ok(!(await everything()).some((row) => row.includes(matchId)));
  });
  it("needs a player", async () => {
    await refusedWith(
      client(Matches, suite.url.gateway).deletePlayer({}),
      Code.Unauthenticated,
    );
  });
  it("has a REST path", async () => {
    const answer = await fetch(`${suite.url.gateway}/player`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${bob.accessToken}` },
    });
    assert.deepEqual(await answer.json(), { done: true });
    assert.deepEqual((await of(bob).listMatches({})).matches, []);
  });
});
