/** How a command talks, whatever it does. */
export interface Modes {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** Reads the modes from the bare arguments, so that they also hold for arguments that can't be parsed. */
export function readModes(argv: readonly string[]): Modes {
  const end = argv.indexOf('--');
  const words = end === -1 ? argv : argv.slice(0, end);
  return {
    json: words.includes('--json'),
    quiet: words.includes('--quiet'),
    verbose: words.includes('--verbose'),
  };
}
