import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Engine, RunOptions } from '../../engine/engine.ts';
import { AppError, reportError } from '../../shared/app-error.ts';
import { formatDuration } from '../../shared/format.ts';
import { type Snapshot, type Trigger, triggers } from '../../shared/model.ts';
import type { Command, CommandContext, Outcome } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { formatProposal } from '../output/doctor-text.ts';
import { formatRun } from '../output/run-text.ts';
import { formatSample } from '../output/sample-text.ts';

/** Takes a snapshot; with `--sample` one of a sample Codex that is made for it. */
export const run: Command = {
  arguments: [],
  options: [
    { spec: '--trigger <trigger>', describe: 'why it is taken (else found out)', choices: triggers },
    { spec: '--sample', describe: 'take it of a sample Codex in a temporary folder' },
  ],
  run: async (context) => (context.input.flag('sample') ? runSample(context) : runHere(context)),
};

async function runHere(context: CommandContext): Promise<Outcome> {
  const named = triggerOption(context);
  const trigger = named ?? (await context.detectTrigger());
  // Codex's own watcher measures from its last look, so most of what it calls for is saved already.
  if (named === undefined && trigger === 'growth') return runIfGrown(context);
  try {
    const engine = await context.engine();
    return await describeRun(await takeSnapshot(engine, trigger, context), engine);
  } finally {
    if (trigger === 'boot' && !context.signal.aborted) await openApp(context);
  }
}

/** After the snapshot, whether it was taken or not: the app then finds it there, and takes no second one. */
async function openApp({ openAppAfterBoot, report }: CommandContext): Promise<void> {
  try {
    await openAppAfterBoot();
  } catch (error) {
    const { message, hint } = reportError(error);
    report({ data: { kind: 'app', problem: message }, text: () => `${message} ${hint}`.trim() });
  }
}

async function runIfGrown(context: CommandContext): Promise<Outcome> {
  const { signal, onProgress } = context;
  const engine = await context.engine();
  const { snapshot, reason } = await engine.runIfGrown({ trigger: 'growth', signal, onProgress });
  if (snapshot !== null) return describeRun(snapshot, engine);
  return { data: { snapshot, reason }, text: () => reason, confirms: true };
}

/** The first snapshot proposes what else might have to be held. */
async function describeRun(snapshot: Snapshot, engine: Engine): Promise<Outcome> {
  const coverage = snapshot.sequence === 1 ? await engine.coverage() : null;
  return {
    data: { snapshot },
    text: (style) => formatRun(snapshot, style) + (coverage === null ? '' : formatProposal(coverage, style)),
    exitCode: exitCodeOf(snapshot),
    confirms: true,
  };
}

async function runSample(context: CommandContext): Promise<Outcome> {
  if (context.input.text('root') !== undefined || context.input.text('backups') !== undefined) {
    throw new AppError('usage', '--sample makes its own folders, and --root or --backups names others.', {
      hint: 'Leave --root and --backups out; or make a sample in a folder of your choice with "codex-backup sample DIR".',
    });
  }
  const folder = await mkdtemp(join(tmpdir(), 'codex-sample-'));
  try {
    const { root } = await context.createSample(join(folder, 'Codex'));
    const sample = { root, backups: join(root, 'backups') };
    const snapshot = await takeSnapshot(await context.engineFor(sample), triggerOption(context) ?? 'manual', context);
    return {
      data: { snapshot, sample },
      text: (style) =>
        `${formatRun(snapshot, style)}\n\n${formatSample(sample, ['list', 'show latest', 'doctor'], style)}`,
      exitCode: exitCodeOf(snapshot),
    };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function takeSnapshot(engine: Engine, trigger: Trigger, context: CommandContext): Promise<Snapshot> {
  const { signal, onProgress, confirm } = context;
  const options: RunOptions = { trigger, signal, onProgress };
  if (confirm === undefined) return engine.run(options);
  const confirmHold = (predictedMs: number) =>
    confirm(`Codex cannot save for about ${formatDuration(predictedMs)} while its Brain is copied; now? [y/N] `);
  return engine.run({ ...options, confirmHold });
}

function triggerOption({ input }: CommandContext): Trigger | undefined {
  const named = input.text('trigger');
  return triggers.find((trigger) => trigger === named);
}

function exitCodeOf({ status }: Snapshot): ExitCode {
  return status === 'incomplete' ? exitCodes.incomplete : exitCodes.done;
}
