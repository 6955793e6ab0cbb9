import ignore, { type Ignore } from 'ignore';
import { literalName, type Part, plainGlob, type Rule } from './rule-pattern.ts';
import { matchName, type Token } from './wildmatch.ts';

/** The rules of one file that look at a name alone (`*.log`, `dist/`). */
export interface NameRules {
  /** The index of the last rule that matches that name, or -1. */
  lastMatch(key: string, isFolder: boolean): number;
}

/**
 * Plain names are looked up; plain globs go to `ignore`, one name at a time, so that what it thinks of parents never
 * counts; classes, escapes and three or more stars, which it would match with a slow or different regular expression,
 * go to `matchName`.
 */
export function createNameRules(rules: readonly Rule[]): NameRules {
  const names = new LiteralNames();
  const globs: { pattern: string; mark: string }[] = [];
  const hard: { readonly rule: Rule; readonly tokens: readonly Token[] }[] = [];
  for (const rule of rules) {
    const part = rule.ways[0]?.[0];
    if (part?.kind !== 'name') continue;
    const name = literalName(part);
    const glob = plainGlob(part);
    if (name !== undefined) names.add(name, rule);
    else if (glob !== undefined)
      globs.push({ pattern: `/${glob}${rule.folderOnly ? '/' : ''}`, mark: String(rule.index) });
    else hard.unshift({ rule, tokens: part.tokens });
  }
  const plain = globs.length === 0 ? undefined : new PlainGlobs(globs);
  return {
    lastMatch(key, isFolder) {
      const best = Math.max(names.lastMatch(key, isFolder), plain?.lastMatch(key, isFolder) ?? -1);
      for (const { rule, tokens } of hard) {
        if (rule.index <= best) break;
        if ((isFolder || !rule.folderOnly) && matchName(tokens, key)) return rule.index;
      }
      return best;
    },
  };
}

class LiteralNames {
  readonly #any = new Map<string, number>();
  readonly #folders = new Map<string, number>();

  add(name: string, rule: Rule): void {
    (rule.folderOnly ? this.#folders : this.#any).set(name, rule.index);
  }

  lastMatch(key: string, isFolder: boolean): number {
    const any = this.#any.get(key) ?? -1;
    return isFolder ? Math.max(any, this.#folders.get(key) ?? -1) : any;
  }
}

/** `ignore` remembers every name it was asked for; after this many it is begun anew, so that memory stays bounded. */
const rememberedNames = 5_000;

class PlainGlobs {
  readonly #globs: readonly { pattern: string; mark: string }[];
  #matcher: Ignore;
  #asked = 0;

  constructor(globs: readonly { pattern: string; mark: string }[]) {
    this.#globs = globs;
    this.#matcher = this.#begin();
  }

  #begin(): Ignore {
    this.#asked = 0;
    // Names and globs are folded already where the repository ignores case.
    return ignore({ ignorecase: false }).add(this.#globs);
  }

  lastMatch(key: string, isFolder: boolean): number {
    this.#asked += 1;
    if (this.#asked > rememberedNames) this.#matcher = this.#begin();
    const mark = this.#matcher.test(isFolder ? `${key}/` : key).rule?.mark;
    return mark === undefined ? -1 : Number(mark);
  }
}

/** A test for one part of a path rule. */
export function createPartTest(part: Part): (key: string) => boolean {
  if (part.kind === 'any') return () => true;
  const name = literalName(part);
  return name === undefined ? (key) => matchName(part.tokens, key) : (key) => key === name;
}
