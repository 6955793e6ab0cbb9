import { join, resolve } from 'node:path';
import type { Command } from '../command.ts';
import { formatSample } from '../output/sample-text.ts';

/** Makes a small real Codex OS in a new folder. */
export const sample: Command = {
  arguments: [{ spec: '<dir>', describe: 'the folder to make it in' }],
  options: [],
  run: async (context) => {
    const info = await context.createSample(resolve(context.input.requiredPath(0)));
    const made = { ...info, backups: join(info.root, 'backups') };
    return { data: { sample: made }, text: (style) => formatSample(made, ['run', 'list'], style) };
  },
};
