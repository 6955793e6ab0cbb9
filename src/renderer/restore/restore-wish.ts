import type { Snapshot } from '../../shared/model.ts';
import type { CallPayload } from '../../shared/protocol/calls.ts';
import { type RestoreScope, restoreScopes } from '../../shared/restore-plan.ts';

/** What somebody wants back, as it is being decided. */
export interface RestoreWish {
  /** `files`: only the chosen paths. */
  readonly what: RestoreScope | 'files';
  readonly paths: readonly string[];
  readonly keepExtra: boolean;
  readonly keepNewer: boolean;
  readonly useServices: boolean;
}

/** What the address asks for; without that all there is. */
export function firstWish(query: URLSearchParams): RestoreWish {
  const paths = query.getAll('path').filter((path) => path !== '');
  const scope = restoreScopes.find((one) => one === query.get('scope'));
  return {
    what: paths.length > 0 ? 'files' : (scope ?? 'all'),
    paths,
    keepExtra: false,
    keepNewer: false,
    useServices: true,
  };
}

/** What can't be restored from this snapshot, and why. */
export function unavailable(
  { brain, databases, code }: Pick<Snapshot, 'brain' | 'databases' | 'code'>,
  what: RestoreWish['what'],
): string | undefined {
  switch (what) {
    case 'brain':
      return brain === null ? 'The snapshot holds no Brain.' : undefined;
    case 'databases':
      return databases.length === 0 ? 'The snapshot holds no other database.' : undefined;
    case 'code':
    case 'files':
      return code === null ? 'The snapshot holds no code.' : undefined;
    case 'all':
      return brain === null && code === null ? 'The snapshot holds neither.' : undefined;
    case 'full':
      return code === null ? 'The snapshot holds no code to fill a fresh folder with.' : undefined;
  }
}

/** Why the wish can't be planned yet; undefined where it can. */
export function wishProblem(
  wish: RestoreWish,
  snapshot: Pick<Snapshot, 'brain' | 'databases' | 'code'>,
): string | undefined {
  if (wish.what === 'files' && wish.paths.length === 0) return 'Choose at least one file or folder.';
  return unavailable(snapshot, wish.what);
}

/** The call for a wish. Options that mean nothing for it are left out. */
export function planRequest(id: string, wish: RestoreWish): CallPayload<'planRestore'> {
  const { what, paths, keepExtra, keepNewer, useServices } = wish;
  const scope = what === 'files' ? 'code' : what;
  return {
    id,
    scope,
    ...(what === 'files' ? { paths: [...paths] } : {}),
    ...(keepExtra && hasExtra(what) ? { keepExtra } : {}),
    ...(keepNewer && hasNewer(what) ? { keepNewer } : {}),
    ...(useServices ? {} : { useServices }),
  };
}

/** Whether files that the snapshot doesn't have could be kept. */
export const hasExtra = (what: RestoreWish['what']): boolean => what === 'code' || what === 'all';

/** Whether rows made since could be kept. */
export const hasNewer = (what: RestoreWish['what']): boolean =>
  what === 'brain' || what === 'databases' || what === 'all';
