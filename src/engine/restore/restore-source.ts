import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Warning } from '../../shared/model.ts';
import type { EngineContext } from '../context.ts';
import type { CatalogEntry } from '../snapshot/catalog.ts';
import { type CodeSource, openCodeSource, requireManifest } from './code-source.ts';
import type { RestoreRequest } from './gather-restore.ts';
import { openLegacySource } from './legacy-source.ts';
import { isWhole } from './plan-restore.ts';

/** What a restore draws from. */
export interface RestoreSource {
  /** Of a v1.5 snapshot with what was found out about its Brain. */
  readonly entry: CatalogEntry;
  /** Undefined where no code is restored. */
  readonly code: CodeSource | undefined;
  /** Of the machine and folder that the snapshot was taken on; null where nobody knows. */
  readonly origin: { readonly root: string; readonly nodeVersion: string } | null;
  readonly warnings: readonly Warning[];
}

/** Calls `use` with what the snapshot holds; a v1.5 one lies unpacked in a scratch folder meanwhile. */
export async function withRestoreSource<T>(
  context: EngineContext,
  entry: CatalogEntry,
  request: RestoreRequest,
  use: (source: RestoreSource) => Promise<T>,
): Promise<T> {
  if (entry.snapshot.status !== 'legacy') {
    const origin = requireManifest(entry);
    const code = request.scope === 'code' || isWhole(request.scope) ? openCodeSource(entry) : undefined;
    return use({ entry, code, origin, warnings: [] });
  }
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'codex-backup-legacy-')));
  try {
    return await use(await openLegacySource(context, entry, request, scratch));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
