import { z } from '../zod.ts';

const channel = z.string().regex(/^[1-9]\d{0,14}$/);

/**
 * What travels on each hop between a window, main and the engine process. `open` asks for a channel, `opened` answers
 * it, and both sides may close it; `isFinal`: trying again is useless.
 */
export const bridgeMessage = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open'), channel }),
  z.strictObject({ kind: z.literal('opened'), channel }),
  z.strictObject({ kind: z.literal('text'), channel, text: z.string() }),
  z.strictObject({ kind: z.literal('close'), channel, reason: z.string().max(1000), isFinal: z.boolean() }),
]);
export type BridgeMessage = z.infer<typeof bridgeMessage>;

/** One end of a hop. Messages arrive in order, in a later turn. */
export interface BridgePort {
  post(message: BridgeMessage): void;
  /** The answer stops it. */
  onMessage(listener: (message: BridgeMessage) => void): () => void;
}
