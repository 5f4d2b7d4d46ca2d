// The board as a drawing: discs fall behind a slab with holes.
import { prefersStillness, svg } from "../page/dom.ts";
import { COLUMNS, ROWS, type Cell, type Disc } from "./rules.ts";

/** In the drawing's units; the ready disc hovers in a row of its own on top. */
const CELL = 100;
const HOLE = 39;
const DISC = 43;
const WIDTH = COLUMNS * CELL;
const HEIGHT = ROWS * CELL;
const ABOVE = -CELL / 2 - 2;

const xOf = (column: number): number => (column + 0.5) * CELL;
const yOf = (row: number): number => HEIGHT - (row + 0.5) * CELL;
const sameCell = (a: Cell, b: Cell): boolean =>
  a.column === b.column && a.row === b.row;

export interface Picture {
  readonly element: SVGElement;
  /**
   * Lets what is new fall, one after the other, and takes away what is no more.
   * `own` is the seat whose discs have the accent.
   */
  show(discs: readonly Disc[], own: number, still?: boolean): void;
  /** Rings around discs, once they lie: the last one, a line. */
  mark(cells: readonly Cell[], kind: "last" | "line"): void;
  /** The own disc, over a column (a fraction while it is dragged). */
  ready(column: number, row: number): void;
  /** The other's disc, or none. */
  await(other: boolean): void;
}

const wholeBoard = function* (): Generator<Cell> {
  for (let column = 0; column < COLUMNS; column++)
    for (let row = 0; row < ROWS; row++) yield { column, row };
};

const circle = ({ column, row }: Cell, r: number, name = "") =>
  svg("circle", { cx: xOf(column), cy: yOf(row), r, class: name });

/** Two kinds, told apart without their colours, too. */
function drawDisc(own: boolean): SVGGElement {
  return svg(
    "g",
    { class: own ? "disc disc-own" : "disc disc-other" },
    svg("circle", { r: DISC }),
    svg("circle", { r: own ? 26 : 9, class: own ? "disc-ring" : "disc-dot" }),
  );
}

/** Resolves when it lies there. */
async function fall(disc: SVGGElement, row: number): Promise<void> {
  const height = yOf(row) + CELL;
  const at = (y: number, offset: number, easing: string) => ({
    transform: `translateY(${-y}px)`,
    offset,
    easing,
  });
  const down = "cubic-bezier(0.55, 0, 0.9, 0.6)";
  const up = "cubic-bezier(0.1, 0.5, 0.5, 1)";

  await disc.animate(
    [
      at(height, 0, down),
      at(0, 0.62, up),
      at(height * 0.07, 0.8, down),
      at(0, 1, up),
    ],
    { duration: 190 + 105 * Math.sqrt(height / CELL) },
  ).finished;
}

export function createPicture(): Picture {
  const discs = svg("g");
  const marks = svg("g");
  const ready = svg("g", { class: "board-ready" });
  const landing = svg("g");
  const whole = [...wholeBoard()];
  const shown: (Disc & { readonly element: SVGGElement })[] = [];
  let own = 0;
  let falling: Promise<void> = Promise.resolve();
  let marked: SVGElement[] = [];

  const element = svg(
    "svg",
    {
      class: "board-picture",
      viewBox: `0 ${-CELL - 4} ${WIDTH} ${HEIGHT + CELL + 4}`,
      "aria-hidden": "true",
    },
    svg(
      "mask",
      { id: "holes" },
      svg("rect", { width: WIDTH, height: HEIGHT, fill: "#fff" }),
      whole.map((cell) => circle(cell, HOLE)),
    ),
    svg("rect", {
      class: "board-back",
      x: 8,
      y: 8,
      width: WIDTH - 16,
      height: HEIGHT - 16,
      rx: 40,
    }),
    discs,
    svg("rect", {
      class: "board-slab",
      width: WIDTH,
      height: HEIGHT,
      rx: 44,
      mask: "url(#holes)",
    }),
    whole.map((cell) => circle(cell, HOLE, "board-rim")),
    landing,
    marks,
    ready,
  );

  function put(disc: Disc, still: boolean): void {
    const drawn = drawDisc(disc.seat === own);
    const place = svg(
      "g",
      { transform: `translate(${xOf(disc.column)} ${yOf(disc.row)})` },
      drawn,
    );

    shown.push({ ...disc, element: place });
    if (still || prefersStillness()) {
      discs.append(place);
      return;
    }
    falling = falling.then(() => {
      if (!shown.some((one) => one.element === place)) return;
      discs.append(place);
      return fall(drawn, disc.row).catch(() => undefined); // taken away
    });
  }

  return {
    element,
    show(wanted, ownSeat, still = false) {
      const same = shown.findIndex(
        (disc, at) =>
          ownSeat !== own ||
          !wanted[at] ||
          !sameCell(disc, wanted[at]) ||
          disc.seat !== wanted[at].seat,
      );
      const from = same < 0 ? shown.length : same;

      own = ownSeat;
      for (const gone of shown.splice(from)) gone.element.remove();
      for (const disc of wanted.slice(from)) put(disc, still);
    },
    mark(cells, kind) {
      const rings = cells.map((cell) =>
        circle(cell, HOLE - 3, `board-${kind}`),
      );

      marked = rings;
      marks.replaceChildren();
      void falling.then(() => {
        if (marked === rings) marks.replaceChildren(...rings);
      });
    },
    ready(column, row) {
      if (!ready.querySelector(".disc-own"))
        ready.replaceChildren(drawDisc(true));
      ready.setAttribute("transform", `translate(${xOf(column)} ${ABOVE})`);
      const cell = { column: Math.round(column), row };
      landing.replaceChildren(
        ...(row < ROWS ? [circle(cell, HOLE - 5, "board-landing")] : []),
      );
    },
    await(other) {
      landing.replaceChildren();
      ready.setAttribute("transform", `translate(${WIDTH / 2} ${ABOVE})`);
      ready.replaceChildren(...(other ? [drawDisc(false)] : []));
    },
  };
}
