import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeManifest, encodeManifest } from '../../../src/engine/snapshot/manifest.ts';
import { AppError } from '../../../src/shared/app-error.ts';
import { manifestOf } from '../../helpers/manifests.ts';

const scale = Number(process.env['SCALE'] ?? 1);

const decode = (bytes: Buffer): unknown => decodeManifest(bytes, 'manifest.json');

/** Signs a text as a forger would, who can compute the hash as well as we can. */
function sign(text: string): Buffer {
  const body = `${text.slice(0, -2)},\n  "manifestSha256": `;
  return Buffer.from(`${body}"${createHash('sha256').update(body).digest('hex')}"\n}\n`);
}

test('a manifest is read back as it was written', () => {
  const manifest = manifestOf({ skipped: [{ path: 'a/ü\n"', reason: 'unreadable', detail: 'EACCES' }] });
  expect(decode(encodeManifest(manifest))).toEqual(manifest);
});

test('D63: a flipped bit at any place is refused', () => {
  const bytes = encodeManifest(manifestOf());
  for (let offset = 0; offset < bytes.length; offset += 1) {
    const damaged = Buffer.from(bytes);
    damaged.writeUInt8(damaged.readUInt8(offset) ^ (1 << (offset % 8)), offset);
    expect(() => decode(damaged), `bit of byte ${offset}`).toThrow(AppError);
  }
});

test('D64: a manifest that is cut at any length is refused', () => {
  const bytes = encodeManifest(manifestOf());
  for (let length = 0; length < bytes.length; length += 1) {
    expect(() => decode(bytes.subarray(0, length)), `cut at ${length}`).toThrow(AppError);
  }
});

test.each([
  ['a path that leaves the folder', { brain: { ...manifestOf().brain, file: '../../etc/passwd' } }],
  ['an absolute path', { files: [{ file: '/etc/passwd', bytes: 1, sha256: 'a'.repeat(64) }] }],
  ['an unknown member', { extra: true }],
  ['a negative size', { files: [{ file: 'x', bytes: -1, sha256: 'a'.repeat(64) }] }],
  ['a newer format', { format: 3 }],
  ['a status that is not published', { status: 'legacy' }],
])('D67: a signed manifest with %s is refused', (_, change) => {
  expect(() => decode(sign(JSON.stringify({ ...manifestOf(), ...change }, null, 2)))).toThrow(AppError);
});

test('D67: __proto__, duplicate keys and another way of writing are refused', () => {
  const text = JSON.stringify(manifestOf(), null, 2);
  for (const forged of [
    text.replace('{', '{\n  "__proto__": {},'),
    text.replace('"sequence": 7', '"sequence": 7,\n  "sequence": 9'),
    JSON.stringify(manifestOf(), null, 1),
  ]) {
    expect(forged).not.toBe(text);
    expect(() => decode(sign(forged))).toThrow(AppError);
  }
  expect(() => decode(sign(text))).not.toThrow();
});

test('D67: whatever the bytes, reading gives a manifest or an AppError', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.boolean(), (text, isSigned) => {
      try {
        decode(isSigned ? sign(text) : Buffer.from(text));
      } catch (error) {
        return error instanceof AppError;
      }
      return true;
    }),
    { numRuns: 10_000 * scale },
  );
});
