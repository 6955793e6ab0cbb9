import { useEffect, useState } from 'react';
import { reportError } from '../../shared/app-error.ts';
import { useAction, useCall } from '../client/use-call.ts';
import type { ChangeableSetting } from './number-fields.ts';

const checkAfterMs = 250;
const savedForMs = 2500;

/**
 * One setting that is saved in place. `text` is what would be saved, undefined while it can't be: then the view has
 * said what is wrong. The host is asked about everything else while one types.
 */
export function useSetting(key: ChangeableSetting, text: string | undefined, isChanged: boolean) {
  const change = useAction('changeSetting');
  const [savedAt, setSavedAt] = useState<number>();
  const asked = useSettled(text, checkAfterMs);
  const check = useCall('checkSetting', { key, text: asked ?? '' }, { enabled: isChanged && asked !== undefined });
  useEffect(() => {
    if (savedAt === undefined) return;
    const timer = setTimeout(() => setSavedAt(undefined), savedForMs);
    return () => clearTimeout(timer);
  }, [savedAt]);
  const refused = isChanged && asked === text && check.data?.ok === false ? check.data.message : undefined;
  return {
    error: change.error === null ? withoutLead(refused) : reportError(change.error).message,
    isSaving: change.isPending,
    note: savedAt === undefined ? undefined : 'Saved',
    /** Null resets. Answers whether it is saved. */
    save: async (value: string | null): Promise<boolean> => {
      try {
        await change.mutateAsync({ key, text: value });
        setSavedAt(Date.now());
        return true;
      } catch {
        // Shown beside the field, from the mutation's state.
        return false;
      }
    },
    /** What was refused is being typed again. */
    forgetError: () => {
      if (change.isError) change.reset();
    },
  };
}

/** `The setting "exclude" can not be set so: …` stands beside that setting. */
function withoutLead(message: string | undefined): string | undefined {
  return message?.replace(/^The setting "[^"]*" can not be set so: /, '');
}

/** The value once it has not changed for a moment. */
function useSettled<T>(value: T, milliseconds: number): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), milliseconds);
    return () => clearTimeout(timer);
  }, [value, milliseconds]);
  return settled;
}
