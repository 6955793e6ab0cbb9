const secretName = /TOKEN|SECRET|PASSW|API_?KEY|PRIVATE_KEY|CREDENTIAL/i;

/** Values that a command is given in its environment and may not show. Short ones would be found everywhere. */
export function findSecrets(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env).flatMap(([name, value]) => (secretName.test(name) && value.length >= 8 ? [value] : []));
}

export function hideSecrets(text: string, secrets: readonly string[]): string {
  return secrets.reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}
