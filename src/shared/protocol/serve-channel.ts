import { createBirpc } from 'birpc';
import { z } from '../zod.ts';
import { type Channel, maxRequestLength } from './channel.ts';
import type { PanelEvent } from './events.ts';
import type { Answer, HostFunctions, WindowFunctions } from './messages.ts';

/** The host's end of a channel. */
export interface ServedChannel {
  tell(event: PanelEvent): void;
  close(): void;
}

export interface ServeOptions {
  /** Answers a call that nobody has looked at yet; `isCancelled` becomes true when nobody waits any more. */
  readonly answer: (name: string, payload: unknown, onCancel: (listener: () => void) => void) => Promise<Answer>;
  /** Whether one more message may come now; else the channel is closed. */
  readonly mayReceive: () => boolean;
  /** Calls of one window at the same time. */
  readonly maxPending?: number;
}

const frame = z.discriminatedUnion('m', [
  z.strictObject({
    t: z.literal('q'),
    m: z.literal('call'),
    i: z.string().min(1).max(64),
    a: z.tuple([z.number().int().min(1), z.string().max(64), z.unknown()]),
  }),
  z.strictObject({
    t: z.literal('q'),
    m: z.literal('cancel'),
    i: z.string().max(64).optional(),
    a: z.tuple([z.number().int().min(1)]),
  }),
]);

/** Serves one window. A message that no window of ours would send closes its channel. */
export function serveChannel(channel: Channel, options: ServeOptions): ServedChannel {
  const { answer, mayReceive, maxPending = 64 } = options;
  const pending = new Map<number, () => void>();
  const functions: HostFunctions = {
    call: async (number, name, payload) => {
      const cancels: (() => void)[] = [];
      pending.set(number, () => {
        for (const cancel of cancels) cancel();
      });
      try {
        return await answer(name, payload, (listener) => cancels.push(listener));
      } finally {
        pending.delete(number);
      }
    },
    cancel: (number) => pending.get(number)?.(),
  };
  const window = createBirpc<WindowFunctions, HostFunctions>(Object.assign(Object.create(null), functions), {
    post: (text: string) => channel.post(text),
    on: (listener) => {
      channel.onText((text) => {
        const message = mayReceive() ? parseFrame(text) : undefined;
        const isCall = message?.m === 'call';
        if (message === undefined || (isCall && (pending.size >= maxPending || pending.has(message.a[0])))) {
          channel.close();
        } else listener(message);
      });
    },
    serialize: (message) => JSON.stringify(message),
    eventNames: ['event'],
    timeout: -1,
  });
  channel.onClose(() => {
    window.$close();
    for (const cancel of pending.values()) cancel();
  });
  return {
    tell: (event) => {
      if (!window.$closed) void window.event(event);
    },
    close: () => channel.close('ended'),
  };
}

/** Undefined for what no window of ours sends: too long, no JSON, a wrong form, a name that would reach a prototype. */
function parseFrame(text: string): z.infer<typeof frame> | undefined {
  if (text.length > maxRequestLength) return undefined;
  try {
    const message: unknown = JSON.parse(text, (key, value: unknown) => {
      if (key === '__proto__') throw new SyntaxError('a name that no message of ours has');
      return value;
    });
    const parsed = frame.safeParse(message);
    return parsed.success ? parsed.data : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return undefined;
    throw error;
  }
}
