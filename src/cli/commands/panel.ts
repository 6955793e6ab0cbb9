import { once } from 'node:events';
import type { EnginePlace } from '../../engine-host/host-options.ts';
import type { PanelServer } from '../../panel-server/panel-server.ts';
import { AppError } from '../../shared/app-error.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatPanelAddress, formatPanelEnd } from '../output/panel-text.ts';
import type { PanelSample } from '../panel/make-sample.ts';
import { hasDesktop, openInSystem, showInFolder } from '../panel/open-in-system.ts';
import { sshLine } from '../panel/ssh-line.ts';

/** Serves the panel to browsers of this computer, until it is ended by a signal, which is no failure. */
export const panel: Command = {
  arguments: [],
  options: [
    { spec: '--port <port>', describe: 'the port to listen on (any free one without it)' },
    { spec: '--no-open', describe: 'print the address, and open no browser' },
    { spec: '--sample', describe: 'show a sample Codex, made in a temporary folder and removed at the end' },
  ],
  run: async (context) => {
    const samples: PanelSample[] = [];
    try {
      const sample = context.input.flag('sample') ? await addSample(context, samples) : undefined;
      await serve(context, samples, sample);
      return { data: { panel: { ended: true } }, text: formatPanelEnd, confirms: true };
    } finally {
      for (const sample of samples) await sample.end();
    }
  },
};

async function addSample(context: CommandContext, samples: PanelSample[]): Promise<PanelSample> {
  const { makeSample } = await import('../panel/make-sample.ts');
  context.report({ data: { kind: 'sample' }, text: () => 'Making a sample Codex, and starting its services …' });
  const sample = await makeSample(context);
  samples.push(sample);
  const { root, problem } = sample;
  const how = problem === null ? 'runs, and its Brain grows by itself' : `does not run: ${problem}`;
  context.report({ data: { kind: 'sample', root, problem }, text: () => `The sample in ${root} ${how}.` });
  return sample;
}

async function serve(context: CommandContext, samples: PanelSample[], sample?: PanelSample): Promise<void> {
  const { env, now, signal } = context;
  const [{ createHost }, { startPanelServer }, { findBuiltRenderer }, engineDoor, { appVersion }] = await Promise.all([
    import('../../engine-host/create-host.ts'),
    import('../../panel-server/panel-server.ts'),
    import('../panel/built-renderer.ts'),
    import('../../engine/index.ts'),
    import('../../engine/version.ts'),
  ]);
  const staticFolder = findBuiltRenderer(env);
  const logger = engineDoor.openLog(env);
  let server: PanelServer | undefined;
  let stopListening: (() => void) | undefined;
  const host = await createHost({
    createEngine: (place) => context.engineFor(withoutUndefined(place)),
    place: sample === undefined ? context.folders : { root: sample.root, home: sample.home, env: sample.env },
    isSample: sample !== undefined,
    about: {
      version: appVersion,
      nodeVersion: process.version,
      platform: process.platform,
      byteBase: process.platform === 'darwin' ? 1000 : 1024,
      shell: 'browser',
      logFolder: engineDoor.logFolder(env),
    },
    logger,
    now,
    watches: true,
    makeSample: () => addSample(context, samples),
    showInFolder: hasDesktop(env) ? showInFolder : undefined,
    openWindow: async () => ({ href: server?.mintAddress() ?? '' }),
  });
  try {
    const onDefect = (error: unknown): void => logger.error(error instanceof Error ? `${error.stack}` : String(error));
    server = await startPanelServer({ port: readPort(context), host, staticFolder, now, onDefect });
    const open = server;
    await announce(context, open);
    // Whoever sets up a tunnel first needs longer than the address is good for.
    stopListening = context.onEnter?.(() => printAddress(context, open));
    if (!signal.aborted) await once(signal, 'abort');
  } finally {
    stopListening?.();
    await host.close();
    await server?.close();
  }
}

async function announce(context: CommandContext, server: PanelServer): Promise<void> {
  const url = printAddress(context, server);
  if (!context.input.isOff('open') && hasDesktop(context.env)) await openInSystem(url);
}

/** Answers the address, which nobody has used yet. */
function printAddress({ env, onEnter, report }: CommandContext, server: PanelServer): string {
  const url = server.mintAddress();
  const ssh = sshLine(env, server.port);
  const data = { kind: 'address', url, port: server.port, ...(ssh === undefined ? {} : { ssh }) };
  report({ data, text: (style) => formatPanelAddress({ url, ssh, canRenew: onEnter !== undefined }, style) });
  return url;
}

function readPort({ input }: CommandContext): number {
  const port = input.count('port') ?? 0;
  if (port <= 65_535) return port;
  throw new AppError('usage', `${port} is no port.`, { hint: 'Give --port a number up to 65535.' });
}

function withoutUndefined({ root, backups, home, env }: EnginePlace) {
  return {
    ...(root === undefined ? {} : { root }),
    ...(backups === undefined ? {} : { backups }),
    ...(home === undefined ? {} : { home }),
    ...(env === undefined ? {} : { env }),
  };
}
