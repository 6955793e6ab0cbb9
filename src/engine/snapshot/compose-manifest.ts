import { hostname } from 'node:os';
import type { Skipped, Warning } from '../../shared/model.ts';
import { appVersion } from '../version.ts';
import type { CatalogEntry } from './catalog.ts';
import type { Manifest } from './manifest.ts';

/** What a run has gathered: the manifest, less what follows from the rest. */
export interface ManifestFacts
  extends Omit<
    Manifest,
    'format' | 'sequence' | 'status' | 'host' | 'appVersion' | 'nodeVersion' | 'parent' | 'brain'
  > {
  readonly brain: NonNullable<Manifest['brain']>;
  /** The snapshots that are there already, newest first. */
  readonly catalog: readonly CatalogEntry[];
}

/** The manifest of a snapshot whose parts are written: numbered after all others, and judged by what it lacks. */
export function composeManifest({ catalog, ...facts }: ManifestFacts): Manifest {
  const databases = [facts.brain, ...facts.databases];
  const isCorrupt = databases.some(({ integrity }) => integrity !== 'ok');
  return {
    format: 2,
    id: facts.id,
    createdAt: facts.createdAt,
    sequence: Math.max(0, ...catalog.map(({ snapshot }) => snapshot.sequence)) + 1,
    trigger: facts.trigger,
    status: isCorrupt || facts.skipped.some(makesIncomplete) ? 'incomplete' : 'verified',
    host: hostname(),
    appVersion,
    nodeVersion: process.version,
    root: facts.root,
    durationMs: facts.durationMs,
    parent: catalog[0]?.snapshot.id ?? null,
    brain: facts.brain,
    databases: facts.databases,
    code: facts.code,
    skipped: facts.skipped,
    envFiles: facts.envFiles,
    warnings: [...facts.warnings, ...databases.flatMap(dataWarnings)],
    files: facts.files,
  };
}

const makesIncomplete = ({ reason }: Skipped): boolean => reason !== 'vanished' && reason !== 'special';

function dataWarnings({ path, integrity, foreignKeyViolations }: Manifest['databases'][number]): Warning[] {
  return [
    ...(integrity === 'ok'
      ? []
      : [{ code: 'database-corrupt', message: `${path} is corrupt at its source: ${integrity}` }]),
    ...(foreignKeyViolations === 0
      ? []
      : [{ code: 'foreign-keys', message: `${path} has ${foreignKeyViolations} rows that refer to missing rows.` }]),
  ];
}
