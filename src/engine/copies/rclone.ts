import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { AppError, systemErrorCode } from '../../shared/app-error.ts';
import { withoutSteering } from '../platform/command-environment.ts';
import { askLoginPath, findCommand } from '../platform/login-path.ts';
import { parseJson } from '../platform/parse-json.ts';
import { findSecrets, hideLikelySecrets, hideSecrets } from '../platform/secrets.ts';
import { rcloneMissing, refuseOldRclone } from './rclone-failure.ts';

export interface RcloneRun {
  /** Text for its standard input. */
  readonly input?: string | undefined;
  /** Told how many bytes more have travelled. */
  readonly onBytes?: ((bytes: number) => void) | undefined;
  readonly signal: AbortSignal;
}

export interface RcloneEnding {
  readonly code: number;
  readonly stdout: string;
  /** What it logged, without secrets: the messages, oldest first. */
  readonly messages: readonly string[];
}

/** Runs rclone with these arguments; answers how it ended. AppError `rclone-missing`, `rclone-too-old`, `cancelled`. */
export type Rclone = (args: readonly string[], run: RcloneRun) => Promise<RcloneEnding>;

export interface RcloneOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Its configuration file; else the usual one. */
  readonly config?: string | undefined;
}

/** Of its messages, the last of a run are kept. */
const keptMessages = 50;
const maxOutputBytes = 64 * 1024 * 1024;
const graceMs = 5000;

/** rclone as the user has it. It is looked for, and its version asked, at the first use. */
export function createRclone({ env, config }: RcloneOptions): Rclone {
  const own = withoutSteering(env);
  const common = [
    ...(config === undefined ? [] : ['--config', config]),
    '--ask-password=false',
    '--use-json-log',
    '--stats=1s',
    '--stats-log-level=NOTICE',
    '--contimeout=20s',
    '--timeout=2m',
    '--retries=2',
    '--low-level-retries=5',
  ];
  let program: Promise<string> | undefined;
  return async (args, run) => {
    program ??= findProgram(own, run.signal);
    return runProgram(await program, [...args, ...common], own, run);
  };
}

/** Programs whose version has been asked, by this process. */
const knownPrograms = new Set<string>();

async function findProgram(env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
  // An app that was started from the Finder has none of Homebrew's folders in its PATH.
  const program = findCommand('rclone', env['PATH'] ?? '') ?? findCommand('rclone', (await askLoginPath({ env })).path);
  if (program === undefined) throw rcloneMissing();
  if (!knownPrograms.has(program))
    refuseOldRclone((await runProgram(program, ['version'], env, { signal })).stdout, program);
  knownPrograms.add(program);
  return program;
}

async function runProgram(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { input = '', onBytes, signal }: RcloneRun,
): Promise<RcloneEnding> {
  signal.throwIfAborted();
  const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  const log = followLog(child.stderr, findSecrets(env), onBytes);
  const output = collect(child.stdout);
  // It may end without having read all of it.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  let killer: NodeJS.Timeout | undefined;
  const end = (): void => {
    child.kill('SIGTERM');
    killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  };
  signal.addEventListener('abort', end);
  try {
    const [code] = await ended;
    signal.throwIfAborted();
    return { code: typeof code === 'number' ? code : 1, stdout: await output, messages: await log };
  } catch (error) {
    signal.throwIfAborted();
    if (systemErrorCode(error) === undefined) throw error;
    throw new AppError('rclone-missing', `${program} can not be started: ${systemErrorCode(error)}.`, {
      hint: 'Install rclone anew: "brew install rclone", or see rclone.org/install.',
      cause: error,
    });
  } finally {
    clearTimeout(killer);
    signal.removeEventListener('abort', end);
  }
}

async function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    bytes += chunk.length;
    if (bytes <= maxOutputBytes) chunks.push(Buffer.from(chunk));
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Each line is a JSON object with `msg`, and `stats` where it only counts; what comes before the log is set up is text. */
async function followLog(
  stream: NodeJS.ReadableStream,
  secrets: readonly string[],
  onBytes: RcloneRun['onBytes'],
): Promise<readonly string[]> {
  const messages: string[] = [];
  let sent = 0;
  for await (const line of createInterface({ input: stream })) {
    const record = parseJson(line);
    const bytes = bytesOf(record);
    if (bytes === undefined) {
      messages.push(hideLikelySecrets(hideSecrets(messageOf(record) ?? line, secrets)).slice(0, 2000));
      if (messages.length > keptMessages) messages.shift();
    } else if (bytes > sent) {
      onBytes?.(bytes - sent);
      sent = bytes;
    }
  }
  return messages;
}

function bytesOf(record: unknown): number | undefined {
  if (typeof record !== 'object' || record === null || !('stats' in record)) return undefined;
  const { stats } = record;
  if (typeof stats !== 'object' || stats === null || !('bytes' in stats)) return undefined;
  return typeof stats.bytes === 'number' ? stats.bytes : undefined;
}

function messageOf(record: unknown): string | undefined {
  if (typeof record !== 'object' || record === null || !('msg' in record)) return undefined;
  const object = 'object' in record && typeof record.object === 'string' ? `${record.object}: ` : '';
  return typeof record.msg === 'string' ? object + record.msg.trim() : undefined;
}
