import { createEngine } from '../../src/engine/index.ts';
import { reportError } from '../../src/shared/app-error.ts';

/**
 * A process that restores the latest snapshot each time it is told to, and answers what came of it. A test lets system
 * calls of it fail meanwhile: in one process that has all its code loaded, those are the calls of the restore alone.
 * Its clock stands still, so that each restore of a root that was put back has the same name.
 */
const [, , root = '', home = '', now = ''] = process.argv;
const engine = createEngine({ root, home, env: { ...process.env }, clock: { now: () => Number(now) } });

process.on('message', () => void restore().then((answer) => process.send?.(answer)));
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function restore(): Promise<object> {
  try {
    await engine.restore('latest', { useServices: false });
    return { ok: true };
  } catch (error) {
    return { ok: false, error: reportError(error) };
  }
}
