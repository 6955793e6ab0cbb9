import { bridgeMessage } from './protocol/bridge-messages.ts';
import { z } from './zod.ts';

/** What main and the engine process say to each other. A question and its answer have the same number. */

const number = z.number().int().min(1);
const path = z.string().min(1).max(4096);
const problem = z.string().max(10_000).nullable();

/** How to start this app again; kept in the app home as `app.json`. */
export const appRecord = z.strictObject({
  format: z.literal(1),
  executable: path,
  arguments: z.array(z.string()),
  pid: number,
  startedAt: z.iso.datetime(),
});
export type AppRecord = z.infer<typeof appRecord>;

export const messageToEngine = z.discriminatedUnion('kind', [
  /** First of all. The process ends itself when `mainPid` is gone. */
  z.strictObject({ kind: z.literal('start'), mainPid: number, record: appRecord }),
  z.strictObject({ kind: z.literal('ping'), number }),
  z.strictObject({ kind: z.literal('bridge'), message: bridgeMessage }),
  /** A folder that the user has chosen in a dialog: answered by `ticket`. */
  z.strictObject({ kind: z.literal('folder'), number, path }),
  /** Answers `showPath`. */
  z.strictObject({ kind: z.literal('shown'), number, problem }),
  /** The file behind a ticket of the call `download`: answered by `file`, then piece by piece. */
  z.strictObject({ kind: z.literal('download'), number, ticket: z.string().max(100) }),
  z.strictObject({ kind: z.literal('nextPiece'), number }),
  z.strictObject({ kind: z.literal('stopDownload'), number }),
  /** The machine has slept: look at once at what is due. */
  z.strictObject({ kind: z.literal('wake') }),
  /** Cancel what runs, wait for it, answer `ended`, and end. */
  z.strictObject({ kind: z.literal('end') }),
]);
export type MessageToEngine = z.infer<typeof messageToEngine>;

export const messageFromEngine = z.discriminatedUnion('kind', [
  /** Windows may be opened. */
  z.strictObject({ kind: z.literal('ready') }),
  /** It can not start, and ends: a sentence for the user. */
  z.strictObject({ kind: z.literal('failed'), problem: z.string() }),
  z.strictObject({ kind: z.literal('pong'), number }),
  z.strictObject({ kind: z.literal('bridge'), message: bridgeMessage }),
  z.strictObject({ kind: z.literal('ticket'), number, ticket: z.string() }),
  /** Show this path in the file manager. */
  z.strictObject({ kind: z.literal('showPath'), number, path }),
  z.strictObject({ kind: z.literal('file'), number, name: z.string(), bytes: z.number().int().min(0) }),
  /** In base64, so that every message is JSON. Null: that was all. */
  z.strictObject({ kind: z.literal('piece'), number, content: z.string().nullable() }),
  z.strictObject({ kind: z.literal('downloadFailed'), number, problem: z.string() }),
  z.strictObject({ kind: z.literal('ended') }),
]);
export type MessageFromEngine = z.infer<typeof messageFromEngine>;
