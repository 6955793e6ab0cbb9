import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Who may use the panel: one-time codes that are exchanged for tokens. Neither is ever logged. */
export interface Sessions {
  /** Good for one exchange within a minute. */
  mintCode(): string;
  /** Undefined for a code that was used, is too old, or never was one. */
  exchange(code: string): string | undefined;
  isToken(token: string | undefined): boolean;
}

const codeLifeMs = 60_000;
const maxCodes = 100;
const maxTokens = 1000;

export function createSessions(now: () => number): Sessions {
  const codes: { readonly hash: Buffer; readonly endsMs: number }[] = [];
  const tokens: Buffer[] = [];
  return {
    mintCode: () => {
      const code = randomName();
      codes.push({ hash: hashOf(code), endsMs: now() + codeLifeMs });
      if (codes.length > maxCodes) codes.shift();
      return code;
    },
    exchange: (code) => {
      const hash = hashOf(code);
      const place = codes.findIndex((known) => timingSafeEqual(known.hash, hash));
      const [found] = place === -1 ? [] : codes.splice(place, 1);
      if (found === undefined || found.endsMs <= now()) return undefined;
      const token = randomName();
      tokens.push(hashOf(token));
      if (tokens.length > maxTokens) tokens.shift();
      return token;
    },
    isToken: (token) => {
      if (token === undefined) return false;
      const hash = hashOf(token);
      let isKnown = false;
      for (const known of tokens) if (timingSafeEqual(known, hash)) isKnown = true;
      return isKnown;
    },
  };
}

const randomName = (): string => randomBytes(32).toString('base64url');

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
