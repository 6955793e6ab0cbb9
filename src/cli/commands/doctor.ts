import type { Command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatDoctor } from '../output/doctor-text.ts';

/** Exits 3 when a finding is an error. */
export const doctor: Command = {
  arguments: [],
  options: [],
  run: async (context) => {
    const report = await (await context.engine()).doctor();
    const failed = report.findings.some(({ level }) => level === 'error');
    return {
      data: { report },
      text: (style) => formatDoctor(report, style),
      exitCode: failed ? exitCodes.incomplete : exitCodes.done,
    };
  },
};
