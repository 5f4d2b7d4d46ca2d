// The operations that are generated, each as often as its share.
import type { Random } from "./random.ts";
import {
  batchGet,
  getItem,
  olderQuery,
  olderScan,
  query,
  scan,
  transactGet,
} from "./reads.ts";
import {
  batchReadStatements,
  batchWriteStatements,
  select,
  transactReadStatements,
  transactStatements,
  writeStatement,
} from "./statements.ts";
import type { Step } from "./step.ts";
import { makeIndex, tag, takeIndex } from "./tables.ts";
import { batchWrite, olderWrite, transactWrite, writeItem } from "./writes.ts";

const rows: readonly (readonly [share: number, make: (r: Random) => Step])[] = [
  [20, (r) => writeItem(r, "Put")],
  [24, (r) => writeItem(r, "Update")],
  [8, (r) => writeItem(r, "Delete")],
  [8, olderWrite],
  [8, writeStatement],
  [4, batchWriteStatements],
  [6, transactStatements],
  [6, batchWrite],
  [10, transactWrite],
  [8, getItem],
  [3, batchGet],
  [3, transactGet],
  [12, query],
  [4, scan],
  [3, olderQuery],
  [3, olderScan],
  [4, select],
  [2, batchReadStatements],
  [2, transactReadStatements],
  [1, (r) => r.pick([makeIndex, takeIndex])()],
  [1, tag],
];

const deck = rows.flatMap(([share, make]) =>
  Array<typeof make>(share).fill(make),
);

export const makeStep = (r: Random): Step => r.pick(deck)(r);
