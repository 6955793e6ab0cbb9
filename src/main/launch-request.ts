import { snapshotId } from '../shared/protocol/payload-schemas.ts';
import { z } from '../shared/zod.ts';

/** What a start of the app asks for; a second start hands it to the one that runs. */
export const launchRequest = z.discriminatedUnion('kind', [
  /** Show the panel. */
  z.strictObject({ kind: z.literal('show') }),
  /** `--hidden`, and `--boot` of whoever starts the app together with Codex: be there, show nothing. */
  z.strictObject({ kind: z.literal('stay') }),
  /** `--backup`: take a snapshot. */
  z.strictObject({ kind: z.literal('backUp') }),
  /** `--restore ID`: show what restoring it would do. */
  z.strictObject({ kind: z.literal('restore'), id: snapshotId }),
]);
export type LaunchRequest = z.infer<typeof launchRequest>;

/** Reads the arguments of a start; what Chromium or nobody knows is passed over. */
export function parseLaunchRequest(argv: readonly string[]): LaunchRequest {
  const id = valueAfter(argv, '--restore');
  const restore = launchRequest.safeParse({ kind: 'restore', id });
  if (restore.success) return restore.data;
  if (argv.includes('--backup')) return { kind: 'backUp' };
  return argv.includes('--hidden') || argv.includes('--boot') ? { kind: 'stay' } : { kind: 'show' };
}

/** Nobody has asked to see the panel where the system starts the app after a login: macOS gives such a start no argument. */
export function atLogin(request: LaunchRequest): LaunchRequest {
  return request.kind === 'show' ? { kind: 'stay' } : request;
}

/** `--name value` and `--name=value`. */
function valueAfter(argv: readonly string[], name: string): string | undefined {
  const joined = argv.find((argument) => argument.startsWith(`${name}=`));
  if (joined !== undefined) return joined.slice(name.length + 1);
  const index = argv.indexOf(name);
  return index === -1 ? undefined : argv[index + 1];
}
