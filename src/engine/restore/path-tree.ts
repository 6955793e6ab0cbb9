/** `a/b/c` → `a`, `a/b`. */
export function parentsOf(path: string): readonly string[] {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
}

/** Whether a path lies in one of those folders. */
export function liesBelow(path: string, folders: ReadonlySet<string>): boolean {
  if (folders.size === 0) return false;
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (folders.has(path.slice(0, slash))) return true;
  }
  return false;
}

/** Whether a path is, or lies below, one of the wanted ones; always where none are named. */
export function isWanted(path: string, wanted: readonly string[]): boolean {
  return wanted.length === 0 || wanted.some((each) => path === each || path.startsWith(`${each}/`));
}

/** `./a/b/` and `a/b` name the same entry. */
export function normalizePath(path: string): string {
  return path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/');
}
