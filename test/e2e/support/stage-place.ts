import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { writePorts } from '../../../sample/create-extras.ts';
import { createSample, healthUrlsOf, type SampleInfo } from '../../../sample/create-sample.ts';
import { createEngine, type Engine } from '../../../src/engine/index.ts';
import { silentLogger } from '../../../src/engine/platform/logger.ts';
import { createLoginShell } from '../../helpers/login-shell.ts';
import { bootSample } from '../../helpers/sample.ts';
import { chooseWorkerPorts } from '../../helpers/worker-ports.ts';

/** A sample Codex with an app home of its own. */
export interface StagePlace {
  readonly base: string;
  readonly info: SampleInfo;
  readonly root: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  /** Another engine than the panel's, on the same folders: what it tells is what is stored. */
  engine(): Engine;
}

/** Nobody looks at the Brain during a test unless it says so: no snapshot comes by itself. */
export const quiet = { 'watch.intervalSeconds': 3600, 'watch.changeMinutes': 1440 };

/** Makes it in the folder `place` of that one. */
export async function makePlace(base: string, onEngine: (engine: Engine) => void): Promise<StagePlace> {
  const folder = join(base, 'place');
  const home = join(folder, 'app-home');
  const info = await createSample(join(folder, 'Codex'), { brainWatcher: { enabled: false } });
  // Snapshots are counted here, so the boot takes none.
  writeFileSync(join(info.root, 'scripts/codexAutoBackup.js'), '');
  mkdirSync(home);
  const own = Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|CODEX_|VITEST)/.test(name));
  const env = { ...Object.fromEntries(own), HOME: folder, SHELL: createLoginShell(folder), CODEX_BACKUP_HOME: home };
  return {
    base: folder,
    info,
    root: info.root,
    home,
    env,
    engine: () => {
      const engine = createEngine({ root: info.root, home, env, logger: silentLogger });
      onEngine(engine);
      return engine;
    },
  };
}

/**
 * Starts its services, on ports that nobody has taken since the last time, waits until all are healthy, and tells the
 * settings where they are.
 */
export async function startServices(place: StagePlace): Promise<StagePlace> {
  const ports = await chooseWorkerPorts();
  const info = { ...place.info, ports, healthUrls: healthUrlsOf(ports) };
  writePorts(place.root, ports);
  await bootSample(place.root, join(place.base, 'sample-output.txt'));
  const engine = place.engine();
  await engine.changeSetting('restore.ports', JSON.stringify(Object.values(ports)));
  await engine.changeSetting('restore.healthUrls', JSON.stringify(info.healthUrls));
  return { ...place, info };
}

/** Writes so many memories of 2 KB into the Brain, as its service would. */
export function remember({ info }: StagePlace, count: number): void {
  const brain = new Database(info.brain);
  const add = brain.prepare("INSERT INTO events (sessionId, kind, json, createdAt) VALUES ('s', 'TurnAppended', ?, ?)");
  brain.transaction(() => {
    for (let number = 0; number < count; number += 1) add.run('m'.repeat(2000), new Date().toISOString());
  })();
  brain.close();
}

/** As it is, with links and hard links; blocks are shared where the file system can. */
export function copyTree(from: string, to: string): void {
  const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cp failed: ${stderr}`);
}
