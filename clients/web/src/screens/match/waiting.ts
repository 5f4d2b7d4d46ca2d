// A match that has one player yet: how the other one comes, and no longer does.
import { Opponent, type Match } from "../../gen/parlor/game/v1/matches_pb.ts";
import { h, type Child } from "../../page/dom.ts";
import { icon } from "../../page/icon.ts";
import { go } from "../../page/router.ts";
import { say } from "../../page/shell.ts";
import { kept, keys } from "../../page/storage.ts";
import { working } from "../../page/work.ts";
import { matches, newRequestId } from "../../suite/clients.ts";
import { playComputer } from "../../suite/games.ts";
import { text } from "../../text/text.ts";

async function cancel({ matchId }: Match): Promise<void> {
  await matches().cancelMatch({ matchId, requestId: newRequestId() });
}

// ---- by link -----------------------------------------------------------------------

/** Where the browser has no clipboard for us, the person copies by hand. */
async function copy(field: HTMLInputElement): Promise<void> {
  field.select();
  await navigator.clipboard.writeText(field.value);
  say(text().copied);
}

async function share(url: string): Promise<void> {
  await navigator
    .share({ title: text().homeTitle, url })
    .catch(() => undefined); // the person thought better of it
}

function linkPanel(match: Match): Child {
  const url = `${location.origin}/match/${match.matchId}`;
  const field = h("input", {
    class: "field",
    readonly: true,
    value: url,
    "aria-label": text().link,
    onfocus: () => field.select(),
  });

  return [
    field,
    h(
      "div",
      { class: "row" },
      "clipboard" in navigator &&
        h(
          "button",
          { class: "button", onclick: working(() => copy(field)) },
          icon("link"),
          text().copy,
        ),
      "share" in navigator &&
        h(
          "button",
          { class: "button button-main", onclick: working(() => share(url)) },
          icon("share"),
          text().share,
        ),
    ),
  ];
}

// ---- open to all -------------------------------------------------------------------

async function computerInstead(match: Match): Promise<void> {
  await cancel(match);
  go(`/match/${await playComputer(Number(kept(keys.level) ?? 1))}`, true);
}

const openPanel = (match: Match): Child =>
  h(
    "button",
    { class: "button", onclick: working(() => computerInstead(match)) },
    icon("computer"),
    text().playComputer,
  );

// ---- either ------------------------------------------------------------------------

/** Two discs that take turns. */
const searching = (): Child =>
  h("div", { class: "searching", "aria-hidden": "true" }, h("i"), h("i"));

/** `asked`: it is a rematch that this player has offered. */
export function waitingWords(
  match: Match,
  asked: boolean,
): { title: string; hint: string } {
  const t = text();

  if (asked) return { title: t.waitingFor, hint: t.waitingForHint };
  return match.opponent === Opponent.LINK
    ? { title: t.invited, hint: t.invitedHint }
    : { title: t.lookingFor, hint: t.lookingForHint };
}

export const waitingPanel = (match: Match, asked: boolean): Child =>
  h(
    "div",
    { class: "match-waiting card" },
    searching(),
    !asked &&
      (match.opponent === Opponent.LINK ? linkPanel(match) : openPanel(match)),
    h(
      "button",
      {
        class: "button button-quiet",
        onclick: working(async () => {
          await cancel(match);
          go("/", true);
        }),
      },
      text().stopWaiting,
    ),
  );
