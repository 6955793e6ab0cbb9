import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../../shared/app-error.ts';
import { z } from '../../../shared/zod.ts';
import { parseJson } from '../../platform/parse-json.ts';
import { readTextIfThere } from '../../platform/read-if-there.ts';

/** npm's note in node_modules on what it has installed there. */
const installedSchema = z.object({
  packages: z.record(
    z.string(),
    z.object({
      hasInstallScript: z.boolean().optional(),
      optional: z.boolean().optional(),
      devOptional: z.boolean().optional(),
      link: z.boolean().optional(),
    }),
  ),
});

/** An installed package, by its folder relative to the service's. */
export type InstalledPackage = z.infer<typeof installedSchema>['packages'][string] & { readonly folder: string };

/** The packages of a service that have an install script, as those with a compiled part do; none without npm's note. */
export function findScripted(serviceFolder: string): readonly InstalledPackage[] {
  const text = readTextIfThere(join(serviceFolder, 'node_modules', '.package-lock.json'));
  if (text?.includes('"hasInstallScript"') !== true) return [];
  const installed = installedSchema.safeParse(parseJson(text)).data;
  return Object.entries(installed?.packages ?? {}).flatMap(([folder, facts]) =>
    facts.hasInstallScript && !facts.link ? [{ ...facts, folder }] : [],
  );
}

/** Paths in a package, as far as they matter: all of its own folder, and compiled files below, without other packages. */
export function listPackage(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      if (entry.name === 'node_modules') return [];
      const below = listPackage(join(folder, entry.name)).filter((path) => path.endsWith('.node'));
      return below.map((path) => join(entry.name, path));
    });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return []; // an entry for another system, which was not installed
  }
}
