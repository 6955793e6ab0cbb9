/**
 * What is wrong with a name that is to be created below a folder, or undefined. A backslash or a colon is a plain
 * character here: the names are for POSIX systems.
 */
export function refuseName(path: string): string | undefined {
  if (path === '') return 'it has no name';
  if (path.startsWith('/')) return 'its name is absolute';
  if (path.includes('\0')) return 'its name holds a NUL';
  if (path.split('/').some((part) => part === '' || part === '.' || part === '..')) {
    return 'its name leads through "..", "." or nothing';
  }
  return undefined;
}

/** The folders that a path lies in, outermost first. */
export function parentsOf(path: string): string[] {
  const parents: string[] = [];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    parents.push(path.slice(0, slash));
  }
  return parents;
}
