import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { silentLogger } from '../../../../src/engine/platform/logger.ts';
import { checkHealth, waitForHealth } from '../../../../src/engine/restore/services/check-health.ts';
import { endGroup, type ProcessGroup } from '../../../../src/engine/restore/services/process-group.ts';
import { runCommand } from '../../../../src/engine/restore/services/run-command.ts';
import { type StartOptions, startServices } from '../../../../src/engine/restore/services/start-services.ts';
import {
  type CommandPlace,
  createPlace,
  endAfterTest,
  isRunning,
  readPids,
  waitFor,
  waitForPids,
} from './support/command-place.ts';
import { findFreePort, holderScript, portOf, spawnPortHolder } from './support/spawn-holder.ts';

const signal = new AbortController().signal;

function startOptions(place: CommandPlace, command: readonly string[], more: Partial<StartOptions> = {}): StartOptions {
  return { ...place.options(command), healthUrls: [], healthMs: 20_000, stableMs: 400, ...more };
}

const serve = (port: number, lifeMs = ''): readonly string[] => [
  process.execPath,
  holderScript('port-holder.mjs'),
  String(port),
  lifeMs,
];

test('Health is a status from 200 to 399; each address has its own answer', async () => {
  const holder = await spawnPortHolder();
  const base = `http://127.0.0.1:${portOf(holder)}`;
  const free = await findFreePort();
  const urls = ['/health', '/status/302', '/status/503', '/silent'].map((path) => base + path);
  const all = [...urls, `http://127.0.0.1:${free}/`, 'ftp://x/', 'no address'];
  const ask = async () =>
    (await checkHealth(all, signal)).map((answer) => (answer.kind === 'healthy' ? answer.kind : answer.problem));
  // A loaded machine may take longer for an answer than one request waits.
  await expect
    .poll(ask)
    .toEqual([
      'healthy',
      'healthy',
      'answered 503',
      'did not answer within 2 s',
      'refuses connections: nobody listens there',
      'is not an http address',
      'is not an http address',
    ]);
});

test('A health request leaves no connection behind, not even at a server that would keep it', async () => {
  const holder = await spawnPortHolder();
  for (let round = 0; round < 5; round += 1) await checkHealth([`http://127.0.0.1:${portOf(holder)}/health`], signal);
  const seen = holder.output().length;
  await waitFor(
    'the next counts',
    () =>
      (
        holder
          .output()
          .slice(seen)
          .match(/connections/g) ?? []
      ).length > 3,
  );
  expect(holder.output().slice(seen).split('\n').slice(2, -1).at(-1)).toBe('connections 0');
});

test('F90: what is healthy and then dies is unhealthy', async () => {
  const holder = await spawnPortHolder();
  const urls = [`http://127.0.0.1:${portOf(holder)}/last`];
  const result = await waitForHealth({ urls, deadlineMs: 1000, stableMs: 5000, signal });
  expect(result).toMatchObject({ kind: 'unhealthy', wereHealthy: true });
});

test('Codex is started in a session of its own, with a log file, and runs on when we have ended', async () => {
  const place = createPlace();
  const port = await findFreePort();
  const source = new URL('../../../../src/engine/restore/services/start-services.ts', import.meta.url).href;
  const options = {
    ...startOptions(place, serve(port)),
    healthUrls: [`http://127.0.0.1:${port}/health`],
    signal: undefined,
  };
  const lines = `import { startServices } from '${source}';
const result = await startServices({ ...${JSON.stringify(options)}, signal: new AbortController().signal });
console.log('RESULT ' + JSON.stringify(result));`;
  // A command that ends takes its group with it, so this also shows that Codex has left that.
  const outer = await runCommand(
    place.options([process.execPath, '--input-type=module-typescript', '-e', lines], {
      logFile: place.path('outer.log'),
    }),
  );
  const result: { kind: string; group: ProcessGroup } = JSON.parse(/RESULT (.*)/.exec(outer.output)?.[1] ?? '{}');
  expect(result.kind).toBe('started');
  endAfterTest(result.group.group);
  expect(isRunning(result.group.group)).toBe(true);
  const health = { urls: options.healthUrls, deadlineMs: 20_000, stableMs: 0, signal };
  expect((await waitForHealth(health)).kind).toBe('healthy');
  expect(place.read('command.log')).toContain(`listening ${port}`);
  expect(place.read('outer.log')).not.toContain('listening');
  await endGroup(result.group);
  expect(isRunning(result.group.group)).toBe(false);
});

test('F90: a service that exits after a while is not started, and nothing of it is left', async () => {
  const place = createPlace();
  const port = await findFreePort();
  place.script('start', `sleep infinity & echo $! > other.pid\n${serve(port, '500').join(' ')}`);
  const healthUrls = [`http://127.0.0.1:${port}/health`];
  // The wait ends with the command: the test has no time for these limits.
  const limits = { healthMs: 600_000, stableMs: 600_000 };
  const result = await startServices(startOptions(place, ['start'], { healthUrls, ...limits }));
  expect(result).toMatchObject({
    kind: 'failed',
    reason: '"start" ended with code 1.',
    addresses: [{ kind: 'unhealthy' }],
  });
  expect('output' in result && result.output).toContain(`listening ${port}`);
  const pids = readPids(place.folder);
  expect(pids).toHaveLength(1);
  for (const pid of pids) endAfterTest(pid);
  expect(pids.filter(isRunning)).toEqual([]);
});

test('F90: services that never become healthy are ended, those in groups of their own too', async () => {
  const place = createPlace();
  const port = await findFreePort();
  place.script(
    'start',
    'setsid sh -c "echo \\$\\$ > service.pid; trap : TERM; while :; do sleep 1; done" &\nsleep infinity',
  );
  const healthUrls = [`http://127.0.0.1:${port}/health`];
  const running = startServices(startOptions(place, ['start'], { healthUrls, healthMs: 6000 }));
  const [service = 0] = await waitForPids(place.folder, ['service']);
  endAfterTest(service);
  expect(isRunning(service)).toBe(true);
  const result = await running;
  expect(result).toMatchObject({
    kind: 'failed',
    reason: `Codex did not become healthy: ${healthUrls[0]} refuses connections: nobody listens there.`,
  });
  expect(isRunning(service)).toBe(false);
});

test('A launcher that exits 0 and leaves healthy services behind has started them', async () => {
  const place = createPlace();
  const port = await findFreePort();
  place.script('start', `${serve(port).join(' ')} & echo $! > service.pid`);
  const healthUrls = [`http://127.0.0.1:${port}/health`];
  const result = await startServices(startOptions(place, ['start'], { healthUrls }));
  const [service = 0] = await waitForPids(place.folder, ['service']);
  endAfterTest(service);
  expect(result).toMatchObject({ kind: 'started', addresses: [{ kind: 'healthy', status: 200 }] });
  expect(isRunning(service)).toBe(true);
});

test('Without addresses, started means that it still runs or has exited 0 after a while', async () => {
  const place = createPlace();
  place.script('stays', 'echo $$ > stays.pid; exec sleep infinity');
  place.script('ends', 'exit 0');
  place.script('fails', 'echo "cannot find the Brain"; exit 7');
  const stays = await startServices(startOptions(place, ['stays']));
  const [pid = 0] = await waitForPids(place.folder, ['stays']);
  endAfterTest(pid);
  expect(stays).toMatchObject({ kind: 'started', group: { group: pid } });
  expect(await startServices(startOptions(place, ['ends'], { stableMs: 20_000 }))).toMatchObject({ kind: 'started' });
  expect(await startServices(startOptions(place, ['fails'], { stableMs: 20_000 }))).toMatchObject({
    kind: 'failed',
    reason: '"fails" ended with code 7.',
    output: 'cannot find the Brain\n',
  });
  expect(await startServices(startOptions(place, ['no-such-start']))).toMatchObject({ kind: 'not-found' });
});

test('A start that is cancelled ends what it has started', async () => {
  const place = createPlace();
  const cancel = new AbortController();
  place.script('start', 'trap : TERM\necho $$ > start.pid\nwhile :; do sleep 1; done');
  const running = startServices(startOptions(place, ['start'], { signal: cancel.signal, stableMs: 60_000 }));
  const [pid = 0] = await waitForPids(place.folder, ['start']);
  endAfterTest(pid);
  cancel.abort();
  expect(await running).toMatchObject({ kind: 'cancelled' });
  expect(isRunning(pid)).toBe(false);
});

test('A start that the journal could not note does not begin', async () => {
  const place = createPlace();
  const onGroup = (): void => {
    throw new Error('the journal is full');
  };
  await expect(startServices(startOptions(place, ['touch', 'touched'], { onGroup }))).rejects.toThrow(
    'the journal is full',
  );
  expect(existsSync(place.path('touched'))).toBe(false);
});

test('Where the log can not be written, Codex is started all the same', async () => {
  const place = createPlace();
  const warnings: string[] = [];
  const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
  const logFile = place.path('gone/start.log');
  place.script('stays', 'echo $$ > stays.pid; echo hello; exec sleep infinity');
  const started = await startServices(startOptions(place, ['stays'], { logFile, logger }));
  const [pid = 0] = await waitForPids(place.folder, ['stays']);
  endAfterTest(pid);
  expect(started.kind).toBe('started');
  const ran = await runCommand(place.options(['echo', 'hello'], { logFile, logger }));
  expect(ran).toMatchObject({ kind: 'exited', code: 0, output: 'hello\n' });
  expect(warnings).toEqual(
    Array.from({ length: 2 }, () => expect.stringContaining(`${logFile} can not be written (ENOENT)`)),
  );
});

test('F95: what a service that fails has printed is passed on without the secrets that it was given', async () => {
  const place = createPlace();
  place.script('fails', 'echo "key is $OPENAI_API_KEY"; exit 1');
  const env = { ...place.env, OPENAI_API_KEY: 'canary-5f2c9a' };
  const result = await startServices(startOptions(place, ['fails'], { env, stableMs: 20_000 }));
  expect(result).toMatchObject({ kind: 'failed', output: 'key is [secret]\n' });
});
