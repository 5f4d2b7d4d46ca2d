// The last state that was seen, for when the suite can't be reached.
import { fromJsonString, toJsonString } from "@bufbuild/protobuf";
import {
  ListMatchesResponseSchema,
  MatchSchema,
  type Match,
} from "../gen/parlor/game/v1/matches_pb.ts";
import { keep, kept, keys } from "../page/storage.ts";

export function keepMatch(match: Match): void {
  keep(keys.match, toJsonString(MatchSchema, match));
}

/** The one seen last, if it is this one. */
export function keptMatch(matchId: string): Match | undefined {
  const json = kept(keys.match);
  const match = json && fromJsonString(MatchSchema, json);

  return match && match.matchId === matchId ? match : undefined;
}

export function keepMatches(matches: Match[]): void {
  keep(
    keys.matches,
    toJsonString(ListMatchesResponseSchema, {
      $typeName: "parlor.game.v1.ListMatchesResponse",
      matches,
      nextPageToken: "",
    }),
  );
}

export function keptMatches(): Match[] {
  const json = kept(keys.matches);

  return json ? fromJsonString(ListMatchesResponseSchema, json).matches : [];
}
