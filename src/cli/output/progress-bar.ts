import type { Writable } from 'node:stream';
import type { SingleBar } from 'cli-progress';
import { escapeControl, formatBytes, formatCount } from '../../shared/format.ts';
import { phaseLabels } from '../../shared/phase-labels.ts';
import type { ProgressEvent } from '../../shared/progress.ts';
import type { ProgressPrinter } from './progress-printer.ts';
import { cut } from './table.ts';
import type { TextStyle } from './text-style.ts';

const barSize = 24;

/** A bar on a terminal. Its library is loaded by the first event, so that short commands never wait for it. */
export function createProgressBar(stderr: Writable, style: TextStyle): ProgressPrinter {
  let bar: SingleBar | undefined;
  let latest: ProgressEvent | undefined;
  let loading = false;
  let drawn = false;
  const draw = () => {
    if (bar === undefined || latest === undefined) return;
    const payload = { text: cut(formatBar(latest), style.width - 1) };
    if (drawn) bar.update(latest.done, payload);
    else bar.start(latest.total ?? 0, latest.done, payload);
    drawn = true;
  };
  const load = async () => {
    loading = true;
    bar = await loadBar(stderr);
    draw();
  };
  return {
    onProgress: (event) => {
      latest = event;
      if (!loading) void load();
      draw();
    },
    clear: () => {
      latest = undefined;
      if (drawn) bar?.stop();
      drawn = false;
    },
  };
}

async function loadBar(stream: Writable): Promise<SingleBar> {
  const { SingleBar } = await import('cli-progress');
  // Neither the cursor nor line wrapping is changed: a second Ctrl-C would leave the terminal like that.
  return new SingleBar({
    stream,
    format: (_options, _params, payload: { readonly text: string }) => payload.text,
    clearOnComplete: true,
    hideCursor: false,
    linewrap: true,
  });
}

/** `copying the Brain  [=====---]  45 %  12.3 MB of 27.1 MB`; without a total only how much is done. */
export function formatBar({ phase, done, total, unit, subject }: ProgressEvent): string {
  const amount = (count: number) => (unit === 'bytes' ? formatBytes(count) : formatCount(count, unit.slice(0, -1)));
  const label = phaseLabels[phase].padEnd(26);
  const what = subject === undefined ? '' : `  ${escapeControl(subject)}`;
  if (unit === 'snapshots' && total === 1) return label.trimEnd();
  if (total === undefined || total <= 0) return `${label}  ${amount(done)}${what}`;
  const share = Math.min(1, Math.max(0, done / total));
  const filled = Math.round(share * barSize);
  const bar = `[${'='.repeat(filled)}${'-'.repeat(barSize - filled)}]`;
  return `${label}  ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${amount(done)} of ${amount(total)}${what}`;
}
