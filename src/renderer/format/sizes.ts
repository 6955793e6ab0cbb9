import { formatBytes } from '../../shared/format.ts';

export type ByteBase = 1000 | 1024;

export interface SizeFormats {
  /** `61.4 KB`, `1.2 GB`. */
  readonly bytes: (bytes: number) => string;
  /** Two decimals from 1 GB on, where one would hide days of growth. */
  readonly brain: (bytes: number) => string;
  /** `+52.1 KB`, `−1.2 MB`, `same`. */
  readonly delta: (bytes: number) => string;
  /** `7.7 of 18.4 MB`. */
  readonly share: (bytes: number, of: number) => string;
}

/** Sizes by what a KB is on a system. */
export function createFormats(base: ByteBase): SizeFormats {
  const giga = base ** 3;
  const isGiga = (bytes: number) => bytes >= giga && bytes < giga * base;
  return {
    bytes: (bytes) => formatBytes(bytes, base),
    brain: (bytes) => (isGiga(bytes) ? `${(bytes / giga).toFixed(2)} GB` : formatBytes(bytes, base)),
    share: (bytes, of) => shareText(formatBytes(bytes, base), formatBytes(of, base)),
    delta: (bytes) => (bytes === 0 ? 'same' : `${bytes > 0 ? '+' : '−'}${formatBytes(Math.abs(bytes), base)}`),
  };
}

/** The unit once, where both have the same. */
function shareText(part: string, whole: string): string {
  const unit = whole.slice(whole.indexOf(' '));
  return `${part.endsWith(unit) ? part.slice(0, -unit.length) : part} of ${whole}`;
}
