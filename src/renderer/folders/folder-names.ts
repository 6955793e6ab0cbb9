/** The last name of a path: `Codex` of `/Users/ana/Codex`, `/` of itself; none of none. */
export function lastName(path: string): string {
  return (
    path
      .split('/')
      .filter((name) => name !== '')
      .at(-1) ?? path
  );
}

/** What is wrong with the name of a new folder; nothing is wrong with none. */
export function checkFolderName(name: string): string | undefined {
  const trimmed = name.trim();
  if (trimmed === '.' || trimmed === '..' || /[/\\\u0000-\u001f]/.test(trimmed)) return 'A name without / and \\.';
  return trimmed.length > 200 ? 'At most 200 letters.' : undefined;
}
