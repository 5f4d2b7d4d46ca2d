// The board to play on: a column is a button, under finger, mouse and keys.
//
// A tap or Enter drops a disc; a finger that goes down takes the disc along and
// drops it where it goes up. For a screen reader the columns say what lies in
// them. The drawing is picture.ts's.
import "./board.css";
import { h } from "../page/dom.ts";
import { text } from "../text/text.ts";
import { createPicture } from "./picture.ts";
import {
  COLUMNS,
  ROWS,
  nextRow,
  winningLine,
  type Cell,
  type Disc,
} from "./rules.ts";

export interface Position {
  readonly discs: readonly Disc[];
  /** The seat whose discs have the accent. */
  readonly own: number;
  /** By seat, for a screen reader. */
  readonly names: readonly string[];
  /** Whose disc is in the hand: only one's own can be dropped. */
  readonly turn: "own" | "other" | "none";
}

export interface Board {
  readonly element: HTMLElement;
  /** `still` without discs that fall. */
  show(position: Position, still?: boolean): void;
}

/** `play` is called with a column that isn't full, while one may be played. */
export function createBoard(play: (column: number) => void): Board {
  const picture = createPicture();
  const buttons = Array.from({ length: COLUMNS }, (_, column) =>
    h("button", {
      type: "button",
      class: "board-column",
      tabindex: column === 3 ? 0 : -1,
    }),
  );
  const columns = h(
    "div",
    { class: "board-columns", role: "group", "aria-label": text().board },
    buttons,
  );
  let position: Position | undefined;
  let pressed: number | undefined;
  let aimed = 3;

  const isFree = (column: number) =>
    position !== undefined && nextRow(position.discs, column) < ROWS;

  function drop(column: number): void {
    if (position?.turn === "own" && isFree(column)) play(column);
  }

  /** The ready disc over a column, or beside its middle while dragged. */
  function aim(column: number, exact: number = column): void {
    aimed = column;
    if (position?.turn === "own")
      picture.ready(exact, nextRow(position.discs, column));
    else picture.await(position?.turn === "other");
  }

  function focus(column: number): void {
    const to = Math.max(0, Math.min(COLUMNS - 1, column));

    for (const [at, button] of buttons.entries())
      button.tabIndex = at === to ? 0 : -1;
    buttons[to]?.focus();
  }

  function columnUnder(event: PointerEvent): { column: number; exact: number } {
    const { left, width } = columns.getBoundingClientRect();
    const exact = ((event.clientX - left) / width) * COLUMNS - 0.5;
    const within = Math.max(0, Math.min(COLUMNS - 1, exact));

    return { column: Math.round(within), exact: within };
  }

  function onKey(event: KeyboardEvent): void {
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: 6 }[
      event.key
    ];

    if (to === undefined) return;
    event.preventDefault();
    focus(to);
  }

  for (const [column, button] of buttons.entries()) {
    button.addEventListener("click", () => drop(column));
    button.addEventListener("focus", () => aim(column));
  }
  columns.addEventListener("keydown", onKey);
  columns.addEventListener("pointerdown", (event) => {
    pressed = columnUnder(event).column;
    aim(pressed);
  });
  columns.addEventListener("pointermove", (event) => {
    const { column, exact } = columnUnder(event);

    columns.classList.toggle("board-dragged", pressed !== undefined);
    aim(column, pressed === undefined ? column : exact);
  });
  columns.addEventListener("pointerup", (event) => {
    const { column } = columnUnder(event);
    const dragged = pressed !== undefined && pressed !== column;

    pressed = undefined; // where it went down it is a click, too
    columns.classList.remove("board-dragged");
    aim(column);
    if (dragged) drop(column);
  });
  for (const name of ["pointercancel", "pointerleave"] as const)
    columns.addEventListener(name, () => {
      pressed = undefined;
      columns.classList.remove("board-dragged");
      aim(aimed);
    });

  return {
    element: h("div", { class: "board" }, picture.element, columns),
    show(next, still) {
      const { discs, own, names, turn } = next;
      const line = winningLine(discs);
      const last: Cell[] = discs.slice(-1);

      position = next;
      picture.show(discs, own, still);
      picture.mark(line.length ? line : last, line.length ? "line" : "last");
      aim(aimed);
      for (const [column, button] of buttons.entries()) {
        const owners = discs
          .filter((disc) => disc.column === column)
          .map((disc) => names[disc.seat] ?? "");

        button.ariaLabel = text().column(column + 1, owners);
        button.ariaDisabled = String(turn !== "own" || !isFree(column));
      }
    },
  };
}
