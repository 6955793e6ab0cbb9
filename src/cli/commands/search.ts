import type { SearchOptions } from '../../engine/engine.ts';
import type { Command, CommandContext } from '../command.ts';
import { formatSearch } from '../output/search-text.ts';

export const search: Command = {
  arguments: [{ spec: '<text>', describe: 'the text to look for' }],
  options: [
    { spec: '--in <id>', describe: 'in this snapshot (else in the latest)' },
    { spec: '--limit <n>', describe: 'at most so many hits' },
  ],
  run: async (context) => {
    const text = context.input.required(0);
    const options = searchOptions(context);
    const result = await (await context.engine()).search(text, options);
    const { hits, truncated } = result;
    return { data: { hits, truncated }, text: (style) => formatSearch(result, text, style) };
  },
};

function searchOptions({ input, signal, onProgress }: CommandContext): SearchOptions {
  const within = input.text('in');
  const limit = input.count('limit');
  return {
    signal,
    onProgress,
    ...(within === undefined ? {} : { in: within }),
    ...(limit === undefined ? {} : { limit }),
  };
}
