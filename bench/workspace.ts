import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where a run of the bench keeps its files; removed at its end. */
export interface Workspace {
  /** Outlives the run: what was downloaded. */
  readonly cache: string;
  readonly folder: string;
  /** A path in the working folder that nothing has yet. */
  newPath(name: string): string;
  /** A new empty folder in the working folder. */
  newFolder(name: string): string;
  dispose(): void;
}

/**
 * In the user's cache folder and not in the system's temporary one, which may lie in memory, where flushing costs
 * nothing. `CODEX_BENCH_CACHE` names another.
 */
export function createWorkspace(env: NodeJS.ProcessEnv = process.env): Workspace {
  const cache = env['CODEX_BENCH_CACHE'] ?? join(systemCache(env), 'codex-auto-backup-bench');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'run-'));
  let count = 0;
  const newPath = (name: string): string => {
    count += 1;
    return join(folder, `${count}-${name}`);
  };
  return {
    cache,
    folder,
    newPath,
    newFolder: (name) => {
      const path = newPath(name);
      mkdirSync(path);
      return path;
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes something once per run; the next row that asks for it gets the same. */
export function oncePerRun<T>(make: (workspace: Workspace) => Promise<T>): (workspace: Workspace) => Promise<T> {
  const made = new WeakMap<Workspace, Promise<T>>();
  return (workspace) => {
    const known = made.get(workspace) ?? make(workspace);
    made.set(workspace, known);
    return known;
  };
}

function systemCache(env: NodeJS.ProcessEnv): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches');
  return env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
}
