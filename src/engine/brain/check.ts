import { statSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import type { OnProgress } from '../../shared/progress.ts';
import { type CheckChannelOptions, createCheckChannel } from './check-channel.ts';
import type { CheckReply, CheckRequest, DatabaseCheck, ExpectedFacts } from './check-messages.ts';

export interface CheckOptions {
  /** Our own copy in staging. It is changed: journal mode DELETE, flushed. */
  readonly file: string;
  readonly expected: ExpectedFacts;
  /** Set for a copy that may be hostile: it is looked over quickly before it is read in earnest. */
  readonly untrusted?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
  readonly onProgress?: OnProgress | undefined;
}

export interface PublishedCheckOptions extends Omit<CheckOptions, 'expected'> {
  /** Where a scratch copy may be made, if the file can't be opened without leaving side files beside it. */
  readonly scratchFolder: string;
  readonly expected?: ExpectedFacts | undefined;
}

/** A child process that checks databases, one after the other. It doesn't keep this process alive while it idles. */
export interface CheckProcess {
  checkDatabase(options: CheckOptions): Promise<DatabaseCheck>;
  /** Checks a copy in a snapshot folder, and changes nothing there. */
  checkPublishedDatabase(options: PublishedCheckOptions): Promise<DatabaseCheck>;
  close(): void;
}

/** Starts the check process; done early, its start-up costs nothing. It is killed when a check is cancelled or hangs. */
export function startCheckProcess(options: CheckChannelOptions = {}): CheckProcess {
  const channel = createCheckChannel(options);
  let last: Promise<unknown> = Promise.resolve();
  let nextId = 1;
  const ask = (
    request: Omit<CheckRequest, 'id'>,
    options: CheckOptions | PublishedCheckOptions,
  ): Promise<DatabaseCheck> => {
    const id = nextId++;
    const answer = last.then(() => runCheck({ ...request, id }, options));
    last = answer.catch(() => undefined);
    return answer;
  };
  const runCheck = async (
    request: CheckRequest,
    options: CheckOptions | PublishedCheckOptions,
  ): Promise<DatabaseCheck> => {
    const { file, signal, onProgress } = options;
    const total = statSync(file).size;
    onProgress?.({ phase: 'check', done: 0, total, unit: 'bytes', subject: file });
    const timeoutMs = options.timeoutMs ?? allowedMs(total);
    const check = readReply(await channel.ask(request, { timeoutMs, signal }), file);
    onProgress?.({ phase: 'check', done: total, total, unit: 'bytes', subject: file });
    return check;
  };
  return {
    checkDatabase: (options) =>
      ask(
        { ...requestOf(options), kind: 'staged', scratchFolder: null, expected: plainFacts(options.expected) },
        options,
      ),
    checkPublishedDatabase: (options) => {
      const expected = options.expected === undefined ? null : plainFacts(options.expected);
      return ask({ ...requestOf(options), kind: 'published', scratchFolder: options.scratchFolder, expected }, options);
    },
    close: () => channel.close(),
  };
}

/** Checks one staged copy in a process of its own. */
export async function checkDatabase(options: CheckOptions): Promise<DatabaseCheck> {
  return withOwnProcess((process) => process.checkDatabase(options));
}

/** Checks one published copy in a process of its own. */
export async function checkPublishedDatabase(options: PublishedCheckOptions): Promise<DatabaseCheck> {
  return withOwnProcess((process) => process.checkPublishedDatabase(options));
}

async function withOwnProcess(run: (process: CheckProcess) => Promise<DatabaseCheck>): Promise<DatabaseCheck> {
  const own = startCheckProcess();
  try {
    return await run(own);
  } finally {
    own.close();
  }
}

const requestOf = ({ file, untrusted = false }: Pick<CheckOptions, 'file' | 'untrusted'>) => ({ file, untrusted });

/** Only what is asked for: a caller may pass a whole capture, which JSON can't carry. */
const plainFacts = ({ pageCount, tables }: ExpectedFacts): ExpectedFacts => ({ pageCount, tables });

/** Two minutes, and what a slow disk needs to read the file several times. */
const allowedMs = (bytes: number): number => 120_000 + bytes / 2000;

function readReply(reply: CheckReply, file: string): DatabaseCheck {
  if (reply.kind === 'checked') return reply.check;
  const full = reply.systemCode === 'ENOSPC' || reply.systemCode === 'SQLITE_FULL';
  throw new AppError(full ? 'disk-full' : 'check-failed', `${file} could not be checked: ${reply.message}`, {
    hint: full ? 'Free some space, then try again.' : 'Check the disk that holds the backups, then try again.',
    details: { file, systemCode: reply.systemCode },
  });
}
