import { createEngine } from '../../../src/engine/index.ts';
import { reportError } from '../../../src/shared/app-error.ts';

/**
 * A process that takes a snapshot each time it is told to, and answers what came of it. A test lets system calls of it
 * fail meanwhile: in one process that has all its code loaded, those are the calls of the snapshots and nothing else.
 */
const [, , root = '', backups = '', home = ''] = process.argv;
const engine = createEngine({ root, backups, home, env: {} });

process.on('message', (message) => {
  if (message === 'end') void engine.close().then(() => process.disconnect());
  else void takeSnapshot().then((answer) => process.send?.(answer));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

async function takeSnapshot(): Promise<object> {
  try {
    const { id, status } = await engine.run({ trigger: 'manual' });
    return { ok: true, id, status };
  } catch (error) {
    return { ok: false, error: reportError(error) };
  }
}
