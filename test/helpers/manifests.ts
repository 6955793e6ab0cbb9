import type { Manifest } from '../../src/engine/snapshot/manifest.ts';

const sha256 = 'a'.repeat(64);

/** A manifest as a snapshot without code has it; what a test is about is given over it. */
export function manifestOf(given: Partial<Manifest> = {}): Manifest {
  return {
    format: 2,
    id: 'codex-backup-2025-11-22T03-35-57-396Z',
    createdAt: '2025-11-22T03:35:57.396Z',
    sequence: 7,
    trigger: 'manual',
    status: 'verified',
    host: 'mac',
    appVersion: '2.0.0',
    nodeVersion: 'v24.0.0',
    root: '/Users/ada/Codex',
    durationMs: 412,
    parent: null,
    brain: brainOf(),
    databases: [],
    code: null,
    skipped: [],
    envFiles: [],
    warnings: [],
    files: [],
    ...given,
  };
}

/** A Brain part of `bytes` bytes with these rows in `events`. */
function brainOf(rows = 3, bytes = 8192): NonNullable<Manifest['brain']> {
  return {
    file: 'codex-brain.db',
    path: 'codex-brain/codex-brain-data/codex-brain.db',
    bytes,
    sha256,
    pageSize: 4096,
    pageCount: bytes / 4096,
    journalMode: 'delete',
    mode: 0o644,
    uid: 0,
    gid: 0,
    tables: [{ name: 'events', rows, maxRowid: rows }],
    userVersion: 0,
    schemaHash: sha256,
    integrity: 'ok',
    foreignKeyViolations: 0,
    lockHeldMs: 1.5,
  };
}
