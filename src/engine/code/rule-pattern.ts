import { type Token, tokenize } from './wildmatch.ts';

/** What one component of a path must be: any name that the tokens match, or `**`: any number of names, also none. */
export type Part = { readonly kind: 'name'; readonly tokens: readonly Token[] } | { readonly kind: 'any' };

/** One line of a rule file, as git reads it. */
export interface Rule {
  /** Its place among the file's rules: a later one wins. */
  readonly index: number;
  /** The line as written, for messages. */
  readonly text: string;
  /** The file that it stands in, for messages. */
  readonly source: string;
  readonly negated: boolean;
  readonly folderOnly: boolean;
  /** Without a slash the rule is for names at any depth below its file; with one, for paths from the file's folder. */
  readonly anchored: boolean;
  /** The ways in which it can match; one, but for git's reading of `a**` + `/b`. */
  readonly ways: readonly (readonly Part[])[];
}

/** Splits a rule file's bytes (latin1) into rules: comments, line ends, trailing spaces and `!` as git's dir.c does. */
export function parseRuleLines(bytes: string, source: string, ignoreCase: boolean): readonly Rule[] {
  const rules: Rule[] = [];
  const text = bytes.startsWith('\xef\xbb\xbf') ? bytes.slice(3) : bytes;
  for (const raw of text.split('\n')) {
    if (raw === '' || raw.startsWith('#')) continue;
    const line = trimSpaces(cutAtNul(raw.endsWith('\r') ? raw.slice(0, -1) : raw));
    const rule = parseRule(line, rules.length, source, ignoreCase);
    if (rule !== undefined) rules.push(rule);
  }
  return rules;
}

function cutAtNul(line: string): string {
  const end = line.indexOf('\0');
  return end === -1 ? line : line.slice(0, end);
}

/** Trailing spaces go, unless a backslash stands before them. */
function trimSpaces(line: string): string {
  if (!line.endsWith(' ')) return line;
  let end = 0;
  for (let at = 0; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === ' ') continue;
    if (at >= line.length) return line;
    end = at + 1;
  }
  return line.slice(0, end);
}

function parseRule(line: string, index: number, source: string, ignoreCase: boolean): Rule | undefined {
  const negated = line.startsWith('!');
  let pattern = negated ? line.slice(1) : line;
  const folderOnly = pattern.endsWith('/');
  if (folderOnly) pattern = pattern.slice(0, -1);
  const anchored = pattern.includes('/');
  const tokens = tokenize(anchored && pattern.startsWith('/') ? pattern.slice(1) : pattern, ignoreCase);
  if (tokens === undefined || tokens.length === 0) return undefined;
  const ways = anchored ? readPath(tokens) : [[{ kind: 'name', tokens } as const]];
  const usable = ways.filter(canMatch);
  if (usable.length === 0) return undefined;
  const text = Buffer.from(line, 'latin1').toString('utf8');
  return { index, text, source, negated, folderOnly, anchored, ways: usable };
}

/** A path has no empty names, none over 255 bytes, and 4,096 bytes in all. */
function canMatch(way: readonly Part[]): boolean {
  let names = 0;
  for (const part of way) {
    if (part.kind === 'any') continue;
    const least = part.tokens.filter((token) => token.kind !== 'stars').length;
    if (part.tokens.length === 0 || least > 255) return false;
    names += 1;
  }
  return names <= 2048;
}

interface Component {
  readonly tokens: readonly Token[];
  /** What ends it: nothing, `/` or `\/`. */
  readonly end: 'none' | 'slash' | 'escaped-slash';
}

function readPath(tokens: readonly Token[]): readonly (readonly Part[])[] {
  const components = splitComponents(tokens);
  const quirk = findPrefixStars(components);
  if (quirk === -1) return [toParts(components)];
  const before = toParts(components.slice(0, quirk));
  const prefix = components[quirk]?.tokens.slice(0, -1) ?? [];
  return readPrefixStars(prefix, components.slice(quirk)).map((way) => joinParts(before, way));
}

function splitComponents(tokens: readonly Token[]): readonly Component[] {
  const components: Component[] = [];
  let start = 0;
  tokens.forEach((token, at) => {
    if (token.kind !== 'slash') return;
    components.push({ tokens: tokens.slice(start, at), end: token.escaped ? 'escaped-slash' : 'slash' });
    start = at + 1;
  });
  components.push({ tokens: tokens.slice(start), end: 'none' });
  return components;
}

/**
 * Git compares the literal beginning of a pattern first and hands the rest to wildmatch, which then takes a `**` that
 * stood after letters (`a**` + `/b`) for one at the beginning. Returns the component where that happens, or -1.
 */
function findPrefixStars(components: readonly Component[]): number {
  for (const [index, { tokens, end }] of components.entries()) {
    const special = tokens.findIndex((token) => token.kind !== 'byte' || token.escaped);
    if (special === -1) {
      if (end === 'escaped-slash') return -1;
      continue;
    }
    const token = tokens[special];
    const stars = token?.kind === 'stars' && token.count >= 2;
    return stars && special > 0 && special === tokens.length - 1 ? index : -1;
  }
  return -1;
}

/** The ways of `prefix**` + rest: the prefix grown together with what follows, or any path that begins with it. */
function readPrefixStars(prefix: readonly Token[], components: readonly Component[]): readonly (readonly Part[])[] {
  const [stars, ...rest] = components;
  const name: Part = { kind: 'name', tokens: [...prefix, { kind: 'stars', count: 1 }] };
  const across = joinParts([name, { kind: 'any' }], toParts(rest));
  if (stars?.end !== 'slash') return [across];
  const [next, ...later] = rest;
  if (next === undefined) return [across];
  if (isGlobstar(next)) return [...readPrefixStars(prefix, rest), across];
  const grown: Part = { kind: 'name', tokens: [...prefix, ...next.tokens] };
  return [joinParts([grown], toParts(later)), across];
}

function toParts(components: readonly Component[]): readonly Part[] {
  const parts: Part[] = [];
  for (const component of components) {
    if (!isGlobstar(component)) {
      parts.push({ kind: 'name', tokens: component.tokens });
      continue;
    }
    // Only `**/` may stand for no folder at all; `**` at the end and `**\/` want at least one name.
    if (component.end !== 'slash') parts.push({ kind: 'name', tokens: [{ kind: 'stars', count: 1 }] });
    parts.push({ kind: 'any' });
  }
  return joinParts(parts, []);
}

const isGlobstar = ({ tokens }: Component): boolean =>
  tokens.length === 1 && tokens[0]?.kind === 'stars' && tokens[0].count >= 2;

/** Puts two runs of parts together; neighbouring `any` are one. */
function joinParts(first: readonly Part[], second: readonly Part[]): readonly Part[] {
  return [...first, ...second].filter((part, at, all) => part.kind !== 'any' || all[at - 1]?.kind !== 'any');
}

/** The text of a part that is one fixed name, or undefined. */
export function literalName(part: Part): string | undefined {
  if (part.kind === 'any' || part.tokens.some((token) => token.kind !== 'byte')) return undefined;
  return part.tokens.map((token) => (token.kind === 'byte' ? String.fromCharCode(token.byte) : '')).join('');
}

/** The part as a glob of plain letters, `*` and `?` with at most two stars, or undefined when it holds anything else. */
export function plainGlob(part: Part): string | undefined {
  if (part.kind === 'any' || part.tokens.filter((token) => token.kind === 'stars').length > 2) return undefined;
  let glob = '';
  for (const token of part.tokens) {
    if (token.kind === 'stars') glob += '*';
    else if (token.kind === 'one') glob += '?';
    else if (token.kind === 'byte' && /[\w.@+~,=-]/.test(String.fromCharCode(token.byte)))
      glob += String.fromCharCode(token.byte);
    else return undefined;
  }
  return glob;
}
