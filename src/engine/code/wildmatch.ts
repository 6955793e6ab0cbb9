/**
 * Git's pattern language (wildmatch.c and match_pathname in dir.c), byte for byte. Patterns and names are "byte strings":
 * one character per UTF-8 byte, as `toByteString` makes them, because git's `?` and `[…]` take one byte.
 */

export type Token =
  | { readonly kind: 'byte'; readonly byte: number; readonly escaped: boolean }
  | { readonly kind: 'one' }
  | { readonly kind: 'stars'; readonly count: number }
  | { readonly kind: 'set'; readonly has: Uint8Array }
  | { readonly kind: 'slash'; readonly escaped: boolean };

/** A name or pattern as one character per byte of its UTF-8 form. */
export function toByteString(text: string): string {
  return /^[\x00-\x7f]*$/.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1');
}

/** Lower case as git folds it: ASCII letters only. */
export function foldAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** Reads a pattern into tokens; undefined when git could never match it (a `[` without end, a lone `\` at the end). */
export function tokenize(pattern: string, ignoreCase: boolean): readonly Token[] | undefined {
  const tokens: Token[] = [];
  let at = 0;
  while (at < pattern.length) {
    const character = pattern[at];
    if (character === '*') {
      const start = at;
      while (pattern[at] === '*') at += 1;
      tokens.push({ kind: 'stars', count: at - start });
    } else if (character === '[') {
      const set = readSet(pattern, at, ignoreCase);
      if (set === undefined) return undefined;
      tokens.push({ kind: 'set', has: set.has });
      at = set.end;
    } else {
      const escaped = character === '\\';
      if (escaped) at += 1;
      const token = readPlain(pattern, at, escaped, ignoreCase);
      if (token === undefined) return undefined;
      tokens.push(token);
      at += 1;
    }
  }
  return tokens;
}

function readPlain(pattern: string, at: number, escaped: boolean, ignoreCase: boolean): Token | undefined {
  if (at >= pattern.length) return undefined;
  const byte = pattern.charCodeAt(at);
  if (byte === 0x2f) return { kind: 'slash', escaped };
  if (byte === 0x3f && !escaped) return { kind: 'one' };
  if (!ignoreCase || !isUpper(byte)) return { kind: 'byte', byte, escaped };
  // Git lowers the name and the pattern, but not a letter after a backslash: that one can't match any more.
  return escaped ? undefined : { kind: 'byte', byte: byte + 0x20, escaped };
}

/** Reads `[…]` at `start`: the bytes in it, and where the pattern goes on. Undefined when it never ends. */
function readSet(pattern: string, start: number, ignoreCase: boolean): { has: Uint8Array; end: number } | undefined {
  const has = new Uint8Array(256);
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  let previous = 0;
  // A `]` in first place is a member, so the end is looked for after each member.
  do {
    const member = readMember(pattern, at, previous, has, ignoreCase);
    if (member === undefined) return undefined;
    previous = member.previous;
    at = member.end;
  } while (pattern[at] !== ']');
  if (negated) for (let byte = 0; byte < 256; byte += 1) has[byte] = has[byte] === 0 ? 1 : 0;
  return { has, end: at + 1 };
}

interface Member {
  /** The byte that a following `-` begins its range with; 0 for none. */
  readonly previous: number;
  readonly end: number;
}

function readMember(
  pattern: string,
  start: number,
  previous: number,
  has: Uint8Array,
  ignoreCase: boolean,
): Member | undefined {
  let at = start;
  const character = pattern[at];
  if (character === undefined) return undefined;
  if (character === '-' && previous !== 0 && at + 1 < pattern.length && pattern[at + 1] !== ']') {
    at += pattern[at + 1] === '\\' ? 2 : 1;
    if (at >= pattern.length) return undefined;
    addRange(has, previous, pattern.charCodeAt(at), ignoreCase);
    return { previous: 0, end: at + 1 };
  }
  if (character === '[' && pattern[at + 1] === ':') {
    const close = pattern.indexOf(']', at + 2);
    if (close === -1) return undefined;
    if (close > at + 2 && pattern[close - 1] === ':') {
      const added = addClass(has, pattern.slice(at + 2, close - 1), ignoreCase);
      return added ? { previous: 0, end: close + 1 } : undefined;
    }
  }
  if (character === '\\') at += 1;
  if (at >= pattern.length) return undefined;
  const byte = pattern.charCodeAt(at);
  has[byte] = 1;
  return { previous: byte, end: at + 1 };
}

function addRange(has: Uint8Array, from: number, to: number, ignoreCase: boolean): void {
  for (let byte = from; byte <= to; byte += 1) {
    has[byte] = 1;
    if (ignoreCase && isUpper(byte)) has[byte + 0x20] = 1;
  }
}

const asciiClasses: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  // Git's own ctype: no vertical tab, no form feed.
  space: /[ \t\n\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

function addClass(has: Uint8Array, name: string, ignoreCase: boolean): boolean {
  const members = Object.hasOwn(asciiClasses, name) ? asciiClasses[name] : undefined;
  if (members === undefined) return false;
  for (let byte = 0; byte < 128; byte += 1) if (members.test(String.fromCharCode(byte))) has[byte] = 1;
  if (ignoreCase && name === 'upper') addRange(has, 0x61, 0x7a, false);
  return true;
}

const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a;

/**
 * Whether tokens without a slash match a whole name. At most name × pattern steps: when a later `*` is reached, an
 * earlier one never has to take more.
 */
export function matchName(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let starToken = -1;
  let starAt = 0;
  while (at < name.length) {
    const wanted = tokens[token];
    if (wanted?.kind === 'stars') {
      starToken = token;
      starAt = at;
      token += 1;
    } else if (wanted !== undefined && matchByte(wanted, name.charCodeAt(at))) {
      token += 1;
      at += 1;
    } else if (starToken >= 0) {
      token = starToken + 1;
      starAt += 1;
      at = starAt;
    } else {
      return false;
    }
  }
  while (tokens[token]?.kind === 'stars') token += 1;
  return token === tokens.length;
}

function matchByte(token: Token, byte: number): boolean {
  switch (token.kind) {
    case 'byte':
      return token.byte === byte;
    case 'one':
      return true;
    case 'set':
      return token.has[byte] === 1;
    case 'stars':
    case 'slash':
      return false;
  }
}
