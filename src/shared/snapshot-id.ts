const prefix = 'codex-backup-';
const pattern = /^codex-backup-(\d{4}-\d{2}-\d{2})T(\d{2})-(\d{2})-(\d{2})(?:-(\d{3}))?Z$/;

/** The name of a snapshot taken at that moment: the UTC time with ':' and '.' made '-'. */
export function snapshotId(time: Date): string {
  return prefix + time.toISOString().replaceAll(/[:.]/g, '-');
}

/** The time in a snapshot's name, or undefined when it is no snapshot name. v1.5 wrote the same names. */
export function parseSnapshotId(name: string): Date | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  const [, day, hours, minutes, seconds, milliseconds] = match;
  const time = new Date(`${day}T${hours}:${minutes}:${seconds}.${milliseconds ?? '000'}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
