import { chmodSync, readFileSync, rmSync, symlinkSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createCodexPlace } from '../../helpers/codex-place.ts';
import { hashTree } from '../../helpers/hash-tree.ts';

const withoutServices = { useServices: false } as const;

test('a file that the rules of the snapshot did not cover is not moved, whatever the rules are today', async () => {
  const place = createCodexPlace();
  place.write('codex-brain/.gitignore', 'generated/\n');
  place.write('codex-brain/generated/model.bin', 'costly\n');
  await place.engine.run({ trigger: 'manual' });
  place.write('codex-brain/.gitignore', '');
  place.write('codex-brain/src/new.js', 'made since\n');
  const { plan } = await place.engine.restore('latest', withoutServices);
  expect(readFileSync(join(place.root, 'codex-brain/generated/model.bin'), 'utf8')).toBe('costly\n');
  expect(plan.code?.changes.map(({ path }) => path)).toEqual(['codex-brain/.gitignore', 'codex-brain/src/new.js']);
});

test('a folder in the place of a file is moved aside whole, and the plan says so where it holds uncovered files', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  unlinkSync(join(place.root, 'codex-brain/src/old.js'));
  place.write('codex-brain/src/old.js/.env', 'SECRET=1\n');
  rmSync(join(place.root, 'codex-voice'), { recursive: true });
  symlinkSync('notes', join(place.root, 'codex-voice'));
  const { plan, replaced } = await place.engine.restore('latest', withoutServices);
  expect(plan.code?.asideWithUncovered).toEqual(['codex-brain/src/old.js']);
  expect(plan.warnings.map(({ code }) => code)).toContain('uncovered-aside');
  expect(readFileSync(join(replaced ?? '', 'files/codex-brain/src/old.js/.env'), 'utf8')).toBe('SECRET=1\n');
  expect(readFileSync(join(place.root, 'codex-brain/src/old.js'), 'utf8')).toBe('removed one day\n');
  expect(readFileSync(join(place.root, 'codex-voice/src/voice.js'), 'utf8')).toContain('voice');
  expect(readFileSync(join(place.root, 'notes/uncovered.txt'), 'utf8')).toContain('no snapshot');
});

test('modes come back without replacing the file', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  chmodSync(join(place.root, 'codex-voice/src/run.sh'), 0o600);
  const { plan } = await place.engine.restore('latest', withoutServices);
  expect(plan.code?.moves).toEqual([{ kind: 'mode', path: 'codex-voice/src/run.sh', mode: 0o755 }]);
  expect(hashTree(join(place.root, 'codex-voice'))['src/run.sh']).toMatch(/^file 755/);
});

test('where code is as it was and no database is asked for, nothing is done', async () => {
  const place = createCodexPlace();
  await place.engine.run({ trigger: 'manual' });
  const report = await place.engine.restore('latest', { ...withoutServices, scope: 'code' });
  expect(report.id).toBeNull();
  expect(report.plan.steps).toEqual([]);
  expect(await place.engine.restores()).toEqual([]);
});
