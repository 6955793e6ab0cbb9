import { join } from 'node:path';
import { findScripted, listPackage } from './installed-packages.ts';

/**
 * Packages of a service whose compiled part is not there though npm says that all went well: npm 12 doesn't run the
 * install scripts of dependencies unless they were approved. Folders relative to the service's; optional ones don't count.
 */
export function findMissingNatives(serviceFolder: string): readonly string[] {
  return findScripted(serviceFolder)
    .filter(({ optional, devOptional }) => !optional && !devOptional)
    .map(({ folder }) => folder)
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
  const paths = listPackage(folder);
  return paths.includes('binding.gyp') && !paths.some((path) => path.endsWith('.node'));
}
