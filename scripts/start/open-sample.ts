import { makeSample } from '../../src/cli/panel/make-sample.ts';
import { createEngine } from '../../src/engine/index.ts';

/** A sample Codex for an app of its own, and how to be rid of it. */
export async function openSample(env: NodeJS.ProcessEnv) {
  const sample = await makeSample({ env, engineFor: async (options) => createEngine(options) });
  return { env: { ...sample.env, CODEX_ROOT: sample.root, CODEX_BACKUP_SAMPLE: '1' }, end: sample.end };
}
