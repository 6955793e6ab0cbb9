export interface TextStyleOptions {
  readonly colors: boolean;
  /** Columns of the terminal; Infinity where the text goes to a file or a pipe. */
  readonly width: number;
  readonly now: number;
  /** What a user types to start this program; `codex-backup` without it. */
  readonly program?: string;
}

/** How text looks on this terminal at this moment. */
export interface TextStyle {
  readonly width: number;
  readonly now: number;
  readonly program: string;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  warning(text: string): string;
  bad(text: string): string;
}

export function createTextStyle({ colors, width, now, program = 'codex-backup' }: TextStyleOptions): TextStyle {
  const paint = (start: number, end: number) => (text: string) =>
    colors && text !== '' ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return {
    width,
    now,
    program,
    bold: paint(1, 22),
    dim: paint(2, 22),
    good: paint(32, 39),
    warning: paint(33, 39),
    bad: paint(31, 39),
  };
}
