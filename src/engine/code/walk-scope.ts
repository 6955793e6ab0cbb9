import { AppError } from '../../shared/app-error.ts';
import { escapeControl } from '../../shared/format.ts';
import type { Warning } from '../../shared/model.ts';
import { findRepository, type GitRepository, readInfoExclude, readTracked } from './git-repository.ts';
import { enterFolder, findRule, type RuleLayer, readRules, ruleKey, ruleLimits } from './ignore-rules.ts';
import { joinPath } from './include-list.ts';
import { readSmallFile, type SmallFile } from './read-small-file.ts';
import type { Rule } from './rule-pattern.ts';
import { buildTrackedTree, type TrackedFolder, type TrackedNode } from './tracked-tree.ts';
import { toByteString } from './wildmatch.ts';

/** What decides on the entries of one folder. */
export interface Scope {
  /** The settings' own list. It counts everywhere and for tracked files too. */
  readonly excludes: readonly RuleLayer[];
  /** `.git/info/exclude` and the `.gitignore` files from the repository's top down to this folder. */
  readonly layers: readonly RuleLayer[];
  /** What the repository's index holds in this folder. */
  readonly tracked: TrackedFolder | undefined;
  readonly ignoreCase: boolean;
  readonly precompose: boolean;
}

export type Warn = (warning: Warning) => void;

export interface ScopeFolder {
  readonly absolute: string;
  readonly path: string;
  readonly name: string;
  /** False for names that are surely not in it. */
  readonly holds: (name: string) => boolean;
}

/** The scope of the root. */
export function beginScope(root: string, exclude: readonly string[], holds: ScopeFolder['holds'], warn: Warn): Scope {
  const excludes = readRules(toByteString(exclude.join('\n')), 'the exclude list', false);
  if (excludes === undefined) {
    throw new AppError('settings-invalid', 'The exclude list has too many patterns.', {
      hint: 'Use fewer patterns with wildcards or slashes.',
    });
  }
  const none: Scope = {
    excludes: excludes.rules.length === 0 ? [] : [excludes],
    layers: [],
    tracked: undefined,
    ignoreCase: false,
    precompose: false,
  };
  return readFolderRules({ absolute: root, path: '', name: '', holds }, none, warn);
}

/** The scope of the folder `name`: its own repository's, if one begins there; else the parent's, with its .gitignore. */
export function enterScope(parent: Scope, folder: ScopeFolder, warn: Warn): Scope {
  const bytes = nameBytes(parent, folder.name);
  const tracked = findTracked(parent, bytes);
  const inherited: Scope = {
    excludes: enterFolder(parent.excludes, bytes),
    layers: enterFolder(parent.layers, ruleKey(bytes, parent.ignoreCase)),
    tracked: tracked?.kind === 'folder' ? tracked : undefined,
    ignoreCase: parent.ignoreCase,
    precompose: parent.precompose,
  };
  return readFolderRules(folder, inherited, warn);
}

/** The scope of a folder that rules leave out, for the tracked files in it: nothing is read there. */
export function enterTracked(parent: Scope, name: string): Scope {
  const bytes = nameBytes(parent, name);
  const tracked = findTracked(parent, bytes);
  return {
    ...parent,
    excludes: enterFolder(parent.excludes, bytes),
    tracked: tracked?.kind === 'folder' ? tracked : undefined,
  };
}

/** A name as rules and the index of that scope know it: one character per byte. */
export function nameBytes(scope: Scope, name: string): string {
  return toByteString(scope.precompose ? name.normalize('NFC') : name);
}

/** What the index holds under that name (one character per byte). */
export function findTracked(scope: Scope, bytes: string): TrackedNode | undefined {
  return scope.tracked?.children.get(ruleKey(bytes, scope.ignoreCase));
}

/** The settings' pattern that leaves an entry out. */
export function findExclude(scope: Scope, bytes: string, isFolder: boolean): Rule | undefined {
  return excluding(findRule(scope.excludes, bytes, isFolder));
}

/** The rule of git that leaves an untracked entry out. */
export function findIgnore(scope: Scope, bytes: string, isFolder: boolean): Rule | undefined {
  return excluding(findRule(scope.layers, ruleKey(bytes, scope.ignoreCase), isFolder));
}

const excluding = (rule: Rule | undefined): Rule | undefined => (rule?.negated === true ? undefined : rule);

function readFolderRules({ absolute, path, holds }: ScopeFolder, inherited: Scope, warn: Warn): Scope {
  const repository = holds('.git') ? findRepository(absolute) : undefined;
  const scope = repository === undefined ? inherited : beginRepository(repository, path, inherited, warn);
  if (!holds('.gitignore')) return scope;
  const source = joinPath(path, '.gitignore');
  const file = readSmallFile(`${absolute}/.gitignore`, ruleLimits.bytes);
  const layer = readLayer(file, source, scope.ignoreCase, warn);
  return layer === undefined ? scope : { ...scope, layers: [...scope.layers, layer] };
}

function beginRepository(repository: GitRepository, path: string, inherited: Scope, warn: Warn): Scope {
  const { ignoreCase, precompose } = repository;
  const { paths, problem } = readTracked(repository);
  if (problem !== undefined) {
    const message = `The git index in ${quote(joinPath(path, '.git'))} can not be read (${problem}): tracked files that a rule matches are left out.`;
    warn({ code: 'index-unreadable', message });
  }
  const source = joinPath(path, '.git/info/exclude');
  const layer = readLayer(readInfoExclude(repository, ruleLimits.bytes), source, ignoreCase, warn);
  return {
    excludes: inherited.excludes,
    layers: layer === undefined ? [] : [layer],
    tracked: buildTrackedTree(paths, (name) => ruleKey(toByteString(name), ignoreCase)),
    ignoreCase,
    precompose,
  };
}

function readLayer(file: SmallFile, source: string, ignoreCase: boolean, warn: Warn): RuleLayer | undefined {
  if (file.kind === 'absent') return undefined;
  if (file.kind === 'unreadable') {
    const message = `The rules in ${quote(source)} can not be read (${file.detail}) and do not count.`;
    warn({ code: 'rules-unreadable', message });
    return undefined;
  }
  const layer = file.kind === 'content' ? readRules(file.bytes.toString('latin1'), source, ignoreCase) : undefined;
  if (layer === undefined) {
    warn({
      code: 'rules-too-large',
      message: `${quote(source)} has too many rules to be one, so none of them counts.`,
    });
    return undefined;
  }
  return layer.rules.length === 0 ? undefined : layer;
}

/** A path for a message. */
export function quote(path: string): string {
  return `"${escapeControl(path)}"`;
}
