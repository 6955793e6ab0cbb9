import { type IncludeNode, includesBelow, joinPath } from './include-list.ts';
import type { Rule } from './rule-pattern.ts';
import type { WalkResult } from './walk-result.ts';
import { quote } from './walk-scope.ts';

/** Warns of what the include list names at or below a path that is left out. */
export function warnLeftOut(result: WalkResult, path: string, wanted: IncludeNode | undefined, because: string): void {
  if (wanted === undefined) return;
  for (const include of includesBelow(path, wanted)) {
    const message = `${quote(include)} is on the include list, but stays out of the code archive: ${because}.`;
    result.warn({ code: 'include-ignored', message });
  }
}

/** Warns of what the include list names below a link, and lists it as not read. */
export function refuseBehindLink(result: WalkResult, link: string, wanted: IncludeNode | undefined): void {
  for (const [name, node] of wanted?.children ?? []) {
    for (const include of includesBelow(joinPath(link, name), node)) {
      const message = `${quote(include)} is on the include list, but ${quote(link)} is a link, and links are not followed.`;
      result.warn({ code: 'include-behind-link', message });
      result.skip(include, 'unreadable', 'ELOOP');
    }
  }
}

/** The reason for `warnLeftOut` that names a rule. */
export function describeRule(rule: Rule): string {
  const source = rule.source === 'the exclude list' ? rule.source : quote(rule.source);
  return `the rule ${quote(rule.text)} in ${source} leaves it out`;
}
