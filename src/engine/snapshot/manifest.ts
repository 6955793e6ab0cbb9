import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { AppError } from '../../shared/app-error.ts';
import { type Manifest, manifestSchema } from './manifest-schema.ts';

export type { Manifest } from './manifest-schema.ts';

/** Readers refuse a larger manifest before they read it. */
const maxBytes = 64 * 1024 * 1024;

/** The last member: a hash over every byte before its value's opening quote. */
const hashMember = ',\n  "manifestSha256": ';
const ending = /^"([0-9a-f]{64})"\n}\n$/;
const endingBytes = 69;

/** The bytes of `manifest.json`: canonical JSON whose last member is a hash over the exact bytes before it. */
export function encodeManifest(manifest: Manifest): Buffer {
  const body = Buffer.from(JSON.stringify(manifest, null, 2).slice(0, -2) + hashMember);
  return Buffer.concat([body, Buffer.from(`"${sha256(body)}"\n}\n`)]);
}

/** Reads and proves a manifest: size, hash, form, then schema. Throws AppError `snapshot-damaged`. */
export function readManifest(file: string): Manifest {
  const { size } = statSync(file);
  if (size > maxBytes) throw damaged(file, `it is ${size} bytes long, and ${maxBytes} are allowed`);
  return decodeManifest(readFileSync(file), file);
}

/** As readManifest, from bytes; `file` is for messages. */
export function decodeManifest(bytes: Buffer, file: string): Manifest {
  const body = bytes.subarray(0, -endingBytes);
  const [, expected] = ending.exec(bytes.subarray(-endingBytes).toString('latin1')) ?? [];
  if (expected === undefined || !body.toString('utf8').endsWith(hashMember)) {
    throw damaged(file, 'it does not end with its hash');
  }
  if (sha256(body) !== expected) throw damaged(file, 'its bytes do not match its hash');
  const text = `${body.subarray(0, -hashMember.length).toString('utf8')}\n}`;
  const value = parseCanonical(text, file);
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw damaged(file, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`);
}

/** JSON that is written in exactly one way, so duplicate keys and the like can't mean two things to two readers. */
function parseCanonical(text: string, file: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw damaged(file, 'it is not JSON', error);
  }
  if (hasNewerFormat(value)) {
    throw new AppError('snapshot-damaged', `${file} has a format that is newer than this program.`, {
      hint: 'Update Codex Auto-Backup. By hand, the snapshot restores with cp and tar.',
    });
  }
  if (JSON.stringify(value, null, 2) !== text) throw damaged(file, 'it is not written as this program writes it');
  return value;
}

const hasNewerFormat = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  'format' in value &&
  typeof value.format === 'number' &&
  value.format > 2;

function damaged(file: string, why: string, cause?: unknown): AppError {
  return new AppError('snapshot-damaged', `${file} can not be believed: ${why}.`, {
    hint: 'Run "codex-backup verify" to see what is intact; use another snapshot.',
    cause,
  });
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
