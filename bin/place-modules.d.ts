/** What of a bundler's plugin is used here; rolldown and vite take it. */
export interface PlaceModulesPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null } | null;
}

/** Makes the modules that `entryModule` names pieces of a bundle; see place-modules.js. */
export function placeModules(options: {
  readonly fileName: (name: string) => string;
  readonly staysHere: boolean;
}): PlaceModulesPlugin;
