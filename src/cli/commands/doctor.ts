import type { CoverageAnswer } from '../../shared/results.ts';
import type { Command, CommandContext, Outcome } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatCoverageChange, formatDoctor } from '../output/doctor-text.ts';

/** Exits 3 when a finding is an error. With paths to add or to leave out it does that instead. */
export const doctor: Command = {
  arguments: [],
  options: [
    { spec: '--add <paths...>', describe: 'let snapshots hold these files and folders too' },
    { spec: '--add-all', describe: 'let them hold all that is uncovered' },
    { spec: '--leave-out <paths...>', describe: 'never ask about these again' },
    { spec: '--leave-out-all', describe: 'never ask again about all that is uncovered' },
  ],
  run: async (context) => {
    const answer = readAnswer(context);
    return answer === undefined ? diagnose(context) : answerFor(context, answer);
  },
};

async function diagnose(context: CommandContext): Promise<Outcome> {
  const report = await (await context.engine()).doctor();
  const failed = report.findings.some(({ level }) => level === 'error');
  return {
    data: { report },
    text: (style) => formatDoctor(report, style),
    exitCode: failed ? exitCodes.incomplete : exitCodes.done,
  };
}

async function answerFor(context: CommandContext, answer: CoverageAnswer): Promise<Outcome> {
  const change = await (await context.engine()).answerCoverage(answer);
  return { data: { ...change }, text: (style) => formatCoverageChange(change, style), confirms: true };
}

/** Undefined without any of the options. */
function readAnswer({ input }: CommandContext): CoverageAnswer | undefined {
  const add = input.flag('addAll') ? 'all' : input.list('add');
  const leaveOut = input.flag('leaveOutAll') ? 'all' : input.list('leaveOut');
  return add.length + leaveOut.length === 0 ? undefined : { add, leaveOut };
}
