import { AppError } from '../shared/app-error.ts';

/** The parsed arguments of one command, read by name so that a wrong kind can't slip through. */
export class CommandInput {
  readonly args: readonly string[];
  readonly #options: Readonly<Record<string, unknown>>;

  constructor(args: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.args = args;
    this.#options = options;
  }

  /** A positional argument that the command declares as required. */
  required(index: number): string {
    const value = this.args[index];
    if (value === undefined) throw new Error(`argument ${index} is missing after parsing`);
    return value;
  }

  /** The same, where it is to name a file or folder. */
  requiredPath(index: number): string {
    const value = this.required(index);
    if (value !== '') return value;
    throw new AppError('usage', 'An empty name names no folder.', { hint: 'Name the folder.' });
  }

  flag(name: string): boolean {
    return this.#options[name] === true;
  }

  /** True for `--no-NAME`. */
  isOff(name: string): boolean {
    return this.#options[name] === false;
  }

  /** The values of an option that takes several. */
  list(name: string): readonly string[] {
    const value = this.#options[name];
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }

  text(name: string): string | undefined {
    const value = this.#options[name];
    return typeof value === 'string' ? value : undefined;
  }

  /** A file or folder; an empty name is none. */
  path(name: string): string | undefined {
    const value = this.text(name);
    if (value === '') throw namesNothing(name);
    return value;
  }

  /** Several of them. */
  paths(name: string): readonly string[] {
    const values = this.list(name);
    if (values.includes('')) throw namesNothing(name);
    return values;
  }

  /** A whole number of at least `least`. */
  count(name: string, least: 0 | 1 = 1): number | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    if (/^\d{1,9}$/.test(value) && Number(value) >= least) return Number(value);
    const option = name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new AppError('usage', `--${option} takes a whole number of at least ${least}, and got "${value}".`, {
      hint: `For example: --${option} 20`,
    });
  }
}

const namesNothing = (option: string): AppError =>
  new AppError('usage', `--${option} names nothing.`, { hint: `Give a name after --${option}.` });
