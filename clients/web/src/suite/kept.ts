// The last state that was seen, for when the suite can't be reached.
import {
  create,
  fromJsonString,
  toJsonString,
  type DescMessage,
  type MessageShape,
} from "@bufbuild/protobuf";
import {
  ListMatchesResponseSchema,
  MatchSchema,
  type Match,
} from "../gen/parlor/game/v1/matches_pb.ts";
import { keep, kept, keys } from "../page/storage.ts";

export function keepMatch(match: Match): void {
  keep(keys.match, toJsonString(MatchSchema, match));
}

/** Nothing, too, when an earlier page kept what this one can't read. */
function read<Schema extends DescMessage>(
  schema: Schema,
  json: string | undefined,
): MessageShape<Schema> | undefined {
  try {
    return json === undefined ? undefined : fromJsonString(schema, json);
  } catch {
    return undefined;
  }
}

/** The one seen last, if it is this one. */
export function keptMatch(matchId: string): Match | undefined {
  const match = read(MatchSchema, kept(keys.match));

  return match?.matchId === matchId ? match : undefined;
}

export function keepMatches(matches: Match[]): void {
  keep(
    keys.matches,
    toJsonString(
      ListMatchesResponseSchema,
      create(ListMatchesResponseSchema, { matches }),
    ),
  );
}

export const keptMatches = (): Match[] =>
  read(ListMatchesResponseSchema, kept(keys.matches))?.matches ?? [];
