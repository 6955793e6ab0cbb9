import { createPartTest } from './name-rules.ts';
import type { Rule } from './rule-pattern.ts';

/** One way of an anchored rule, ready to be followed down the folders. */
interface Way {
  readonly rule: Rule;
  readonly steps: readonly Step[];
  /** From this step on nothing more is needed. */
  readonly done: number;
}

interface Step {
  /** `**`: stays as long as it likes. */
  readonly stays: boolean;
  readonly test: (key: string) => boolean;
}

/** How far an anchored rule (`/a/b`, `a/` + `**`) has come on the way to a folder. */
export interface Reached {
  readonly way: Way;
  /** The step that the folder's own entries are compared with. */
  readonly at: number;
}

/** The beginning, for the folder that the rule file lies in. */
export function beginPathRules(rules: readonly Rule[]): readonly Reached[] {
  return rules.flatMap((rule) =>
    rule.ways.map((parts) => {
      const steps = parts.map((part) => ({ stays: part.kind === 'any', test: createPartTest(part) }));
      const done = steps.at(-1)?.stays === true ? steps.length - 1 : steps.length;
      return { way: { rule, steps, done }, at: 0 };
    }),
  );
}

/** The index of the last rule that a folder's entry of that name completes, or -1. */
export function lastPathMatch(reached: readonly Reached[], key: string, isFolder: boolean): number {
  let best = -1;
  for (const { way, at } of reached) {
    if (way.rule.index <= best || (way.rule.folderOnly && !isFolder)) continue;
    if (stepsAfter(way, at, key).some((next) => next >= way.done)) best = way.rule.index;
  }
  return best;
}

/** What holds in the folder of that name. */
export function descend(reached: readonly Reached[], key: string): readonly Reached[] {
  const below = new Map<Way, Set<number>>();
  for (const { way, at } of reached) {
    const next = stepsAfter(way, at, key).filter((step) => step < way.steps.length);
    if (next.length > 0) below.set(way, new Set([...(below.get(way) ?? []), ...next]));
  }
  return [...below].flatMap(([way, steps]) => [...steps].map((at) => ({ way, at })));
}

/** The steps that a name leads to from step `at`; `**` may be passed over, and may take the name and stay. */
function stepsAfter(way: Way, at: number, key: string): readonly number[] {
  const step = way.steps[at];
  if (step === undefined) return [];
  if (!step.stays) return step.test(key) ? [at + 1] : [];
  return way.steps[at + 1]?.test(key) === true ? [at, at + 2] : [at];
}
