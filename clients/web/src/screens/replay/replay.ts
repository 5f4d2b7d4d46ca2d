// A past match, move by move.
import "./replay.css";
import { createBoard } from "../../board/board.ts";
import { discsOf } from "../../board/rules.ts";
import { fill, h, prefersStillness, type Child } from "../../page/dom.ts";
import { icon, type IconName } from "../../page/icon.ts";
import { notice } from "../../page/notice.ts";
import type { Screen } from "../../page/router.ts";
import { announce, say } from "../../page/shell.ts";
import { session } from "../../session/session.ts";
import type { Result } from "../../suite/standings.ts";
import { shownName } from "../../text/name.ts";
import { text, whenText } from "../../text/text.ts";
import { troubleText } from "../../text/trouble.ts";

const STEP_MS = 900;

function button(name: IconName, label: string, onclick: () => void) {
  return h(
    "button",
    { class: "round", type: "button", "aria-label": label, onclick },
    icon(name),
  );
}

function player(result: Result, sub: string, signal: AbortSignal): Child {
  const t = text();
  const own = Math.max(
    0,
    result.players.findIndex((one) => one.sub === sub),
  );
  const names = result.players.map((one) =>
    one.sub === sub ? t.you : shownName(one),
  );
  const discs = discsOf(result.moves);
  const count = discs.length;
  const board = createBoard(() => undefined);
  const where = h("output", { class: "replay-where" });
  const slider = h("input", {
    type: "range",
    min: 0,
    max: count,
    "aria-label": t.match,
    oninput: () => {
      stop();
      show(slider.valueAsNumber);
    },
  });
  let at = 0;
  let timer: number | undefined;

  function show(to: number, still = false): void {
    const back = to < at;
    const disc = discs[to - 1];

    at = Math.max(0, Math.min(count, to));
    slider.valueAsNumber = at;
    slider.ariaValueText = t.move(at, count);
    where.textContent = t.move(at, count);
    board.show(
      { discs: discs.slice(0, at), own, names, turn: "none" },
      still || back,
    );
    if (disc && !still)
      announce(t.played(names[disc.seat] ?? "", disc.column + 1));
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    fill(run, icon("run"));
    run.ariaLabel = t.playFromHere;
  }

  function start(): void {
    if (at === count) show(0, true);
    timer = window.setInterval(() => {
      show(at + 1);
      if (at === count) stop();
    }, STEP_MS);
    fill(run, icon("pause"));
    run.ariaLabel = t.pauseHere;
  }

  const step = (to: () => number) => () => {
    stop();
    show(to());
  };
  const run = button("run", t.playFromHere, () =>
    timer === undefined ? start() : stop(),
  );

  run.classList.add("round-main");
  signal.addEventListener("abort", stop);
  show(prefersStillness() ? count : 0, true);
  if (!prefersStillness()) start();
  return [
    h("h1", {}, t.versus(names[0] ?? "", names[1] ?? "")),
    h(
      "p",
      { class: "hint" },
      [
        { won: t.won, lost: t.lost, drawn: t.drawn }[result.outcome],
        whenText(result.endedAt),
      ].join(" · "),
    ),
    board.element,
    h(
      "div",
      { class: "replay-steps" },
      where,
      slider,
      h(
        "div",
        { class: "row" },
        button(
          "first",
          t.first,
          step(() => 0),
        ),
        button(
          "back",
          t.previous,
          step(() => at - 1),
        ),
        run,
        button(
          "forward",
          t.next,
          step(() => at + 1),
        ),
        button(
          "last",
          t.last,
          step(() => count),
        ),
      ),
    ),
  ];
}

export const replay: Screen = ({ params: [at = ""], signal }) => {
  const { sub = "" } = session() ?? {};
  const all = h("section", { class: "replay" }, h("h1", {}, text().loading));

  async function load(): Promise<void> {
    const { resultAt } = await import("../../suite/standings.ts");
    const result = await resultAt(sub, decodeURIComponent(at));

    if (signal.aborted) return;
    fill(
      all,
      result ? player(result, sub, signal) : notice(text().noMatch, ""),
    );
  }

  load().catch((error: unknown) => say(troubleText(error)));
  return { title: text().replay, content: all };
};
