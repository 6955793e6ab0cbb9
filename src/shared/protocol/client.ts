import { createBirpc } from 'birpc';
import { AppError } from '../app-error.ts';
import type { CallAnswer, CallName, CallPayload } from './calls.ts';
import type { Carrier, Channel, ConnectionState } from './channel.ts';
import type { PanelEvent } from './events.ts';
import type { HostFunctions, WindowFunctions } from './messages.ts';

/** What a window has of the host: typed calls, events, and whether it is there. */
export interface PanelClient {
  /**
   * Rejects with AppError: what the host threw, `cancelled` once the signal is aborted, or `connection-lost`. While the
   * connection is lost nothing is kept for later: a click must not act minutes afterwards.
   */
  call<Name extends CallName>(
    name: Name,
    payload: CallPayload<Name>,
    options?: { readonly signal?: CallSignal | undefined },
  ): Promise<CallAnswer<Name>>;
  /** The answer stops it. */
  onEvent(listener: (event: PanelEvent) => void): () => void;
  connection(): ConnectionState;
  onConnection(listener: (state: ConnectionState) => void): () => void;
  close(): void;
}

/** What an AbortSignal has, wherever it comes from. */
export interface CallSignal {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

interface Connection {
  readonly host: Host;
  close(): void;
}

type Host = ReturnType<typeof createBirpc<HostFunctions, WindowFunctions>>;

export function createClient(carrier: Carrier): PanelClient {
  const events = new Set<(event: PanelEvent) => void>();
  const watchers = new Set<(state: ConnectionState) => void>();
  const first = Promise.withResolvers<void>();
  let state: ConnectionState = { kind: 'connecting', attempts: 0 };
  let connection: Connection | undefined;
  let lastNumber = 0;
  const tell = (event: PanelEvent): void => {
    for (const listener of events) listener(event);
  };
  carrier.start((next, channel) => {
    connection?.close();
    connection = channel === null ? undefined : connect(channel, tell);
    state = next;
    if (next.kind !== 'connecting') first.resolve();
    for (const listener of watchers) listener(next);
  });
  return {
    call: async (name, payload, options) => {
      await first.promise;
      if (connection === undefined) throw lost(state);
      lastNumber += 1;
      return ask(connection.host, lastNumber, name, payload, options?.signal);
    },
    onEvent: (listener) => addTo(events, listener),
    connection: () => state,
    onConnection: (listener) => addTo(watchers, listener),
    close: () => carrier.close(),
  };
}

function connect(channel: Channel, tell: (event: PanelEvent) => void): Connection {
  const stops: (() => void)[] = [];
  const host = createBirpc<HostFunctions, WindowFunctions>(
    { event: tell },
    {
      post: (text: string) => channel.post(text),
      on: (listener) => {
        stops.push(channel.onText(listener));
      },
      serialize: (message) => JSON.stringify(message),
      deserialize: (text: string) => JSON.parse(text),
      timeout: -1,
    },
  );
  return {
    host,
    close: () => {
      for (const stop of stops) stop();
      host.$close(lost({ kind: 'connecting', attempts: 1 }));
    },
  };
}

async function ask<Name extends CallName>(
  host: Host,
  number: number,
  name: Name,
  payload: CallPayload<Name>,
  signal: CallSignal | undefined,
): Promise<CallAnswer<Name>> {
  const cancelled = Promise.withResolvers<never>();
  const cancel = (): void => {
    // A lost connection cancels as well.
    host.cancel.asEvent(number).catch(() => undefined);
    cancelled.reject(new AppError('cancelled', 'Nobody waits for the answer any more.'));
  };
  if (signal?.aborted) throw new AppError('cancelled', 'Nobody waits for the answer any more.');
  signal?.addEventListener('abort', cancel);
  try {
    const answer = await Promise.race([host.call(number, name, payload), cancelled.promise]);
    // The host answers as the list of calls says: both ends come from the same build.
    if (answer.ok) return answer.value as CallAnswer<Name>;
    const { code, message, hint, details } = answer.error;
    throw new AppError(code, message, { hint, details });
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function addTo<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}

function lost(state: ConnectionState): AppError {
  const why = state.kind === 'closed' ? `: ${state.reason}` : '';
  return new AppError('connection-lost', `The panel has lost its connection${why}.`, {
    hint: 'It connects again by itself as soon as Codex Auto-Backup runs.',
  });
}
