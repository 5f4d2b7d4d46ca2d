// The best, and the player's own line, straight from the store.
import "./leaderboard.css";
import { fill, h, type Child } from "../../page/dom.ts";
import { notice } from "../../page/notice.ts";
import type { Screen } from "../../page/router.ts";
import { say } from "../../page/shell.ts";
import { accessToken, session } from "../../session/session.ts";
import type { Standing } from "../../suite/standings.ts";
import { shownName } from "../../text/name.ts";
import { text } from "../../text/text.ts";
import { troubleText } from "../../text/trouble.ts";

const TOP = 50;

interface Line extends Standing {
  readonly rank: number;
}

/** Who has as many points has the same rank. */
function ranked(standings: readonly Standing[]): Line[] {
  return standings.map((standing) => ({
    ...standing,
    rank: 1 + standings.findIndex(({ score }) => score === standing.score),
  }));
}

function row(line: Line, sub: string): Child {
  const own = line.sub === sub;

  return h(
    "tr",
    { class: own && "leader-own" },
    h("td", { class: "number" }, String(line.rank)),
    h(
      "th",
      { scope: "row" },
      shownName(line),
      own && h("span", { class: "hint" }, ` · ${text().you}`),
    ),
    [line.wins, line.losses, line.draws].map((count) =>
      h("td", { class: "number wide" }, String(count)),
    ),
    h("td", { class: "number" }, h("strong", {}, String(line.score))),
  );
}

function table(lines: readonly Line[], sub: string): Child {
  const t = text();
  const head = (name: string, kind: string) =>
    h("th", { scope: "col", class: kind }, name);

  return h(
    "table",
    { class: "leaders card" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        head(t.rank, "number"),
        head(t.player, ""),
        head(t.wins, "number wide"),
        head(t.losses, "number wide"),
        head(t.draws, "number wide"),
        head(t.points, "number"),
      ),
    ),
    h(
      "tbody",
      {},
      lines.map((line) => row(line, sub)),
    ),
  );
}

/** Of a player who isn't among the first. */
async function ownLine(sub: string): Promise<Child> {
  const { countAhead, ownStanding } = await import("../../suite/standings.ts");
  const standing = await ownStanding(sub);

  if (!standing) return h("p", { class: "hint" }, text().notRanked);
  const rank = 1 + (await countAhead(standing.score));
  return [h("h2", {}, text().ownLine), table([{ ...standing, rank }], sub)];
}

async function standings(): Promise<Child> {
  const { topStandings } = await import("../../suite/standings.ts");

  await accessToken(); // a visitor becomes a guest: the board is for players
  const { sub = "" } = session() ?? {};
  const lines = ranked(await topStandings(TOP));
  const own = lines.some((line) => line.sub === sub)
    ? undefined
    : await ownLine(sub);

  return lines.length
    ? [table(lines, sub), own]
    : notice(text().noLeaders, text().noLeadersHint);
}

export const leaderboard: Screen = ({ signal }) => {
  const all = h("div", { class: "stack", "aria-busy": "true" });

  standings()
    .then((content) => {
      if (!signal.aborted) fill(all, content);
    })
    .catch((error: unknown) => {
      if (!signal.aborted) say(troubleText(error));
    })
    .finally(() => {
      all.ariaBusy = null;
    });
  return {
    title: text().leaderboardTitle,
    content: [
      h("h1", {}, text().leaderboardTitle),
      h("p", { class: "hint" }, text().leaderboardHint),
      all,
    ],
  };
};
