import { AppError } from '../../shared/app-error.ts';
import { formatBytes } from '../../shared/format.ts';
import { planApprover } from '../approve-plan.ts';
import { yesAsker } from '../ask-for-yes.ts';
import type { Command, CommandContext, Outcome } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { formatPlan } from '../output/plan-text.ts';
import { formatRestore, formatRestores } from '../output/restore-text.ts';

/** Goes back to before the latest restore; also lists restores, and discards what one keeps. */
export const undo: Command = {
  arguments: [{ spec: '[restore]', describe: 'a restore (the latest without it)' }],
  options: [
    { spec: '--list', describe: 'show all restores' },
    { spec: '--discard', describe: 'delete what that restore keeps, for good' },
    { spec: '--no-services', describe: 'stop and start nothing' },
    { spec: '--dry-run', describe: 'show the plan, and do nothing' },
    { spec: '--yes', describe: 'do not ask' },
  ],
  run: async (context) => {
    if (context.input.flag('list')) {
      const restores = await (await context.engine()).restores();
      return { data: { restores }, text: (style) => formatRestores(restores, style) };
    }
    return context.input.flag('discard') ? discard(context) : goBack(context);
  },
};

async function goBack(context: CommandContext): Promise<Outcome> {
  const { input, signal, onProgress } = context;
  const [restore] = input.args;
  const useServices = !input.isOff('services');
  const options = { ...(restore === undefined ? {} : { restore }), useServices, signal, onProgress };
  if (input.flag('dryRun')) {
    const plan = await (await context.engine()).planUndo(options);
    return { data: { plan }, text: (style) => formatPlan(plan, style) };
  }
  const approve = planApprover(context);
  const report = await (await context.engine()).undo({ ...options, approve });
  return {
    data: { restore: report },
    text: (style) => formatRestore(report, style),
    confirms: report.startProblem === null,
    exitCode: report.startProblem === null ? exitCodes.done : exitCodes.incomplete,
  };
}

async function discard(context: CommandContext): Promise<Outcome> {
  const [id] = context.input.args;
  if (id === undefined) {
    throw new AppError('usage', 'No restore is named to discard.', {
      hint: 'See them with "codex-backup undo --list".',
    });
  }
  const ask = yesAsker(context, {
    what: 'Discarding',
    hint: 'Give --yes to delete it without being asked.',
    declined: 'Nothing was discarded.',
  });
  await ask(`Delete what ${id} replaced, for good? [y/N] `);
  const discarded = await (await context.engine()).discardRestore(id);
  return {
    data: { discarded },
    text: () => `Discarded ${discarded.id}; ${formatBytes(discarded.bytes)} freed.`,
    confirms: true,
  };
}
