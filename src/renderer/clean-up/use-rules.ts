import { useDeferredValue, useMemo, useState } from 'react';
import { useAction } from '../client/use-call.ts';
import { useByteBase } from '../components/size.tsx';
import { type KeptRules, parseRules, type RuleKey, type RuleTexts, ruleChanges, ruleTexts } from './rules.ts';

/** The rules as they are typed, over those that are saved. */
export function useRules(saved: KeptRules) {
  const byteBase = useByteBase();
  const kept = useMemo(() => ruleTexts(saved, byteBase), [saved, byteBase]);
  const [typed, setTyped] = useState<Partial<RuleTexts>>({});
  const [after, setAfter] = useState<boolean>();
  const texts = useMemo(() => ({ ...kept, ...typed }), [kept, typed]);
  const { rules, errors } = useMemo(() => parseRules(texts, byteBase), [texts, byteBase]);
  const wanted: KeptRules = { ...rules, afterEachSnapshot: after ?? saved.afterEachSnapshot };
  const changes = ruleChanges(saved, wanted);
  const change = useAction('changeSetting');
  const [problem, setProblem] = useState<unknown>(null);
  const [isSaving, setSaving] = useState(false);
  return {
    saved: kept,
    texts,
    errors,
    afterEachSnapshot: wanted.afterEachSnapshot,
    /** What to plan with: follows the typing as fast as there is time. */
    rules: useDeferredValue(rules),
    hasErrors: Object.keys(errors).length > 0,
    isChanged: changes.length > 0,
    isSaving,
    problem,
    setText: (key: RuleKey, text: string) => setTyped({ ...typed, [key]: text }),
    setAfterEachSnapshot: setAfter,
    forget: () => {
      setTyped({});
      setAfter(undefined);
      setProblem(null);
    },
    /** False: something could not be saved, and `problem` says what. */
    save: async (): Promise<boolean> => {
      setSaving(true);
      try {
        for (const one of changes) await change.mutateAsync(one);
        setTyped({});
        setAfter(undefined);
        setProblem(null);
        return true;
      } catch (error) {
        setProblem(error);
        return false;
      } finally {
        setSaving(false);
      }
    },
  };
}

export type RulesState = ReturnType<typeof useRules>;
