/** Changes when a file in one of the folders, or one of the files, is added, removed or written. */
export function fingerprint(project: string, folders: readonly string[], files: readonly string[]): string;
