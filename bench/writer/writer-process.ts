/** A process that keeps adding events to a Brain at a steady pace, as a busy Codex does, and times each commit. */

import { setTimeout } from 'node:timers/promises';
import Database from 'better-sqlite3';
import { addEventSql, inventEvent } from '../inputs/brain.ts';

const [file = '', perSecond = '800'] = process.argv.slice(2);
const database = new Database(file);
const add = database.prepare(addEventSql);
let latencies: number[] = [];
let ended = false;

process.on('message', (message) => {
  if (message === 'begin') latencies = [];
  if (message === 'report') process.send?.(latencies);
  if (message === 'end') ended = true;
});

await write();
database.close();
process.disconnect();

/** Sleeps between commits instead of spinning: the cores belong to what is measured. */
async function write(): Promise<void> {
  const start = performance.now();
  process.send?.('ready');
  for (let count = 0; !ended; await setTimeout(1)) {
    const due = ((performance.now() - start) / 1000) * Number(perSecond);
    // What it couldn't do while it was blocked is not made up for beyond a tenth of a second.
    count = Math.max(count, due - Number(perSecond) / 10);
    for (; count < due; count += 1) {
      const begin = performance.now();
      add.run(...inventEvent(count));
      latencies.push(performance.now() - begin);
    }
  }
}
