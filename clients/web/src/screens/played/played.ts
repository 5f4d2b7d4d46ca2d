// What the player has played, the latest first, straight from the store.
import type { Item } from "../../gen/parlor/kv/v1/item_pb.ts";
import { h, type Child } from "../../page/dom.ts";
import { icon } from "../../page/icon.ts";
import { notice } from "../../page/notice.ts";
import type { Screen } from "../../page/router.ts";
import { work } from "../../page/work.ts";
import { session } from "../../session/session.ts";
import type { Result } from "../../suite/standings.ts";
import { shownName } from "../../text/name.ts";
import { text, whenText } from "../../text/text.ts";

const PAGE = 20;

const outcomes = (): Record<Result["outcome"], string> => ({
  won: text().won,
  lost: text().lost,
  drawn: text().drawn,
});

function line(result: Result, sub: string): Child {
  const other = result.players.find((player) => player.sub !== sub);
  const href = `/played/${encodeURIComponent(result.at)}`;

  return h(
    "li",
    {},
    h(
      "a",
      { class: "line", href },
      h("span", { class: `badge badge-${result.outcome}` }),
      h(
        "span",
        { class: "line-text" },
        h("strong", {}, other ? shownName(other) : text().nobody),
        h(
          "span",
          { class: "hint" },
          [
            outcomes()[result.outcome],
            text().moves(result.moves.length),
            whenText(result.endedAt),
          ].join(" · "),
        ),
      ),
      icon("forward"),
    ),
  );
}

function list(sub: string): Child {
  const lines = h("ul", { class: "lines card" });
  const more = h("button", { class: "button" }, text().more);
  const all = h("div", { class: "stack", "aria-busy": "true" });
  let next: Item | undefined;

  async function show(): Promise<void> {
    const { pastResults } = await import("../../suite/standings.ts");
    const page = await pastResults(sub, PAGE, next);

    next = page.next;
    for (const result of page.results)
      lines.append(line(result, sub) as HTMLElement);
    if (lines.firstChild) all.replaceChildren(lines, ...(next ? [more] : []));
    else
      all.replaceChildren(
        h("p", { class: "hint" }, text().noMatchesHint),
        h("a", { class: "button button-main", href: "/" }, text().play),
      );
    all.ariaBusy = null;
  }

  more.addEventListener("click", () => void work(more, show));
  void work(more, show);
  return all;
}

export const played: Screen = () => {
  const who = session();

  return {
    title: text().matches,
    content: who
      ? [h("h1", {}, text().matches), list(who.sub)]
      : notice(
          text().noMatches,
          text().noMatchesHint,
          h("a", { class: "button button-main", href: "/" }, text().play),
        ),
  };
};
