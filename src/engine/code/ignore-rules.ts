import { createNameRules, type NameRules } from './name-rules.ts';
import { beginPathRules, descend, lastPathMatch, type Reached } from './path-rules.ts';
import { literalName, parseRuleLines, type Rule } from './rule-pattern.ts';
import { foldAscii } from './wildmatch.ts';

/** One rule file, as it stands in one folder at or below its own. */
export interface RuleLayer {
  readonly rules: readonly Rule[];
  readonly names: NameRules;
  readonly reached: readonly Reached[];
}

/** A file that is larger, or whose patterns take more work than this, holds no rules that someone wrote. */
export const ruleLimits = { bytes: 1024 * 1024, work: 10_000 } as const;

/** Reads a rule file's content (one character per byte); undefined when they take more work than the limit. */
export function readRules(bytes: string, source: string, ignoreCase: boolean): RuleLayer | undefined {
  const rules = parseRuleLines(bytes, source, ignoreCase);
  if (rules.reduce((work, rule) => work + estimateWork(rule), 0) > ruleLimits.work) return undefined;
  return {
    rules,
    names: createNameRules(rules.filter((rule) => !rule.anchored)),
    reached: beginPathRules(rules.filter((rule) => rule.anchored)),
  };
}

/** A plain name is looked up in no time; other patterns are tried one by one, and a path is followed part by part. */
function estimateWork(rule: Rule): number {
  if (rule.anchored) return rule.ways.reduce((parts, way) => parts + way.length, 0);
  const part = rule.ways[0]?.[0];
  return part !== undefined && literalName(part) === undefined ? 5 : 0;
}

/**
 * The rule that decides on an entry of the folder: the last one that matches, in the last layer that has one. `key` is
 * the entry's name as `ruleKey` gives it. Whether its parents are ignored is for the caller to know.
 */
export function findRule(layers: readonly RuleLayer[], key: string, isFolder: boolean): Rule | undefined {
  for (let place = layers.length - 1; place >= 0; place -= 1) {
    const layer = layers[place];
    if (layer === undefined) continue;
    const index = Math.max(layer.names.lastMatch(key, isFolder), lastPathMatch(layer.reached, key, isFolder));
    if (index >= 0) return layer.rules[index];
  }
  return undefined;
}

/** The layers as they stand in the folder of that name. */
export function enterFolder(layers: readonly RuleLayer[], key: string): readonly RuleLayer[] {
  return layers.map((layer) =>
    layer.reached.length === 0 ? layer : { ...layer, reached: descend(layer.reached, key) },
  );
}

/** A name (one character per byte) in the form that rules are compared with. */
export function ruleKey(byteString: string, ignoreCase: boolean): string {
  return ignoreCase ? foldAscii(byteString) : byteString;
}
