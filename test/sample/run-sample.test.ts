import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callService, postEvent, postEvents } from '../../sample/post-events.ts';
import { createTestSample, isHealthy, type TestSample, waitUntil } from '../helpers/sample.ts';

let sample: TestSample;
beforeEach(async () => {
  sample = await createTestSample();
});
afterEach(async () => {
  await sample.dispose();
});

const backups = () => (existsSync(join(sample.root, 'backups')) ? readdirSync(join(sample.root, 'backups')) : []);

describe('a sample', { timeout: 180_000 }, () => {
  it('starts every service, takes the v1.5 boot backup, and stops by port', async () => {
    await sample.start();
    for (const url of sample.healthUrls) expect(await isHealthy(Number(new URL(url).port))).toBe(true);
    await waitUntil('the boot backup', () => sample.output().includes('codexAutoBackup exited with code 0'));
    const [backup = ''] = backups();
    expect(backup).toMatch(/^codex-backup-.*Z$/);
    expect(readdirSync(join(sample.root, 'backups', backup)).sort()).toEqual(['codex-brain.db', 'codex-code.tar.gz']);

    const answer = await callService(sample.ports.bridge, '/turn', {
      sessionId: 'test',
      role: 'user',
      text: 'Say hello',
    });
    expect(answer).toEqual({ service: 'voice', event: sample.rows.events + 1 });

    await sample.stop();
    for (const port of Object.values(sample.ports)) expect(await isHealthy(port)).toBe(false);
  });

  it.skipIf(!existsSync('/proc/net/tcp'))('stops without lsof too', async () => {
    await sample.startBrain();
    const bin = join(dirname(sample.root), 'bin');
    mkdirSync(bin);
    symlinkSync(process.execPath, join(bin, 'node'));
    const stop = spawnSync('node', ['scripts/codexStop.js'], {
      cwd: sample.root,
      env: { PATH: bin },
      encoding: 'utf8',
    });
    expect(stop.stdout).toMatch(/brain: killed \d+/);
    await waitUntil('the Brain is gone', async () => !(await isHealthy(sample.ports.brain)));
  });

  it('goes on without its Boot Manager when that does not stay', async () => {
    await sample.start({ CODEX_BOOT_STAY: 'false', CODEX_BOOT_BRAIN: 'node' });
    await waitUntil('the Boot Manager ended', async () => !(await isHealthy(sample.ports.bootManager)));
    expect(sample.output()).toContain('codexAutoBackup exited with code 0');
    expect(await isHealthy(sample.ports.brain)).toBe(true);
  });

  it('remembers events and documents, and refuses what is neither', async () => {
    await sample.startBrain();
    const ids = await postEvents(sample.ports.brain, { perSecond: 500, count: 20 });
    expect(ids).toEqual(Array.from({ length: 20 }, (_, index) => sample.rows.events + 1 + index));
    const event = { sessionId: 'test', docId: 'doc-new', title: 'New', chunks: ['one', 'two'] };
    await postEvent(sample.ports.brain, { kind: 'DocumentIngested', event });
    await expect(callService(sample.ports.brain, '/event', { kind: 'TurnAppended' })).rejects.toThrow('400');
    expect(await callService(sample.ports.brain, '/stats')).toMatchObject({
      events: sample.rows.events + 21,
      documents: sample.rows.documents + 1,
      chunks: sample.rows.doc_chunks + 2,
    });
  });

  it('backs itself up when its Brain grew by more than 50 KB between two looks', async () => {
    await sample.startBrain({ CODEX_BRAIN_WATCHER: 'on', CODEX_BRAIN_WATCH_SECONDS: '0.2' });
    const event = { sessionId: 'test', text: 'x'.repeat(80_000) };
    await postEvent(sample.ports.brain, { kind: 'TurnAppended', event });
    await waitUntil('the growth backup', () => sample.output().includes('[brain] codexAutoBackup exited with code 0'));
    expect(backups()).toHaveLength(1);
    expect(readFileSync(join(sample.root, 'codex-config.json'), 'utf8')).toContain('"thresholdBytes": 51200');
  });
});
