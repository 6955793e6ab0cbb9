import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CopySettings } from '../../src/shared/settings.ts';
import { createFaultPlace, type FaultPlace, snapshotNames } from '../faults/support/fault-place.ts';

/** A copy as the settings file has it: what is not given has its default. */
export type NamedCopy =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'rclone'; readonly remote: string };

/** Writes the copies into the settings of a place, as a user does who edits the file. */
export function setCopies(
  home: string,
  copies: readonly (NamedCopy & { readonly name: string } & Partial<Omit<CopySettings, 'name' | 'kind'>> &
    Record<string, unknown>)[],
  others: Readonly<Record<string, unknown>> = {},
): void {
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'settings.json'), JSON.stringify({ version: 1, ...others, copies }));
}

/** A folder beside the Codex folder, as the copy `disk`; it is there, and empty. */
export function addDisk(
  place: Pick<FaultPlace, 'folder' | 'home'>,
  others: Readonly<Record<string, unknown>> = {},
): string {
  const path = join(place.folder, 'disk');
  mkdirSync(path, { recursive: true });
  setCopies(place.home, [{ name: 'disk', kind: 'folder', path, ...others }]);
  return path;
}

/** Snapshots that were taken once, to be published in one test after the other as if they were taken there. */
export interface SnapshotStock {
  /** Puts them beside the backups of a place; each call of the answer publishes the next, and tells its id. */
  bring(place: Pick<FaultPlace, 'folder' | 'backups'>): () => string;
}

/** Takes the stock: two snapshots with one code, then two whose code has changed. Call it in `beforeAll`. */
export async function takeStock(folder: string): Promise<SnapshotStock> {
  const place = createFaultPlace({ folder, brainBytes: 600_000 });
  const engine = place.engine();
  for (const changes of [false, false, true, true]) {
    if (changes) appendFileSync(join(place.root, 'codex-voice/tone.txt'), `${Math.random()}`);
    await engine.run({ trigger: 'manual' });
  }
  await engine.close();
  return {
    bring: ({ folder: target, backups }) => {
      const coming = join(target, 'coming');
      const { status, stderr } = spawnSync('cp', ['-a', place.backups, coming], { encoding: 'utf8' });
      if (status !== 0) throw new Error(stderr);
      mkdirSync(join(backups, '.meta'), { recursive: true });
      writeFileSync(join(backups, '.meta/folder-id'), `${randomUUID()}\n`);
      const names = [...snapshotNames(coming)];
      return () => {
        const id = names.shift();
        if (id === undefined) throw new Error('the stock is used up');
        renameSync(join(coming, id), join(backups, id));
        return id;
      };
    },
  };
}
