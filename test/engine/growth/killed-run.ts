import { createContext } from '../../../src/engine/context.ts';
import { run } from '../../../src/engine/operations/run.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';

/** A snapshot at a given time of a clock, in a process that a fail point of its environment kills. */
const [root = '', home = '', nowMs = '0'] = process.argv.slice(2);
const clock = { now: () => Number(nowMs) };
await run(createContext({ root, home, env: {}, clock, logger: silentLogger }), { trigger: 'growth' });
