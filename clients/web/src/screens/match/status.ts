// Where a match stands, in words for the one who looks.
import {
  MatchStatus,
  type Match,
} from "../../gen/parlor/game/v1/matches_pb.ts";
import { shownName } from "../../text/name.ts";
import { text } from "../../text/text.ts";

export interface Words {
  readonly title: string;
  readonly hint: string;
}

export const nameAt = (match: Match, seat: number, own: number): string =>
  seat === own ? text().you : shownName(match.players[seat] ?? { name: "" });

function how(match: Match, own: number): string {
  const t = text();

  switch (match.status) {
    case MatchStatus.RESIGNED:
      return match.winner === own
        ? t.resigned(nameAt(match, 1 - own, own))
        : "";
    case MatchStatus.DRAWN:
      return t.boardFull;
    default:
      return t.fourInARow;
  }
}

export function words(match: Match, own: number): Words {
  const t = text();

  switch (match.status) {
    case MatchStatus.PLAYING:
      return {
        title:
          match.turn === own
            ? t.yourTurn
            : t.turnOf(nameAt(match, match.turn, own)),
        hint: "",
      };
    case MatchStatus.DRAWN:
      return { title: t.drawn, hint: how(match, own) };
    case MatchStatus.WON:
    case MatchStatus.RESIGNED:
      return {
        title: match.winner === own ? t.won : t.lost,
        hint: how(match, own),
      };
    default:
      return { title: t.cancelled, hint: t.cancelledHint };
  }
}
