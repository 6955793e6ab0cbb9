import { createTextStyle } from '../../../src/cli/output/text-style.ts';

export const now = Date.parse('2025-11-22T03:48:00.000Z');

/** Text without colours and without a limit, twelve minutes after the snapshots of the tests. */
export const plainStyle = createTextStyle({ colors: false, width: Number.POSITIVE_INFINITY, now });

export const narrowStyle = (width: number) => createTextStyle({ colors: false, width, now });
