import { createEngine, logFolder, openLog, programVersion, recordApp } from '../engine/index.ts';
import { reportError } from '../shared/app-error.ts';
import { type MessageFromEngine, type MessageToEngine, messageToEngine } from '../shared/app-messages.ts';
import { serveBridge } from '../shared/protocol/serve-bridge.ts';
import { createHost, type PanelHost } from './create-host.ts';
import { endWithMain } from './end-with-main.ts';
import { createFolderShower, type FolderShower } from './folder-shower.ts';
import type { EnginePlace } from './host-options.ts';
import type { ParentPort } from './parent-port.ts';
import { serveDownloads } from './serve-downloads.ts';

/** The app's engine process: a host for the windows that main connects with it, until main says `end` or is gone. */
export function runEngineProcess(port: ParentPort): void {
  const logger = openLog(process.env);
  const post = (message: MessageFromEngine): void => port.postMessage(message);
  const shower = createFolderShower(post);
  // Until the host is open nothing can be under way that would have to end first.
  let take = (message: MessageToEngine): void => {
    if (message.kind === 'end') post({ kind: 'ended' });
  };
  const fail = (error: unknown): void => {
    const { message, hint } = reportError(error);
    logger.error(error instanceof Error ? `${error.stack}` : message);
    post({ kind: 'failed', problem: `${message} ${hint}`.trim() });
  };
  // Main ends and replaces a process that has said so.
  process.on('uncaughtException', fail);
  const begin = async ({ mainPid, record }: Extract<MessageToEngine, { kind: 'start' }>): Promise<void> => {
    try {
      await recordApp(process.env, record).catch((error: unknown) => logger.warn(`app.json: ${String(error)}`));
      const host = await openHost(shower);
      take = connect(host, post);
      endWithMain({ mainPid, host, exit: () => process.exit(1) });
      post({ kind: 'ready' });
    } catch (error) {
      fail(error);
    }
  };
  port.on('message', ({ data }) => {
    const parsed = messageToEngine.safeParse(data);
    if (!parsed.success) return logger.error(`A message of main that is none: ${parsed.error.message}`);
    const message = parsed.data;
    if (message.kind === 'start') void begin(message);
    else if (message.kind === 'ping') post({ kind: 'pong', number: message.number });
    else if (message.kind === 'shown') shower.answered(message.number, message.problem);
    else take(message);
  });
}

async function openHost(shower: FolderShower): Promise<PanelHost> {
  return createHost({
    createEngine: async (place) => createEngine(withoutUndefined(place)),
    place: {},
    // Set by whoever has made a sample for this app.
    isSample: process.env['CODEX_BACKUP_SAMPLE'] === '1',
    about: {
      version: await programVersion(),
      nodeVersion: process.version,
      platform: process.platform,
      byteBase: process.platform === 'darwin' ? 1000 : 1024,
      shell: 'app',
      logFolder: logFolder(process.env),
    },
    logger: openLog(process.env),
    now: () => Date.now(),
    watches: true,
    showInFolder: shower.show,
    opensDialog: true,
  });
}

/** What each message of main does with the host. */
function connect(host: PanelHost, post: (message: MessageFromEngine) => void): (message: MessageToEngine) => void {
  const takeBridge = serveBridge({ post: (message) => post({ kind: 'bridge', message }) }, host.serve);
  const takeDownload = serveDownloads(host, post);
  return (message) => {
    switch (message.kind) {
      case 'bridge':
        takeBridge(message.message);
        break;
      case 'folder':
        post({ kind: 'ticket', number: message.number, ticket: host.offerFolder(message.path) });
        break;
      case 'download':
      case 'nextPiece':
      case 'stopDownload':
        takeDownload(message);
        break;
      case 'wake':
        host.wake();
        break;
      case 'end':
        void host.close().finally(() => post({ kind: 'ended' }));
        break;
      default:
        break;
    }
  };
}

function withoutUndefined({ root, backups, home, env }: EnginePlace) {
  return { root, backups, home, ...(env === undefined ? {} : { env }) };
}
