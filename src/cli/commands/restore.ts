import type { RestoreOptions } from '../../engine/engine.ts';
import { restoreScopes } from '../../shared/restore-plan.ts';
import { planApprover } from '../approve-plan.ts';
import type { Command, CommandContext } from '../command.ts';
import { snapshotWord } from '../command-words.ts';
import { formatPlan } from '../output/plan-text.ts';
import { formatRestore, formatRestoredInto } from '../output/restore-text.ts';

/** Brings a snapshot back, once the user has seen the plan and said yes. */
export const restore: Command = {
  arguments: [snapshotWord],
  options: [
    { spec: '--only <part>', describe: 'the part to bring back (all of them without it)', choices: restoreScopes },
    { spec: '--path <paths...>', describe: 'only these files and folders' },
    { spec: '--to <dir>', describe: 'into this new or empty folder; nothing is stopped, started or replaced' },
    { spec: '--keep-extra', describe: 'leave files that are not in the snapshot where they are' },
    { spec: '--keep-newer', describe: 'add rows that came after the snapshot to what comes back' },
    { spec: '--no-services', describe: 'stop, build and start nothing' },
    { spec: '--dry-run', describe: 'show the plan, and do nothing' },
    { spec: '--yes', describe: 'do not ask' },
  ],
  run: async (context) => {
    const reference = context.input.required(0);
    const options = readOptions(context);
    const target = context.input.path('to');
    if (context.input.flag('dryRun')) {
      const engine = await context.engine();
      const plan = await (target === undefined
        ? engine.planRestore(reference, options)
        : engine.planRestoreInto(reference, target, options));
      return { data: { plan }, text: (style) => formatPlan(plan, style) };
    }
    if (target !== undefined) {
      const report = await (await context.engine()).restoreInto(reference, target, options);
      return { data: { restore: report }, text: (style) => formatRestoredInto(report, style), confirms: true };
    }
    const approve = planApprover(context);
    const report = await (await context.engine()).restore(reference, { ...options, approve });
    return { data: { restore: report }, text: (style) => formatRestore(report, style), confirms: true };
  },
};

function readOptions({ input, signal, onProgress }: CommandContext): RestoreOptions {
  const scope = restoreScopes.find((each) => each === input.text('only'));
  return {
    ...(scope === undefined ? {} : { scope }),
    paths: input.paths('path'),
    keepExtra: input.flag('keepExtra'),
    keepNewer: input.flag('keepNewer'),
    useServices: !input.isOff('services'),
    signal,
    onProgress,
  };
}
