import { dirname, join } from 'node:path';

/** One system call that changes files, with the path that it is about. */
export interface SystemCall {
  readonly name: string;
  readonly path: string;
  /** Of a rename or link: the new name. */
  readonly target: string;
  readonly creates: boolean;
}

/** Reads what `strace -f -y -s 0` wrote; calls that failed are left out, and those in two parts are put together. */
export function parseTrace(text: string): SystemCall[] {
  const unfinished = new Map<string, string>();
  const calls: SystemCall[] = [];
  for (const line of text.split('\n')) {
    const [, pid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest.endsWith('<unfinished ...>')) {
      unfinished.set(pid, rest.slice(0, -'<unfinished ...>'.length));
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest);
    const whole = resumed === null ? rest : (unfinished.get(pid) ?? '') + (resumed[1] ?? '');
    const call = parseCall(whole);
    if (call !== undefined) calls.push(call);
  }
  return calls;
}

function parseCall(text: string): SystemCall | undefined {
  const [, name = '', parameters = '', result = ''] = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(text) ?? [];
  if (name === '' || result.startsWith('-')) return undefined;
  const quoted = [...parameters.matchAll(/"([^"]*)"/g)].map(([, path = '']) => path);
  const descriptor = /^\d+<([^>]*)>/.exec(parameters)?.[1] ?? '';
  const isByDescriptor = /^(p?write|ftruncate|f(data)?sync)/.test(name);
  return {
    name,
    path: isByDescriptor ? descriptor : (quoted[0] ?? ''),
    target: quoted[1] ?? '',
    creates: name === 'openat' && parameters.includes('O_CREAT'),
  };
}

export interface Replay {
  /** What a power cut at the wrong moment would take away, in words. */
  readonly unsafe: readonly string[];
  /** Written files and made folders of the snapshot, relative to it. */
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/**
 * Follows what is on the disk for sure: bytes of a file from its last flush on, names from the flush of their folder
 * on. Everything of snapshot `id` must be so before the rename that publishes it, and that rename before the end.
 */
export function findUnsafe(calls: readonly SystemCall[], backups: string, id: string): Replay {
  const published = join(backups, id);
  const at = calls.findIndex(({ name, target }) => name.startsWith('rename') && target === published);
  const staging = calls[at]?.path ?? '';
  if (at < 0) return { unsafe: [`${id} was never published`], files: [], folders: [] };
  const dirty = new Map<string, string>();
  const files = new Set<string>();
  const folders = new Set<string>([staging]);
  for (const call of calls.slice(0, at)) {
    const { name, path, target } = call;
    const made = name.startsWith('link') || name.startsWith('rename') ? target : path;
    if (!made.startsWith(staging)) continue;
    if (/^f(data)?sync$/.test(name)) dirty.delete(path);
    if (/^p?write|^ftruncate/.test(name)) {
      dirty.set(path, 'was written after its last flush');
      files.add(path);
    }
    if (name.startsWith('mkdir')) folders.add(path);
    const addsName = call.creates || /^(mkdir|link|rename|unlink)/.test(name);
    if (addsName && made !== staging) dirty.set(dirname(made), 'has entries that were not flushed');
  }
  const unsafe = [...dirty]
    .filter(([path]) => !isGone(calls.slice(0, at), path))
    .map(([path, why]) => `${path} ${why}`);
  const after = calls.slice(at + 1);
  if (!after.some(({ name, path }) => name === 'fsync' && path === backups)) unsafe.push(`${backups} was not flushed`);
  if (after.some(({ name, path }) => /^p?write/.test(name) && path.startsWith(published))) {
    unsafe.push(`${published} was written after it was published`);
  }
  return { unsafe, files: [...files].filter((path) => !isGone(calls.slice(0, at), path)), folders: [...folders] };
}

/** Journals that SQLite made beside a copy, and removed. */
const isGone = (calls: readonly SystemCall[], path: string): boolean =>
  calls.some(({ name, path: removed }) => name === 'unlink' && removed === path);
