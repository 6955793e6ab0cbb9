import type { Snapshot } from '../../shared/model.ts';
import type { RestorePlan, RestoreScope } from '../../shared/restore-plan.ts';
import { isWanted } from './path-tree.ts';
import { chooseDatabases } from './plan-restore.ts';

/** What a restore into another folder is planned from. */
export interface IntoFacts {
  readonly snapshot: Snapshot;
  /** The folder, new or empty. */
  readonly target: string;
  readonly scope: RestoreScope;
  readonly paths: readonly string[];
  /** Bytes of the files that are unpacked. */
  readonly codeBytes: number;
  /** On the disk of the target. */
  readonly freeBytes: number;
}

/** Everything is new there, so there is little to plan. Pure. */
export function planInto({ snapshot, target, scope, paths, codeBytes, freeBytes }: IntoFacts): RestorePlan {
  const { brain, others } = chooseDatabases(snapshot, scope);
  const parts = [...(brain === null ? [] : [brain]), ...others].filter(({ path }) => isWanted(path, paths));
  return {
    what: 'restore',
    source: snapshot.id,
    root: target,
    scope,
    paths,
    databases: parts.map((part) => ({
      path: part.path,
      isBrain: part === brain,
      change: 'create',
      bytesNow: 0,
      bytesThen: part.bytes,
      tables: [],
    })),
    code: null,
    space: { neededBytes: parts.reduce((sum, { bytes }) => sum + bytes, codeBytes), freeBytes },
    steps: [
      { step: 'stage', text: `unpack everything beside ${target}, and verify every byte`, commands: [] },
      { step: 'swap', text: 'give it its name', commands: [] },
    ],
    warnings: [],
  };
}
