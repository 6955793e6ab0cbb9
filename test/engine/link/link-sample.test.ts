import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { postEvent } from '../../../sample/post-events.ts';
import { linkCodex } from '../../../src/engine/link/link.ts';
import { createRecordingCli, type RecordingCli } from '../../helpers/recording-cli.ts';
import { createTestSample, type TestSample, waitUntil } from '../../helpers/sample.ts';

const ourExitCode = 3;

let sample: TestSample;
let cli: RecordingCli;
beforeEach(async () => {
  sample = await createTestSample();
  cli = createRecordingCli(dirname(sample.root), ourExitCode);
  linkCodex({ root: sample.root, nodePath: process.execPath, cliPath: cli.path });
});
afterEach(async () => {
  await sample.dispose();
});

/** npm's variable as the Brain has it: its own `start` under npm, else what it inherited from the Boot Manager. */
const ways = [
  { way: 'through npm', startBrain: 'npm', brainEvent: 'start' },
  { way: 'with node and its own environment', startBrain: 'node', brainEvent: 'codex:start' },
] as const;

describe('a linked Codex', { timeout: 180_000 }, () => {
  for (const { way, startBrain, brainEvent } of ways) {
    it(`tells boot and growth apart when the Boot Manager starts the Brain ${way}`, async () => {
      await sample.start({ CODEX_BOOT_BRAIN: startBrain, CODEX_BRAIN_WATCH_SECONDS: '0.2' });
      await waitUntil('the boot run', () => sample.output().includes('codexAutoBackup exited with code'));
      expect(sample.output()).toContain(`codexAutoBackup exited with code ${ourExitCode}`);
      const event = { sessionId: 'test', text: 'x'.repeat(80_000) };
      await postEvent(sample.ports.brain, { kind: 'TurnAppended', event });
      await waitUntil('the growth run', () => cli.calls().length === 2);

      const [boot, growth] = cli.calls();
      expect(boot).toMatchObject({ trigger: 'boot', parameters: ['run', '--root', sample.root], cwd: sample.root });
      expect(boot?.facts).toMatchObject({
        cwd: join(sample.root, 'codex-boot-manager'),
        lifecycleEvent: 'codex:start',
      });
      expect(growth).toMatchObject({ trigger: 'growth', parameters: ['run', '--root', sample.root], cwd: sample.root });
      expect(growth?.facts).toMatchObject({ cwd: join(sample.root, 'codex-brain'), lifecycleEvent: brainEvent });
      expect(existsSync(join(sample.root, 'backups'))).toBe(false);
    });
  }
});
