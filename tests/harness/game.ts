// The game as players have it: its operations through the gateway.
import { Code } from "@connectrpc/connect";
import assert from "node:assert/strict";
import {
  MatchStatus,
  Matches,
  Opponent,
  type Match,
} from "../gen/parlor/game/v1/matches_pb.js";
import { refusal } from "./refusal.ts";
import { client, type Suite } from "./suite.ts";
import type { User } from "./users.ts";

export const game = "connect-four";

export async function must(answer: Promise<{ match?: Match }>): Promise<Match> {
  const { match } = await answer;
  assert.ok(match);
  return match;
}

export const subs = (match: Match) => match.players.map(({ sub }) => sub);

export async function refusedWith(
  call: Promise<unknown>,
  code: Code,
  words = /./,
): Promise<void> {
  const got = await refusal(call);
  assert.equal(Code[got.code], Code[code], got.message);
  assert.match(got.message, words);
}

export function gameOf(suite: Suite) {
  const of = (user: User) =>
    client(Matches, suite.url.gateway, user.accessToken);
  const create = (user: User, more: object = {}) =>
    must(of(user).createMatch({ game, ...more }));
  const join = (user: User, matchId: string) =>
    must(of(user).joinMatch({ matchId }));
  return {
    of,
    create,
    join,
    /** Whoever waits, or a match that waits. */
    find: (user: User, more: object = {}) =>
      must(of(user).joinMatch({ game, orOpen: true, ...more })),
    look: (user: User, matchId: string) => must(of(user).getMatch({ matchId })),
    move: (user: User, { matchId, version }: Match, column: number, id = "") =>
      must(
        of(user).playMove({
          matchId,
          version,
          move: String(column),
          ...(id ? { requestId: id } : {}),
        }),
      ),
    resign: (user: User, matchId: string) => must(of(user).resign({ matchId })),
    cancel: (user: User, matchId: string) =>
      must(of(user).cancelMatch({ matchId })),
    rematch: (user: User, matchId: string, more: object = {}) =>
      must(of(user).rematch({ matchId, ...more })),
    /** A match of the two, the first one beginning. */
    pair: async (first: User, second: User): Promise<Match> => {
      const { matchId } = await create(first, { opponent: Opponent.LINK });
      const match = await join(second, matchId);
      assert.equal(match.status, MatchStatus.PLAYING);
      return match;
    },
  };
}
