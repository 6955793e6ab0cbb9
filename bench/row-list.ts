import type { Row } from './row.ts';
import { brainCopy } from './rows/brain-copy.ts';
import { changedSnapshot } from './rows/changed-snapshot.ts';
import { firstSnapshot } from './rows/first-snapshot.ts';
import { listEntries } from './rows/list-entries.ts';
import { listSnapshots } from './rows/list-snapshots.ts';
import { look } from './rows/look.ts';
import { oneFile } from './rows/one-file.ts';
import { peakMemory } from './rows/peak-memory.ts';
import { restoreBrain } from './rows/restore-brain.ts';
import { restoreCode } from './rows/restore-code.ts';
import { unchangedSnapshot } from './rows/unchanged-snapshot.ts';
import { watchAtRest } from './rows/watch-at-rest.ts';

/** In the order of the table in the docs. A new row is a file in `rows/` and a line here. */
export const rows: readonly Row[] = [
  firstSnapshot,
  unchangedSnapshot,
  changedSnapshot,
  listEntries,
  oneFile,
  restoreCode,
  brainCopy,
  restoreBrain,
  peakMemory,
  listSnapshots,
  look,
  watchAtRest,
];
