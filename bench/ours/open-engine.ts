import { createEngine, type Engine } from '../../src/engine/index.ts';
import type { Workspace } from '../workspace.ts';
import { homeFolder, type Place } from './whole-command.ts';

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** An engine in this process, as the panel and the watcher have one. */
export function openEngine(workspace: Workspace, { root, backups }: Place): Engine {
  return createEngine({ root, backups, home: homeFolder(workspace), logger: silent });
}
