/** Memory that is used again and again, so that large short-lived buffers don't pile up between collections. */
export interface Scratch {
  /** A buffer, not zeroed, that is valid until the next `clear`; beyond the scratch's size it is an ordinary one. */
  allocate(size: number): Buffer;
  clear(): void;
}

export function createScratch(sizeBytes: number): Scratch {
  const memory = Buffer.allocUnsafeSlow(sizeBytes);
  let used = 0;
  return {
    allocate: (size) => {
      if (used + size > memory.length) return Buffer.allocUnsafeSlow(size);
      used += size;
      return memory.subarray(used - size, used);
    },
    clear: () => {
      used = 0;
    },
  };
}
