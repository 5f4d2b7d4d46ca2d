// A match: whose turn it is, the board, and the ways out.
import "./match.css";
import { Code, ConnectError } from "@connectrpc/connect";
import { createBoard } from "../../board/board.ts";
import { discsOf } from "../../board/rules.ts";
import type { Match } from "../../gen/parlor/game/v1/matches_pb.ts";
import { ask } from "../../page/ask.ts";
import { fill, h, type Child } from "../../page/dom.ts";
import { icon } from "../../page/icon.ts";
import { notice } from "../../page/notice.ts";
import { go, type Screen } from "../../page/router.ts";
import { announce, say } from "../../page/shell.ts";
import { backOff, pause } from "../../page/waiting.ts";
import { working } from "../../page/work.ts";
import { session } from "../../session/session.ts";
import { matches, newRequestId } from "../../suite/clients.ts";
import { rematch } from "../../suite/games.ts";
import { keepMatch, keptMatch } from "../../suite/kept.ts";
import {
  isOver,
  isPlaying,
  isWaiting,
  movesOf,
  seatOf,
} from "../../suite/match.ts";
import { isPassing, isRefusedToken } from "../../suite/trouble.ts";
import { watchMatch } from "../../suite/watch.ts";
import { text } from "../../text/text.ts";
import { invitation } from "./invitation.ts";
import { nameAt, words } from "./status.ts";
import { waitingPanel, waitingWords } from "./waiting.ts";

/** A disc that is on its way: shown at once, taken back if it is refused. */
interface Move {
  readonly column: number;
  readonly version: bigint;
  readonly requestId: string;
}

/** Rematches that were offered here. */
const offered = new Set<string>();

async function offerRematch(matchId: string): Promise<void> {
  const next = await rematch(matchId);

  offered.add(next);
  go(`/match/${next}`, true);
}

async function resign(matchId: string): Promise<void> {
  const t = text();

  if (await ask(t.resignAsk, t.resignHint, t.resign, t.keepPlaying))
    await matches().resign({ matchId, requestId: newRequestId() });
}

function player(match: Match, seat: number, own: number): Child {
  const turn = isPlaying(match) && match.turn === seat;
  const won = isOver(match) && match.winner === seat;

  return h(
    "li",
    { class: turn || won ? "player player-marked" : "player" },
    h("span", { class: `dot ${seat === own ? "dot-own" : "dot-other"}` }),
    h("span", {}, nameAt(match, seat, own)),
  );
}

function actions(match: Match, own: number): Child {
  const { matchId, rematchId } = match;
  const other = nameAt(match, 1 - own, own);

  if (isPlaying(match))
    return h(
      "button",
      { class: "button button-quiet", onclick: working(() => resign(matchId)) },
      icon("flag"),
      text().resign,
    );
  return [
    rematchId && h("p", { class: "hint" }, text().rematchAsked(other)),
    isOver(match) &&
      h(
        "button",
        {
          class: "button button-main",
          onclick: working(() => offerRematch(matchId)),
        },
        text().rematch,
      ),
    h("a", { class: "button", href: "/" }, text().home),
  ];
}

function view(matchId: string, sub: string, signal: AbortSignal): Child {
  const title = h("h1", {}, text().loading);
  const hint = h("p", { class: "hint" });
  const players = h("ul", { class: "players" });
  const board = createBoard(play);
  const below = h("div", { class: "match-below" });
  const middle = h("div", { class: "match-middle" }, board.element);
  const all = h(
    "section",
    { class: "match" },
    h("div", { class: "match-head" }, title, hint, players),
    middle,
    below,
  );
  let match: Match | undefined;
  let move: Move | undefined;
  let reached = true;

  function drawWords(now: Match, own: number): void {
    const told = isWaiting(now)
      ? waitingWords(now, offered.has(matchId))
      : words(now, own);

    if (title.textContent !== told.title) {
      title.textContent = told.title;
      document.title = `${told.title} · Parlor`;
      announce(told.title);
    }
    hint.textContent = reached ? told.hint : text().offline;
  }

  function draw(still = false): void {
    if (!match) {
      hint.textContent = reached ? "" : text().offline;
      return;
    }
    const now = match;
    const own = seatOf(now, sub);
    const columns = [...movesOf(now), ...(move ? [move.column] : [])];

    drawWords(now, own);
    if (isWaiting(now)) {
      fill(middle, waitingPanel(now, offered.has(matchId)));
      fill(players);
      fill(below);
      return;
    }
    if (board.element.parentNode !== middle) fill(middle, board.element);
    fill(
      players,
      now.players.map((_, seat) => player(now, seat, own)),
    );
    fill(below, actions(now, own));
    board.show(
      {
        discs: discsOf(columns),
        own,
        names: now.players.map((_, seat) => nameAt(now, seat, own)),
        turn: !isPlaying(now)
          ? "none"
          : now.turn === own && !move
            ? "own"
            : "other",
      },
      still,
    );
  }

  function hear(next: Match): void {
    const before = match;

    if (before && next.version <= before.version) return;
    match = next;
    if (move && next.version > move.version) move = undefined;
    keepMatch(next);
    if (before)
      for (const disc of discsOf(movesOf(next)).slice(before.moves.length))
        announce(
          text().played(
            nameAt(next, disc.seat, seatOf(next, sub)),
            disc.column + 1,
          ),
        );
    draw(!before);
  }

  /** Sent until it is answered: a repeat is known by its request. */
  async function send(sent: Move): Promise<void> {
    const { column, version, requestId } = sent;

    for (let tries = 0; move === sent && !signal.aborted; tries++) {
      try {
        const answer = await matches().playMove(
          { matchId, version, requestId, move: String(column) },
          { signal },
        );
        if (answer.match) hear(answer.match);
        return;
      } catch (error) {
        if (move !== sent || signal.aborted) return;
        if (!isPassing(error) && !isRefusedToken(error)) {
          move = undefined;
          say(text().moveLost);
        }
        draw();
        await pause(backOff(tries), signal);
      }
    }
  }

  function play(column: number): void {
    if (!match || move) return;
    move = { column, version: match.version, requestId: newRequestId() };
    draw();
    void send(move);
  }

  function refused(error: unknown): void {
    const denied = ConnectError.from(error).code === Code.PermissionDenied;

    all.replaceWith(
      ...(denied
        ? [invitation(matchId)]
        : [
            notice(
              text().noMatch,
              text().noMatchHint,
              h("a", { class: "button", href: "/" }, text().home),
            ),
          ]),
    );
  }

  match = keptMatch(matchId);
  draw(true);
  watchMatch(
    matchId,
    {
      match: hear,
      reached(now) {
        if (reached === now) return;
        reached = now;
        draw(true);
      },
      refused,
    },
    signal,
  );
  return all;
}

export const match: Screen = ({ params: [matchId = ""], signal }) => {
  const who = session();

  return {
    title: text().match,
    // who has never played here has come by a link
    content: who ? view(matchId, who.sub, signal) : invitation(matchId),
  };
};
