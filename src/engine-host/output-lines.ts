import type { CommandOutput } from '../engine/engine.ts';
import type { OutputLine } from '../shared/protocol/jobs.ts';

/** The output of a job's commands, cut into numbered lines. */
export interface OutputLines {
  add(output: CommandOutput): void;
  /** What has no line break yet is told as a line. */
  flush(): void;
  newest(): readonly OutputLine[];
}

const keptLines = 500;
const maxLineLength = 2000;

export function createOutputLines(tell: (lines: readonly OutputLine[]) => void): OutputLines {
  let kept: readonly OutputLine[] = [];
  let number = 0;
  let rest: CommandOutput | undefined;

  const take = ({ command, folder }: CommandOutput, texts: readonly string[]): void => {
    const lines = texts.map((text): OutputLine => {
      number += 1;
      return { number, command: command.join(' '), folder, text: text.slice(0, maxLineLength) };
    });
    if (lines.length === 0) return;
    kept = [...kept, ...lines].slice(-keptLines);
    tell(lines);
  };
  const flush = (): void => {
    if (rest !== undefined && rest.text !== '') take(rest, [rest.text]);
    rest = undefined;
  };
  return {
    add: (output) => {
      if (rest !== undefined && !isSameCommand(rest, output)) flush();
      const lines = ((rest?.text ?? '') + output.text).split('\n');
      rest = { ...output, text: (lines.pop() ?? '').slice(-maxLineLength) };
      take(output, lines);
    },
    flush,
    newest: () => kept,
  };
}

const isSameCommand = (a: CommandOutput, b: CommandOutput): boolean =>
  a.folder === b.folder && a.command.join('\0') === b.command.join('\0');
