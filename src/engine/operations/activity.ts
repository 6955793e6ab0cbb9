import type { Activity } from '../../shared/results.ts';
import type { EngineContext } from '../context.ts';
import type { ActivityOptions } from '../engine.ts';
import { rootIfKnown } from './record-activity.ts';

const usualLimit = 50;

/** What happened to this Codex folder, and to the settings, newest first. */
export function activity(context: EngineContext, options: ActivityOptions = {}): Promise<readonly Activity[]> {
  const { limit = usualLimit, before } = options;
  return context.state.listActivity({ root: rootIfKnown(context), limit, before });
}
