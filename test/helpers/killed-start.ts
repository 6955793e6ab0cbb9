/** Starts as Codex would, writes to the Brain, and dies in the middle of writing: FILE JOURNAL-MODE. */
import { startWriter } from './writer-process.ts';

const [, , file = '', mode = ''] = process.argv;
const writer = await startWriter({ file, journalMode: mode === 'wal' ? 'wal' : 'delete', task: 'half-commit' });
await writer.kill();
process.exit(3);
