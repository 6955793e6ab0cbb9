import type { Command } from '../command.ts';
import { snapshotWord } from '../command-words.ts';
import { formatDiff } from '../output/diff-text.ts';

export const diff: Command = {
  arguments: [snapshotWord, { spec: '[other]', describe: 'a newer snapshot, or "now" (which it is without one)' }],
  options: [],
  run: async (context) => {
    const { input, signal, onProgress } = context;
    const engine = await context.engine();
    const answer = await engine.diff(input.required(0), input.args[1] ?? 'now', { signal, onProgress });
    return { data: { diff: answer }, text: (style) => formatDiff(answer, style) };
  },
};
