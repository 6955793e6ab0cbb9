import { createContext, useContext } from 'react';
import { formatBytes } from '../../shared/format.ts';

type ByteBase = 1000 | 1024;
const ByteBaseContext = createContext<ByteBase>(1000);

/** Around the panel: what a KB is on this system. */
export const ByteBaseProvider = ByteBaseContext.Provider;

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

const formats: Readonly<Record<ByteBase, SizeFormats>> = { 1000: createFormats(1000), 1024: createFormats(1024) };

/** Sizes in the system's units, for words in a sentence. */
export function useSizes(): SizeFormats {
  return formats[useContext(ByteBaseContext)];
}

export interface SizeProps {
  readonly bytes: number;
  readonly as?: 'bytes' | 'brain' | 'delta';
  readonly className?: string;
}

/** A size in the system's units; the exact one on hover. */
export function Size({ bytes, as = 'bytes', className }: SizeProps) {
  const sizes = useSizes();
  return (
    <span className={`numeric ${className ?? ''}`} title={`${bytes.toLocaleString('en')} bytes`}>
      {sizes[as](bytes)}
    </span>
  );
}

function createFormats(base: ByteBase): SizeFormats {
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
