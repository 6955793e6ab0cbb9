import { createContext, useContext } from 'react';
import { type ByteBase, createFormats, type SizeFormats } from '../format/sizes.ts';

const ByteBaseContext = createContext<ByteBase>(1000);

/** Around the panel: what a KB is on this system. */
export const ByteBaseProvider = ByteBaseContext.Provider;

const formats: Readonly<Record<ByteBase, SizeFormats>> = { 1000: createFormats(1000), 1024: createFormats(1024) };

/** Sizes in the system's units, for words in a sentence. */
export function useSizes(): SizeFormats {
  return formats[useContext(ByteBaseContext)];
}

/** What a KB is on this system, for sizes that are typed. */
export function useByteBase(): ByteBase {
  return useContext(ByteBaseContext);
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
