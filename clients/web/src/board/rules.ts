// Connect Four for hints and animation; what counts is what the suite answers.

export const COLUMNS = 7;
export const ROWS = 6;

/** Both from 0: columns from the left, rows from the bottom. */
export interface Cell {
  readonly column: number;
  readonly row: number;
}

export interface Disc extends Cell {
  /** 0 or 1. */
  readonly seat: number;
}

/** The discs in the order they were played. */
export function discsOf(moves: readonly number[]): Disc[] {
  const heights = Array.from({ length: COLUMNS }, () => 0);

  return moves.map((column, at) => {
    const row = heights[column] ?? 0;

    heights[column] = row + 1;
    return { column, row, seat: at % 2 };
  });
}

/** Of the next disc there; ROWS when the column is full. */
export const nextRow = (discs: readonly Disc[], column: number): number =>
  discs.filter((disc) => disc.column === column).length;

/** The line that the last disc completed. */
export function winningLine(discs: readonly Disc[]): Cell[] {
  const last = discs.at(-1);
  const has = (column: number, row: number) =>
    discs.some(
      (disc) =>
        disc.column === column && disc.row === row && disc.seat === last?.seat,
    );

  if (!last) return [];
  for (const [right, up] of [
    [1, 0],
    [0, 1],
    [1, 1],
    [1, -1],
  ] as const) {
    const line: Cell[] = [last];

    for (const way of [1, -1])
      for (let step = way; ; step += way) {
        const column = last.column + step * right;
        const row = last.row + step * up;

        if (!has(column, row)) break;
        line.push({ column, row });
      }
    if (line.length >= 4) return line;
  }
  return [];
}
