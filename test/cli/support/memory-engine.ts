import type { Engine } from '../../../src/engine/engine.ts';
import type { DatabasePart, Snapshot } from '../../../src/shared/model.ts';
import type { SnapshotDetail } from '../../../src/shared/results.ts';

/** An engine that answers what a test gives it; any other call fails. */
export function createMemoryEngine(answers: Partial<Engine>): Engine {
  const refuse = (name: string) => async (): Promise<never> => {
    throw new Error(`the test gave no answer for ${name}`);
  };
  return {
    run: refuse('run'),
    runIfGrown: refuse('runIfGrown'),
    list: refuse('list'),
    show: refuse('show'),
    files: refuse('files'),
    cat: refuse('cat'),
    folder: refuse('folder'),
    findFiles: refuse('findFiles'),
    entry: refuse('entry'),
    where: refuse('where'),
    preview: refuse('preview'),
    fileDiff: refuse('fileDiff'),
    databases: refuse('databases'),
    newestMemories: refuse('newestMemories'),
    growth: refuse('growth'),
    diff: refuse('diff'),
    checkSetting: refuse('checkSetting'),
    listFolders: refuse('listFolders'),
    findRoots: refuse('findRoots'),
    stamps: refuse('stamps'),
    search: refuse('search'),
    verify: refuse('verify'),
    planRestore: refuse('planRestore'),
    restore: refuse('restore'),
    planRestoreInto: refuse('planRestoreInto'),
    restoreInto: refuse('restoreInto'),
    drill: refuse('drill'),
    restores: refuse('restores'),
    planUndo: refuse('planUndo'),
    undo: refuse('undo'),
    discardRestore: refuse('discardRestore'),
    recover: refuse('recover'),
    remove: refuse('remove'),
    planPrune: refuse('planPrune'),
    prune: refuse('prune'),
    pin: refuse('pin'),
    note: refuse('note'),
    status: refuse('status'),
    acknowledge: refuse('acknowledge'),
    watch: refuse('watch'),
    doctor: refuse('doctor'),
    coverage: async () => ({ services: [], databases: [], scripts: [], files: [] }),
    answerCoverage: refuse('answerCoverage'),
    activity: refuse('activity'),
    link: refuse('link'),
    unlink: refuse('unlink'),
    settings: refuse('settings'),
    changeSetting: refuse('changeSetting'),
    resetSettings: refuse('resetSettings'),
    close: async () => undefined,
    ...answers,
  };
}

export const brainPart: DatabasePart = {
  file: 'codex-brain.db',
  path: 'codex-brain/codex-brain-data/codex-brain.db',
  bytes: 61_440,
  sha256: 'a'.repeat(64),
  pageSize: 4096,
  pageCount: 15,
  journalMode: 'delete',
  mode: 0o644,
  uid: 501,
  gid: 20,
  tables: [{ name: 'events', rows: 340, maxRowid: 341 }],
  userVersion: 0,
  schemaHash: 'b'.repeat(64),
  integrity: 'ok',
  foreignKeyViolations: 0,
  lockHeldMs: 12,
};

export function createSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  const id = changes.id ?? 'codex-backup-2025-11-22T03-35-57-396Z';
  return {
    id,
    path: `/backups/${id}`,
    createdAt: '2025-11-22T03:35:57.396Z',
    sequence: 1,
    trigger: 'manual',
    status: 'verified',
    pinned: false,
    note: '',
    durationMs: 1200,
    diskBytes: 300_000,
    brain: brainPart,
    databases: [],
    code: {
      file: 'codex-code.tar.gz',
      bytes: 204_800,
      sha256: 'c'.repeat(64),
      files: 120,
      rawBytes: 900_000,
      packs: { total: 4, reused: 0 },
      linked: false,
    },
    skipped: [],
    warnings: [],
    ...changes,
  };
}

export function createDetail(changes: Partial<SnapshotDetail> = {}): SnapshotDetail {
  return {
    ...createSnapshot(changes),
    host: 'mac',
    appVersion: '2.0.0',
    nodeVersion: '24.21.0',
    root: '/home/me/Codex',
    parent: null,
    include: ['codex-brain'],
    exclude: [],
    gitCommit: null,
    envFiles: [],
    checks: [],
    ...changes,
  };
}
