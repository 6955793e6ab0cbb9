import type { Engine } from '../../engine/engine.ts';
import { AppError } from '../../shared/app-error.ts';
import { escapeControl, formatBytes } from '../../shared/format.ts';
import type { Snapshot } from '../../shared/model.ts';
import type { Command, CommandContext } from '../command.ts';
import { snapshotWord } from '../command-words.ts';

/** Removes one snapshot, once the user has said yes. */
export const remove: Command = {
  arguments: [snapshotWord],
  options: [{ spec: '--yes', describe: 'do not ask' }],
  run: async (context) => {
    const reference = context.input.required(0);
    const sure = context.input.flag('yes');
    if (!sure && context.confirm === undefined) throw cannotAsk();
    const engine = await context.engine();
    // The very snapshot that the user has seen: "latest" may be another one by the time of the answer.
    const removed = await engine.remove(sure ? reference : await askFor(await engine.show(reference), context));
    return {
      data: { removed },
      text: () => describeRemoved(removed),
      confirms: true,
    };
  },
};

function describeRemoved({ id, freedBytes, alarm }: Awaited<ReturnType<Engine['remove']>>): string {
  const done = `Removed ${escapeControl(id)}; ${formatBytes(freedBytes)} freed.`;
  return alarm === null ? done : `${done}\nNothing is pruned, because an alarm stands: ${escapeControl(alarm)}.`;
}

async function askFor({ id }: Snapshot, { confirm }: CommandContext): Promise<string> {
  const agreed = await confirm?.(`Remove ${escapeControl(id)} for good? [y/N] `);
  if (agreed === true) return id;
  throw new AppError('cancelled', 'Nothing was removed.', { hint: 'Answer y, or give --yes, to remove it.' });
}

function cannotAsk(): AppError {
  return new AppError('usage', 'Removing a snapshot needs a yes, and there is no terminal to ask at.', {
    hint: 'Give --yes to remove it without being asked.',
  });
}
