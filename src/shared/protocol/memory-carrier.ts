import type { Carrier, Channel } from './channel.ts';

/** A carrier within one process: each start hands the other end to `serve`. Texts arrive in a later turn, as over a wire. */
export function createMemoryCarrier(serve: (channel: Channel) => void): Carrier {
  let close: () => void = () => undefined;
  return {
    start: (listener) => {
      const [near, far] = createChannelPair();
      close = near.close;
      serve(far);
      near.onClose((reason) => listener({ kind: 'closed', reason }, null));
      listener({ kind: 'open' }, near);
    },
    close: () => close(),
  };
}

function createChannelPair(): readonly [Channel, Channel] {
  const ends = [createEnd(), createEnd()] as const;
  const close = (): void => {
    // What was posted before still arrives.
    void Promise.resolve().then(() => {
      for (const end of ends) end.end('closed');
    });
  };
  return [channelTo(ends[0], ends[1], close), channelTo(ends[1], ends[0], close)];
}

interface End {
  readonly texts: Set<(text: string) => void>;
  readonly closes: Set<(reason: string) => void>;
  isOpen: boolean;
  end(reason: string): void;
}

function createEnd(): End {
  const end: End = {
    texts: new Set(),
    closes: new Set(),
    isOpen: true,
    end: (reason) => {
      if (!end.isOpen) return;
      end.isOpen = false;
      for (const listener of end.closes) listener(reason);
    },
  };
  return end;
}

function channelTo(own: End, other: End, close: () => void): Channel {
  return {
    post: (text) => {
      void Promise.resolve().then(() => {
        if (!other.isOpen) return;
        for (const listener of other.texts) listener(text);
      });
    },
    onText: (listener) => addTo(own.texts, listener),
    onClose: (listener) => addTo(own.closes, listener),
    close,
  };
}

function addTo<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}
