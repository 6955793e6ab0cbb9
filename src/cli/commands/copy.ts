import type { Command } from '../command.ts';
import { formatCopyReport } from '../output/copies-text.ts';

/** Brings one copy up to date. */
export const copy: Command = {
  arguments: [{ spec: '<name>', describe: 'a copy of the setting "copies"' }],
  options: [{ spec: '--anew', describe: 'begin anew in what lies there now, on another disk for example' }],
  run: async ({ input, engine, signal, onProgress }) => {
    const options = { signal, onProgress, byHand: true, anew: input.flag('anew') };
    const report = await (await engine()).copy(input.required(0), options);
    return { data: { copy: report }, text: (style) => formatCopyReport(report, style), confirms: true };
  },
};
