import { systemClock } from '../../src/engine/platform/clock.ts';
import { acquireLock } from '../../src/engine/platform/locks.ts';

/** A process that takes the writer lock of a folder, says so, and holds it until it is ended. */
const [, , folder = ''] = process.argv;
await acquireLock({ folder, name: 'writer', mode: 'exclusive', what: 'snapshot', clock: systemClock });
process.send?.('held');
process.on('disconnect', () => process.exit());
