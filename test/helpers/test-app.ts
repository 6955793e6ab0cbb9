import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeAppRecord } from '../../src/engine/link/app-record.ts';
import type { AppRecord } from '../../src/shared/app-messages.ts';
import { readJsonLines } from './read-json-lines.ts';
import { waitUntil } from './sample.ts';

export interface AppStart {
  readonly pid: number;
  readonly parameters: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** A stand-in for the menubar app: a script that notes how it was started, leaves the app's record, and stays. */
export interface TestApp {
  readonly startsFile: string;
  /** Leaves a record as if it had run before. */
  record(changes?: Partial<AppRecord>): void;
  /** Its starts, once there are that many. */
  starts(count: number): Promise<readonly AppStart[]>;
  /** Ends those that were started. */
  end(): void;
}

export function createTestApp(home: string): TestApp {
  const executable = join(home, 'test-app');
  const startsFile = join(home, 'starts.jsonl');
  const module = join(import.meta.dirname, '../../src/engine/link/app-record.ts');
  const record: AppRecord = {
    format: 1,
    executable,
    arguments: ['--kept'],
    pid: 999_999_999,
    startedAt: new Date().toISOString(),
  };
  writeFileSync(
    executable,
    `#!${process.execPath}
import { appendFileSync } from 'node:fs';
import { writeAppRecord } from ${JSON.stringify(module)};
const { pid, argv, env } = process;
const record = { ...${JSON.stringify(record)}, pid, startedAt: new Date().toISOString() };
writeAppRecord(${JSON.stringify(home)}, record);
appendFileSync(${JSON.stringify(startsFile)}, JSON.stringify({ pid, parameters: argv.slice(2), environment: env }) + '\\n');
setInterval(() => undefined, 60_000);
`,
    { mode: 0o700 },
  );
  const read = () => readJsonLines<AppStart>(startsFile);
  return {
    startsFile,
    record: (changes = {}) => writeAppRecord(home, { ...record, ...changes }),
    starts: async (count) => {
      await waitUntil(`${count} starts of the app`, () => read().length >= count);
      return read();
    },
    end: () => {
      for (const { pid } of read()) process.kill(pid, 'SIGKILL');
    },
  };
}
