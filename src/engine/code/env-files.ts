import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createBuiltinTest, isEnvName } from './builtin-excludes.ts';
import type { EnvFile } from './code-entry.ts';
import { readSmallFile } from './read-small-file.ts';

const limitBytes = 1024 * 1024;

/** The key names in excluded `.env` files, in their order. Values never leave this function; a file over 1 MB gives none. */
export function readEnvKeys(root: string, envPaths: readonly string[]): readonly EnvFile[] {
  return envPaths.map((path) => {
    const file = readSmallFile(join(root, path), limitBytes);
    return { path, keys: file.kind === 'content' ? parseEnvKeys(file.bytes.toString('utf8')) : [] };
  });
}

/** The excluded `.env` files that lie in the root itself, where only named entries are walked. */
export function findRootEnvFiles(root: string): readonly string[] {
  const isExcluded = createBuiltinTest();
  return readdirSync(root)
    .filter((name) => isEnvName(name) && isExcluded(name))
    .sort();
}

const assignment = /^\s*(?:export\s+)?([A-Za-z_][\w.-]*)\s*=\s*(.*)$/;

/** The names before `=`. A quoted value may run over several lines; nothing inside it is taken for a key. */
function parseEnvKeys(text: string): readonly string[] {
  const keys = new Set<string>();
  let openQuote = '';
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    if (openQuote !== '') {
      if (closesQuote(line, openQuote)) openQuote = '';
      continue;
    }
    const match = assignment.exec(line);
    if (match?.[1] === undefined) continue;
    keys.add(match[1]);
    const value = match[2] ?? '';
    const quote = value[0] ?? '';
    if (['"', "'", '`'].includes(quote) && !closesQuote(value.slice(1), quote)) openQuote = quote;
  }
  return [...keys];
}

function closesQuote(text: string, quote: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '\\' && quote !== "'") at += 1;
    else if (text[at] === quote) return true;
  }
  return false;
}
