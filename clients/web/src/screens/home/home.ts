// Where a player begins: three ways into a match, and those that go on.
import "./home.css";
import { createPicture } from "../../board/picture.ts";
import { discsOf, winningLine } from "../../board/rules.ts";
import type { Match } from "../../gen/parlor/game/v1/matches_pb.ts";
import { fill, h, type Child } from "../../page/dom.ts";
import { icon, type IconName } from "../../page/icon.ts";
import { go, type Screen } from "../../page/router.ts";
import { keep, keys } from "../../page/storage.ts";
import { working } from "../../page/work.ts";
import { isGuest, session } from "../../session/session.ts";
import { matches } from "../../suite/clients.ts";
import {
  findOpponent,
  openForFriend,
  playComputer,
} from "../../suite/games.ts";
import { keepMatches, keptMatches } from "../../suite/kept.ts";
import { isPlaying, isWaiting, seatOf } from "../../suite/match.ts";
import { shownName } from "../../text/name.ts";
import { text } from "../../text/text.ts";

const DECORATION = [5, 1, 2, 3, 1, 3, 2, 4, 0, 3, 2, 1, 1, 5, 3];
const GOING_ON = 20;

function decoration(): Child {
  const picture = createPicture();
  const discs = discsOf(DECORATION);

  picture.show(discs, 0, true);
  picture.mark(winningLine(discs), "line");
  return h("div", { class: "home-board" }, picture.element);
}

const enter = (matchId: string): void => go(`/match/${matchId}`);

function way(name: IconName, title: string, hint: string, id?: string): Child {
  return [
    h("span", { class: "home-icon" }, icon(name)),
    h(
      "span",
      { class: "home-way-text" },
      h("strong", { id }, title),
      h("span", { class: "hint" }, hint),
    ),
  ];
}

// ---- against the computer --------------------------------------------------------

function computer(): Child {
  const begin = (level: number) => async () => {
    keep(keys.level, String(level));
    enter(await playComputer(level));
  };

  return h(
    "section",
    { class: "card home-computer", "aria-labelledby": "computer" },
    h(
      "div",
      { class: "home-way" },
      way("computer", text().playComputer, text().playComputerHint, "computer"),
    ),
    h(
      "div",
      { class: "home-levels" },
      text().levels.map((name, at) =>
        h(
          "button",
          { type: "button", class: "button", onclick: working(begin(at + 1)) },
          name,
        ),
      ),
    ),
  );
}

// ---- what goes on ----------------------------------------------------------------

function goingOn(match: Match): Child {
  const seat = seatOf(match, session()?.sub);
  const other = match.players[1 - seat];
  const own = match.turn === seat;
  const name = other ? shownName(other) : text().lookingFor;

  return h(
    "li",
    {},
    h(
      "a",
      { class: "line", href: `/match/${match.matchId}` },
      h("span", { class: `dot ${own && other ? "dot-own" : "dot-other"}` }),
      h(
        "span",
        { class: "line-text" },
        h("strong", {}, name),
        other &&
          h(
            "span",
            { class: "hint" },
            own ? text().yourTurn : text().turnOf(name),
          ),
      ),
      icon("forward"),
    ),
  );
}

async function showGoingOn(
  section: HTMLElement,
  signal: AbortSignal,
): Promise<void> {
  const draw = (all: Match[]) => {
    const going = all.filter((match) => isPlaying(match) || isWaiting(match));

    fill(
      section,
      going.length > 0 && [
        h("h2", {}, text().going),
        h("ul", { class: "lines card" }, going.map(goingOn)),
      ],
    );
  };

  draw(keptMatches());
  const answer = await matches().listMatches({ limit: GOING_ON }, { signal });
  keepMatches(answer.matches);
  draw(answer.matches);
}

// ---- all of it ---------------------------------------------------------------------

function keepingHint(username: string): Child {
  return h(
    "p",
    { class: "home-keep" },
    h("span", {}, text().keepIt(shownName({ name: username })), " "),
    h("a", { href: "/account/sign-up" }, text().keepItHint),
  );
}

export const home: Screen = ({ signal }) => {
  const who = session();
  const going = h("section", { class: "home-going" });

  if (who) showGoingOn(going, signal).catch(() => undefined); // what is kept
  return {
    title: text().homeTitle,
    content: h(
      "div",
      { class: "home" },
      h(
        "section",
        { class: "home-hero" },
        decoration(),
        h("h1", {}, text().homeTitle),
        h("p", { class: "hint" }, text().homeLead),
      ),
      h(
        "section",
        { class: "home-ways" },
        h(
          "button",
          {
            type: "button",
            class: "button button-main home-way",
            onclick: working(async () => enter(await findOpponent())),
          },
          way(
            "people",
            who ? text().findOpponent : text().playNow,
            who ? text().findOpponentHint : text().playNowHint,
          ),
        ),
        going,
        h(
          "button",
          {
            type: "button",
            class: "card home-way",
            onclick: working(async () => enter(await openForFriend())),
          },
          way("link", text().challenge, text().challengeHint),
          icon("forward"),
        ),
        computer(),
        who && isGuest(who.username) && keepingHint(who.username),
      ),
    ),
  };
};
