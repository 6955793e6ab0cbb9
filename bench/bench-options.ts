import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Names of the rows to measure; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  /** Leaves the working folder there. */
  readonly keep: boolean;
  readonly help: boolean;
}

/** Fewer runs than this say nothing. */
const defaultRounds = 5;

/** Reads the arguments; throws with a sentence that says what is wrong with them. */
export function parseBenchOptions(parameters: readonly string[], rowNames: readonly string[]): BenchOptions {
  const { values } = parseArgs({
    args: [...parameters],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      rounds: { type: 'string', default: String(defaultRounds) },
      keep: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const only = values.only.flatMap((names) => names.split(','));
  const unknown = only.filter((name) => !rowNames.includes(name));
  if (unknown.length > 0) throw new Error(`There is no row ${unknown.join(', ')}. Rows: ${rowNames.join(', ')}.`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`--rounds takes a whole number from 1, not ${values.rounds}.`);
  }
  return { only, rounds, keep: values.keep, help: values.help };
}
