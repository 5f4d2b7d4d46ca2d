// Leaderboard and past results, asked of the store under the player's own
// token: the table's policy lets any player read just these. Screens load this
// when they need it: the store's interface is the largest.
import { create } from "@bufbuild/protobuf";
import { createClient } from "@connectrpc/connect";
import {
  AttributeValueSchema,
  ItemSchema,
  type AttributeValue,
  type Item,
} from "../gen/parlor/kv/v1/item_pb.ts";
import { KeyValue } from "../gen/parlor/kv/v1/kv_pb.ts";
import { transport } from "./clients.ts";
import { theConfig } from "./config.ts";

const TABLE = "game";
const GAME = "connect-four";
const BOARD = `${GAME}#1`; // its first season

const store = () => createClient(KeyValue, transport(theConfig().kv));

// ---- items ---------------------------------------------------------------------

const s = (value: string) =>
  create(AttributeValueSchema, { value: { case: "s", value } });
const n = (value: number) =>
  create(AttributeValueSchema, { value: { case: "n", value: String(value) } });
const item = (attributes: Record<string, AttributeValue>) =>
  create(ItemSchema, { attributes });

function textOf(of: Item, name: string): string {
  const value = of.attributes[name]?.value;

  return value?.case === "s" || value?.case === "n" ? value.value : "";
}

const numberOf = (of: Item, name: string): number => Number(textOf(of, name));

function listOf(of: Item, name: string): readonly AttributeValue[] {
  const value = of.attributes[name]?.value;

  return value?.case === "l" ? value.value.values : [];
}

// ---- the leaderboard -------------------------------------------------------------

export interface Standing {
  readonly sub: string;
  readonly name: string;
  readonly score: number;
  readonly wins: number;
  readonly losses: number;
  readonly draws: number;
}

const standingOf = (row: Item): Standing => ({
  sub: textOf(row, "pk").slice("player#".length),
  name: textOf(row, "name"),
  score: numberOf(row, "score"),
  wins: numberOf(row, "wins"),
  losses: numberOf(row, "losses"),
  draws: numberOf(row, "draws"),
});

export async function topStandings(limit: number): Promise<Standing[]> {
  const { items } = await store().query({
    tableName: TABLE,
    indexName: "leaderboard",
    keyConditionExpression: "board = :board",
    expressionAttributeValues: item({ ":board": s(BOARD) }),
    scanIndexForward: false,
    limit,
  });
  return items.map(standingOf);
}

/** Nothing until a match is over. */
export async function ownStanding(sub: string): Promise<Standing | undefined> {
  const { item: row } = await store().getItem({
    tableName: TABLE,
    key: item({ pk: s(`player#${sub}`), sk: s(`record#${GAME}`) }),
  });
  return row && standingOf(row);
}

/** How many have more points. */
export async function countAhead(score: number): Promise<number> {
  let ahead = 0;
  let from: Item | undefined;

  do {
    const page = await store().query({
      tableName: TABLE,
      indexName: "leaderboard",
      keyConditionExpression: "board = :board AND score > :score",
      expressionAttributeValues: item({
        ":board": s(BOARD),
        ":score": n(score),
      }),
      select: "COUNT",
      ...(from ? { exclusiveStartKey: from } : {}),
    });
    ahead += page.count;
    from = page.lastEvaluatedKey;
  } while (from);
  return ahead;
}

// ---- past results ----------------------------------------------------------------

export interface Result {
  /** Its place among the player's results, for resultAt. */
  readonly at: string;
  readonly outcome: "won" | "lost" | "drawn";
  readonly resigned: boolean;
  /** Milliseconds since 1970. */
  readonly endedAt: number;
  readonly players: readonly {
    readonly sub: string;
    readonly name: string;
    readonly computer: number;
  }[];
  /** Columns from 0, in the order they were played. */
  readonly moves: readonly number[];
}

function resultOf(row: Item): Result {
  const players = listOf(row, "players").flatMap(({ value }) =>
    value.case === "m" ? [value.value] : [],
  );

  return {
    at: textOf(row, "sk"),
    outcome: textOf(row, "outcome") as Result["outcome"],
    resigned: textOf(row, "status") === "resigned",
    endedAt: numberOf(row, "updated_at"),
    players: players.map((player) => ({
      sub: textOf(player, "sub"),
      name: textOf(player, "name"),
      computer: numberOf(player, "computer"),
    })),
    moves: listOf(row, "moves").map(({ value }) =>
      value.case === "s" ? Number(value.value) : 0,
    ),
  };
}

export interface Results {
  readonly results: readonly Result[];
  /** More are after this, if it is there. */
  readonly next?: Item | undefined;
}

/** The latest first. */
export async function pastResults(
  sub: string,
  limit: number,
  from?: Item,
): Promise<Results> {
  const page = await store().query({
    tableName: TABLE,
    keyConditionExpression: "pk = :pk",
    expressionAttributeValues: item({ ":pk": s(`results#${sub}`) }),
    scanIndexForward: false,
    limit,
    ...(from ? { exclusiveStartKey: from } : {}),
  });
  return { results: page.items.map(resultOf), next: page.lastEvaluatedKey };
}

export async function resultAt(
  sub: string,
  at: string,
): Promise<Result | undefined> {
  const { item: row } = await store().getItem({
    tableName: TABLE,
    key: item({ pk: s(`results#${sub}`), sk: s(at) }),
  });
  return row && resultOf(row);
}
