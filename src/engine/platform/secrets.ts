const secretName = /TOKEN|SECRET|PASSW|API_?KEY|PRIVATE_KEY|CREDENTIAL/i;

/** Values that a command is given in its environment and may not show. Short ones would be found everywhere. */
export function findSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (secretName.test(name) && value.length >= 8 ? [value] : []));
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

/** Secrets that are told by what stands before them: in addresses, headers, and the names of options. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/(\w+:\/\/)[^/@\s"']+@/g, '$1[secret]@'],
  [/\b(Bearer|Basic|AWS4-HMAC-SHA256)\s+[^\s"',]+/gi, '$1 [secret]'],
  [
    /(["']?\b\w*(?:pass(?:word|wd|phrase)?|token|secret|api_?key|access_key_id|signature|credential)\w*["']?\s*[:=]\s*)("[^"]*"|'[^']*'|[^\s"',;&}]+)/gi,
    '$1[secret]',
  ],
];

/** Text of another program without what looks like a password, a token or a key. */
export function hideLikelySecrets(text: string): string {
  return patterns.reduce((rest, [pattern, by]) => rest.replaceAll(pattern, by), text);
}
