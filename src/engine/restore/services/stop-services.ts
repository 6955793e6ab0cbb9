import { describeHolders, type Holders, proveStopped, type StopProof, type StoppedOptions } from './prove-stopped.ts';
import { type CommandOptions, type CommandResult, describeEnd, runCommand } from './run-command.ts';

export interface StopOptions extends CommandOptions, StoppedOptions {
  /** How often the command is run before giving up. */
  readonly attempts?: number;
}

export type StopResult = {
  /** How each run of the command ended. That one failed matters only if something still runs. */
  readonly commands: readonly CommandResult[];
} & (
  | { readonly kind: 'stopped' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'running'; readonly holders: Holders; readonly cameBack: boolean; readonly reason: string }
);

/**
 * Stops Codex, and believes it only when nobody holds its ports and databases any more; else runs the command again,
 * and then says who holds what. It ends nobody itself: that is the stop command's business, or the user's.
 */
export async function stopServices(options: StopOptions): Promise<StopResult> {
  const commands: CommandResult[] = [];
  let proof: StopProof = { kind: 'cancelled' };
  for (let attempt = 0; attempt < (options.attempts ?? 2); attempt += 1) {
    const result = await runCommand(options);
    commands.push(result);
    if (result.kind === 'cancelled') return { kind: 'cancelled', commands };
    proof = await proveStopped(options);
    if (proof.kind !== 'running') return { kind: proof.kind, commands };
    if (result.kind === 'not-found') break;
  }
  if (proof.kind !== 'running') return { kind: 'cancelled', commands };
  const { holders, cameBack } = proof;
  return { kind: 'running', commands, holders, cameBack, reason: describe(options, commands, holders, cameBack) };
}

function describe(
  { command }: StopOptions,
  commands: readonly CommandResult[],
  holders: Holders,
  cameBack: boolean,
): string {
  const last = commands.at(-1);
  const isDone = last === undefined || (last.kind === 'exited' && last.code === 0);
  const end = isDone ? '' : ` ("${command.join(' ')}" ${describeEnd(last)})`;
  const what = cameBack ? 'Something starts Codex again when it is stopped' : 'Codex did not stop';
  return `${what}${end}: ${describeHolders(holders).join('; ')}.`;
}
