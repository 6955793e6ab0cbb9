import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the young generation of this process small from now on. A first snapshot of 100,000 files then peaks at 365 MB
 * instead of 455 MB: what is made while files are listed lives long, and a large young generation only copies it about.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--max-semi-space-size=2');
  setFlagsFromString('--semi-space-growth-factor=1');
}
