// The operations of a match, through the gateway and at the host itself.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import {
  MatchSchema,
  MatchStatus,
  Matches,
  type Match,
} from "../../gen/parlor/game/v1/matches_pb.js";
import { refusal } from "../../harness/refusal.ts";
import { client, startSuite } from "../../harness/suite.ts";
import { newUser } from "../../harness/users.ts";

const suite = await startSuite();
after(() => suite.stop());
const users = {
  ann: await newUser(suite, "ann"),
  bob: await newUser(suite, "bob"),
  eve: await newUser(suite, "eve"),
};
type Name = keyof typeof users;
const game = "connect-four";
const nowhere = "0".repeat(19);

let requests = 0;
const requestId = () => `request-${requests++}`;

function matches(url: string) {
  const of = (name: Name) => client(Matches, url, users[name].accessToken);
  const must = ({ match }: { match?: Match }): Match => {
    assert.ok(match);
    return match;
  };
  const create = async (name: Name, more: object = {}) =>
    must(await of(name).createMatch({ game, requestId: requestId(), ...more }));
  const join = async (name: Name, matchId: string, id = requestId()) =>
    must(await of(name).joinMatch({ matchId, requestId: id }));
  const move = async (
    name: Name,
    { matchId, version }: Match,
    column: number,
    id = requestId(),
  ) =>
    must(
      await of(name).playMove({
        matchId,
        version,
        move: String(column),
        requestId: id,
      }),
    );
  const pair = async () => join("bob", (await create("ann")).matchId);
  return { of, create, join, move, pair };
}

/** Refused with this code; the match as it stands is in the details. */
async function refusedWith(call: Promise<unknown>, code: Code) {
  const got = await refusal(call);
  assert.equal(Code[got.code], Code[code], got.message);
  return got.error.findDetails(MatchSchema)[0];
}

for (const name of ["game", "gateway"] as const) {
  const { of, create, join, move, pair } = matches(suite.url[name]);

  describe(`CreateMatch and JoinMatch at parlor-${name}`, () => {
    it("open a match and begin it", async () => {
      const open = await create("ann");
      assert.equal(open.status, MatchStatus.WAITING);
      assert.equal(open.version, 1n);
      assert.deepEqual(
        open.players.map(({ sub }) => sub),
        [users.ann.sub],
      );
      const begun = await join("bob", open.matchId);
      assert.equal(begun.status, MatchStatus.PLAYING);
      assert.equal(begun.turn, 0);
      assert.deepEqual(
        begun.players.map((player) => player.name),
        ["ann", "bob"],
      );
    });
    it("answer a repeat as they did before", async () => {
      const id = requestId();
      const first = await create("ann", { requestId: id });
      assert.deepEqual(await create("ann", { requestId: id }), first);
      const joinId = requestId();
      const begun = await join("bob", first.matchId, joinId);
      assert.deepEqual(await join("bob", first.matchId, joinId), begun);
    });
    it("refuse a game that is not there", async () => {
      await refusedWith(create("ann", { game: "go" }), Code.InvalidArgument);
    });
    it("refuse a match that is not there, full, or one's own", async () => {
      await refusedWith(join("ann", nowhere), Code.NotFound);
      const open = await create("ann");
      await refusedWith(join("ann", open.matchId), Code.FailedPrecondition);
      await join("bob", open.matchId);
      await refusedWith(join("eve", open.matchId), Code.FailedPrecondition);
    });
  });

  describe(`PlayMove at parlor-${name}`, () => {
    it("wins with four in a column", async () => {
      let match = await pair();
      for (let i = 0; i < 3; i++) {
        match = await move("ann", match, 0);
        match = await move("bob", match, 1);
      }
      assert.equal(match.status, MatchStatus.PLAYING);
      match = await move("ann", match, 0);
      assert.equal(match.status, MatchStatus.WON);
      assert.equal(match.winner, 0);
      assert.deepEqual(match.columns, ["0000", "111", "", "", "", "", ""]);
      await refusedWith(move("bob", match, 1), Code.FailedPrecondition);
    });
    it("refuses who is not to move, and shows the match", async () => {
      const match = await pair();
      const now = await refusedWith(
        move("bob", match, 3),
        Code.FailedPrecondition,
      );
      assert.equal(now?.version, match.version);
    });
    it("refuses an old version, and shows the new one", async () => {
      const match = await pair();
      const moved = await move("ann", match, 3);
      const now = await refusedWith(
        move("bob", match, 3),
        Code.FailedPrecondition,
      );
      assert.equal(now?.version, moved.version);
      assert.deepEqual(now?.moves, ["3"]);
    });
    it("answers a repeat as it did before", async () => {
      const match = await pair();
      const id = requestId();
      const moved = await move("ann", match, 3, id);
      await move("bob", moved, 4);
      assert.deepEqual(await move("ann", match, 3, id), moved);
      await refusedWith(move("ann", match, 5, id), Code.InvalidArgument);
    });
    it("accepts one of two at once", async () => {
      const match = await pair();
      const results = await Promise.allSettled([
        move("ann", match, 2),
        move("ann", match, 4),
      ]);
      assert.deepEqual(results.map(({ status }) => status).sort(), [
        "fulfilled",
        "rejected",
      ]);
    });
    it("refuses a full column and what is no column", async () => {
      let match = await pair();
      for (let i = 0; i < 3; i++) {
        match = await move("ann", match, 6);
        match = await move("bob", match, 6);
      }
      await refusedWith(move("ann", match, 6), Code.InvalidArgument);
      await refusedWith(move("ann", match, 7), Code.InvalidArgument);
      await refusedWith(
        of("ann").playMove({ matchId: match.matchId, version: match.version }),
        Code.InvalidArgument,
      );
    });
    it("refuses who does not play", async () => {
      const match = await pair();
      await refusedWith(move("eve", match, 0), Code.PermissionDenied);
    });
  });

  describe(`GetMatch at parlor-${name}`, () => {
    it("shows a match to its players, and to nobody else", async () => {
      const match = await pair();
      const get = (who: Name) => of(who).getMatch({ matchId: match.matchId });
      assert.deepEqual((await get("ann")).match, match);
      assert.deepEqual((await get("bob")).match, match);
      await refusedWith(get("eve"), Code.PermissionDenied);
      await refusedWith(
        of("eve").getMatch({ matchId: nowhere }),
        Code.NotFound,
      );
    });
    it("says nothing where nothing is new", async () => {
      const { matchId, version } = await pair();
      const { match } = await of("ann").getMatch({
        matchId,
        knownVersion: version,
      });
      assert.equal(match, undefined);
    });
  });

  describe(`Resign at parlor-${name}`, () => {
    it("gives the match to the other", async () => {
      const { matchId } = await pair();
      const { match } = await of("ann").resign({
        matchId,
        requestId: requestId(),
      });
      assert.equal(match?.status, MatchStatus.RESIGNED);
      assert.equal(match?.winner, 1);
      await refusedWith(of("bob").resign({ matchId }), Code.FailedPrecondition);
    });
  });

  describe(`ListMatches at parlor-${name}`, () => {
    it("lists one's own, the latest first, page by page", async () => {
      const latest = await create("eve");
      const earlier = await of("eve").listMatches({});
      assert.equal(earlier.matches[0]?.matchId, latest.matchId);
      const first = await of("ann").listMatches({ limit: 2 });
      assert.equal(first.matches.length, 2);
      assert.ok(first.nextPageToken);
      const second = await of("ann").listMatches({
        limit: 2,
        pageToken: first.nextPageToken,
      });
      const ids = [...first.matches, ...second.matches].map((m) => m.matchId);
      assert.equal(new Set(ids).size, 4);
    });
    it("refuses a limit of 0 and of 101", async () => {
      for (const limit of [0, 101])
        await refusedWith(
          of("ann").listMatches({ limit }),
          Code.InvalidArgument,
        );
    });
  });
}
