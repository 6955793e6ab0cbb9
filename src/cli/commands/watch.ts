import type { Command } from '../command.ts';
import { formatWatchEvent, formatWatchSummary } from '../output/watch-text.ts';

/** Runs until it is ended by a signal, which is no failure. */
export const watch: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const engine = await context.engine();
    const summary = await engine.watch({
      signal: context.signal,
      onEvent: (event) => context.report({ data: { ...event }, text: () => formatWatchEvent(event) }),
    });
    return { data: { watch: summary }, text: () => formatWatchSummary(summary), confirms: true };
  },
};
