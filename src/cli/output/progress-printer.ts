import type { Writable } from 'node:stream';
import { phaseLabels } from '../../shared/phase-labels.ts';
import type { OnProgress, Phase } from '../../shared/progress.ts';
import { createProgressBar } from './progress-bar.ts';
import type { TextStyle } from './text-style.ts';

/** Shows the engine's progress on standard error. */
export interface ProgressPrinter {
  readonly onProgress: OnProgress;
  /** Takes a drawn bar away; the next event draws it again. */
  clear(): void;
}

export interface ProgressPrinterOptions {
  readonly stderr: Writable;
  /** `bar` for a person at a terminal, `lines` for a log, `none` for `--quiet`. */
  readonly kind: 'bar' | 'lines' | 'none';
  readonly style: TextStyle;
}

export function createProgressPrinter({ stderr, kind, style }: ProgressPrinterOptions): ProgressPrinter {
  switch (kind) {
    case 'none':
      return { onProgress: () => undefined, clear: () => undefined };
    case 'lines':
      return { onProgress: onePerPhase((line) => stderr.write(`${line}\n`)), clear: () => undefined };
    case 'bar':
      return createProgressBar(stderr, style);
  }
}

function onePerPhase(print: (line: string) => void): OnProgress {
  let current: Phase | undefined;
  return ({ phase }) => {
    if (phase !== current) print(phaseLabels[phase]);
    current = phase;
  };
}
