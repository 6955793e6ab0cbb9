/** What of a bundler's plugin is used here; rolldown and vite take it. */
export interface PlaceModulesPlugin {
  readonly name: string;
  readonly enforce: 'pre';
  transform(code: string, id: string): { code: string; map: null } | null;
}

export interface Place {
  readonly url: string;
  readonly folder: string;
}

/** Makes the modules that `entryModule` names pieces of a bundle; see place-modules.js. */
export function placeModules(options: {
  readonly fileName: (name: string) => string;
  readonly place: (id: string) => Place;
}): PlaceModulesPlugin;

export function placeOfSource(id: string): Place;
export function placeFromBundle(project: string): (id: string) => Place;
