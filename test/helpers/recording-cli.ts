import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readJsonLines } from './read-json-lines.ts';

/** One call of the recording command line. */
export interface RecordedCall {
  readonly parameters: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly facts: { readonly cwd?: string; readonly command?: string; readonly lifecycleEvent?: string };
  readonly trigger: string;
}

export interface RecordingCli {
  readonly path: string;
  calls(): readonly RecordedCall[];
}

const platform = pathToFileURL(join(import.meta.dirname, '..', '..', 'src', 'engine', 'platform')).href;

/** A stand-in for our command line: notes how it was called, and what the caller's facts say, then ends with a code. */
export function createRecordingCli(folder: string, exitCode: number): RecordingCli {
  const path = join(folder, 'recording-cli.mjs');
  const record = join(folder, 'calls.jsonl');
  writeFileSync(
    path,
    `import { appendFileSync } from 'node:fs';
import { readCallerFacts } from '${platform}/caller-facts.ts';
import { detectTrigger } from '${platform}/trigger-source.ts';
const facts = readCallerFacts();
const call = {
  parameters: process.argv.slice(2), cwd: process.cwd(), environment: process.env, facts, trigger: detectTrigger(facts),
};
appendFileSync(${JSON.stringify(record)}, JSON.stringify(call) + '\\n');
console.log('recorded');
process.exit(${exitCode});
`,
  );
  return { path, calls: () => readJsonLines<RecordedCall>(record) };
}
