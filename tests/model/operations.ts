// The operations that are generated, each as often as its share.
import type { Random } from "./random.ts";
import {
  batchGet,
  getItem,
  olderScan,
  query,
  scan,
  select,
  transactGet,
} from "./reads.ts";
import type { Step } from "./step.ts";
import { makeIndex, takeIndex } from "./tables.ts";
import {
  batchWrite,
  olderWrite,
  transactWrite,
  writeItem,
  writeStatement,
} from "./writes.ts";

const rows: readonly (readonly [share: number, make: (r: Random) => Step])[] = [
  [20, (r) => writeItem(r, "Put")],
  [24, (r) => writeItem(r, "Update")],
  [8, (r) => writeItem(r, "Delete")],
  [8, olderWrite],
  [8, writeStatement],
  [6, batchWrite],
  [10, transactWrite],
  [8, getItem],
  [3, batchGet],
  [3, transactGet],
  [12, query],
  [4, scan],
  [3, olderScan],
  [4, select],
  [1, (r) => r.pick([makeIndex, takeIndex])()],
];

const deck = rows.flatMap(([share, make]) =>
  Array<typeof make>(share).fill(make),
);

export const makeStep = (r: Random): Step => r.pick(deck)(r);
