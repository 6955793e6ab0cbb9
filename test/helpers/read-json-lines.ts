import { readTextIfThere } from '../../src/engine/platform/read-if-there.ts';

/**
 * What another process has appended to a file so far, a line of JSON each. A line counts once it has its end: a file that
 * has just been made is empty for a moment, and a long line may be seen half written.
 */
export function readJsonLines<Line>(path: string): readonly Line[] {
  const lines = (readTextIfThere(path) ?? '').split('\n').slice(0, -1);
  return lines.map((line): Line => JSON.parse(line));
}
