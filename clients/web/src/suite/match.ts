// What a match says, as the screens ask it.
import { MatchStatus, type Match } from "../gen/parlor/game/v1/matches_pb.ts";

/** After its time a match that waits counts as cancelled. */
export const isWaiting = (match: Match): boolean =>
  match.status === MatchStatus.WAITING &&
  (!match.expiresAt || match.expiresAt > BigInt(Date.now()));

export const isPlaying = (match: Match): boolean =>
  match.status === MatchStatus.PLAYING;

/** Won, drawn or resigned: it will not change, but for a rematch. */
export const isOver = (match: Match): boolean =>
  match.status === MatchStatus.WON ||
  match.status === MatchStatus.DRAWN ||
  match.status === MatchStatus.RESIGNED;

/** -1 for who is no player of it. */
export const seatOf = (match: Match, sub: string | undefined): number =>
  match.players.findIndex((player) => player.sub === sub);

export const movesOf = (match: Match): number[] => match.moves.map(Number);
