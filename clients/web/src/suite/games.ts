// How a player comes to a match. Each answers with its id, and keeps the match
// for the screen that shows it.
import { Opponent, type Match } from "../gen/parlor/game/v1/matches_pb.ts";
import { matches, newRequestId } from "./clients.ts";
import { keepMatch } from "./kept.ts";

const game = "connect-four";

async function idOf(answer: Promise<{ match?: Match }>): Promise<string> {
  const { match } = await answer;

  if (match) keepMatch(match);
  return match?.matchId ?? "";
}

/** Whoever waits, or else whoever comes. */
export const findOpponent = (): Promise<string> =>
  idOf(matches().joinMatch({ game, orOpen: true, requestId: newRequestId() }));

export const openForFriend = (): Promise<string> =>
  idOf(
    matches().createMatch({
      game,
      opponent: Opponent.LINK,
      requestId: newRequestId(),
    }),
  );

export const playComputer = (level: number): Promise<string> =>
  idOf(
    matches().createMatch({
      game,
      opponent: Opponent.COMPUTER,
      level,
      requestId: newRequestId(),
    }),
  );

export const accept = (matchId: string): Promise<string> =>
  idOf(matches().joinMatch({ matchId, requestId: newRequestId() }));

/** Opens it, or joins the one that the other player has opened. */
export const rematch = (matchId: string): Promise<string> =>
  idOf(matches().rematch({ matchId, requestId: newRequestId() }));
