/** The address within the panel: `#/snapshot/ID/brain?table=events`. */
export interface Route {
  /** The first segment; empty for the overview. */
  readonly view: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view = '', ...segments] = path.split('/').map(decodeSegment);
  return { view, segments, query: new URLSearchParams(query) };
}

/** Every address that one view gives to another. */
export const links = {
  overview: () => '#/',
  activity: () => '#/activity',
  cleanUp: () => '#/clean-up',
  settings: () => '#/settings',
  firstRun: () => '#/first-run',
  /** `tab`: contents, brain, changes, checks. */
  snapshot: (id: string, tab?: string, query?: Readonly<Record<string, string>>) =>
    build(['snapshot', id, ...(tab === undefined ? [] : [tab])], query),
  /** The guided restore of a snapshot; `path` for a chosen file. */
  restore: (id: string, query?: Readonly<Record<string, string>>) => build(['restore', id], query),
  undo: () => '#/undo',
} as const;

function build(segments: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(query).toString();
  return `#/${segments.map(encodeURIComponent).join('/')}${search === '' ? '' : `?${search}`}`;
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    // A `%` that somebody typed: taken as it is.
    return segment;
  }
}
