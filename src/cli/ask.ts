import { createInterface } from 'node:readline/promises';
import type { Shell } from './shell.ts';

/** Asks on standard error and reads a line; only y and yes mean yes. The terminal keeps its Ctrl-C. */
export async function ask(question: string, { stdin, stderr }: Shell, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  try {
    // The end of the input (Ctrl-D) leaves the question open for ever; it is a no.
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
    const answer = await Promise.race([lines.question(question, { signal }), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    lines.close();
  }
}
