// Rematch: the same two again, the other one beginning.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { MatchStatus, Opponent } from "../../gen/parlor/game/v1/matches_pb.js";
import { gameOf, refusedWith, subs } from "../../harness/game.ts";
import { startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());
const ann = await newUser(suite, "ann");
const bob = await newUser(suite, "bob");
const eve = await newUser(suite, "eve");
const { of, create, join, look, move, resign, cancel, rematch, pair } =
  gameOf(suite);

/** A match of the two that is over. */
async function over(first = ann, second = bob): Promise<string> {
  const { matchId } = await pair(first, second);
  await resign(second, matchId);
  return matchId;
}

describe("Rematch", () => {
  for (const [asks, other, name] of [
    [ann, bob, "who began"],
    [bob, ann, "who did not"],
  ] as const)
    it(`is opened by ${name}, and begun by the other's word`, async () => {
      const matchId = await over();
      const open = await rematch(asks, matchId);
      assert.equal(open.status, MatchStatus.WAITING);
      const seen = await look(other, matchId);
      assert.equal(seen.rematchId, open.matchId);
      assert.equal(seen.version, 4n);
      const begun = await rematch(other, matchId);
      assert.equal(begun.matchId, open.matchId);
      assert.equal(begun.status, MatchStatus.PLAYING);
      assert.deepEqual(subs(begun), [bob.sub, ann.sub]);
      assert.equal((await move(bob, begun, 3)).turn, 1);
    });
  it("is one match, whoever asks how often, also at once", async () => {
    const matchId = await over();
    const both = await Promise.all([
      rematch(ann, matchId),
      rematch(bob, matchId),
    ]);
    const again = await rematch(ann, matchId);
    assert.equal(new Set([...both, again].map((m) => m.matchId)).size, 1);
    assert.equal(again.status, MatchStatus.PLAYING);
  });
  it("answers a repeat as it did before", async () => {
    const matchId = await over();
    const ask = (user = ann) =>
      rematch(user, matchId, { requestId: "once-more" });
    const open = await ask();
    const begun = await ask(bob);
    await move(bob, begun, 3);
    assert.deepEqual(await ask(), open);
    assert.deepEqual(await ask(bob), begun);
  });
  it("is for the two alone", async () => {
    const matchId = await over();
    const open = await rematch(ann, matchId);
    await refusedWith(rematch(eve, matchId), Code.PermissionDenied);
    await refusedWith(join(eve, open.matchId), Code.PermissionDenied);
    assert.deepEqual(
      subs(await join(bob, open.matchId)),
      [bob.sub, ann.sub],
      "who was told the match may join it as any other",
    );
  });
  it("may be asked for again when it was cancelled", async () => {
    const matchId = await over();
    const first = await rematch(ann, matchId);
    await cancel(ann, first.matchId);
    const second = await rematch(bob, matchId);
    assert.notEqual(second.matchId, first.matchId);
    assert.equal((await look(ann, matchId)).rematchId, second.matchId);
  });
  it("is refused while the match is played, or is not there", async () => {
    const { matchId } = await pair(ann, bob);
    await refusedWith(rematch(ann, matchId), Code.FailedPrecondition, /over/);
    await refusedWith(rematch(ann, "0".repeat(19)), Code.NotFound);
    await refusedWith(of(ann).rematch({}), Code.InvalidArgument);
  });
  it("of the computer begins at once, the other one beginning", async () => {
    const match = await create(eve, { opponent: Opponent.COMPUTER, level: 3 });
    await resign(eve, match.matchId);
    const second = await rematch(eve, match.matchId);
    assert.equal(second.status, MatchStatus.PLAYING);
    assert.equal(second.players[0]?.computer, 3);
    assert.equal(second.moves.length, 1);
    assert.equal(second.turn, 1);
    await resign(eve, second.matchId);
    const third = await rematch(eve, second.matchId);
    assert.equal(third.moves.length, 0);
    assert.deepEqual(await rematch(eve, second.matchId), third);
  });
});
