import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemErrorCode } from '../../../shared/app-error.ts';
import { z } from '../../../shared/zod.ts';

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

/**
 * Packages of a service whose compiled part is not there though npm says that all went well: npm 12 doesn't run the
 * install scripts of dependencies unless they were approved. Folders relative to the service's; optional ones don't count.
 */
export function findMissingNatives(serviceFolder: string): readonly string[] {
  const text = readIfThere(join(serviceFolder, 'node_modules', '.package-lock.json'));
  const installed = text === undefined ? undefined : installedSchema.safeParse(parseJson(text)).data;
  return Object.entries(installed?.packages ?? {})
    .filter(([, facts]) => facts.hasInstallScript && !facts.optional && !facts.devOptional && !facts.link)
    .map(([folder]) => folder)
    .filter((folder) => needsCompiling(join(serviceFolder, folder)))
    .sort();
}

/** What to tell the user about them. */
export function describeMissingNatives(serviceFolder: string, missing: readonly string[]): string {
  const names = missing.map((folder) => folder.replace(/^.*node_modules\//, ''));
  return (
    `npm installed ${names.join(', ')} in ${serviceFolder} without the compiled part: it did not run their install ` +
    `scripts. Approve them there with "npm install-scripts approve ${names.join(' ')}", then run "npm rebuild".`
  );
}

/** A package with build instructions for C++ code and no compiled file. */
function needsCompiling(folder: string): boolean {
  const names = readNames(folder);
  return names.includes('binding.gyp') && !names.some((name) => name.endsWith('.node'));
}

/** Names of everything in a package, without the packages that lie in it. */
function readNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (!entry.isDirectory()) return [entry.name];
      return entry.name === 'node_modules'
        ? []
        : readNames(join(folder, entry.name)).filter((name) => name.endsWith('.node'));
    });
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return []; // an entry for another system, which was not installed
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
