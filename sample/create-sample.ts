import { existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { programFolder } from '../src/engine/program-folder.ts';
import { AppError } from '../src/shared/app-error.ts';
import { copyTemplate } from './copy-template.ts';
import { createBrowserProfiles } from './create-browser-profiles.ts';
import { createBrain, createLedger, type SampleRows } from './create-databases.ts';
import { createExtras } from './create-extras.ts';
import { chooseFreePorts, type SamplePorts } from './free-ports.ts';
import { installServices } from './install-services.ts';

export interface SampleOptions {
  /** Who listens where; free ports of this machine where not given. */
  readonly ports?: Partial<SamplePorts>;
  /** How the Boot Manager starts the Brain: through npm (as it comes), or `node dist/index.js` with its environment. */
  readonly startBrain?: 'npm' | 'node';
  /** Whether the Boot Manager keeps running as the services' parent (as it comes) or ends after the boot backup. */
  readonly stay?: boolean;
  /** The Brain's own v1.5 watcher; as it comes: on, every 60 s. */
  readonly brainWatcher?: { readonly enabled?: boolean; readonly intervalSeconds?: number };
  /** How often somebody talks to it, so that its Brain grows by itself while it runs; as it comes: never. */
  readonly turnsPerMinute?: number;
  /** Where the template lies, for a packaged program. */
  readonly templateFolder?: string;
}

export interface SampleInfo {
  readonly root: string;
  readonly ports: SamplePorts;
  /** Absolute path of the Brain. */
  readonly brain: string;
  readonly rows: SampleRows;
  /** `GET /health` of every service but the Boot Manager. */
  readonly healthUrls: readonly string[];
}

/**
 * Makes a small Codex OS that really runs, with made-up memories, in a new or empty folder. It needs neither npm nor a
 * network. Throws AppError `target-exists` when the folder holds something; a failure leaves nothing behind.
 */
export async function createSample(folder: string, options: SampleOptions = {}): Promise<SampleInfo> {
  const root = resolve(folder);
  const existed = existsSync(root);
  if (existed && !isEmptyFolder(root)) {
    throw new AppError('target-exists', `${root} is not an empty folder, so no sample Codex can be made there.`, {
      hint: 'Name a folder that does not exist yet, or an empty one.',
    });
  }
  try {
    return await fillFolder(root, options);
  } catch (error) {
    if (existed) for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true, force: true });
    else rmSync(root, { recursive: true, force: true });
    throw error;
  }
}

const isEmptyFolder = (path: string): boolean => statSync(path).isDirectory() && readdirSync(path).length === 0;

async function fillFolder(root: string, options: SampleOptions): Promise<SampleInfo> {
  mkdirSync(root, { recursive: true });
  copyTemplate(options.templateFolder ?? join(programFolder, 'sample', 'files'), root);
  const ports = await chooseFreePorts(options.ports);
  createExtras(root, {
    ports,
    config: {
      boot: { brain: options.startBrain ?? 'npm', stay: options.stay ?? true, healthSeconds: 30 },
      brainWatcher: { enabled: true, intervalSeconds: 60, thresholdBytes: 51_200, ...options.brainWatcher },
      voice: { turnsPerMinute: options.turnsPerMinute ?? 0 },
    },
  });
  installServices(root);
  const brain = join(root, 'codex-brain', 'codex-brain-data', 'codex-brain.db');
  const rows = createBrain(brain);
  createLedger(join(root, 'codex-hands', 'data', 'hands.sqlite'));
  createBrowserProfiles(root);
  return { root, ports, brain, rows, healthUrls: healthUrlsOf(ports) };
}

/** Where each service but the Boot Manager answers that it is well. */
export function healthUrlsOf({ bootManager, ...services }: SamplePorts): readonly string[] {
  return Object.values(services).map((port) => `http://127.0.0.1:${port}/health`);
}
