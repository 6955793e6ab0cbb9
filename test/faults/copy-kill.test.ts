import { hash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { Engine } from '../../src/engine/index.ts';
import { addDisk, type SnapshotStock, takeStock } from '../helpers/copy-place.ts';
import { createFaultPlace, type FaultPlace, snapshotNames } from './support/fault-place.ts';
import { fingerprint } from './support/fingerprint.ts';

let stock: SnapshotStock;
const stockFolder = mkdtempSync(join(realpathSync(tmpdir()), 'codex-backup-stock-'));
beforeAll(async () => {
  stock = await takeStock(stockFolder);
});
afterAll(() => rmSync(stockFolder, { recursive: true, force: true }));

function prepare(others: Readonly<Record<string, unknown>> = {}) {
  const place = createFaultPlace();
  const engine = place.engine();
  onTestFinished(() => engine.close());
  return { place, engine, disk: addDisk(place, others), save: stock.bring(place) };
}

async function killAt(place: FaultPlace, step: string, args: readonly string[] = ['copy', 'disk']): Promise<void> {
  const environment = { CODEX_BACKUP_FAIL_POINT: `kill:${step}` };
  const { signal, err } = await place.run([...args, '--quiet'], { environment });
  expect(signal, `${step} was passed: ${err}`).toBe('SIGKILL');
}

/** Bytes of all files below but manifests; equal ones count once. */
function bytesIn(folder: string): number {
  const sizes = new Map<string, number>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || /^(manifest|[.]codex-backup-copy)[.]json|[.]tmp$|^folder-id$/.test(entry.name)) continue;
    const content = readFileSync(join(entry.parentPath, entry.name));
    sizes.set(hash('sha256', content), content.length);
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

const contentOf = (folder: string) =>
  new Map([...fingerprint(folder)].map(([path, value]) => [path.slice(folder.length), value]));

/** What is published there is whole, to the byte. */
async function expectWhole(engine: Engine, { backups }: FaultPlace, disk: string): Promise<void> {
  const expected = contentOf(backups);
  for (const [path, value] of contentOf(disk)) expect(expected.get(path), path).toBe(value);
  for (const { status } of await engine.listCopy('disk')) expect(status).toBe('verified');
}

describe('a copy that is killed', () => {
  test.for([
    'replace:.codex-backup-copy.json',
    'copy:piece',
    'copy:sent',
    'copy:proved',
    'copy:flushed',
    'copy:published',
    'copy:linked',
    'replace:state.json',
  ])('C43: at %s shows whole snapshots only, and goes on without sending again what arrived', async (step) => {
    const { place, engine, disk, save } = prepare();
    save();
    save();
    await killAt(place, step);
    const isMarked = readdirSync(disk).includes('.codex-backup-copy.json');
    if (isMarked) await expectWhole(engine, place, disk);
    const all = bytesIn(place.backups);
    const arrived = bytesIn(disk);
    if (step !== 'replace:.codex-backup-copy.json') expect(arrived).toBeGreaterThan(0);
    const { sentBytes } = await engine.copy('disk');
    expect(sentBytes).toBe(all - arrived);
    expect(contentOf(disk)).toEqual(contentOf(place.backups));
    expect(readdirSync(disk).filter((name) => /^\.(incoming|trash)/.test(name))).toEqual([]);
    expect((await engine.copies())[0]?.state).toBe('in step');
  });

  test.for(['remove:before', 'remove:renamed', 'remove:deleted'])(
    'D58: while its retention removes, at %s, leaves a whole snapshot or none',
    async (step) => {
      const { place, engine, disk, save } = prepare({ retention: { keepLast: 1 } });
      const first = save();
      await engine.copy('disk');
      const second = save();
      await killAt(place, step);
      await expectWhole(engine, place, disk);
      expect(snapshotNames(disk)).toEqual(step === 'remove:before' ? [first, second] : [second]);
      await engine.copy('disk');
      expect(snapshotNames(disk)).toEqual([second]);
      expect(readdirSync(disk).filter((name) => name.startsWith('.trash'))).toEqual([]);
    },
  );

  test.for(['copy:piece', 'fetch:arrived', 'copy:flushed', 'copy:published'])(
    'C43: on its way back, at %s, is whole or not there, and goes on',
    async (step) => {
      const { place, engine, save } = prepare();
      const id = save();
      await engine.copy('disk');
      const before = contentOf(place.backups);
      rmSync(join(place.backups, id), { recursive: true });
      await killAt(place, step, ['restore', id, '--copy', 'disk', '--dry-run']);
      expect(snapshotNames(place.backups)).toEqual(step === 'copy:published' ? [id] : []);
      await engine.fetchSnapshot('disk', id);
      expect(contentOf(place.backups)).toEqual(before);
    },
  );
});
