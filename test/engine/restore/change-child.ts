import { join } from 'node:path';
import { continueJournal, createJournal } from '../../../src/engine/restore/journal.ts';
import { makeChanges } from '../../../src/engine/restore/moves.ts';
import { announcedChanges, undoChanges } from '../../../src/engine/restore/undo-changes.ts';

/** A process that makes the changes of the tests, or takes them back; a fail point ends it somewhere. */
const [, , action = '', base = ''] = process.argv;
const file = join(base, '.Codex-restores/r1/journal.jsonl');

if (action === 'make') {
  const journal = createJournal(file);
  makeChanges(base, journal, [
    { kind: 'move', from: 'Codex/a.txt', to: '.Codex-restores/r1/replaced/a.txt' },
    { kind: 'move', from: 'Codex/folder', to: '.Codex-restores/r1/replaced/folder' },
    { kind: 'move', from: '.Codex-restores/r1/staged/a.txt', to: 'Codex/a.txt' },
  ]);
  makeChanges(base, journal, [
    { kind: 'move', from: '.Codex-restores/r1/staged/folder', to: 'Codex/folder' },
    { kind: 'mode', path: 'Codex/kept.sh', mode: 0o755 },
    { kind: 'make', path: 'Codex/dist', aside: '.Codex-restores/r1/failed/dist' },
  ]);
} else {
  const journal = continueJournal(file);
  undoChanges(announcedChanges(journal.records()), { base, own: '.Codex-restores/r1', databases: new Set() });
}
